"""Which films of a wall a request asks for, and in which order: the same words as on the site's own pages."""

from django.core.exceptions import BadRequest
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from movies.diary.listing import EntryRow, in_rows, read
from movies.diary.models import EntryQuerySet
from movies.diary.wall import PAGE_SIZE, Dates, Direction, Order
from movies.diary.wall_address import Asked
from mymovie.paging import Cursor, page_after

ARRANGEMENT = [
    OpenApiParameter("order", enum=Order.values, default=Order.RELEASE, description="What it is sorted by."),
    OpenApiParameter(
        "direction",
        enum=Direction.values,
        description="Upwards or downwards; without it the latest and the highest come first, but A before Z. Films "
        "without the key come last either way.",
    ),
    OpenApiParameter(
        "dates",
        enum=Dates.values,
        default=Dates.JAPAN,
        description="Whose release dates: Japan's or the world's first.",
    ),
    OpenApiParameter("genre", int, description="Only films of this genre of TMDB's."),
    OpenApiParameter("decade", int, description="Only films released from this year to nine years later."),
    OpenApiParameter("director", int, description="Only films directed by this person."),
    OpenApiParameter(
        "score", description="Only films with a score from one to another, as `80-89` or `80-`; or `none`."
    ),
    OpenApiParameter("again", enum=["1"], description="Only what was seen more than once. For the wall's owner alone."),
    OpenApiParameter("tag", description="Only what has this tag, where I may see its owner's tags."),
]


NEVER_EMPTY = ("genre", "decade", "director", "again")


def asked_of(request: Request) -> Asked:
    """Raises BadRequest. A browser's form sends what was left open, too; whoever writes an address means what it says."""
    if empty := [name for name in NEVER_EMPTY if request.query_params.get(name) == ""]:
        raise BadRequest(f"{empty[0]} is empty")
    return Asked.read(request.query_params)


def sifted(seen: EntryQuerySet, asked: Asked, *, is_own: bool, shows_tags: bool = False) -> EntryQuerySet:
    """Raises BadRequest where the viewer may not see what is sifted by."""
    if not asked.sieve.is_open_to(is_own=is_own, shows_tags=shows_tags):
        raise BadRequest("whoever may not see it cannot sift by it")
    return asked.sieve.sift(seen, released_on=asked.arrangement.released_on)


def page_of(entries: EntryQuerySet, asked: Asked) -> tuple[list[EntryRow], Cursor | None]:
    by, after = asked.arrangement, asked.after
    rows, following = page_after(in_rows(entries), by.key, after, PAGE_SIZE, is_ascending=by.is_ascending)
    return read(rows), following
