"""A wall as whoever asks sees it, without a sieve: the page that is asked for most, so it is asked for in statements that
are written once, and counts its sections only when they have changed."""

import datetime
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property, lru_cache, partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import get_language

from accounts.models import Follow, User
from movies.diary.listing import EntryRow, in_rows, read
from movies.diary.models import Entry, EntryQuerySet, Viewer
from movies.diary.wall import PAGE_SIZE, Arrangement, Order, Sections, Wall
from mymovie.paging import Cursor, cut, spans
from mymovie.prepared import Prepared

STRANGER = AnonymousUser()
A_HANDLE = "a handle"  # stands in for another, as those that follow do
SOMEONES_ID = -7_919
SOMEWHERE = -7_927
SOMEBODY = User(pk=-7_933)


def _called(viewer: Viewer) -> QuerySet[Any]:
    return User.objects.known_to(viewer).telling_openness_to(viewer).filter(handle=A_HANDLE)


_known_to_strangers = Prepared(lambda: _called(STRANGER), handle=A_HANDLE)
_known_to_somebody = Prepared(lambda: _called(SOMEBODY), handle=A_HANDLE, viewer=SOMEBODY.pk)
_revision = Prepared(lambda: _called(STRANGER).values_list("pk", "public_revision"), handle=A_HANDLE)
_follow = Prepared(
    lambda: Follow.objects.filter(follower=SOMEBODY, followee=SOMEONES_ID), viewer=SOMEBODY.pk, owner=SOMEONES_ID
)


def owner_called(handle: str, viewer: Viewer = STRANGER) -> Any:
    """Whoever has the handle, with `is_open`. Raises Http404 for what the viewer may not know of."""
    if isinstance(viewer, User):
        found = _known_to_somebody.models(handle=handle, viewer=viewer.pk)
    else:
        found = _known_to_strangers.models(handle=handle)
    for owner in found:
        return owner
    raise Http404


def looked_at(handle: str, arrangement: Arrangement, after: Cursor | None) -> "OpenWall":
    """The wall of whoever has the handle, as strangers see it, for a page that follows that place. Raises Http404.

    Of whoever this process has met before all is asked at once: the films, and whether anything that strangers are shown has
    changed since.
    """
    met = _met(handle)
    owner = met.owner
    films, name = _first_films(handle, arrangement, after) if owner else ([], None)
    if not owner or _name_of(owner) != name:
        owner = met.owner = owner_called(handle)
    wall = OpenWall(owner, arrangement)
    if _name_of(owner) == name:
        wall.films[after] = films
    return wall


@dataclass
class Met:
    owner: Any = None
    """Whoever had a handle when this process last asked. What strangers are shown of them is as their `public_revision` says."""


@lru_cache(maxsize=500)
def _met(_handle: str) -> Met:
    return Met()


def _name_of(owner: Any) -> tuple[int, int]:
    """Of what strangers are shown."""
    return owner.pk, owner.public_revision


def _first_films(handle: str, by: Arrangement, after: Cursor | None) -> tuple[list[EntryRow], tuple[int, int] | None]:
    """The films of a page, as far as they have the key, and the name of what strangers are shown with them; none of a wall
    that is not open."""
    values = {"handle": handle} | _values(after)
    rows = _first_span(by.key, by.is_ascending, _kind(after)).first_rows(PAGE_SIZE + 1, **values)
    films = read(row[:-1] for row in rows)
    return films, (films[0].owner_id, rows[0][-1]) if rows else None


def revision_of(handle: str) -> tuple[int, int] | None:
    """The id of whoever has the handle, and the number that changes with whatever a stranger sees of them."""
    for pk, revision in _revision.rows(handle=handle):
        return pk, revision
    return None


def follow_of(viewer: User, owner: User) -> Follow | None:
    for follow in _follow.models(viewer=viewer.pk, owner=owner.pk):
        return follow
    return None


class Eyes(Enum):
    """With which a wall is looked at: whose may change while nothing on the wall does."""

    STRANGER = "see what is for all, as do those of most who have signed in"
    FOLLOWER = "see more"
    OWNER = "see all"


