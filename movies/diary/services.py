"""What people do with films. Each act raises the revision of the walls it changes, in its own transaction."""

import datetime
import uuid
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Aggregate, Count, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Follow, User, Visibility, slot_of
from movies.catalog.models import Film
from movies.diary import recording
from movies.diary.asking import ask_for_facts, asks_for_facts
from movies.diary.models import Audience, Entry, EntryQuerySet, Viewing, wall_keys
from movies.diary.words import Words


class DiaryError(Exception):
    pass


class AlreadyOnTheWall(DiaryError):
    """The film was recorded anew after the entry to be restored had been deleted."""


class ChangedElsewhere(DiaryError):
    """Another window has written `units` of `entry`, as it stands, since this one showed them."""

    def __init__(self, entry: Entry, units: list[str]) -> None:
        super().__init__(entry.pk)
        self.entry, self.units = entry, units


class Seen(NamedTuple):
    """One viewing: its day, or None for an unknown one; `submission` makes a form that is sent twice count once."""

    on: datetime.date | None
    submission: uuid.UUID
    is_again: bool = False


class Said(NamedTuple):
    """What somebody says of a film they record."""

    owner: User
    score: int | None
    visibility: Visibility | None
    seen: Seen | None
    words: Words


def log_film(
    *,
    owner: User,
    film: Film,
    score: int | None,
    visibility: Visibility | None = None,
    seen: Seen | None = None,
    words: Words | None = None,
) -> tuple[Entry, bool]:
    """Put `film` on `owner`'s wall, or change what stands there; safe to repeat. True where the entry is new.

    Without `visibility` what stands there keeps its own, and what is new has its owner's usual one.
    What has been seen is no longer waited for. `film` may be old: what it has become meanwhile is what the entry copies, and
    nothing of that moves before the entry stands. Raises Film.DoesNotExist, ChangedElsewhere; whatever the database raises
    ends a transaction that this is called in.
    """
    said = Said(owner, score, visibility, seen, words or Words())
    if entry := put_up(said, film):
        return entry, True
    return _log(said, film)


def put_up(said: Said, film: Film) -> Entry | None:
    """By one statement. None where something stands in its way, or `film` is no longer as it was when it was looked at."""
    is_one_statement = not asks_for_facts(film) and not (said.seen and said.seen.is_again)
    return _put_up(said, film) if is_one_statement else None


@transaction.atomic
def _log(said: Said, film: Film) -> tuple[Entry, bool]:
    film = recording.film_held(film.pk)
    entry = recording.entry_held(said.owner, film)
    while film.merged_into_id and not entry:  # in this very moment
        film = recording.film_held(film.merged_into_id)
        entry = recording.entry_held(said.owner, film)
    is_new = entry is None
    if entry:
        _log_again(said, entry)
    elif entry := _put_up(said, film, hidden_at=recording.was_hidden_at(said.owner, film)):
        if said.seen and said.seen.is_again:
            _add_viewing(entry, said.seen)
    else:  # put up elsewhere in this very moment: now it stands there
        return _log(said, film)
    ask_for_facts(film)
    return entry, is_new


def _put_up(said: Said, film: Film, hidden_at: datetime.datetime | None = None) -> Entry | None:
    """None where something stands in its way; see `recording.put_up`."""
    visibility = said.visibility or said.owner.default_visibility
    columns = _to_write({"score": said.score, "visibility": visibility, **said.words.columns(None)}, former="")
    on = said.seen.on if said.seen else None
    entry = Entry(
        owner=said.owner,
        film=film,
        recorded_at=timezone.now(),
        hidden_at=hidden_at,
        watched_on=on,
        **wall_keys(film),
        **columns,
    )
    viewing = None
    if said.seen and on and not said.seen.is_again:
        viewing = Viewing(entry=entry, submission=said.seen.submission, watched_on=on)
    return entry if recording.put_up(entry, viewing) else None


def _log_again(said: Said, entry: Entry) -> None:
    if units := said.words.clashes_with(entry):
        raise ChangedElsewhere(entry, units)
    was = entry.visibility
    changes = {"score": said.score, "visibility": said.visibility or was} | said.words.columns(entry)
    written = _write(entry, changes)
    if said.seen:
        _note_viewing(entry, said.seen)
        recording.wait_no_longer(entry)
    entry.save(update_fields=[*written, "watched_on"])
    _shown_otherwise(entry, was)


@transaction.atomic
def change_entry(*, entry: Entry, changes: dict[str, Any]) -> Entry:
    """Write these columns and no others: two windows that change different things both count."""
    now = Entry.objects.select_for_update().get(pk=entry.pk)
    was = now.visibility
    now.save(update_fields=_write(now, changes))
    _shown_otherwise(now, was)
    return now


def _write(entry: Entry, changes: dict[str, Any]) -> list[str]:
    """Which columns it has written."""
    changes = _to_write(changes, former=entry.review)
    for name, value in changes.items():
        setattr(entry, name, value)
    return list(changes)


def _to_write(changes: dict[str, Any], *, former: str) -> dict[str, Any]:
    """Where `former` was the review. A first one is for whoever sees the entry, unless somebody says otherwise."""
    if changes.get("review") and not former:
        first = {"reviewed_at": timezone.now(), "review_audience": Audience.ENTRY, "has_spoilers": False}
        return first | changes
    if "review" in changes and not changes["review"]:
        return changes | {"reviewed_at": None}
    return changes


@transaction.atomic
def see_again(*, entry: Entry, seen: Seen) -> Viewing:
    """One more viewing of a film that stands on its wall."""
    now = Entry.objects.select_for_update().get(pk=entry.pk)
    _note_viewing(now, seen._replace(is_again=True))
    now.save(update_fields=["watched_on"])
    recording.wait_no_longer(now)
    _wall_changed(now)
    return now.viewings.get(submission=seen.submission)


