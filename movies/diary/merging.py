"""Two films that are one: what was recorded on the one, is waited for, or is on a list, stands on the other from then on."""

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import StaffAction, User
from accounts.moderation.models import Subject
from accounts.moderation.services import note_act
from movies.catalog.announcements import announce
from movies.catalog.facts import one_writer_at_a_time
from movies.catalog.models import Film, ReleaseDate
from movies.diary.films import films_changed
from movies.diary.lists import move_list_items
from movies.diary.models import Entry, wall_keys
from movies.diary.wishing import move_wishes

IDS = ("tmdb_id", "imdb_id", "wikidata_id")


class MergeError(Exception):
    """`message` is for whoever asked for it."""

    message: Promise


class SameFilm(MergeError):
    message = _("A film cannot be merged into itself.")


class MergedItself(MergeError):
    message = _("That film has itself been merged into another. Choose the one that was kept.")


class MergedElsewhere(MergeError):
    message = _("This film has been merged into another one already.")


@transaction.atomic
def merge_films(*, actor: User, film: Film, into: Film, reason: str) -> None:
    """Move what stands on `film` to `into`, and lead there from it; safe to repeat. Raises MergeError.

    Where somebody has recorded both, theirs stay as they are, for them to settle. Films are locked before entries, these
    before wishes and lists, and these before walls, as whoever records does; whose new entry points to a film must not wait for
    us, as we wait for them.
    """
    one_writer_at_a_time()
    films = Film.objects.select_for_update(no_key=True).in_bulk([film.pk, into.pk])
    film, into = films[film.pk], films[into.pk]
    if film == into:
        raise SameFilm
    if into.merged_into_id:
        raise MergedItself
    if film.merged_into_id not in (None, into.pk):
        raise MergedElsewhere
    has_new_days = _hand_over_days(film, into)
    moved, kept = _move_entries(film, into)
    move_wishes(film, into)
    move_list_items(film, into)
    _raise_walls(moved)
    if has_new_days:
        films_changed([into])
    if film.merged_into_id and not moved:
        return
    Film.objects.filter(merged_into=film).update(merged_into=into)
    details = {"into": into.pk, "moved": len(moved), "kept": kept, "ids": _hand_over_ids(film, into)}
    note_act(
        actor=actor,
        kind=StaffAction.Kind.MERGE,
        subject=Subject.FILM,
        subject_id=film.pk,
        reason=reason,
        details=details,
    )


def _hand_over_days(film: Film, into: Film) -> bool:
    """What a distributor has announced of the one is of the other, unless that has a day of its own. Says whether
    `into`, which is read anew then, has changed."""
    announced = film.release_dates.filter(country="JP", source=ReleaseDate.Source.DISTRIBUTOR).order_by("pk")
    changed = False
    for day in announced:
        if not into.release_dates.filter(country="JP", source=day.source, kind=day.kind).exists():
            changed |= announce(film=into, kind=ReleaseDate.Kind(day.kind), released_on=day.released_on)
    return changed


def _move_entries(film: Film, into: Film) -> tuple[list[Entry], int]:
    """Those that were moved, and how many stay because their owner has both."""
    owners = Entry.objects.filter(film=film).values("owner")
    of_both = Entry.objects.filter(film__in=[film, into], owner__in=owners)
    entries = list(of_both.select_for_update(no_key=True).order_by("pk"))
    have_both = {entry.owner_id for entry in entries if entry.film_id == into.pk and not entry.deleted_at}
    here = [entry for entry in entries if entry.film_id == film.pk]
    moved = [entry for entry in here if entry.deleted_at or entry.owner_id not in have_both]
    Entry.objects.filter(pk__in=[entry.pk for entry in moved]).update(film=into, **wall_keys(into))
    return moved, len(here) - len(moved)


def _raise_walls(moved: list[Entry]) -> None:
    owners = {entry.owner_id for entry in moved}
    shown = {entry.owner_id for entry in moved if entry.is_for_all}
    User.objects.in_one_order(User.objects.filter(pk__in=owners))
    User.objects.raise_revision_of_films(shown, is_public=True)
    User.objects.raise_revision_of_films(owners - shown, is_public=False)


def _hand_over_ids(film: Film, into: Film) -> dict[str, int | str]:
    """Those that `into` lacks; no two films have the same, so `film` gives them up first."""
    given = {name: getattr(film, name) for name in IDS if getattr(film, name) and not getattr(into, name)}
    Film.objects.filter(pk=film.pk).update(merged_into=into, **dict.fromkeys(given))
    Film.objects.filter(pk=into.pk).update(**given)
    return given
