"""The statements of recording a film, each written once. What a film more changes is added to what is said of its wall,
without counting anew what stands there."""

import datetime
from functools import cache
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Greatest

from accounts.models import Follow, User, Visibility, raised_revision
from movies.catalog.models import Film
from movies.diary.models import Entry, Wish
from mymovie.prepared import Prepared, deleting, updating

OWNERS_ID, FILMS_ID = -7_919, -7_927  # stand in for others, as the next one does
MOMENT = datetime.datetime(1, 2, 3, tzinfo=datetime.UTC)
OWNER: dict[str, Any] = {"owner": OWNERS_ID}
FILM: dict[str, Any] = {"film": FILMS_ID}

_film = Prepared(lambda: Film.objects.filter(pk=FILMS_ID), **FILM)
_film_held = Prepared(lambda: Film.objects.filter(pk=FILMS_ID), ending="FOR SHARE", **FILM)
_entry = Prepared(lambda: Entry.objects.filter(owner=OWNERS_ID, film=FILMS_ID, deleted_at=None), **OWNER, **FILM)
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
_wish = Prepared(lambda: deleting(Wish.objects.filter(owner=OWNERS_ID, film=FILMS_ID)), **OWNER, **FILM)
_feeds = Prepared(
    lambda: updating(Follow.objects.filter(followee=OWNERS_ID), last_entry_at=Greatest("last_entry_at", MOMENT)),
    **OWNER,
    moment=MOMENT,
)


@cache
def _wall(is_shown: bool, is_for_followers: bool) -> Prepared:
    """Of a wall that has one film more, which strangers are shown, or followers, or its owner alone."""
    latest = Greatest("last_entry_at", MOMENT) if is_for_followers else F("last_entry_at")
    columns: dict[str, Any] = {"last_entry_at": latest}
    if is_shown:
        columns |= {"films_shown": F("films_shown") + 1, "last_shown_at": Greatest("last_shown_at", MOMENT)}
    columns |= raised_revision(is_public=is_shown and Q(wall_visibility=Visibility.PUBLIC))
    stand_ins = OWNER | ({"moment": MOMENT} if is_for_followers else {})
    return Prepared(lambda: updating(User.objects.filter(pk=OWNERS_ID), **columns), **stand_ins)


def film_of(film_id: int, *, held: bool = False) -> Film:
    """`held`: none of its days moves until the transaction ends. Raises Film.DoesNotExist."""
    for film in (_film_held if held else _film).models(film=film_id):
        return film
    raise Film.DoesNotExist(film_id)


def entry_of(owner: User, film: Film, *, held: bool = False) -> Entry | None:
    """What stands on the wall. `held`: locked until the transaction ends."""
    for entry in (_entry_held if held else _entry).models(owner=owner.pk, film=film.pk):
        return entry
    return None


def was_hidden_at(owner: User, film: Film) -> datetime.datetime | None:
    """What staff have hidden is not shown again by deleting it and recording the film anew."""
    for [hidden_at] in _hidden.rows(owner=owner.pk, film=film.pk):
        return hidden_at
    return None


def wait_no_longer(entry: Entry) -> None:
    """What has been seen is no longer waited for."""
    _wish.change(owner=entry.owner_id, film=entry.film_id)


def one_more(entry: Entry) -> None:
    """It is new on its wall, and nothing is recorded later: what is said of the wall elsewhere is brought up to that."""
    is_for_followers = entry.visibility != Visibility.PRIVATE and not entry.hidden_at
    values = {"owner": entry.owner_id, "moment": entry.recorded_at}
    _wall(entry.is_for_all, is_for_followers).change(**values)
    if is_for_followers:
        _feeds.change(**values)
