"""What a stranger sees of a wall changes with its revision, and with nothing else: by that it is revalidated, and kept."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from accounts.models import User
from accounts.requests import Request
from movies.diary import open_wall
from mymovie.caching import REVALIDATED, allow_copies
from mymovie.kept import keep


def for_strangers(request: Request, owner: User, show: Callable[[], HttpResponse], *, query: str) -> HttpResponse:
    """What `show` makes, unless the stranger who asks has it already. It is kept where it was asked for by `query`, the
    one address of many that the site itself links to."""
    part, language = "part" if request.htmx else "page", get_language() or ""
    etag = wall_etag(owner.pk, owner.public_revision, part, language)
    if unchanged := get_conditional_response(request, etag):
        return told_apart(unchanged, etag)
    response = told_apart(show(), etag)
    if request.META["QUERY_STRING"] == query:
        keep(response, partial(etag_now, owner.handle, part, language))
    return response


def kept_as_told(
    request: Request, said: str, said_now: Callable[[], str | None], show: Callable[[], HttpResponse]
) -> HttpResponse:
    """What `show` makes for strangers of what `said` is the digest of, unless whoever asks has it already."""
    language = get_language() or ""
    etag = digest_etag(said, language)
    response = get_conditional_response(request, etag) or show()
    keep(response, partial(digest_etag_now, said_now, language))
    return told_apart(response, etag)


def digest_etag(said: str, language: str) -> str:
    return f'W/"{said}-{language}-{settings.RELEASE}"'


def digest_etag_now(said_now: Callable[[], str | None], language: str) -> str | None:
    said = said_now()
    return digest_etag(said, language) if said else None


def told_apart(response: HttpResponse, etag: str | None = None) -> HttpResponse:
    """With the headers by which a cache tells copies apart: the same whether it holds one already or not."""
    patch_vary_headers(response, ["HX-Request"])
    if etag:
        response.headers["ETag"] = etag
        allow_copies(response, **REVALIDATED)
    return response


def wall_etag(pk: int, public_revision: int, part: str, language: str) -> str:
    """Names what a stranger is shown: it changes with the wall's revision, the part asked for, and the code."""
    return f'W/"{pk}-{public_revision}-{part}-{language}-{settings.RELEASE}"'


def etag_now(handle: str, part: str, language: str) -> str | None:
    found = open_wall.revision_of(handle)
    return wall_etag(*found, part, language) if found else None
