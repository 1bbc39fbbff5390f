"""The wall: one person's films in one of five orders, either way, in sections, sixty to a page."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from typing import Any, cast

from django.db import models
from django.db.models import Count, F, QuerySet
from django.db.models.functions import Cast, ExtractYear, Left, TruncMonth
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from movies.diary import listing
from movies.diary.models import EntryQuerySet
from movies.diary.scores import band_in_sql, band_of, last_of_band
from mymovie.paging import Cursor, Key, page_after

PAGE_SIZE = 60

Section = int | str | datetime.date | None
"""The first score of a band, the first year of a decade, the first day of a month, the character that a row of kana or a
letter's titles are filed under; None for films without the key."""


class Order(models.TextChoices):
    RELEASE = "release", _("Release date")
    SCORE = "score", _("Score")
    WATCHED = "watched", _("Day watched")
    RECORDED = "recorded", _("Day recorded")
    TITLE = "title", pgettext_lazy("an order", "A–Z")


class Dates(models.TextChoices):
    JAPAN = "jp", _("Release in Japan")
    WORLD = "world", _("First in the world")


class Direction(models.TextChoices):
    ASCENDING = "asc"
    DESCENDING = "desc"

    @property
    def opposite(self) -> "Direction":
        return Direction.ASCENDING if self == Direction.DESCENDING else Direction.DESCENDING


def natural_direction(order: Order) -> Direction:
    """The latest and the best first; but A before Z."""
    return Direction.ASCENDING if order == Order.TITLE else Direction.DESCENDING


@dataclass(frozen=True)
class Arrangement:
    """An order and its direction, and for release dates whose: its sort key, its sections, and the places in it.

    Without a direction it is the order's natural one. Titles are sorted as they are shown, in the language of the page.
    """

    order: Order = Order.RELEASE
    dates: Dates = Dates.JAPAN
    direction: Direction | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "direction", self.direction or natural_direction(self.order))

    @property
    def is_ascending(self) -> bool:
        return self.direction == Direction.ASCENDING

    @property
    def is_natural(self) -> bool:
        return self.direction == natural_direction(self.order)

    @property
    def both_ways(self) -> list["Arrangement"]:
        natural = natural_direction(self.order)
        return [replace(self, direction=direction) for direction in (natural, natural.opposite)]

    @property
    def released_on(self) -> str:
        """The key that stands for the release, whatever the order."""
        return "japan_on" if self.dates == Dates.JAPAN else "world_on"

    @property
    def key(self) -> str:
        match self.order:
            case Order.SCORE:
                return "score"
            case Order.RELEASE:
                return self.released_on
            case Order.WATCHED:
                return "watched_on"
            case Order.RECORDED:
                return "recorded_at"
            case Order.TITLE:
                return "title_ja_key" if get_language() == "ja" else "title_en_key"

    def section_of(self, key: Key) -> Section:
        match key:
            case None:
                return None
            case int():
                return band_of(key)
            case str():
                return key[:1]
            case datetime.datetime():
                return timezone.localdate(key).replace(day=1)
            case _ if self.order == Order.RELEASE:
                return key.year // 10 * 10
            case _:
                return key.replace(day=1)

    def section_in_sql(self) -> Any:
        match self.order:
            case Order.SCORE:
                return band_in_sql()
            case Order.RELEASE:
                return Cast(ExtractYear(self.key), models.IntegerField()) / 10 * 10
            case Order.TITLE:
                return Left(self.key, 1)
            case _:
                return Cast(TruncMonth(self.key), models.DateField())

    def start_of(self, section: Section) -> Cursor:
        """The place just before a section's first film."""
        if section is None:
            return Cursor(None, 0) if self.is_ascending else Cursor(self._lowest, 0)
        first, beyond = self._span_of(section)
        return Cursor(first if self.is_ascending else beyond, 0)

    @property
    def _lowest(self) -> Key:
        lowest: dict[Order, Key] = {Order.SCORE: 0, Order.TITLE: ""}
        return lowest.get(self.order, datetime.date.min)

    def _span_of(self, section: int | str | datetime.date) -> tuple[Key, Key]:
        """The lowest key that a film of the section can have, and the lowest beyond."""
        match section:
            case str():
                return section, chr(ord(section) + 1)
            case int() if self.order == Order.SCORE:
                return section, last_of_band(section) + 1
            case int():
                return datetime.date(section, 1, 1), datetime.date(section + 10, 1, 1)
            case _ if self.order == Order.RECORDED:
                return _midnight(section), _midnight(_month_after(section))
            case _:
                return section, _month_after(section)

    def read(self, written: str) -> Cursor:
        """The place that an address names. Raises BadCursor."""
        kinds: dict[Order, type] = {Order.SCORE: int, Order.RECORDED: datetime.datetime, Order.TITLE: str}
        return Cursor.read(written, kinds.get(self.order, datetime.date))


