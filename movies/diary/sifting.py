"""Which films of a wall are asked for: by genre, decade, director, score, tag, and whether they were seen again."""

import datetime
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

from django.db.models import CharField, Count, Exists, F, Func, IntegerField, QuerySet, Value
from django.db.models import OuterRef as Outer
from django.db.models.functions import Cast, ExtractYear
from django.utils.translation import get_language

from movies.catalog.models import Credit, Genre
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
    """Asked for only by whoever opens the choice."""
    found = _by_kind(entries, released_on=released_on, is_own=is_own, shows_tags=shows_tags)
    bands, decades = ({row["key"]: row["count"] for row in found[kind]} for kind in ("score", "decade"))
    scored = [band for band in BANDS if band in bands]
    at_least = {band: sum(bands[other] for other in scored if other >= band) for band in scored}
    unscored = [Choice("none", "", bands[None])] if None in bands else []
    return Choices(
        genre=[_choice(row) for row in sorted(found["genre"], key=lambda row: (-row["count"], row["key"]))],
        decade=[Choice(decade, "", decades[decade]) for decade in sorted(decades, reverse=True)],
        director=sorted(
            map(_choice, found["director"]), key=lambda choice: (-choice.number, choice.name, choice.value)
        ),
        score=[Choice(f"{band}-{last_of_band(band)}", "", bands[band]) for band in scored] + unscored,
        least=[Choice(f"{band}-100", "", at_least[band]) for band in scored[1:] if band],
        again=sum(row["count"] for row in found["again"]),
        tag=[Choice(row["name"], row["name"], row["count"]) for row in found["tag"]],
    )


def _by_kind(
    entries: EntryQuerySet, *, released_on: str, is_own: bool, shows_tags: bool
) -> dict[str, list[dict[str, Any]]]:
    """What each kind of choice is made of, in one statement for all of them."""
    dated = entries.exclude(**{released_on: None})
    genres = entries.filter(film__genres__isnull=False)
    directed = entries.filter(film__credits__job=Credit.Job.DIRECTOR)
    kinds = [
        _counted("score", entries, key=band_in_sql()),
        _counted("decade", dated, key=Cast(ExtractYear(released_on), IntegerField()) / 10 * 10),
        _counted("genre", genres, key=F("film__genres"), **_names("film__genres__name_en", "film__genres__name_ja")),
        _counted(
            "director",
            directed,
            key=F("film__credits__person"),
            **_names("film__credits__person__name", "film__credits__person__name_ja"),
            count=Count("film", distinct=True),
        ).order_by("-count", "key")[:MOST_CHOICES],
    ]
    if is_own:
        kinds.append(_counted("again", entries.filter(Exists(_several_viewings()))))
    if is_own or shows_tags:
        tags = _counted("tag", entries, name=Func(F("tags"), function="unnest"))
        kinds.append(tags.order_by("-count", "name")[:MOST_CHOICES])
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in kinds[0].union(*kinds[1:], all=True).order_by("kind", "-count", "name", "key"):
        found[row["kind"]].append(row)
    return found


def _counted(
    kind: str, entries: EntryQuerySet, *, key: Any = None, name: Any = None, name_ja: Any = None, count: Any = None
) -> QuerySet[Any, Any]:
    """How many of these films have the same key and names."""
    none = Value("", output_field=CharField())
    columns = {"key": key or Value(0), "name": name or none, "name_ja": name_ja or none}
    rows = entries.order_by().values(kind=Value(kind, output_field=CharField()), **columns)
    return rows.annotate(count=count or Count("pk"))


def _names(name: str, name_ja: str) -> dict[str, F]:
    return {"name": F(name), "name_ja": F(name_ja)}


def _choice(row: dict[str, Any]) -> Choice:
    """A genre or a director."""
    name = row["name_ja"] or row["name"] if get_language() == "ja" else row["name"]
    return Choice(row["key"], name, row["count"])
