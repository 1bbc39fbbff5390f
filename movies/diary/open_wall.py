"""A wall as all see it who have not signed in: the page that is asked for most, so it is asked for in two statements that
are written once, and counts its sections only when they have changed."""

import datetime
from functools import cache, cached_property, lru_cache, partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import get_language

from accounts.models import User
from movies.diary.listing import EntryRow, in_rows, read
from movies.diary.models import Entry, EntryQuerySet
from movies.diary.wall import PAGE_SIZE, Arrangement, Order, Section, Wall
from mymovie.paging import Cursor, cut, spans
from mymovie.prepared import Prepared

STRANGER = AnonymousUser()
SOMEBODY = "a handle"  # stands in for another, as the next two do
SOMEONES_ID = -7_919
SOMEWHERE = -7_927


def _somebody() -> QuerySet[Any]:
    return User.objects.known_to(STRANGER).telling_openness_to(STRANGER).filter(handle=SOMEBODY)


_owner = Prepared(_somebody, handle=SOMEBODY)
_revision = Prepared(lambda: _somebody().values_list("pk", "public_revision"), handle=SOMEBODY)


def owner_called(handle: str) -> Any:
    """Whoever has the handle, with `is_open`. Raises Http404 for what a stranger may not know of."""
    for owner in _owner.models(handle=handle):
        return owner
    raise Http404


def revision_of(handle: str) -> tuple[int, int] | None:
    """The id of whoever has the handle, and the number that changes with whatever a stranger sees of them."""
    for pk, revision in _revision.rows(handle=handle):
        return pk, revision
    return None


class OpenWall(Wall):
    """Of an owner whose wall is open to everybody."""

    owner: User

    def __init__(self, owner: User, arrangement: Arrangement) -> None:
        self.__dict__ |= {"owner": owner, "arrangement": arrangement}  # frozen, as every wall is

    @cached_property
    def entries(self) -> EntryQuerySet:  # of which a page has no need
        return shown_of(self.owner.pk)

    @cached_property
    def counts(self) -> dict[Section, int]:
        by = self.arrangement
        language = get_language() if by.order == Order.TITLE else None
        time_zone = self.owner.time_zone if by.order == Order.RECORDED else None
        return _counts(self.owner.pk, self.owner.public_revision, by, language, time_zone)

    def rows(self, after: Cursor | None = None) -> tuple[list[EntryRow], Cursor | None]:
        by = self.arrangement
        key = after.key if after else None
        values = {"owner": self.owner.pk, "key": key, "pk": after.pk if after else 0}
        kind = None if after is None else STAND_INS[type(key)]
        found = [
            lambda part, span=span: read(span.first_rows(part.stop, **values))
            for span in _spans(by.key, by.is_ascending, kind)
        ]
        return cut(found, by.key, PAGE_SIZE)


def shown_of(owner_id: int) -> EntryQuerySet:
    return Entry.objects.filter(owner_id=owner_id).seen_by(STRANGER)


@lru_cache(maxsize=2_000)
def _counts(
    owner_id: int, revision: int, arrangement: Arrangement, language: str | None, time_zone: str | None
) -> dict[Section, int]:
    """Of what is named by `revision`; by which titles or months they are counted is said by the last two."""
    return Wall(shown_of(owner_id), arrangement).counts


@cache
def _spans(key: str, is_ascending: bool, after: Cursor | None) -> list[Prepared]:
    """What follows a place like `after`, a stand-in: for each kind of place they are other statements."""

    def span(number: int) -> QuerySet[Entry]:
        return spans(in_rows(shown_of(SOMEONES_ID)), key, after, is_ascending=is_ascending)[number]

    made = []
    for number in range(len(spans(Entry.objects.all(), key, after, is_ascending=is_ascending))):
        stand_ins: dict[str, Any] = {"owner": SOMEONES_ID}
        if after and number == 0:
            stand_ins |= {"pk": after.pk} if after.key is None else {"pk": after.pk, "key": after.key}
        made.append(Prepared(partial(span, number), **stand_ins))
    return made


STAND_INS = {
    kind: Cursor(key, SOMEWHERE)
    for kind, key in {
        type(None): None,
        int: 7_937,
        str: "a title",
        datetime.date: datetime.date(1, 2, 3),
        datetime.datetime: datetime.datetime(1, 2, 3, tzinfo=datetime.UTC),
    }.items()
}
"""For each kind of key a place with one like it."""
