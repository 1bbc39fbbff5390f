"""What lists of many people's entries say of one: rendered once for the same words, as each shows dozens."""

import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.template import RequestContext
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
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


@register.simple_tag(takes_context=True)
def recorders(context: RequestContext, entries: Iterable[Any]) -> SafeString:
    """Who recorded a film. Of what others recorded whoever has signed in may report each."""
    request, language = context["request"], get_language()
    said = [
        _recorder(
            entry.owner.handle,
            entry.owner.display_name,
            entry.score,
            entry.pk if request.user.is_authenticated and entry.owner_id != request.user.pk else None,
            not number and bool(request.htmx),
            language,
        )
        for number, entry in enumerate(entries)
    ]
    return mark_safe("".join(said))  # noqa: S308  # each is rendered


@lru_cache(maxsize=2_000)
def _recorder(
    handle: str, display_name: str, score: int | None, reported: int | None, is_focused: bool, _language: str
) -> SafeString:
    said = {"handle": handle, "display_name": display_name, "score": score}
    return render_to_string("components/recorder.html", said | {"reported": reported, "is_focused": is_focused})
