"""The statements of recording a film, each written once. What a film more changes is added to what is said of its wall,
without counting anew what stands there."""

import datetime
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Greatest

from accounts.models import Follow, User, Visibility, raised_revision, slot_of
from movies.catalog.models import Film
from movies.diary.models import Entry, Viewing, Wish
from movies.diary.words import with_note
from mymovie.prepared import Joined, Prepared, Written, deleting, inserting, updating, values_of

OWNERS_ID, FILMS_ID = -7_919, -7_927  # stand in for others, as the next one does
MOMENT, SLOT = datetime.datetime(1, 2, 3, tzinfo=datetime.UTC), datetime.datetime(1, 2, 4, tzinfo=datetime.UTC)
OWNER: dict[str, Any] = {"owner": OWNERS_ID}
FILM: dict[str, Any] = {"film": FILMS_ID}

_film_and_entry = Prepared(
    lambda: (
        Film.objects.filter(pk=FILMS_ID)
        .annotate(standing=FilteredRelation("entries", condition=Q(entries__owner=OWNERS_ID, entries__deleted_at=None)))
        .select_related("standing")  # type: ignore[misc]  # which mypy takes for a field
    ),
    **OWNER,
    **FILM,
)
_film_held = Prepared(lambda: Film.objects.filter(pk=FILMS_ID), ending="FOR SHARE", **FILM)
_entry_held = Prepared(
    lambda: Entry.objects.filter(owner=OWNERS_ID, film=FILMS_ID, deleted_at=None).select_for_update(), **OWNER, **FILM
)
_hidden = Prepared(
    lambda: (
        Entry.objects.filter(owner=OWNERS_ID, film=FILMS_ID, hidden_at__isnull=False)
        .order_by("pk")
        .values_list("hidden_at")
    ),
    **OWNER,
    **FILM,
)
_wish = Prepared(
    lambda: deleting(Wish.objects.filter(owner=OWNERS_ID, film=FILMS_ID)),
    ending="RETURNING to_jsonb(movies_wish)",
    **OWNER,
    **FILM,
)

_feeds = Prepared(
    lambda: updating(Follow.objects.filter(last_entry_at__lt=SLOT, followee=OWNERS_ID), last_entry_at=SLOT),
    **OWNER,
    slot=SLOT,
)

COPIED = ["japan_on", "world_on", "title_ja", "title_en", "original_title", "title_kana"]
"""Columns of a film that an entry's `wall_keys` are made of."""
AS_KNOWN = """
    SELECT id FROM movies_film
    WHERE id = %(film)s AND merged_into_id IS NULL
    AND (japan_on, world_on, title_ja, title_en, original_title, title_kana) IS NOT DISTINCT FROM (
        %(known_japan_on)s, %(known_world_on)s, %(known_title_ja)s, %(known_title_en)s, %(known_original_title)s, %(known_title_kana)s
    )
    AND %(hidden_at)s IS NOT DISTINCT FROM (
        SELECT hidden_at FROM movies_entry
        WHERE owner_id = %(owner)s AND film_id = %(film)s AND hidden_at IS NOT NULL ORDER BY id LIMIT 1
    )
    FOR SHARE SKIP LOCKED
"""
"""The film, unless it is another now than when it was looked at, or about to be."""
AS_SAID = """
    SELECT wall_revision, coalesce(last_entry_at >= %(slot)s, FALSE) AS is_told FROM accounts_user WHERE id = %(owner)s
"""
"""The wall before, and whether followers' feeds know already that something was recorded in this slot."""
WITH_THE_WISHS_MEMO = """concat_ws(
    E'\\n\\n', nullif(%(memo)s, ''),
    (SELECT nullif(memo, '') FROM movies_wish WHERE owner_id = %(owner)s AND film_id = %(film)s)
)"""
IF_NEW = "AND EXISTS (SELECT FROM entry)"
IF_UNTOLD = "AND EXISTS (SELECT FROM wall, known WHERE NOT known.is_told)"
IN_ORDER = "AND (SELECT count(*) FROM wish) >= 0"
"""Wishes before the wall, and that before its feeds, as whoever else writes them: PostgreSQL keeps to no order by itself."""


