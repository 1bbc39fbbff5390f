"""Films that somebody may want to record before they have typed a word."""

import datetime
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from movies.catalog.models import Film, Precision
from movies.catalog.search import name_directors
from movies.diary.models import Entry, Wish

LATELY = datetime.timedelta(weeks=8)
MOST_WAITED_FOR, MOST_OFFERED = 4, 6


class Picks(NamedTuple):
    """`waited_for` and has opened; `opened` lately; what is best `known`, where nothing has opened."""

    waited_for: list[Film]
    opened: list[Film]
    known: list[Film]


def picks_for(viewer: User | AnonymousUser, today: datetime.date) -> Picks:
    opened = opened_lately(viewer, today)
    return Picks(waited_for(viewer, today), opened, [] if opened else best_known(viewer))


def waited_for(viewer: User | AnonymousUser, today: datetime.date) -> list[Film]:
    """What the viewer waits for that has opened, the last first."""
    if not viewer.is_authenticated:
        return []
    opened = Wish.objects.filter(owner=viewer, film__japan_on__lte=today).select_related("film")
    films = [wish.film for wish in opened.order_by("-film__japan_on", "-pk")[:MOST_WAITED_FOR]]
    name_directors(films)
    return films


def opened_lately(viewer: User | AnonymousUser, today: datetime.date) -> list[Film]:
    """What has opened in the cinemas of Japan, the best known first; not what the viewer has recorded or waits for."""
    films = new_to(viewer).filter(japan_on__range=(today - LATELY, today), japan_precision=Precision.DAY)
    return first_of(films.order_by("-fame", "-japan_on", "-pk"))


def best_known(viewer: User | AnonymousUser) -> list[Film]:
    return first_of(new_to(viewer).order_by("-fame", "-pk"))


def new_to(viewer: User | AnonymousUser) -> QuerySet[Film]:
    """The films that the viewer has neither recorded nor waits for."""
    films = Film.objects.filter(merged_into=None).defer("overview_ja", "overview_en", "search_text")
    if viewer.is_authenticated:
        mine, wished = Entry.objects.of(viewer), Wish.objects.filter(owner=viewer)
        films = films.exclude(Exists(mine.filter(film=OuterRef("pk")))).exclude(
            Exists(wished.filter(film=OuterRef("pk")))
        )
    return films


def first_of(films: QuerySet[Film]) -> list[Film]:
    chosen = list(films[:MOST_OFFERED])
    name_directors(chosen)
    return chosen
