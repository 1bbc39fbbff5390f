"""What the rows about one film would change of what stands on a wall. Knows no database.

A row that says what stands there already changes nothing, however often it comes. What somebody has written themselves, or
has changed or taken away since an earlier import wrote it, stays as it is, unless they let the file overrule them. Nor does a
file take away what another service's has written: its texts are put beneath, its score is kept back.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from movies.imports.formats.rows import Said

Day = datetime.date | None


class Weight(IntEnum):
    """What a row comes to; of several things that it says, the heaviest counts."""

    SAME = 0
    KEPT = 1
    CHANGED = 2
    NEW = 3


@dataclass
class StandingViewing:
    pk: int
    watched_on: Day
    score: int | None = None
    imported_on: Day = None
    """Where an import made it: for which day."""
    is_imported: bool = False

    @property
    def is_redated(self) -> bool:
        return self.is_imported and self.imported_on != self.watched_on


@dataclass
class Standing:
    """What is there of a film. `values` is None where it is not on the wall; `written` are the values that imports last
    wrote, and the rest what imports made and its owner has taken away since."""

    values: dict[str, Any] | None = None
    viewings: list[StandingViewing] = field(default_factory=list)
    is_wished: bool = False
    lists: set[str] = field(default_factory=set)
    written: dict[str, Any] = field(default_factory=dict)
    written_by_others: set[str] = field(default_factory=set)
    """Those of them that files of other services wrote, too, or of which this file holds only some rows."""
    removed_viewings: list[Day] = field(default_factory=list)
    entry_removed: bool = False
    wish_removed: bool = False
    lists_removed: set[str] = field(default_factory=set)


@dataclass
class NewViewing:
    number: int
    """Of the row that it comes from; 0 for a first time that is only known by a later one."""
    watched_on: Day
    score: int | None = None
    is_again: bool = False


@dataclass
class Plan:
    """What to write. `values` are those of the entry that change; `weights` what each row comes to, by its number."""

    makes_entry: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    visibility: str = ""
    recorded_at: datetime.datetime | None = None
    viewings: list[NewViewing] = field(default_factory=list)
    redated: dict[int, Day] = field(default_factory=dict)
    viewing_scores: dict[int, int] = field(default_factory=dict)
    is_wished: bool = False
    """That the file says so, whether it makes the wish or not: then it outlasts the film's being seen."""
    makes_wish: bool = False
    wished_at: datetime.datetime | None = None
    wish_memo: str = ""
    wished_by: int = 0
    """The row that makes the wish, and says nothing else."""
    list_items: list[Said] = field(default_factory=list)
    weights: dict[int, Weight] = field(default_factory=dict)
    not_taken: dict[int, str] = field(default_factory=dict)
    """Rows that cannot be taken, though they can be read, and why."""

    @property
    def changes_anything(self) -> bool:
        return bool(
            self.makes_entry
            or self.values
            or self.viewings
            or self.redated
            or self.viewing_scores
            or self.makes_wish
            or self.list_items
        )


Rows = Sequence[tuple[int, Said]]


AUDIENCES = ("owner", "entry", "public")
"""From the narrowest on."""


def weigh(standing: Standing, rows: Rows, *, overrules: bool = False, reviews_for: str = "owner") -> Plan:
    """`rows` are all that a file says of the film, with their numbers, in its order. `overrules`: the file's word counts
    where its owner says otherwise. `reviews_for`: who reads its reviews, where it does not say that itself."""
    return _Weighing(standing, rows, overrules, reviews_for).plan


