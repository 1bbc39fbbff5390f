"""Taking an import back. What its owner has written since stays."""

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from movies.catalog.models import Film
from movies.diary.models import Entry, FilmList, FilmListItem, Viewing, Wish
from movies.diary.services import wall_shows_anew
from movies.diary.wishing import wish_again
from movies.imports.models import Batch, Change, Row
from movies.imports.saving import save_all
from movies.imports.standings import NOTHING, OF_REVIEW, VALUES
from movies.imports.weighing import AUDIENCES
from movies.imports.writing import last_watched, one_at_a_time, write_films


@transaction.atomic
def undo_changes(batch: Batch, changes: Collection[int]) -> None:
    """Take back what these changes wrote, as far as it still stands as they wrote it; safe to repeat.

    Entries are locked before wishes, and these before the wall, as whoever records does.
    """
    one_at_a_time(batch.owner)
    standing = Change.objects.filter(batch=batch, pk__in=changes, undone_at=None).order_by("pk")
    undoing = _Undoing(batch, list(standing))
    undoing.undo()
    standing.update(undone_at=timezone.now())
    films = [change.film_id for change in undoing.changes]
    about = Q(mention__film__in=films) | Q(mention__film__merged__in=films)
    rows = Row.objects.filter(about, batch=batch)
    Row.objects.filter(pk__in=rows.values("pk")).update(is_done=False, entry=None)
    _hear_others(batch, {change.film_id for change in undoing.changes if change.entry_id in undoing.entries})


def _hear_others(batch: Batch, films: Collection[int]) -> None:
    """What other imports said of these films was there already, as this one had written it. Now it is theirs to write."""
    said = Row.objects.filter(is_done=True, mention__film__in=films).exclude(batch=batch)
    others = Batch.objects.of(batch.owner).filter(state=Batch.State.DONE, pk__in=said.values("batch"))
    for other in others.select_related("owner").order_by("pk"):
        Row.objects.filter(batch=other, is_done=True, mention__film__in=films).update(is_done=False)
        write_films(other, films)


