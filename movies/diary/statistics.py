"""A wall in numbers: all of it, or what was seen in one year. PostgreSQL counts; a handful of statements does for any wall.

For its owner each time that a film was seen counts; an entry without a viewing was seen once, on an unknown day. How often
and when else is theirs to know, here as on the wall: for others a film was seen once, on the last of its days.
"""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, ExtractYear
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext

from movies.catalog import brief
from movies.catalog.models import Credit, Precision
from movies.diary import charts
from movies.diary.models import EntryQuerySet, Viewing
from movies.diary.scores import BANDS, band_of, last_of_band

DIRECTORS = 10
COUNTRIES = 10
GENRES = 10
BEST = 6
LATEST_YEARS = 20


@dataclass(frozen=True)
class Seen:
    """How often and how long films were seen in one year; `year` is None for unknown days."""

    year: int | None
    times: int
    minutes: int
    without_length: int
    """Of those times, how many were of films whose length nobody has told us."""


@dataclass(frozen=True)
class Tally:
    """Films of one kind: of a decade, a country, a genre, a director. `average` of the scores given to them."""

    key: str
    films: int
    average: float | None
    share: float
    name: str = ""
    name_ja: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Scores:
    """`counts`: how many films have each score."""

    counts: dict[int, int]

    @property
    def count(self) -> int:
        return sum(self.counts.values())

    @property
    def average(self) -> float | None:
        return sum(score * count for score, count in self.counts.items()) / self.count if self.count else None

    @property
    def median(self) -> float | None:
        """Of two in the middle, what lies between them."""
        if not self.count:
            return None
        ranks = ((self.count - 1) // 2, self.count // 2)
        return sum(self._at(rank) for rank in ranks) / 2

    def _at(self, rank: int) -> int:
        passed = 0
        for score in sorted(self.counts):
            passed += self.counts[score]
            if passed > rank:
                return score
        raise IndexError(rank)

    @property
    def columns(self) -> list[charts.Column]:
        """From the lowest band to the highest."""
        bands = dict.fromkeys(reversed(BANDS), 0)
        for score, count in self.counts.items():
            bands[band_of(score)] += count
        return charts.columns([(str(band), f"{band}–{last_of_band(band)}", count) for band, count in bands.items()])


@dataclass(frozen=True)
class Highlight:
    """A film that stands out: `day` or `number` says by what."""

    film: brief.FilmRow
    day: datetime.date | None
    number: int | None


@dataclass(frozen=True)
class Statistics:
    """`shown` is limited to one wall, and on it to what the viewer may see."""

    shown: EntryQuerySet
    year: int | None = None
    is_own: bool = False

    @property
    def _day(self) -> str:
        return "viewings__watched_on" if self.is_own else "watched_on"

    @cached_property
    def entries(self) -> EntryQuerySet:
        if self.year is None:
            return self.shown
        if not self.is_own:
            return self.shown.filter(watched_on__range=days_of(self.year))
        in_year = Viewing.objects.filter(entry=OuterRef("pk"), watched_on__range=days_of(self.year))
        return self.shown.filter(Exists(in_year))

    @property
    def films_on_wall(self) -> int:
        return sum(row["films"] for row in self._tallies["wall"])

    @cached_property
    def films(self) -> int:
        return self.scores.count + self.unscored

    # When they were seen

    @cached_property
    def seen(self) -> list[Seen]:
        """Of the whole wall, year by year, the latest first, and the unknown days last."""
        rows = (
            self.shown.values(year=ExtractYear(self._day))
            .annotate(
                times=Count("*"),
                minutes=Sum("film__runtime"),
                without_length=Count("pk", filter=Q(film__runtime=None)),
            )
            .order_by(F("year").desc(nulls_last=True))
        )
        return [Seen(row["year"], row["times"], row["minutes"] or 0, row["without_length"]) for row in rows]

    @property
    def years(self) -> list[int]:
        return [seen.year for seen in self.seen if seen.year is not None]

    @property
    def _counted(self) -> list[Seen]:
        return self.seen if self.year is None else [seen for seen in self.seen if seen.year == self.year]

    @property
    def times(self) -> int:
        return sum(seen.times for seen in self._counted)

    @property
    def hours(self) -> int:
        return round(sum(seen.minutes for seen in self._counted) / 60)

    @property
    def without_length(self) -> int:
        return sum(seen.without_length for seen in self._counted)

    @property
    def on_unknown_days(self) -> int:
        return sum(seen.times for seen in self.seen if seen.year is None)

    @property
    def year_columns(self) -> list[charts.Column]:
        """No year left out, be it an empty one; what lies far back stands as one column."""
        if not self.years:
            return []
        times = {seen.year: seen.times for seen in self.seen}
        latest, earliest = self.years[0], self.years[-1]
        first = max(earliest, latest - LATEST_YEARS + 1)
        before = sum(times[year] for year in self.years if year < first)
        earlier = [(f"–{first - 1}", f"–{first - 1}", before)] if before else []
        each = [(str(year), str(year), times.get(year, 0)) for year in range(first, latest + 1)]
        return charts.columns(earlier + each)

    @property
    def heat_year(self) -> int | None:
        """The year whose days are shown: the one asked for, else the last in which a film was seen."""
        return self.year or next(iter(self.years), None)

    @cached_property
    def days(self) -> dict[datetime.date, int]:
        """How many films were seen on each day of `heat_year`."""
        if self.heat_year is None:
            return {}
        rows = (
            self.shown.filter(**{f"{self._day}__range": days_of(self.heat_year)})
            .values(day=F(self._day))
            .annotate(times=Count("*"))
        )
        return {row["day"]: row["times"] for row in rows.order_by("day")}

    @cached_property
    def heat_maps(self) -> list[charts.HeatMap]:
        return charts.halves_of(self.heat_year, self.days) if self.heat_year and self.days else []

    @property
    def month_columns(self) -> list[charts.Column]:
        formats = ("n月", "n月") if get_language() == "ja" else ("M", "F")
        return charts.columns(
            [
                (date_format(first, formats[0]), date_format(first, formats[1]), count)
                for first, count, _days in self.months
            ]
        )

    @property
    def months(self) -> list[tuple[datetime.date, int, list[tuple[datetime.date, int]]]]:
        """The months of `heat_year`: how many films, and the days on which they were seen."""
        if self.heat_year is None:
            return []
        firsts = [datetime.date(self.heat_year, month, 1) for month in range(1, 13)]
        days = {
            first: [(day, count) for day, count in self.days.items() if day.month == first.month] for first in firsts
        }
        return [(first, sum(count for _day, count in days[first]), days[first]) for first in firsts]

    # What was seen

    @cached_property
    def _tallies(self) -> dict[str, list[dict[str, Any]]]:
        """All that is counted by films, in one statement: `kind` tells the rows apart."""
        decade = Cast(ExtractYear("world_on"), models.IntegerField()) / 10 * 10
        direction = self.entries.filter(film__credits__job=Credit.Job.DIRECTOR)
        person = F("film__credits__person")
        names = F("film__credits__person__name"), F("film__credits__person__name_ja")
        directors = _tally("director", direction, person, *names).order_by(
            "-films", F("average").desc(nulls_last=True), "key"
        )
        genres = self.entries.filter(film__genres__isnull=False)
        rows = _tally("wall", self.shown, Value(0)).union(
            _tally("score", self.entries, F("score")),
            _tally("decade", self.entries, decade),
            _tally("country", self.entries, Value(0), F("film__country")),
            _tally("genre", genres, F("film__genres"), F("film__genres__name_en"), F("film__genres__name_ja")),
            directors[:DIRECTORS],
            all=True,
        )
        by_kind: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            by_kind.setdefault(row["kind"], []).append(row)
        return by_kind

    def _most(self, kind: str) -> list[Tally]:
        """The most films first."""
        rows = sorted(
            (row for row in self._tallies.get(kind, []) if row["name"]),
            key=lambda row: (-row["films"], -(row["average"] or 0), row["key"], row["name"]),
        )
        highest = max((row["films"] for row in rows), default=1)
        return [
            Tally(
                key=row["name"],
                films=row["films"],
                average=row["average"],
                share=charts.share(row["films"], highest),
                name=row["name"],
                name_ja=row["name_ja"],
                pk=row["key"],
            )
            for row in rows
        ]

    @cached_property
    def scores(self) -> Scores:
        return Scores({row["key"]: row["films"] for row in self._tallies.get("score", []) if row["key"] is not None})

    @property
    def unscored(self) -> int:
        return sum(row["films"] for row in self._tallies.get("score", []) if row["key"] is None)

    @property
    def decade_columns(self) -> list[charts.Column]:
        """By where the world first saw them; no decade left out."""
        films = {row["key"]: row["films"] for row in self._tallies.get("decade", []) if row["key"] is not None}
        if not films:
            return []
        decades = range(min(films), max(films) + 1, 10)
        named = [(str(decade), f"{decade}{pgettext('decade', 's')}", films.get(decade, 0)) for decade in decades]
        return charts.columns(named)

    @property
    def undated(self) -> int:
        return sum(row["films"] for row in self._tallies.get("decade", []) if row["key"] is None)

    @cached_property
    def countries(self) -> list[Tally]:
        return self._most("country")[:COUNTRIES]

    @property
    def countries_count(self) -> int:
        return len(self._most("country"))

    @cached_property
    def genres(self) -> list[Tally]:
        return self._most("genre")[:GENRES]

    @cached_property
    def directors(self) -> list[Tally]:
        return self._most("director")

    # What stands out

    @cached_property
    def _highlights(self) -> dict[str, list[Highlight]]:
        """In one statement, with what lists say of each film."""
        within = Q() if self.year is None else Q(**{f"{self._day}__range": days_of(self.year)})
        dated = self.entries.filter(within, **{f"{self._day}__isnull": False})
        day, last = F(self._day), "viewings" if self.is_own else "pk"
        again = self.entries.annotate(times=Count("viewings", filter=within)).filter(times__gt=1)
        to_the_day = {"film__world_precision": Precision.DAY, "film__japan_precision": Precision.DAY}
        waited = self.entries.filter(film__japan_on__gt=F("film__world_on"), **to_the_day)
        picks = [
            _picked("first", dated, day=day).order_by("day", last)[:1],
            _picked("last", dated, day=day).order_by("-day", f"-{last}")[:1],
            _picked("longest", self.entries.filter(film__runtime__isnull=False), number=F("film__runtime")),
            *([_picked("again", again, number=F("times"))] if self.is_own else []),
            _picked("waited", waited, number=DaysBetween("film__japan_on", "film__world_on")),
            _picked("best", self.entries.filter(score__isnull=False), number=F("score"), count=BEST),
        ]
        found: dict[str, list[Highlight]] = {}
        for row in picks[0].union(*picks[1:], all=True):
            film = brief.FilmRow._make(row[f"film__{name}"] for name in brief.COLUMNS)
            found.setdefault(row["kind"], []).append(Highlight(film, row["day"], row["number"]))
        return found

    def _highlight(self, kind: str) -> Highlight | None:
        return next(iter(self._highlights.get(kind, [])), None)

    @property
    def has_highlights(self) -> bool:
        return any((self.first, self.longest, self.again, self.waited))

    @property
    def first(self) -> Highlight | None:
        return self._highlight("first")

    @property
    def last(self) -> Highlight | None:
        return self._highlight("last")

    @property
    def longest(self) -> Highlight | None:
        return self._highlight("longest")

    @property
    def again(self) -> Highlight | None:
        return self._highlight("again")

    @property
    def waited(self) -> Highlight | None:
        return self._highlight("waited")

    @property
    def best(self) -> list[Highlight]:
        return sorted(self._highlights.get("best", []), key=lambda best: -(best.number or 0))


def days_of(year: int) -> tuple[datetime.date, datetime.date]:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


class DaysBetween(models.Func):
    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = models.IntegerField()


def _tally(kind: str, entries: EntryQuerySet, key: Any, name: Any = None, name_ja: Any = None) -> QuerySet[Any, Any]:
    """How many of these films have the same `key` and names, and how they were scored."""
    none = Value("", output_field=models.CharField())
    grouped = entries.values(
        kind=Value(kind, output_field=models.CharField()), key=key, name=name or none, name_ja=name_ja or none
    )
    return grouped.annotate(films=Count("pk"), average=Avg("score"))


def _picked(
    kind: str, entries: EntryQuerySet, *, day: Any = None, number: Any = None, count: int = 1
) -> QuerySet[Any, Any]:
    """By `day` in an order to be given yet, or the `count` with the highest `number`."""
    rows = entries.values(
        *(f"film__{name}" for name in brief.COLUMNS),
        kind=Value(kind, output_field=models.CharField()),
        # A union takes the kinds of its columns from its rows, and nothing is of no kind.
        day=day or Cast(Value(None), models.DateField()),
        number=Cast(number or Value(None), models.IntegerField()),
    )
    return rows.order_by(F("number").desc(), "-pk")[:count] if number else rows
