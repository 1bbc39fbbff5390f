"""What staff do with entries and films. Each act leaves who, when and why, in its own transaction."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import StaffAction, User, Visibility
from accounts.moderation.models import Subject
from accounts.moderation.services import note_act
from movies.catalog import tmdb
from movies.catalog.announcements import announce
from movies.catalog.models import Film, ReleaseDate
from movies.diary.films import film_from_tmdb, films_changed
from movies.diary.models import Entry
from movies.diary.services import wall_shows_anew

Kind = StaffAction.Kind


def hide_entry(*, actor: User, entry: Entry, reason: str) -> None:
    """From now on it is its owner's alone; safe to repeat."""
    _hide_or_show(entry, timezone.now(), actor=actor, kind=Kind.HIDE, reason=reason)


def show_entry(*, actor: User, entry: Entry, reason: str) -> None:
    """It is seen again by whom its owner shows it to; safe to repeat."""
    _hide_or_show(entry, None, actor=actor, kind=Kind.SHOW, reason=reason)


@transaction.atomic
def _hide_or_show(entry: Entry, hidden_at: datetime.datetime | None, *, actor: User, kind: Kind, reason: str) -> None:
    """All of this film on this wall, the deleted too: none of it is a way back."""
    of_film = Entry.objects.filter(owner=entry.owner_id, film=entry.film_id)
    rows = {row.pk: row for row in of_film.select_for_update(no_key=True).order_by("pk")}
    if bool(rows[entry.pk].hidden_at) == bool(hidden_at):
        return
    of_film.update(hidden_at=hidden_at)
    is_public = any(row.visibility == Visibility.PUBLIC for row in rows.values() if not row.deleted_at)
    wall_shows_anew(owner_id=entry.owner_id, is_public=is_public)
    note_act(actor=actor, kind=kind, subject=Subject.ENTRY, subject_id=entry.pk, reason=reason)


@transaction.atomic
def refresh_film(*, actor: User, film: Film, facts: tmdb.FilmFacts, reason: str) -> None:
    """Bring a film up to what TMDB has just said of it."""
    film_from_tmdb(facts)
    note_act(actor=actor, kind=Kind.REFRESH, subject=Subject.FILM, subject_id=film.pk, reason=reason)


@transaction.atomic
def withdraw_day(*, actor: User, film: Film, kind: ReleaseDate.Kind, reason: str) -> None:
    """What the distributor has announced no longer counts, until it is announced anew; safe to repeat."""
    if announce(film=film, kind=kind, released_on=None):
        films_changed([film])
        note_act(
            actor=actor,
            kind=Kind.WITHDRAW,
            subject=Subject.FILM,
            subject_id=film.pk,
            reason=reason,
            details={"release": int(kind)},
        )