class _Undoing:
    def __init__(self, batch: Batch, changes: list[Change]) -> None:
        self.batch, self.owner, self.changes = batch, batch.owner, changes
        chosen = Entry.objects.of(self.owner).filter(pk__in=[change.entry_id for change in changes if change.entry_id])
        self.entries = {entry.pk: entry for entry in chosen.select_for_update().order_by("pk")}
        later = Change.objects.filter(
            entry__in=self.entries, undone_at=None, pk__gt=max((c.pk for c in changes), default=0)
        )
        self.later: dict[int, list[Change]] = defaultdict(list)
        for change in later.exclude(batch=batch).order_by("pk"):
            self.later[change.entry_id or 0].append(change)

    def undo(self) -> None:
        self._take_viewings()
        self._take_values()
        was_public = any(entry.is_for_all for entry in self.entries.values())
        removed = self._remove_entries()
        self._take_wishes(removed)
        self._hand_down(removed)
        self._take_list_items()
        if self.entries:
            wall_shows_anew(owner_id=self.owner.pk, is_public=was_public)

    def _take_viewings(self) -> None:
        """Those that still have the day that they were made for."""
        made = {
            submission: (change.entry_id, day)
            for change in self.changes
            for submission, day in change.after.get("viewings", [])
        }
        gone = [
            viewing.pk
            for viewing in Viewing.objects.filter(entry__in=self.entries, submission__in=made)
            if made[str(viewing.submission)] == (viewing.entry_id, _written(viewing.watched_on))
        ]
        Viewing.objects.filter(pk__in=gone).delete()
        for change in self.changes:
            for pk, was, became in change.after.get("redated", []):
                Viewing.objects.filter(pk=pk, watched_on=became).update(watched_on=was)
            for pk, score in change.after.get("viewing_scores", []):
                Viewing.objects.filter(pk=pk, score=score).update(score=None)

    def _take_values(self) -> None:
        for change in self.changes:
            entry = self.entries.get(change.entry_id or 0)
            for name in VALUES:
                if not entry or name not in change.after:
                    continue
                if name == "tags":
                    given = set(change.after[name]) - set(change.before.get(name, []))
                    entry.tags = [tag for tag in entry.tags if tag not in given]
                elif getattr(entry, name) == change.after[name]:
                    setattr(entry, name, change.before.get(name, NOTHING[name]))
                    if name == "review":
                        self._take_what_belongs_to_it(entry, change)
        last = last_watched(self.entries.values())
        for entry in self.entries.values():
            entry.watched_on = last.get(entry.pk)
        save_all(self.entries.values(), [*VALUES, *OF_REVIEW, "watched_on"])

    def _take_what_belongs_to_it(self, entry: Entry, change: Change) -> None:
        """With the review alone. What its owner has said since of the one that goes opens the one that comes back to
        nobody: of two audiences the narrower counts."""
        for name in OF_REVIEW:
            if name not in change.after:
                continue
            was, now = change.before.get(name, OF_REVIEW[name]), getattr(entry, name)
            is_untouched = name == "reviewed_at" or now == change.after[name]
            if not is_untouched:
                was = min(was, now, key=AUDIENCES.index) if name == "review_audience" else was or now
            setattr(entry, name, was)

    def _remove_entries(self) -> set[int]:
        """Of those that the import made, the ones on which nothing has been written since; says of which films."""
        with_viewings = set(Viewing.objects.filter(entry__in=self.entries).values_list("entry", flat=True))
        gone = {
            change.entry_id: change.film_id
            for change in self.changes
            if change.made_entry
            and change.entry_id in self.entries
            and change.entry_id not in with_viewings | self.later.keys()
            and all(getattr(self.entries[change.entry_id], name) == NOTHING[name] for name in VALUES)
        }
        Entry.objects.filter(pk__in=gone).update(deleted_at=timezone.now())
        return set(gone.values())

    def _take_wishes(self, removed: set[int]) -> None:
        made = [change.film_id for change in self.changes if change.after.get("wish")]
        wishes = Wish.objects.filter(owner=self.owner)
        wishes.filter(Q(film__in=made) | Q(film__merged__in=made)).delete()
        for change in self.changes:
            if "wish" in change.before and (change.film_id in removed or not change.made_entry):
                self._wish_again(change)

    def _wish_again(self, change: Change) -> None:
        film = Film.objects.select_related("merged_into").get(pk=change.film_id)
        wish_again(owner=self.owner, film=film, was=change.before["wish"])

    def _hand_down(self, removed: Collection[int]) -> None:
        """What was there before us is there before whoever wrote upon it: taken back in their turn, they lead to that."""
        heirs = {}
        for change in sorted(self.changes, key=lambda change: change.pk, reverse=True):
            later = self.later.get(change.entry_id or 0, [])
            for name in (name for name in VALUES if name in change.after and name != "tags"):
                heir = next((other for other in later if name in other.after), None)
                if heir and heir.before.get(name, NOTHING[name]) == change.after[name]:
                    heir.before[name] = change.before.get(name, NOTHING[name])
                    for also in OF_REVIEW.keys() & change.after.keys() if name == "review" else ():
                        heir.before[also] = change.before.get(also, OF_REVIEW[also])
                    heirs[heir.pk] = heir
            if later and change.made_entry and change.film_id not in removed:
                later[0].made_entry = True
                if "wish" in change.before:
                    later[0].before.setdefault("wish", change.before["wish"])
                heirs[later[0].pk] = later[0]
        save_all(heirs.values(), ["before", "made_entry"])

    def _take_list_items(self) -> None:
        names: set[str] = set()
        for change in self.changes:
            for name in change.after.get("lists", []):
                FilmListItem.objects.filter(
                    film_list__owner=self.owner, film_list__name=name, film=change.film_id
                ).delete()
                names.add(name)
        FilmList.objects.filter(
            owner=self.owner, name__in=names, items=None, made_at__gte=self.batch.created_at
        ).delete()


def _written(day: Any) -> str | None:
    return day and day.isoformat()
