"""What somebody waits for, in one of two orders, sixty to a page."""

import datetime
from enum import StrEnum
from typing import NamedTuple, Self

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from movies.catalog.models import Precision
from movies.diary.models import Wish
from mymovie.paging import BadCursor, Cursor, page_after

PAGE_SIZE = 60


class Order(models.TextChoices):
    OPENING = "opening", _("Release date")
    ADDED = "added", _("Day added")


class Span(StrEnum):
    """The parts of a watchlist by opening: what opens next comes first, then what has no day, then what opened last."""

    COMING = "coming"
    UNDATED = "undated"
    OPENED = "opened"

    def of(self, wishes: "QuerySet[Wish]", today: datetime.date) -> "QuerySet[Wish]":
        this_month, this_year = today.replace(day=1), today.replace(month=1, day=1)
        may_be_ahead = Q(film__japan_precision=Precision.MONTH, film__japan_on__gte=this_month) | Q(
            film__japan_precision=Precision.YEAR, film__japan_on__gte=this_year
        )
        match self:
            case Span.COMING:
                return wishes.filter(film__japan_on__gte=today).order_by("film__japan_on", "pk")
            case Span.UNDATED:
                undated = Q(film__japan_on=None) | Q(may_be_ahead, film__japan_on__lt=today)
                return wishes.filter(undated).order_by("-pk")
            case Span.OPENED:
                opened = wishes.filter(~may_be_ahead, film__japan_on__lt=today)
                return opened.order_by("-film__japan_on", "-pk")


class Place(NamedTuple):
    """A place in the list by opening: after the wish with this day and id, in this span."""

    span: Span
    cursor: Cursor

    def __str__(self) -> str:
        return f"{self.span}.{self.cursor}"

    @classmethod
    def read(cls, written: str) -> Self:
        """Raises BadCursor."""
        span, _dot, cursor = written.partition(".")
        if span not in list(Span):
            raise BadCursor(written)
        place = cls(Span(span), Cursor.read(cursor, datetime.date))
        if place.cursor.key is None and place.span != Span.UNDATED:
            raise BadCursor(written)
        return place

    @property
    def beyond(self) -> Q:
        key, pk = self.cursor.key, self.cursor.pk
        match self.span:
            case Span.COMING:
                return Q(film__japan_on__gt=key) | Q(film__japan_on=key, pk__gt=pk)
            case Span.UNDATED:
                return Q(pk__lt=pk)
            case Span.OPENED:
                return Q(film__japan_on__lt=key) | Q(film__japan_on=key, pk__lt=pk)


def by_opening(owner: User, after: Place | None, today: datetime.date) -> tuple[list[Wish], Place | None]:
    """A watchlist is short enough for each span to be sorted whole: a page costs the same wherever in it."""
    wishes = Wish.objects.filter(owner=owner).select_related("film")
    spans = list(Span)
    rows: list[tuple[Span, Wish]] = []
    for span in spans[spans.index(after.span) :] if after else spans:
        of_span = span.of(wishes, today)
        if after and after.span == span:
            of_span = of_span.filter(after.beyond)
        if room := PAGE_SIZE + 1 - len(rows):
            rows += [(span, wish) for wish in of_span[:room]]
    page = [wish for _span, wish in rows[:PAGE_SIZE]]
    if len(rows) <= PAGE_SIZE:
        return page, None
    span, last = rows[PAGE_SIZE - 1]
    return page, Place(span, Cursor(None if span == Span.UNDATED else last.film.japan_on, last.pk))


def by_day_added(owner: User, after: Cursor | None) -> tuple[list[Wish], Cursor | None]:
    return page_after(Wish.objects.filter(owner=owner).select_related("film"), "wished_at", after, PAGE_SIZE)