class _Weighing:
    def __init__(self, standing: Standing, rows: Rows, overrules: bool, reviews_for: str) -> None:
        self.standing, self.rows, self.overrules, self.reviews_for = standing, rows, overrules, reviews_for
        self.plan = Plan(weights=dict.fromkeys((number for number, _said in rows), Weight.SAME))
        self.unclaimed = list(standing.viewings)
        self.removed = list(standing.removed_viewings)
        self.by_key: dict[str, NewViewing | StandingViewing | None] = {}
        self.scores: dict[str, int] = {}
        for _number, said in rows:
            if said.is_viewing and said.viewing_key and (score := _score_of(said)) is not None:
                self.scores.setdefault(said.viewing_key, score)
        self._entry()
        self._wish()
        self._lists()

    def _come_to(self, number: int, weight: Weight) -> None:
        self.plan.weights[number] = max(self.plan.weights[number], weight)

    @property
    def _writes(self) -> Weight:
        return Weight.NEW if self.plan.makes_entry else Weight.CHANGED

    def _entry(self) -> None:
        seen = [(number, said) for number, said in self.rows if said.is_seen or said.is_viewing]
        if self.standing.values is None:
            if not seen:
                self._refuse_likes()
                return
            if self.standing.entry_removed and not self.overrules:
                for number, said in self.rows:
                    if said.is_seen or said.is_viewing or said.is_liked:
                        self._come_to(number, Weight.KEPT)
                return
            self.plan.makes_entry = True
            self.plan.recorded_at = _first_noted(seen)
            self.plan.visibility = next((said.visibility for _number, said in seen if said.visibility), "")
            self._come_to(seen[0][0], Weight.NEW)
        for number, said in self.rows:
            if said.is_viewing:
                self._viewing(number, said)
        self._first_times()
        self._values()

    def _refuse_likes(self) -> None:
        for number, said in self.rows:
            if said.is_liked:
                self.plan.not_taken[number] = "liked_unseen"

    def _viewing(self, number: int, said: Said) -> None:
        """Each viewing that stands there answers for one of the file's on its day."""
        if not said.viewing_key or said.viewing_key not in self.by_key:
            self.by_key[said.viewing_key] = self._claimed(number, said)
        viewing = self.by_key[said.viewing_key]
        if isinstance(viewing, NewViewing):
            viewing.is_again |= said.is_again
        self._score_viewing(number, viewing, _score_of(said))

    def _claimed(self, number: int, said: Said) -> NewViewing | StandingViewing | None:
        of_that_day = [viewing for viewing in self.unclaimed if viewing.watched_on == said.watched_on]
        if of_that_day:
            score = self.scores.get(said.viewing_key, _score_of(said))
            viewing = min(of_that_day, key=lambda viewing: viewing.score != score)
            self.unclaimed.remove(viewing)
            return viewing
        for viewing in self.unclaimed:
            if viewing.is_redated and viewing.imported_on == said.watched_on:
                self.unclaimed.remove(viewing)
                if self.overrules:
                    self.plan.redated[viewing.pk] = said.watched_on
                self._come_to(number, Weight.CHANGED if self.overrules else Weight.KEPT)
                return viewing
        if said.watched_on in self.removed and not self.overrules:
            self.removed.remove(said.watched_on)
            self._come_to(number, Weight.KEPT)
            return None
        if said.watched_on is None and self._is_that_one_time(said):
            return None
        new = NewViewing(number, said.watched_on, is_again=said.is_again)
        self.plan.viewings.append(new)
        self._come_to(number, Weight.NEW)
        return new

    def _is_that_one_time(self, said: Said) -> bool:
        """A film that is on a wall without a viewing was seen once, nobody knows when. One such row is that one time, as
        long as no other is known."""
        is_alone = not self.standing.viewings and sum(other.is_viewing for _number, other in self.rows) == 1
        return is_alone and not said.is_again and said.score is None and said.viewing_score is None

    def _score_viewing(self, number: int, viewing: NewViewing | StandingViewing | None, score: int | None) -> None:
        if score is None or viewing is None or viewing.score is not None:
            return
        viewing.score = score
        if isinstance(viewing, StandingViewing):
            self.plan.viewing_scores[viewing.pk] = score
            self._come_to(number, Weight.CHANGED)

    def _first_times(self) -> None:
        """Who saw it again had seen it before, be it that nobody knows when."""
        again = [new for new in self.plan.viewings if new.is_again]
        if again and not self._has_a_first_time(min(again, key=_by_day)):
            self.plan.viewings.append(NewViewing(0, None))
        self.plan.viewings.sort(key=_by_day)

    def _has_a_first_time(self, earliest: NewViewing) -> bool:
        others = [new for new in self.plan.viewings if new is not earliest]
        days = [new.watched_on for new in others] + [viewing.watched_on for viewing in self.standing.viewings]
        return any(day is None or (earliest.watched_on is not None and day <= earliest.watched_on) for day in days)

    def _values(self) -> None:
        for name, wanted in (
            ("score", _wanted_score(self.rows)),
            ("review", _wanted_text(self.rows, "review")),
            ("memo", _wanted_text(self.rows, "memo")),
            ("is_liked", [(number, True) for number, said in self.rows if said.is_liked]),
        ):
            if wanted:
                self._value(name, wanted[-1][1], [number for number, _value in wanted])
        if "review" in self.plan.values:
            self._with_review()
        self._tags()

    def _with_review(self) -> None:
        """What belongs to a review is written with it. Nobody comes to read by it what they did not read before: of several
        audiences the narrowest counts."""
        mine = self.standing.values or {}
        told = [said for _number, said in self.rows if said.review]
        audiences = [said.review_audience or self.reviews_for for said in told]
        has_spoilers = any(said.has_spoilers for said in told)
        if mine.get("review"):
            audiences.append(mine.get("review_audience", "owner"))
            has_spoilers |= mine.get("has_spoilers", False)
        else:
            written_at = [said.reviewed_at if said.review_audience else said.noted_at for said in told]
            self.plan.values["reviewed_at"] = min(filter(None, written_at), default=None)
        self.plan.values["review_audience"] = min(audiences, key=AUDIENCES.index)
        self.plan.values["has_spoilers"] = has_spoilers

    def _value(self, name: str, theirs: Any, numbers: list[int]) -> None:
        mine = (self.standing.values or {}).get(name)
        is_untouched = self.standing.written[name] == mine if name in self.standing.written else _is_nothing(mine)
        if name in self.standing.written_by_others and not _is_nothing(mine) and not self.overrules:
            if is_untouched and isinstance(theirs, str):
                theirs = _together(str(mine), theirs)
            else:
                is_untouched = False
        if name == "score" and self._is_of_the_film_itself(mine):
            is_untouched = False
        if mine == theirs:
            return
        if is_untouched or self.overrules:
            self.plan.values[name] = theirs
        for number in numbers:
            self._come_to(number, self._writes if name in self.plan.values else Weight.KEPT)

    def _is_of_the_film_itself(self, mine: int | None) -> bool:
        """Whether that is more than the score of some viewing, where the file knows of no other."""
        if mine is None or any(said.score is not None and not said.is_viewing for _number, said in self.rows):
            return False
        return mine not in {viewing.score for viewing in self.standing.viewings}

    def _tags(self) -> None:
        """Tags are added; one that was taken away since an import gave it stays away."""
        mine: list[str] = list((self.standing.values or {}).get("tags", []))
        tags, taken_away = list(mine), set(self.standing.written.get("tags", [])) - set(mine)
        for number, said in self.rows:
            for tag in said.tags:
                if tag in tags:
                    if tag not in mine:
                        self._come_to(number, self._writes)
                elif tag in taken_away and not self.overrules:
                    self._come_to(number, Weight.KEPT)
                else:
                    tags.append(tag)
                    self._come_to(number, self._writes)
        if tags != mine:
            self.plan.values["tags"] = tags

    def _wish(self) -> None:
        self.plan.is_wished = any(said.is_wished for _number, said in self.rows)
        for number, said in self.rows:
            if not said.is_wished or self.standing.is_wished:
                continue
            if self.standing.wish_removed and not self.overrules:
                self._come_to(number, Weight.KEPT)
            else:
                if not self.plan.makes_wish:
                    self._come_to(number, Weight.NEW)
                    self.plan.wished_by = 0 if said.is_seen else number
                self.plan.makes_wish, self.plan.wished_at = True, self.plan.wished_at or said.noted_at
                self.plan.wish_memo = self.plan.wish_memo or said.memo

    def _lists(self) -> None:
        added: set[str] = set()
        for number, said in self.rows:
            name = said.list_name
            if not name or name in self.standing.lists | added:
                continue
            if name in self.standing.lists_removed and not self.overrules:
                self._come_to(number, Weight.KEPT)
            else:
                added.add(name)
                self.plan.list_items.append(said)
                self._come_to(number, Weight.NEW)


