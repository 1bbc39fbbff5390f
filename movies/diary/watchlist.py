"""What somebody waits for, in one of two orders, sixty to a page."""

import datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from django.db import models
from django.db.models import Case, Q, QuerySet, When
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

    @property
    def number(self) -> int:
        return list(Span).index(self)


def spanned(wishes: QuerySet[Wish], today: datetime.date) -> QuerySet[Any]:
    """In the order of their spans, and within each in its own, with the number of their `span`."""
    this_month, this_year = today.replace(day=1), today.replace(month=1, day=1)
    may_be_ahead = Q(film__japan_precision=Precision.MONTH, film__japan_on__gte=this_month) | Q(
        film__japan_precision=Precision.YEAR, film__japan_on__gte=this_year
    )
    is_coming, has_opened = Q(film__japan_on__gte=today), Q(~may_be_ahead, film__japan_on__lt=today)
    span = Case(
        When(is_coming, then=Span.COMING.number),
        When(has_opened, then=Span.OPENED.number),
        default=Span.UNDATED.number,
    )
    return wishes.annotate(span=span).order_by(
        "span",
        Case(When(is_coming, then="film__japan_on")),
        Case(When(has_opened, then="film__japan_on")).desc(),
        Case(When(is_coming, then="pk")),
        "-pk",
    )


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
    """A watchlist is short enough to be sorted whole: a page costs the same wherever in it."""
    wishes = spanned(Wish.objects.filter(owner=owner).select_related("film"), today)
    if after:
        number = after.span.number
        wishes = wishes.filter(Q(span__gt=number) | Q(after.beyond, span=number))
    rows = list(wishes[: PAGE_SIZE + 1])
    page = rows[:PAGE_SIZE]
    if len(rows) <= PAGE_SIZE:
        return page, None
    span, last = list(Span)[page[-1].span], page[-1]
    return page, Place(span, Cursor(None if span == Span.UNDATED else last.film.japan_on, last.pk))


def by_day_added(owner: User, after: Cursor | None) -> tuple[list[Wish], Cursor | None]:
    return page_after(Wish.objects.filter(owner=owner).select_related("film"), "wished_at", after, PAGE_SIZE)
