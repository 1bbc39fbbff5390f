"""Two walls side by side, as far as the viewer may see both."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Avg, Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Abs

from accounts.models import User
from movies.diary.models import Entry, EntryQuerySet
from mymovie.paging import Cursor, page_after

LOVED = 80
FILMS_AT_A_GLANCE = 12
PAGE_SIZE = 60


@dataclass(frozen=True)
class Comparison:
    """`one` and `other` are people whose walls `viewer` may see. Entries are `one`'s, with the other's score in `theirs`."""

    one: User
    other: User
    viewer: User | AnonymousUser

    def of(self, owner: User) -> EntryQuerySet:
        entries: EntryQuerySet = Entry.objects.seen_by(self.viewer).filter(owner=owner)
        return entries

    @property
    def common(self) -> QuerySet[Any]:
        """What both have seen."""
        others = self.of(self.other)
        score = Subquery(others.filter(film=OuterRef("film")).values("score"))
        return (
            self.of(self.one).filter(film__in=others.values("film")).annotate(theirs=score, gap=Abs(F("score") - score))
        )

    @cached_property
    def summary(self) -> dict[str, float | None]:
        """`count` films in common; of those scored by both, `apart` points on average."""
        return self.common.aggregate(count=Count("pk"), apart=Avg("gap"))

    def page(self, after: Cursor | None) -> tuple[list[Entry], Cursor | None]:
        return page_after(self.common.select_related("film"), "score", after, PAGE_SIZE)

    @property
    def disagreements(self) -> QuerySet[Any]:
        return self.common.filter(gap__gt=0).select_related("film").order_by("-gap", "-pk")[:FILMS_AT_A_GLANCE]

    @property
    def only_one_loved(self) -> EntryQuerySet:
        return self._loved(self.one, unseen_by=self.other)

    @property
    def only_other_loved(self) -> EntryQuerySet:
        return self._loved(self.other, unseen_by=self.one)

    def _loved(self, owner: User, *, unseen_by: User) -> EntryQuerySet:
        loved = self.of(owner).filter(score__gte=LOVED).exclude(film__in=self.of(unseen_by).values("film"))
        return loved.select_related("film").order_by("-score", "-pk")[:FILMS_AT_A_GLANCE]
