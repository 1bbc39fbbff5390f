"""The wall: one person's films in one of four orders, in sections, sixty to a page."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db import models
from django.db.models import Count, F
from django.db.models.functions import Cast, ExtractYear, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from movies.diary.models import Entry, EntryQuerySet
from movies.diary.scores import band_in_sql, band_of, last_of_band
from mymovie.paging import Cursor, Key, page_after

PAGE_SIZE = 60

Section = int | datetime.date | None
"""The first score of a band, the first year of a decade, the first day of a month; None for films without the key."""


class Order(models.TextChoices):
    RELEASE = "release", _("Release date")
    SCORE = "score", _("Score")
    WATCHED = "watched", _("Day watched")
    RECORDED = "recorded", _("Day recorded")


class Dates(models.TextChoices):
    JAPAN = "jp", _("Release in Japan")
    WORLD = "world", _("First in the world")


@dataclass(frozen=True)
class Arrangement:
    """An order, and for release dates whose: its sort key, its sections, and the places in it."""

    order: Order = Order.RELEASE
    dates: Dates = Dates.JAPAN

    @property
    def key(self) -> str:
        match self.order:
            case Order.SCORE:
                return "score"
            case Order.RELEASE:
                return "japan_on" if self.dates == Dates.JAPAN else "world_on"
            case Order.WATCHED:
                return "watched_on"
            case Order.RECORDED:
                return "recorded_at"

    def section_of(self, key: Key) -> Section:
        match key:
            case None:
                return None
            case int():
                return band_of(key)
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
            case _:
                return TruncMonth(self.key, output_field=models.DateField())

    def start_of(self, section: Section) -> Cursor:
        """The place just before a section's first film."""
        match self.order, section:
            case Order.SCORE, int():
                return Cursor(last_of_band(section) + 1, 0)
            case Order.SCORE, _:
                return Cursor(0, 0)
            case _, int():
                return Cursor(datetime.date(section + 10, 1, 1), 0)
            case Order.RECORDED, datetime.date():
                midnight = datetime.datetime.combine(_month_after(section), datetime.time())
                return Cursor(timezone.make_aware(midnight), 0)
            case _, datetime.date():
                return Cursor(_month_after(section), 0)
            case _:
                return Cursor(datetime.date.min, 0)

    def read(self, written: str) -> Cursor:
        """The place that an address names. Raises BadCursor."""
        kind = {Order.SCORE: int, Order.RECORDED: datetime.datetime}.get(self.order, datetime.date)
        return Cursor.read(written, kind)


def _month_after(month: datetime.date) -> datetime.date:
    return (month + datetime.timedelta(days=31)).replace(day=1)


@dataclass(frozen=True)
class Run:
    """Neighbouring films of one section, which has `count` of them; `is_continued` where it began on the page before."""

    section: Section
    entries: list[Entry]
    count: int
    is_continued: bool


@dataclass(frozen=True)
class Stop:
    """A section as a place to jump to; `weight` is its share of the largest section, in percent."""

    section: Section
    count: int
    weight: int
    start: Cursor


@dataclass(frozen=True)
class Page:
    runs: list[Run]
    next: Cursor | None


@dataclass(frozen=True)
class Wall:
    """What one viewer may see of one wall, arranged. `entries` is limited to that already."""

    entries: EntryQuerySet
    arrangement: Arrangement

    @cached_property
    def counts(self) -> dict[Section, int]:
        """How many films each section has, in the order of the wall."""
        sections = self.entries.values(section=self.arrangement.section_in_sql()).annotate(count=Count("pk"))
        return {row["section"]: row["count"] for row in sections.order_by(F("section").desc(nulls_last=True))}

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def stops(self) -> list[Stop]:
        heaviest = max(self.counts.values(), default=1)
        return [
            Stop(section, count, round(100 * count / heaviest), self.arrangement.start_of(section))
            for section, count in self.counts.items()
        ]

    def page(self, after: Cursor | None = None) -> Page:
        entries, following = page_after(self.entries.select_related("film"), self.arrangement.key, after, PAGE_SIZE)
        return Page(list(self._runs(entries, after)), following)

    def _runs(self, entries: list[Entry], after: Cursor | None) -> Iterator[Run]:
        def section_of(entry: Entry) -> Section:
            return self.arrangement.section_of(getattr(entry, self.arrangement.key))

        # A place with an id is one that a page ended at; without, it is the start of a section.
        begun = [self.arrangement.section_of(after.key)] if after and after.pk else []
        for section, run in groupby(entries, key=section_of):
            yield Run(section, list(run), self.counts.get(section, 0), is_continued=section in begun)
