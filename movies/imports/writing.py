"""What the rows of a file change of somebody's wall, some films at a time, each time in one transaction."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Entry, FilmList, FilmListItem, Viewing, Wish, wall_keys
from movies.diary.services import wall_shows_anew
from movies.diary.wishing import MOST_WISHES
from movies.diary.words import with_note
from movies.imports.formats.rows import Said
from movies.imports.keeping import said_of
from movies.imports.models import Batch, Change, Row
from movies.imports.saving import copy_in, save_all
from movies.imports.standings import NOTHING, OF_REVIEW, VALUES, Wall, values_of
from movies.imports.weighing import NewViewing, Plan, Weight, weigh

Outcome = Row.Outcome
OUTCOMES = {
    Weight.NEW: Outcome.NEW,
    Weight.CHANGED: Outcome.CHANGED,
    Weight.SAME: Outcome.SAME,
    Weight.KEPT: Outcome.KEPT,
}
SETTLED = """
    UPDATE movies_row SET
        outcome = CASE
            WHEN of.outcome = 'same' AND movies_row.outcome IN ('new', 'changed') AND movies_row.entry_id = of.entry
            THEN movies_row.outcome  -- it is there since this import wrote it
            ELSE of.outcome
        END,
        reason = of.reason, is_done = %s AND of.outcome <> 'rejected', entry_id = of.entry
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[]) AS of (id, outcome, reason, entry)
    WHERE movies_row.id = of.id
"""


def weigh_films(batch: Batch, films: Collection[int]) -> None:
    """Note what the rows about these films would change; no wall is written to."""
    rows = _rows_about(batch, films)
    wall = Wall(batch.owner, films, batch.format)
    plans = {film_id: _plan(batch, wall, film_id, rows[film_id]) for film_id in rows}
    _settle(rows, plans, {}, is_done=False)


def write_films(batch: Batch, films: Collection[int]) -> None:
    """Do what the rows about these films say that have not been done; safe to repeat.

    Weighed anew, whatever was said before: the wall may have changed, or another import of the same file been quicker.
    Films are locked before entries, these before wishes, and these before the wall, as whoever records does.
    """
    try:
        _write_films(batch, films)
    except IntegrityError:  # its owner has recorded one of them in this very moment
        _write_films(batch, films)


@transaction.atomic
def _write_films(batch: Batch, films: Collection[int]) -> None:
    one_at_a_time(batch.owner)
    held = _held(films)
    while merged := [film.merged_into_id or film.pk for film in held.values() if film.merged_into_id]:
        follow_merges(batch)
        held = _held([*merged, *(film.pk for film in held.values() if not film.merged_into_id)])
    rows = _rows_about(batch, held)
    wall = Wall(batch.owner, held, batch.format, locks=True)
    plans = {film_id: _plan(batch, wall, film_id, rows[film_id]) for film_id in rows}
    writing = _Writing(batch, wall, held)
    writing.write({film_id: plan for film_id, plan in plans.items() if plan.changes_anything})
    _settle(rows, plans, writing.entries, is_done=True)


HELD = "SELECT * FROM movies_film WHERE id = ANY(%s) ORDER BY id FOR SHARE"
LED_ON = """
    UPDATE movies_mention SET film_id = film.merged_into_id FROM movies_film AS film
    WHERE film.id = movies_mention.film_id AND film.merged_into_id IS NOT NULL AND movies_mention.batch_id = %s
"""


def _held(films: Collection[int]) -> dict[int, Film]:
    return {film.pk: film for film in Film.objects.raw(HELD, [sorted(films)])}


def follow_merges(batch: Batch) -> None:
    """What it tells of a film that was merged is told of the one that was kept."""
    with connection.cursor() as cursor:
        cursor.execute(LED_ON, [batch.pk])


def one_at_a_time(owner: User) -> None:
    """Two imports of one person at once would not see each other's entries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"imports of {owner.pk}"])


class _Told(NamedTuple):
    pk: int
    number: int
    said: Said
    is_done: bool


def _rows_about(batch: Batch, films: Collection[int]) -> dict[int, list[_Told]]:
    """All of them, where any has not been done: a text is joined from several, and a score is one of several."""
    rows: dict[int, list[_Told]] = defaultdict(list)
    about = Row.objects.filter(batch=batch, said__isnull=False, mention__film__in=films).order_by("number")
    for film_id, pk, number, said, is_done in about.values_list("mention__film", "pk", "number", "said", "is_done"):
        rows[film_id].append(_Told(pk, number, said_of(said or {}), is_done))
    return {film_id: told for film_id, told in rows.items() if not all(row.is_done for row in told)}


def _plan(batch: Batch, wall: Wall, film_id: int, rows: list[_Told]) -> Plan:
    return weigh(
        wall.standing(film_id),
        [(row.number, row.said) for row in rows],
        overrules=batch.overwrites,
        reviews_for=batch.reviews_for,
    )