def _score_of(viewing: Said) -> int | None:
    return viewing.score if viewing.viewing_score is None else viewing.viewing_score


def _by_day(viewing: NewViewing) -> tuple[datetime.date, int]:
    """Nobody knows how early an unknown day was; a first time comes before all."""
    return viewing.watched_on or datetime.date.min, viewing.number


def _is_nothing(value: Any) -> bool:
    return value is None or value == "" or value is False


def _first_noted(rows: Rows) -> datetime.datetime | None:
    return min((said.noted_at for _number, said in rows if said.noted_at), default=None)


def _wanted_score(rows: Rows) -> list[tuple[int, int]]:
    """The last that was given to the film itself; else that of its last viewing."""
    of_film = [(number, said) for number, said in rows if said.score is not None and not said.is_viewing]
    of_viewings = [(number, said) for number, said in rows if said.score is not None and said.is_viewing]
    earliest = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    of_film.sort(key=lambda row: row[1].noted_at or earliest)
    of_viewings.sort(key=lambda row: row[1].watched_on or datetime.date.min)
    return [(number, said.score) for number, said in (of_film or of_viewings)[-1:] if said.score is not None]


def _wanted_text(rows: Rows, name: str) -> list[tuple[int, str]]:
    """All different ones, in the order in which they were written; each row comes to what the whole comes to."""
    told = [(number, said) for number, said in rows if getattr(said, name)]
    told.sort(key=lambda row: row[1].watched_on or datetime.date.min)
    texts = dict.fromkeys(getattr(said, name) for _number, said in told)
    whole = "\n\n".join(texts)
    return [(number, whole) for number, _said in told]


def _together(mine: str, theirs: str) -> str:
    """Both, unless one of them holds the other already."""
    if theirs in mine:
        return mine
    return theirs if mine in theirs else f"{mine}\n\n{theirs}"