def _shown_otherwise(entry: Entry, was: str) -> None:
    """`was`: its visibility before."""
    if entry.visibility == was:
        _wall_changed(entry)
    else:
        is_public = Visibility.PUBLIC in (entry.visibility, was) and not entry.hidden_at
        wall_shows_anew(owner_id=entry.owner_id, is_public=is_public)


def _wall_changed(entry: Entry) -> None:
    User.objects.raise_revision_of_films([entry.owner_id], is_public=entry.is_for_all)


@transaction.atomic(savepoint=False)
def wall_shows_anew(*, owner_id: int, is_public: bool) -> None:
    """Other films stand on the wall than before, or for others: what is said of it elsewhere is brought up to that.
    `is_public`: some of these films are, or were, for everybody.

    Call it in the change's transaction. Followers' feeds find by `last_entry_at` whom to ask.
    """
    owner = User.objects.select_for_update(no_key=True).get(pk=owner_id)  # else two at once each miss the other's film
    standing = Entry.objects.standing().filter(owner=OuterRef("pk"))
    shown = standing.filter(visibility=Visibility.PUBLIC)
    User.objects.raise_wall_revision(
        [owner_id],
        is_public=is_public and owner.wall_visibility == Visibility.PUBLIC,
        films_shown=Coalesce(_of_owner(shown, Count("pk")), 0),
        last_shown_at=_of_owner(shown, Max("recorded_at")),
        last_entry_at=_of_owner(standing.exclude(visibility=Visibility.PRIVATE), Max("recorded_at")),
    )
    owner.refresh_from_db(fields=["last_entry_at"])
    slot = slot_of(owner.last_entry_at)
    told = Follow.objects.filter(followee=owner, last_entry_at__isnull=False)
    told.exclude(last_entry_at=slot).update(last_entry_at=slot)


def _of_owner(entries: EntryQuerySet, aggregate: Aggregate) -> Subquery:
    return Subquery(entries.order_by().values("owner").annotate(of_owner=aggregate).values("of_owner"))


def _note_viewing(entry: Entry, seen: Seen) -> None:
    if _add_viewing(entry, seen):
        entry.watched_on = _last_watched(entry)


def _add_viewing(entry: Entry, seen: Seen) -> bool:
    """An entry without viewings was seen once, on an unknown day: once it is seen again, that first time needs a row.

    False where there is nothing to write down.
    """
    if seen.on is None and not seen.is_again:
        return False
    if seen.is_again and not entry.viewings.exists():
        Viewing.objects.create(entry=entry)
    viewing = Viewing(entry=entry, submission=seen.submission, watched_on=seen.on)
    Viewing.objects.bulk_create([viewing], ignore_conflicts=True)  # sent twice, it stands there already
    return True


def _last_watched(entry: Entry) -> datetime.date | None:
    return entry.viewings.aggregate(last=Max("watched_on"))["last"]


@transaction.atomic
def date_entry(*, entry: Entry, watched_on: datetime.date | None) -> None:
    """Say when a film was first seen that stands on its wall without a day."""
    lock(entry)
    first = entry.viewings.order_by("pk").first() or Viewing(entry=entry)
    if first.watched_on is None or first.pk is None:
        first.watched_on = watched_on
        first.save()
    _viewings_changed(entry)


@transaction.atomic
def redate_viewing(*, viewing: Viewing, watched_on: datetime.date | None) -> None:
    lock(viewing.entry)
    viewing.watched_on = watched_on
    viewing.save(update_fields=["watched_on"])
    _viewings_changed(viewing.entry)


@transaction.atomic
def remove_viewing(*, viewing: Viewing) -> None:
    lock(viewing.entry)
    viewing.delete()
    _viewings_changed(viewing.entry)


def lock(entry: Entry) -> Entry:
    """The row as it is now, before its viewings are touched: else two at once each miss the other's day, and who locks a
    viewing first waits for ever for who locks its entry."""
    now: Entry = Entry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    return now


@transaction.atomic
def take_back_change(*, entry: Entry, score: int | None, submission: uuid.UUID) -> Entry:
    """The entry with its former score, and without the viewing that was sent with the change; safe to repeat."""
    now = lock(entry)
    now.score = score
    now.viewings.filter(submission=submission).delete()
    now.watched_on = _last_watched(now)
    now.save(update_fields=["score", "watched_on"])
    _wall_changed(now)
    return now


def _viewings_changed(entry: Entry) -> None:
    now = lock(entry)
    now.watched_on = entry.watched_on = _last_watched(now)
    now.save(update_fields=["watched_on"])
    _wall_changed(now)


@transaction.atomic
def delete_entry(*, entry: Entry) -> None:
    """Take the entry off its wall; `restore_entry` puts it back for UNDO_FOR, then `purge_deleted` ends it."""
    was_for_all = entry.is_for_all
    entry.deleted_at = timezone.now()
    entry.save(update_fields=["deleted_at"])
    wall_shows_anew(owner_id=entry.owner_id, is_public=was_for_all)


def restore_entry(*, entry: Entry) -> None:
    """Put a deleted entry back as it stood. Raises AlreadyOnTheWall."""
    try:
        with transaction.atomic():
            Entry.objects.filter(pk=entry.pk).update(deleted_at=None, **wall_keys(entry.film))
            entry.deleted_at = None
            recording.wait_no_longer(entry)
            wall_shows_anew(owner_id=entry.owner_id, is_public=entry.is_for_all)
    except IntegrityError as error:
        raise AlreadyOnTheWall(entry.film_id) from error