def _settle(rows: dict[int, list[_Told]], plans: dict[int, Plan], entries: dict[int, Entry], *, is_done: bool) -> None:
    settled = [
        _settled(row, plans[film_id], entries.get(film_id))
        for film_id in rows
        for row in rows[film_id]
        if not row.is_done
    ]
    if settled:
        with connection.cursor() as cursor:
            cursor.execute(SETTLED, [is_done, *map(list, zip(*settled, strict=True))])


def _settled(row: _Told, plan: Plan, entry: Entry | None) -> tuple[int, str, str, int | None]:
    if why := plan.not_taken.get(row.number):
        return row.pk, Outcome.REJECTED, why, None
    return row.pk, OUTCOMES[plan.weights[row.number]], "", entry.pk if entry else None


class _Writing:
    """`entries`: those on the wall of the films, also the new ones."""

    def __init__(self, batch: Batch, wall: Wall, films: dict[int, Film]) -> None:
        self.batch, self.owner, self.wall, self.films = batch, batch.owner, wall, films
        self.entries = dict(wall.entries)
        self.now = timezone.now()
        kept = Change.objects.filter(batch=batch, film__in=films).order_by("pk")
        self.changes = {change.film_id: change for change in kept}
        self.undone: list[int] = []

    def write(self, plans: dict[int, Plan]) -> None:
        if not plans:
            return
        for plan in plans.values():
            if at := plan.values.get("reviewed_at"):
                plan.values["reviewed_at"] = min(at, self.now)
        self._note_what_wishes_say(plans)
        before = {film_id: values_of(entry) for film_id, entry in self.wall.entries.items()}
        self._make_entries(plans)
        self._write_values(plans, before)
        self._write_viewings(plans)
        self._save_entries(plans)
        self._refuse_too_many_wishes(plans)
        self._write_wishes(plans)
        self._write_lists(plans)
        self._note_changes()
        touched = [self.entries[film_id] for film_id in plans if film_id in self.entries]
        if touched:
            is_public = any(entry.is_for_all for entry in touched)
            wall_shows_anew(owner_id=self.owner.pk, is_public=is_public)

    def _ends_a_wish(self, film_id: int, plan: Plan) -> bool:
        """What has been seen is no longer waited for, unless the file says that it is."""
        return bool((plan.makes_entry or plan.viewings) and film_id in self.wall.wishes and not plan.is_wished)

    def _note_what_wishes_say(self, plans: dict[int, Plan]) -> None:
        for film_id, plan in plans.items():
            if self._ends_a_wish(film_id, plan) and (note := self.wall.wishes[film_id].memo):
                stands = self.wall.entries.get(film_id)
                memo = plan.values.get("memo") or (stands.memo if stands else "")
                plan.values["memo"] = with_note(memo, note)

    def _change(self, film_id: int) -> Change:
        """What was undone begins anew, as the latest."""
        change = self.changes.get(film_id)
        if change is None or change.undone_at:
            self.undone += [change.pk] if change else []
            change = self.changes[film_id] = Change(batch=self.batch, film_id=film_id)
        return change

    def _make_entries(self, plans: dict[int, Plan]) -> None:
        new = {film_id: self._entry(film_id, plan) for film_id, plan in plans.items() if plan.makes_entry}
        hidden = Entry.objects.filter(owner=self.owner, film__in=new, hidden_at__isnull=False).order_by("-pk")
        for film_id, hidden_at in hidden.values_list("film", "hidden_at"):
            new[film_id].hidden_at = hidden_at  # what staff have hidden stays so
        copy_in(new.values())
        self.entries |= new
        for film_id, entry in new.items():
            change = self._change(film_id)
            change.entry, change.made_entry = entry, True

    def _entry(self, film_id: int, plan: Plan) -> Entry:
        days = [viewing.watched_on for viewing in plan.viewings if viewing.watched_on]
        recorded_at = plan.recorded_at or (_noon(max(days)) if days else self.now)
        return Entry(
            owner=self.owner,
            film_id=film_id,
            visibility=plan.visibility or self.owner.default_visibility,
            recorded_at=min(recorded_at, self.now),
            watched_on=max(days, default=None),
            **wall_keys(self.films[film_id]),
            **(NOTHING | plan.values),
        )

    def _write_values(self, plans: dict[int, Plan], before: dict[int, dict[str, Any]]) -> None:
        for film_id, plan in plans.items():
            if not plan.values:
                continue
            change = self._change(film_id)
            change.entry = self.entries[film_id]
            for name, value in plan.values.items():
                if film_id in before:
                    change.before.setdefault(name, before[film_id][name])
                change.after[name] = value
                setattr(self.entries[film_id], name, value)

    def _write_viewings(self, plans: dict[int, Plan]) -> None:
        made = [self._viewing(film_id, new) for film_id, plan in plans.items() for new in plan.viewings]
        copy_in(made)
        for film_id, plan in plans.items():
            for pk, day in plan.redated.items():
                self._redate(film_id, pk, day)
            for pk, score in plan.viewing_scores.items():
                Viewing.objects.filter(pk=pk).update(score=score)
                self._change(film_id).after.setdefault("viewing_scores", []).append([pk, score])

    def _save_entries(self, plans: dict[int, Plan]) -> None:
        """Those that were there before."""
        touched = [entry for film_id, entry in self.wall.entries.items() if film_id in plans]
        last = last_watched(touched)
        for entry in touched:
            entry.watched_on = last.get(entry.pk)
        save_all(touched, [*VALUES, *OF_REVIEW, "watched_on"])

    def _viewing(self, film_id: int, new: NewViewing) -> Viewing:
        submission = uuid.uuid4()
        change = self._change(film_id)
        change.entry = self.entries[film_id]
        change.after.setdefault("viewings", []).append([str(submission), new.watched_on])
        return Viewing(entry=self.entries[film_id], watched_on=new.watched_on, score=new.score, submission=submission)

    def _redate(self, film_id: int, pk: int, day: datetime.date | None) -> None:
        viewing = Viewing.objects.get(pk=pk)
        change = self._change(film_id)
        change.entry = self.entries[film_id]
        change.after.setdefault("redated", []).append([pk, viewing.watched_on, day])
        viewing.watched_on = day
        viewing.save(update_fields=["watched_on"])

    def _refuse_too_many_wishes(self, plans: dict[int, Plan]) -> None:
        wishing = [plan for plan in plans.values() if plan.makes_wish]
        if not wishing:
            return
        User.objects.in_one_order([self.owner])  # as whoever wishes does
        room = MOST_WISHES - Wish.objects.filter(owner=self.owner).count()
        for plan in wishing[max(room, 0) :]:
            plan.makes_wish = False
            if plan.wished_by:
                plan.not_taken[plan.wished_by] = "watchlist_full"

    def _write_wishes(self, plans: dict[int, Plan]) -> None:
        seen = [film_id for film_id, plan in plans.items() if self._ends_a_wish(film_id, plan)]
        for film_id in seen:
            wish = self.wall.wishes[film_id]
            kept = {field.attname: getattr(wish, field.attname) for field in Wish._meta.concrete_fields}
            self._change(film_id).before.setdefault("wish", {name: kept[name] for name in kept if name != "id"})
        Wish.objects.filter(owner=self.owner, film__in=seen).delete()
        wished = [film_id for film_id, plan in plans.items() if plan.makes_wish]
        Wish.objects.bulk_create(
            (
                Wish(
                    owner=self.owner,
                    film_id=film_id,
                    memo=plans[film_id].wish_memo,
                    known_cinema_on=self.films[film_id].cinema_on,
                    known_digital_on=self.films[film_id].digital_on,
                )
                for film_id in wished
            ),
            ignore_conflicts=True,
        )
        for film_id in wished:
            self._change(film_id).after["wish"] = True
            if at := plans[film_id].wished_at:
                Wish.objects.filter(owner=self.owner, film=film_id).update(wished_at=min(at, self.now))

    def _write_lists(self, plans: dict[int, Plan]) -> None:
        wanted = [(film_id, said) for film_id, plan in plans.items() for said in plan.list_items]
        lists: dict[str, FilmList] = {}
        for _film_id, said in wanted:
            if said.list_name not in lists:
                lists[said.list_name], _is_new = FilmList.objects.get_or_create(
                    owner=self.owner, name=said.list_name, defaults={"description": said.list_description}
                )
        FilmListItem.objects.bulk_create(
            (
                FilmListItem(
                    film_list=lists[said.list_name],
                    film_id=film_id,
                    position=said.list_position or 0,
                    note=said.list_note,
                )
                for film_id, said in wanted
            ),
            ignore_conflicts=True,
        )
        for film_id, said in wanted:
            self._change(film_id).after.setdefault("lists", []).append(said.list_name)

    def _note_changes(self) -> None:
        noted = [change for change in self.changes.values() if change.after or change.before or change.made_entry]
        again = [change for change in noted if change.pk]
        Change.objects.filter(pk__in=self.undone).delete()
        copy_in(change for change in noted if not change.pk)
        save_all(again, ["entry", "made_entry", "before", "after", "undone_at"])


def last_watched(entries: Iterable[Entry]) -> dict[int, datetime.date]:
    """The last known day of each entry's viewings."""
    viewings = Viewing.objects.filter(entry__in=[entry.pk for entry in entries], watched_on__isnull=False)
    return dict(viewings.order_by().values_list("entry").annotate(Max("watched_on")))


def _noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), timezone.get_current_timezone())
