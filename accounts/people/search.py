"""People by part of their handle or name, and those whose wall is for everybody."""

import datetime
import secrets

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, When

from accounts.people import handles
from accounts.people.circles import PEOPLE_ON_A_PAGE
from accounts.people.models import User, UserQuerySet, Visibility
from mymovie.folding import END, indexable, normalise
from mymovie.paging import Cursor, page_after

LONGEST_QUERY = 60


def people(words: str, *, viewer: User | AnonymousUser, after: str | None = None) -> tuple[list[User], Cursor | None]:
    """A page of those with these words in handle or name, whoever has exactly this handle first; without words of all
    whose wall is for everybody, the latest to record first. Raises BadCursor."""
    if not words:
        place = Cursor.read(after, datetime.datetime) if after is not None else None
        return page_after(User.objects.with_films_on_show(viewer), "last_shown_at", place, PEOPLE_ON_A_PAGE)
    place = Cursor.read(after, int) if after is not None else None
    exact = with_this_handle(words, viewer=viewer)
    page, following = page_after(called(words, viewer=viewer), "renown", place, PEOPLE_ON_A_PAGE)
    others = [person for person in page if person != exact]
    return ([exact, *others] if exact and place is None else others), following


def called(words: str, *, viewer: User | AnonymousUser) -> UserQuerySet:
    """Whoever `viewer` may know of and has these words in handle or display name; nobody where no word is left.

    `renown` is how many follow them, as far as everybody may know.
    """
    renown = Case(When(wall_visibility=Visibility.PUBLIC, then="followers_count"), default=0)
    known: UserQuerySet = User.objects.known_to(viewer).annotate(renown=renown)
    folded = indexable(normalise(words[:LONGEST_QUERY]))
    if not folded:
        return known.none()
    # An index finds three characters or more; of fewer it finds the beginning of a name, which stands behind its mark.
    return known.filter(search_text__contains=folded if len(folded) > 2 else END + folded)


def with_this_handle(words: str, *, viewer: User | AnonymousUser) -> User | None:
    handle = handles.tidy(words)
    return User.objects.known_to(viewer).filter(handle=handle).first() if handles.is_possible(handle) else None


def random_wall(*, viewer: User | AnonymousUser) -> User | None:
    """Somebody whose wall is for everybody and has films: the next after a throw of the dice among all ids there are,
    so that no number of people slows it."""
    walls: UserQuerySet = User.objects.with_films_on_show(viewer).order_by("pk")
    newest = User.objects.with_films_on_show(AnonymousUser()).order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return None
    return walls.filter(pk__gte=secrets.randbelow(newest) + 1).first() or walls.first()
