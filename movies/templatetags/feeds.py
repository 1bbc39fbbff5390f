"""What a feed says of one entry."""

import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from movies.catalog.brief import FilmRow, row_of

register = template.Library()


class Person(NamedTuple):
    handle: str
    display_name: str
    avatar: str


class Said(NamedTuple):
    """All that stands there; `review` is "" where the viewer reads none."""

    film: FilmRow
    person: Person
    recorded_on: datetime.date
    score: int | None
    review: str
    has_spoilers: bool


@register.simple_tag
def feed_entry(entry: Any) -> SafeString:
    owner = entry.owner
    return _feed_entry(
        Said(
            row_of(entry.film),
            Person(owner.handle, owner.display_name, owner.avatar),
            timezone.localdate(entry.recorded_at),
            entry.score,
            entry.review if entry.is_read else "",
            entry.has_spoilers,
        ),
        get_language(),
    )


@lru_cache(maxsize=1_000)  # many follow the same people
def _feed_entry(said: Said, _language: str) -> SafeString:
    return render_to_string("components/feed_entry.html", said._asdict())