def _month_after(month: datetime.date) -> datetime.date:
    return (month + datetime.timedelta(days=31)).replace(day=1)


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


@dataclass(frozen=True)
class Run:
    """Neighbouring films of one section, which has `count` of them; `is_continued` where it began on the page before.

    `entries`: models, or rows of `listing`. `gap`: the decades between it and the section before, of which no film stands here.
    """

    section: Section
    entries: list[Any]
    count: int
    is_continued: bool
    gap: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stop:
    """A section as a place to jump to, or a year of months, which begins with the section `first`; `weight` is its share
    of the largest, in percent."""

    section: Section
    count: int
    weight: int
    start: Cursor
    first: Section


@dataclass(frozen=True, eq=False)
class Sections:
    """How many films each section of a wall has, in the order of the wall, and what follows from that alone."""

    arrangement: Arrangement
    counts: dict[Section, int]

    @cached_property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def stops(self) -> list[Stop]:
        return self._weighed((section, section, count) for section, count in self.counts.items())

    @property
    def rail(self) -> list[Stop]:
        """The stops that a page has room for: years for months, and decades also where they are empty."""
        if any(isinstance(section, datetime.date) for section in self.counts):
            whole = [(year, list(months)) for year, months in groupby(self.counts.items(), key=_year_of)]
            return self._weighed((year, months[0][0], sum(count for _month, count in months)) for year, months in whole)
        stops = []
        for stop in self.stops:
            stops += [replace(stop, section=decade, count=0, weight=0) for decade in self.gaps.get(stop.section, ())]
            stops.append(stop)
        return stops

    def _weighed(self, sections: Iterable[tuple[Section, Section, int]]) -> list[Stop]:
        weighed = list(sections)
        heaviest = max((count for *_which, count in weighed), default=1)
        return [
            Stop(section, count, round(100 * count / heaviest), self.arrangement.start_of(first), first)
            for section, first, count in weighed
        ]

    @cached_property
    def gaps(self) -> dict[Section, tuple[int, ...]]:
        """The empty decades before each section; only the release has any."""
        if self.arrangement.order != Order.RELEASE:
            return {}
        step = 10 if self.arrangement.is_ascending else -10
        decades = [cast(int, section) for section in self.counts if section is not None]
        return {later: tuple(range(earlier + step, later, step)) for earlier, later in pairwise(decades)}


@dataclass(frozen=True)
class Page:
    runs: list[Run]
    next: Cursor | None
    after: Cursor | None = None

    @property
    def begins(self) -> set[Section]:
        """The sections whose first film stands on it."""
        return {run.section for run in self.runs if not run.is_continued}


@dataclass(frozen=True)
class Wall:
    """What one viewer may see of one wall, arranged. `entries` is limited to that already."""

    entries: EntryQuerySet
    arrangement: Arrangement

    @cached_property
    def sections(self) -> Sections:
        return Sections(self.arrangement, dict(self.counting()))

    def counting(self) -> QuerySet[Any, Any]:
        sections = self.entries.values(section=self.arrangement.section_in_sql()).annotate(count=Count("pk"))
        section = F("section")
        ordered = section.asc(nulls_last=True) if self.arrangement.is_ascending else section.desc(nulls_last=True)
        return sections.order_by(ordered).values_list("section", "count")

    @property
    def count(self) -> int:
        return self.sections.count

    def page(self, after: Cursor | None = None, *, in_rows: bool = False) -> Page:
        """Its entries are models, or rows, which cost less and know their film's facts alone."""
        entries, following = self.rows(after) if in_rows else self._cut(self.entries.select_related("film"), after)
        return Page(list(self._runs(entries, after)), following, after)

    def rows(self, after: Cursor | None = None) -> tuple[list[listing.EntryRow], Cursor | None]:
        """The entries of a page, without their sections, and the place of the next page."""
        entries, following = self._cut(listing.in_rows(self.entries), after)
        return listing.read(entries), following

    def _cut(self, entries: QuerySet[Any], after: Cursor | None) -> tuple[list[Any], Cursor | None]:
        by = self.arrangement
        return page_after(entries, by.key, after, PAGE_SIZE, is_ascending=by.is_ascending)

    def _runs(self, entries: list[Any], after: Cursor | None) -> Iterator[Run]:
        key = self.arrangement.key

        def section_of(entry: Any) -> Section:
            return self.arrangement.section_of(getattr(entry, key))

        # A place with an id is one that a page ended at; without, it is the start of a section.
        begun = [self.arrangement.section_of(after.key)] if after and after.pk else []
        for section, run in groupby(entries, key=section_of):
            gap = self.sections.gaps.get(section, ())
            yield Run(section, list(run), self.sections.counts.get(section, 0), is_continued=section in begun, gap=gap)


def _year_of(counted: tuple[Section, int]) -> datetime.date | None:
    month, _count = counted
    return month.replace(month=1) if isinstance(month, datetime.date) else None