class OpenWall(Wall):
    """Of an owner whose wall is open to `viewer`, who looks at it with these eyes."""

    owner: User
    viewer: Viewer
    eyes: Eyes
    films: dict[Cursor | None, list[EntryRow]]
    """Those that are known already of what follows a place, as far as they have the key."""

    def __init__(
        self, owner: User, arrangement: Arrangement, viewer: Viewer = STRANGER, eyes: Eyes = Eyes.STRANGER
    ) -> None:
        # frozen, as every wall is
        self.__dict__ |= {"owner": owner, "arrangement": arrangement, "viewer": viewer, "eyes": eyes, "films": {}}

    @cached_property
    def entries(self) -> EntryQuerySet:  # of which a page has no need
        return shown_of(self.owner.pk, self.viewer)

    @cached_property
    def sections(self) -> Sections:
        by = self.arrangement
        language = get_language() if by.order == Order.TITLE else None
        time_zone = self.owner.time_zone if by.order == Order.RECORDED else None
        revision, viewer_id = self.owner.wall_revision, self.viewer.pk
        if self.eyes == Eyes.STRANGER:
            revision, viewer_id = self.owner.public_revision, None
        return _sections(self.owner.pk, revision, viewer_id, self.eyes, by, language, time_zone)

    def rows(self, after: Cursor | None = None) -> tuple[list[EntryRow], Cursor | None]:
        by = self.arrangement
        values = {"owner": self.owner.pk, "viewer": self.viewer.pk} | _values(after)
        is_strange = self.eyes == Eyes.STRANGER
        parts = _spans(by.key, by.is_ascending, _kind(after), is_strange=is_strange)
        counted = self.__dict__.get("sections")
        if counted and None not in counted.counts:  # the last part is for films without the key
            parts = parts[:1]

        def films(number: int, part: slice) -> list[EntryRow]:
            if number == 0 and after in self.films:
                return self.films[after][part]
            return read(parts[number].first_rows(part.stop, **values))

        return cut([partial(films, number) for number in range(len(parts))], by.key, PAGE_SIZE)


def shown_of(owner_id: int, viewer: Viewer = STRANGER) -> EntryQuerySet:
    return Entry.objects.filter(owner_id=owner_id).seen_by(viewer)


@lru_cache(maxsize=2_000)
def _sections(
    owner_id: int,
    revision: int,
    viewer_id: int | None,
    eyes: Eyes,
    arrangement: Arrangement,
    language: str | None,
    time_zone: str | None,
) -> Sections:
    """Of what is named by `revision`, as far as these eyes see it; by which titles or months they are counted is said by the
    last two."""
    values = {"owner": owner_id} | ({} if viewer_id is None else {"viewer": viewer_id})
    counting = _counting(arrangement, language, time_zone, is_strange=viewer_id is None)
    return Sections(arrangement, dict(counting.rows(**values)))


@lru_cache(maxsize=500)
def _counting(arrangement: Arrangement, _language: str | None, _time_zone: str | None, *, is_strange: bool) -> Prepared:
    """For anybody it would be planned to sort a person's few rows, which of ten thousand takes longer than all the rest."""
    viewer: Viewer = STRANGER if is_strange else SOMEBODY
    values: dict[str, Any] = {} if is_strange else {"viewer": SOMEBODY.pk}
    counting = Wall(shown_of(SOMEONES_ID, viewer), arrangement).counting
    return Prepared(counting, is_planned_once=False, owner=SOMEONES_ID, **values)


def _values(after: Cursor | None) -> dict[str, Any]:
    return {"key": after.key, "pk": after.pk} if after else {}


def _kind(after: Cursor | None) -> Cursor | None:
    return STAND_INS[type(after.key)] if after else None


@cache
def _first_span(key: str, is_ascending: bool, after: Cursor | None) -> Prepared:
    """The first of `_spans` for strangers, of whoever has a handle, with the revision of what they are shown."""
    owner = Subquery(_called(STRANGER).values("pk"))

    def span() -> QuerySet[Any]:
        entries = in_rows(Entry.objects.filter(owner_id=owner).seen_by(STRANGER))
        return spans(entries.annotate(revision=F("owner__public_revision")), key, after, is_ascending=is_ascending)[0]

    return Prepared(span, handle=A_HANDLE, **_stand_ins(after))


def _stand_ins(after: Cursor | None) -> dict[str, Any]:
    return {name: value for name, value in _values(after).items() if value is not None}


@cache
def _spans(key: str, is_ascending: bool, after: Cursor | None, *, is_strange: bool) -> list[Prepared]:
    """What follows a place like `after`, a stand-in: for each kind of place they are other statements."""
    viewer: Viewer = STRANGER if is_strange else SOMEBODY

    def span(number: int) -> QuerySet[Entry]:
        return spans(in_rows(shown_of(SOMEONES_ID, viewer)), key, after, is_ascending=is_ascending)[number]

    made = []
    for number in range(len(spans(Entry.objects.all(), key, after, is_ascending=is_ascending))):
        stand_ins: dict[str, Any] = {"owner": SOMEONES_ID} | ({} if is_strange else {"viewer": SOMEBODY.pk})
        if number == 0:
            stand_ins |= _stand_ins(after)
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
