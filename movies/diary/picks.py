"""Films that somebody may want to record before they have typed a word."""

import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef

from accounts.models import User
from movies.catalog.models import Film, Precision
from movies.catalog.search import name_directors
from movies.diary.models import Entry, Wish

LATELY = datetime.timedelta(weeks=8)
MOST_WAITED_FOR, MOST_OPENED = 4, 6


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
    films = Film.objects.filter(
        japan_on__range=(today - LATELY, today), japan_precision=Precision.DAY, merged_into=None
    ).defer("overview_ja", "overview_en", "search_text")
    if viewer.is_authenticated:
        mine, wished = Entry.objects.of(viewer), Wish.objects.filter(owner=viewer)
        films = films.exclude(Exists(mine.filter(film=OuterRef("pk")))).exclude(
            Exists(wished.filter(film=OuterRef("pk")))
        )
    best_known = list(films.order_by("-fame", "-japan_on", "-pk")[:MOST_OPENED])
    name_directors(best_known)
    return best_known
