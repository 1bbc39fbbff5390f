"""What staff do with entries and films. Each act leaves who, when and why, in its own transaction."""

import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import StaffAction, User, Visibility
from accounts.moderation.models import Subject
from accounts.moderation.services import note_act
from movies.catalog import tmdb
from movies.catalog.models import Film
from movies.diary.models import Entry
from movies.diary.services import film_from_tmdb, wall_shows_anew

Kind = StaffAction.Kind


def hide_entry(*, actor: User, entry: Entry, reason: str) -> None:
    """From now on it is its owner's alone; safe to repeat."""
    _hide_or_show(entry, timezone.now(), actor=actor, kind=Kind.HIDE, reason=reason)


def show_entry(*, actor: User, entry: Entry, reason: str) -> None:
    """It is seen again by whom its owner shows it to; safe to repeat."""
    _hide_or_show(entry, None, actor=actor, kind=Kind.SHOW, reason=reason)


@transaction.atomic
def _hide_or_show(entry: Entry, hidden_at: datetime.datetime | None, *, actor: User, kind: Kind, reason: str) -> None:
    now = Entry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    if bool(now.hidden_at) == bool(hidden_at):
        return
    now.hidden_at = hidden_at
    now.save(update_fields=["hidden_at"])
    wall_shows_anew(owner_id=now.owner_id, is_public=now.visibility == Visibility.PUBLIC)
    note_act(actor=actor, kind=kind, subject=Subject.ENTRY, subject_id=now.pk, reason=reason)


@transaction.atomic
def refresh_film(*, actor: User, film: Film, facts: tmdb.FilmFacts, reason: str) -> None:
    """Bring a film up to what TMDB has just said of it."""
    film_from_tmdb(facts)
    note_act(actor=actor, kind=Kind.REFRESH, subject=Subject.FILM, subject_id=film.pk, reason=reason)
