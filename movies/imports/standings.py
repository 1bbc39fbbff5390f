"""What is there of some films: on somebody's wall, and of what imports have written before."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Q

from accounts.models import User
from movies.diary.models import Entry, FilmListItem, Viewing, Wish
from movies.imports.formats import rejects
from movies.imports.models import Change
from movies.imports.weighing import Standing, StandingViewing

NOTHING: dict[str, Any] = {"score": None, "review": "", "memo": "", "tags": [], "is_liked": False}
"""What an entry holds of which nothing was said."""
VALUES = tuple(NOTHING)
OF_REVIEW: dict[str, Any] = {"has_spoilers": False, "review_audience": "entry", "reviewed_at": None}
"""What belongs to a review, and comes and goes with it."""


class Wall:
    """As it is while it is read: whoever goes on to write has locked the entries before. `of_format` is the format of
    the file whose rows are to be weighed."""

    def __init__(self, owner: User, films: Collection[int], of_format: str, *, locks: bool = False) -> None:
        self._format = of_format
        entries = Entry.objects.of(owner).filter(film__in=films).order_by("pk")
        self.entries = {entry.film_id: entry for entry in (entries.select_for_update() if locks else entries)}
        self.wishes = {wish.film_id: wish for wish in Wish.objects.filter(owner=owner, film__in=films)}
        self._standings: dict[int, Standing] = defaultdict(Standing)
        for film_id, entry in self.entries.items():
            self._standings[film_id].values = values_of(entry)
        for film_id in self.wishes:
            self._standings[film_id].is_wished = True
        for film_id, name in FilmListItem.objects.filter(film_list__owner=owner, film__in=films).values_list(
            "film", "film_list__name"
        ):
            self._standings[film_id].lists.add(name)
        self._read_viewings(self._read_changes(owner, films))

    def standing(self, film_id: int) -> Standing:
        return self._standings[film_id]

    def _read_changes(self, owner: User, films: Collection[int]) -> dict[str, "Made"]:
        """What imports have written, the latest last; gives the viewings that they made, by submission."""
        film_of = {entry.pk: film_id for film_id, entry in self.entries.items()}
        made: dict[str, Made] = {}
        # A merge may have led the entry to another film since, or the film.
        about = Q(film__in=films) | Q(film__merged_into__in=films) | Q(entry__in=film_of)
        changes = Change.objects.filter(about, batch__owner=owner).order_by("pk")
        columns = ("entry", "film", "film__merged_into", "made_entry", "after", "undone_at", "batch__format")
        for entry_id, film_id, kept_id, made_entry, after, undone_at, of_format in changes.values_list(*columns):
            film_id = film_of.get(entry_id, film_id if film_id in films else kept_id)
            for submission, day in after.get("viewings", []):
                on = day and datetime.date.fromisoformat(day)
                made[submission] = Made(film_id, on, was_taken_back=undone_at is not None)
            if undone_at:
                continue
            standing = self._standings[film_id]
            standing.written |= (values := {name: after[name] for name in VALUES if name in after})
            if of_format != self._format or of_format == rejects.FORMAT.name:
                standing.written_by_others |= values.keys()
            standing.entry_removed |= made_entry and film_id not in self.entries
            standing.wish_removed |= "wish" in after and film_id not in self.wishes
            standing.lists_removed |= set(after.get("lists", [])) - standing.lists
        return made

    def _read_viewings(self, made: dict[str, "Made"]) -> None:
        film_of = {entry.pk: film_id for film_id, entry in self.entries.items()}
        viewings = Viewing.objects.filter(entry__in=film_of).order_by("pk")
        for pk, entry_id, watched_on, score, submission in viewings.values_list(
            "pk", "entry", "watched_on", "score", "submission"
        ):
            viewing = StandingViewing(pk, watched_on, score)
            if imported := made.pop(str(submission), None):
                viewing.is_imported, viewing.imported_on = True, imported.on
            self._standings[film_of[entry_id]].viewings.append(viewing)
        for gone in made.values():
            if not gone.was_taken_back:
                self._standings[gone.film_id].removed_viewings.append(gone.on)


class Made(NamedTuple):
    """A viewing that an import made: of which film, and for which day."""

    film_id: int
    on: datetime.date | None
    was_taken_back: bool


def values_of(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in (*VALUES, *OF_REVIEW)}
