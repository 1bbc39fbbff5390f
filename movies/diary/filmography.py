"""The films of somebody who made them, and what the person who looks at them has seen of those."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import User
from movies.catalog.models import Credit, Film, Person
from movies.diary.marks import my_entry, with_my_entry
from movies.diary.models import Entry
from mymovie.paging import Cursor, page_after

FILMS_ON_A_PAGE = 60
BY_DECADE_FROM = 20  # films: fewer need no headings among them
OTHER_FILMS = 12


@dataclass(frozen=True)
class Shown:
    """A film in a list; `entry` is the viewer's own, `roles` whom somebody plays in it."""

    film: Film
    entry: Entry | None
    roles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Decade:
    """Neighbouring films of one decade, None for those without a date; `is_continued` where it began on the page before."""

    first_year: int | None
    films: list[Shown]
    is_continued: bool = False


@dataclass(frozen=True)
class Part:
    """A page of the films that somebody directed, or acted in; `count` of all of them."""

    job: Credit.Job
    count: int
    films: list[Shown]
    after: Cursor | None
    next: Cursor | None

    @property
    def is_by_decade(self) -> bool:
        return self.count >= BY_DECADE_FROM

    @property
    def decades(self) -> list[Decade]:
        if not self.is_by_decade:
            return [Decade(None, self.films)]
        begun = []
        if self.after:
            ended_at = self.after.key
            begun = [ended_at.year // 10 * 10 if isinstance(ended_at, datetime.date) else None]
        runs = groupby(self.films, key=lambda shown: decade(shown.film))
        return [Decade(first, list(films), is_continued=first in begun) for first, films in runs]


def decade(film: Film) -> int | None:
    return film.year // 10 * 10 if film.year else None


@dataclass(frozen=True)
class Filmography:
    person: Person
    viewer: User | AnonymousUser

    @cached_property
    def _tally(self) -> dict[str, object]:
        """How many films by job, and when the last of them changed."""
        return self._credits.filter(film__merged_into=None).aggregate(
            films=Count("film", distinct=True),
            changed_at=Max("film__changed_at"),
            **{job.value: Count("film", distinct=True, filter=Q(job=job)) for job in Credit.Job},
        )

    @property
    def _credits(self) -> QuerySet[Credit]:
        credits: QuerySet[Credit] = Credit.objects.filter(person=self.person)
        return credits

    @property
    def count(self) -> int:
        return int(str(self._tally["films"]))

    @property
    def changed_at(self) -> datetime.datetime | None:
        changed_at = self._tally["changed_at"]
        return changed_at if isinstance(changed_at, datetime.datetime) else None

    @cached_property
    def seen_count(self) -> int:
        """How many of them the viewer has recorded."""
        if not isinstance(self.viewer, User):
            return 0
        mine = Entry.objects.of(self.viewer).filter(film__merged_into=None)
        return mine.filter(film__in=self._credits.values("film")).count()

    @property
    def seen_share(self) -> int:
        """In percent, rounded down: only who has seen all has seen 100."""
        return 100 * self.seen_count // self.count if self.count else 0

    def part(self, job: Credit.Job, after: Cursor | None = None) -> Part:
        """The newest first, those without a date last."""
        films = Film.objects.filter(pk__in=self._credits.filter(job=job).values("film"), merged_into=None).annotate(
            released_on=Coalesce("world_on", "japan_on")
        )
        if job == Credit.Job.CAST:
            films = films.annotate(roles=ArraySubquery(self._roles.values("character")))
        page, following = page_after(with_my_entry(films, self.viewer), "released_on", after, FILMS_ON_A_PAGE)
        shown = [Shown(film, my_entry(film), getattr(film, "roles", [])) for film in page]
        return Part(job, int(str(self._tally[job.value])), shown, after, following)

    @property
    def _roles(self) -> QuerySet[Credit]:
        roles: QuerySet[Credit] = self._credits.filter(film=OuterRef("pk"), job=Credit.Job.CAST)
        return roles.exclude(character="").order_by("position", "pk")


def others_by_directors_of(film: Film, viewer: User | AnonymousUser) -> QuerySet[Any]:
    """The best known of the other films that these people directed."""
    directors = Credit.objects.filter(film=film, job=Credit.Job.DIRECTOR).values("person")
    directed = Credit.objects.filter(person__in=directors, job=Credit.Job.DIRECTOR)
    films = Film.objects.filter(pk__in=directed.values("film"), merged_into=None).exclude(pk=film.pk)
    newest = F("world_on").desc(nulls_last=True)
    return with_my_entry(films, viewer).order_by("-fame", newest, "-pk")[:OTHER_FILMS]