@cache
def _new(is_shown: bool, is_for_followers: bool, is_seen: bool) -> Joined:
    """Puts up what strangers are shown, or followers, or its owner alone; on its wall is one film more. Says its id, and
    whether nobody else changed the wall meanwhile: who began to follow it since is not among the feeds."""
    on_wall: dict[str, Any] = {"last_entry_at": Greatest("last_entry_at", MOMENT)} if is_for_followers else {}
    if is_shown:
        on_wall |= {"films_shown": F("films_shown") + 1, "last_shown_at": Greatest("last_shown_at", MOMENT)}
    on_wall |= raised_revision(is_public=is_shown and Q(wall_visibility=Visibility.PUBLIC))
    of_wall: dict[str, Any] = OWNER | ({"moment": MOMENT} if is_for_followers else {})
    parts: dict[str, Any] = {
        "film": Written(AS_KNOWN),
        "known": Written(AS_SAID),
        "entry": inserting(
            Entry,
            "film",
            ending="ON CONFLICT (owner_id, film_id) WHERE deleted_at IS NULL DO NOTHING RETURNING id, memo",
            memo=WITH_THE_WISHS_MEMO,
        ),
        "wish": Prepared(_wish.make, ending=f"{IF_NEW} RETURNING to_jsonb(movies_wish) AS was", **OWNER, **FILM),
        "wall": Prepared(
            lambda: updating(User.objects.filter(pk=OWNERS_ID), **on_wall),
            ending=f"{IF_NEW} {IN_ORDER} RETURNING wall_revision",
            **of_wall,
        ),
    }
    if is_for_followers:
        parts["feeds"] = Prepared(_feeds.make, ending=IF_UNTOLD, **OWNER, slot=SLOT)
    if is_seen:
        parts["viewing"] = inserting(Viewing, "entry", prefix="viewing_", entry_id="id")
    return Joined(
        "SELECT entry.id, entry.memo, wall.wall_revision = known.wall_revision + 1, (SELECT was FROM wish)"
        " FROM entry, wall, known",
        **parts,
    )


@dataclass
class Look:
    """The columns of a film, as this process looked at it last."""

    columns: list[Any] = field(default_factory=list)


@lru_cache(maxsize=2_000)
def _last_look(_film_id: int) -> Look:
    return Look()


def film_and_entry(owner: User, film_id: int) -> tuple[Film, Entry | None]:
    """A film, and what stands of it on the wall. Raises Film.DoesNotExist."""
    for film in _film_and_entry.models(owner=owner.pk, film=film_id):
        _last_look(film_id).columns = [getattr(film, column) for column in _names()]
        return film, getattr(film, "standing", None)
    raise Film.DoesNotExist(film_id)


def film_as_last_seen(film_id: int) -> Film | None:
    """By this process, if at all: for `put_up`, which finds out by itself whether it still is like that."""
    columns = _last_look(film_id).columns
    return Film.from_db(connection.alias, _names(), columns) if columns else None


@cache
def _names() -> list[str]:
    return [column.attname for column in Film._meta.concrete_fields]


def film_held(film_id: int) -> Film:
    """None of its days moves until the transaction ends. Raises Film.DoesNotExist."""
    for film in _film_held.models(film=film_id):
        return film
    raise Film.DoesNotExist(film_id)


def entry_held(owner: User, film: Film) -> Entry | None:
    """What stands on the wall, locked until the transaction ends."""
    for entry in _entry_held.models(owner=owner.pk, film=film.pk):
        return entry
    return None


def was_hidden_at(owner: User, film: Film) -> datetime.datetime | None:
    """What staff have hidden is not shown again by deleting it and recording the film anew."""
    for [hidden_at] in _hidden.rows(owner=owner.pk, film=film.pk):
        return hidden_at
    return None


def wait_no_longer(entry: Entry) -> None:
    """What has been seen is no longer waited for. What was noted of it is noted of the entry."""
    for [was] in _wish.rows(owner=entry.owner_id, film=entry.film_id):
        entry.former_wish = was
        if was["memo"]:
            entry.memo = with_note(entry.memo, was["memo"])
            Entry.objects.filter(pk=entry.pk).update(memo=entry.memo)


def put_up(entry: Entry, viewing: Viewing | None) -> bool:
    """`entry` stands on its wall, `viewing` with it, it is no longer waited for, and it is counted wherever a wall's entries
    are: all of that by one statement.

    Or nothing of it, and False: where the film is no longer as `entry.film` says, was hidden there otherwise than `entry` is,
    or stands there already.
    """
    is_for_followers = entry.visibility != Visibility.PRIVATE and not entry.hidden_at
    new = _new(entry.is_for_all, is_for_followers, viewing is not None)
    feeds: dict[str, Any] = {"owner": entry.owner_id, "slot": slot_of(entry.recorded_at)}
    values = feeds | {"film": entry.film_id, "moment": entry.recorded_at} | values_of(entry)
    values |= {f"known_{name}": getattr(entry.film, name) for name in COPIED}
    if viewing:
        values |= {f"viewing_{name}": value for name, value in values_of(viewing).items()}
    for pk, memo, is_as_known, was in new.rows(**{name: _in_words(value) for name, value in values.items()}):
        if is_for_followers and not is_as_known:
            _feeds.change(**feeds)
        entry.memo, entry.former_wish = memo, was
        entry.pk, entry._state.adding, entry._state.db = pk, False, connection.alias
        return True
    return False


def _in_words(value: object) -> object:
    """So that a statement is the same one whichever of its values there are: of which kind each is, its column says."""
    if isinstance(value, list):
        return value or "{}"  # of which psycopg would have to find the kind
    return value if value is None else str(value)
