"""Which films of a wall are asked for: by genre, decade, director, score, tag, and whether they were seen again."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Func, IntegerField
from django.db.models import OuterRef as Outer
from django.db.models.functions import Cast, ExtractYear

from movies.catalog.models import Credit, Genre, Person
from movies.diary.models import EntryQuerySet, Viewing
from movies.diary.scores import BANDS, band_in_sql, last_of_band

MOST_CHOICES = 30
"""Of directors and of tags: those with the most films."""

_SCORES = re.compile(r"(\d{1,3})-(\d{1,3})?", re.ASCII)
_NUMBER = re.compile(r"\d{1,9}", re.ASCII)
_DECADE = re.compile(r"(1[89]|2[01])\d0", re.ASCII)


class Scores(NamedTuple):
    """From `least` to `most`, both included; or those without a score."""

    least: int = 0
    most: int = 100
    is_none: bool = False

    def __str__(self) -> str:
        return "none" if self.is_none else f"{self.least}-{self.most}"

    @classmethod
    def read(cls, written: str) -> "Scores":
        """ "80-89", "80-" or "none". Raises ValueError."""
        if written == "none":
            return cls(is_none=True)
        parts = _SCORES.fullmatch(written)
        if not parts:
            raise ValueError(written)
        scores = cls(int(parts[1]), int(parts[2] or 100))
        if not 0 <= scores.least <= scores.most <= 100:
            raise ValueError(written)
        return scores


@dataclass(frozen=True)
class Sieve:
    """What has to be true of a film all at once. Its fields are the names that addresses have for them."""

    genre: int | None = None
    decade: int | None = None
    director: int | None = None
    score: Scores | None = None
    again: bool = False
    tag: str = ""

    def __bool__(self) -> bool:
        return self != Sieve()

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Sieve":
        """What an address asks for; what it leaves empty it does not ask for. Raises ValueError."""
        return cls(**{name: read(asked[name]) for name, read in _READ.items() if asked.get(name)})

    def written(self) -> dict[str, str]:
        said = {"again": "1" if self.again else None}
        values = {field.name: said.get(field.name, getattr(self, field.name)) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value not in (None, "")}

    def without(self, name: str) -> "Sieve":
        return replace(self, **{name: getattr(Sieve(), name)})

    def is_open_to(self, *, is_own: bool, shows_tags: bool) -> bool:
        """How often somebody saw a film is theirs to know, and so are their tags, unless they show them."""
        return is_own or not (self.again or (self.tag and not shows_tags))

    def sift(self, entries: EntryQuerySet, *, released_on: str) -> EntryQuerySet:
        """`released_on`: by which of its release dates a film belongs to a decade."""
        if self.genre is not None:
            in_genre = Genre.films.through.objects.filter(film=Outer("film"), genre=self.genre)
            entries = entries.filter(Exists(in_genre))
        if self.director is not None:
            directed = Credit.objects.filter(film=Outer("film"), person=self.director, job=Credit.Job.DIRECTOR)
            entries = entries.filter(Exists(directed))
        if self.decade is not None:
            first, last = datetime.date(self.decade, 1, 1), datetime.date(self.decade + 9, 12, 31)
            entries = entries.filter(**{f"{released_on}__range": (first, last)})
        if self.score and self.score.is_none:
            entries = entries.filter(score=None)
        elif self.score:
            entries = entries.filter(score__range=(self.score.least, self.score.most))
        if self.again:
            entries = entries.filter(Exists(_several_viewings()))
        if self.tag:
            entries = entries.filter(tags__contains=[self.tag])
        return entries


def _several_viewings() -> Any:
    viewings = Viewing.objects.filter(entry=Outer("pk")).order_by().values("entry")
    return viewings.annotate(times=Count("pk")).filter(times__gt=1).values("times")


def _number(written: str) -> int:
    if not _NUMBER.fullmatch(written):
        raise ValueError(written)
    return int(written)


def _decade(written: str) -> int:
    if not _DECADE.fullmatch(written):
        raise ValueError(written)
    return int(written)


def _yes(written: str) -> bool:
    if written != "1":
        raise ValueError(written)
    return True


def _tag(written: str) -> str:
    if "\x00" in written or len(written) > 100:
        raise ValueError(written)
    return written


_READ: dict[str, Any] = {
    "genre": _number,
    "decade": _decade,
    "director": _number,
    "score": Scores.read,
    "again": _yes,
    "tag": _tag,
}


class Choice(NamedTuple):
    """What may be asked for, and how many films of the wall it is true of."""

    value: int | str
    name: str
    number: int


@dataclass(frozen=True)
class Choices:
    """What can be asked of this wall: nothing that no film on it has."""

    genre: list[Choice]
    decade: list[Choice]
    director: list[Choice]
    score: list[Choice]
    least: list[Choice]
    again: int
    tag: list[Choice]


def choices_of(entries: EntryQuerySet, *, released_on: str, is_own: bool, shows_tags: bool) -> Choices:
    """A statement for each kind; they are asked for only by whoever opens the choice."""
    bands = _counts(entries, band_in_sql())
    scored = [band for band in BANDS if band in bands]
    at_least = {band: sum(bands[other] for other in scored if other >= band) for band in scored}
    unscored = [Choice("none", "", bands[None])] if None in bands else []
    decades = _counts(entries.exclude(**{released_on: None}), Cast(ExtractYear(released_on), IntegerField()) / 10 * 10)
    return Choices(
        genre=_genres(entries),
        decade=[Choice(decade, "", decades[decade]) for decade in sorted(decades, reverse=True)],
        director=_directors(entries),
        score=[Choice(f"{band}-{last_of_band(band)}", "", bands[band]) for band in scored] + unscored,
        least=[Choice(f"{band}-100", "", at_least[band]) for band in scored[1:] if band],
        again=entries.filter(Exists(_several_viewings())).count() if is_own else 0,
        tag=_tags(entries) if is_own or shows_tags else [],
    )


def _counts(entries: EntryQuerySet, what: Any) -> dict[Any, int]:
    rows = entries.order_by().values(what=what).annotate(count=Count("pk"))
    return {row["what"]: row["count"] for row in rows}


def _genres(entries: EntryQuerySet) -> list[Choice]:
    columns = ("film__genres", "film__genres__name_ja", "film__genres__name_en")
    named = entries.filter(film__genres__isnull=False).order_by().values(*columns)
    counted = named.annotate(count=Count("pk")).order_by("-count", "film__genres")
    return [Choice(pk, Genre(pk, ja, en).name, count) for pk, ja, en, count in counted.values_list(*columns, "count")]


def _directors(entries: EntryQuerySet) -> list[Choice]:
    films = entries.filter(film__credits__job=Credit.Job.DIRECTOR).order_by().values("film__credits__person")
    counted = films.annotate(count=Count("film", distinct=True)).order_by("-count", "film__credits__person")
    most = dict(counted.values_list("film__credits__person", "count")[:MOST_CHOICES])
    return [Choice(person.pk, person.local_name, most[person.pk]) for person in _by_count(most)]


def _by_count(counts: dict[int, int]) -> list[Person]:
    people = Person.objects.filter(pk__in=counts).order_by("pk")
    return sorted(people, key=lambda person: (-counts[person.pk], person.local_name))


def _tags(entries: EntryQuerySet) -> list[Choice]:
    tags = entries.order_by().values(tag=Func(F("tags"), function="unnest"))
    counted = tags.annotate(count=Count("pk")).order_by("-count", "tag")[:MOST_CHOICES]
    return [Choice(row["tag"], row["tag"], row["count"]) for row in counted]
