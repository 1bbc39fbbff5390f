"""What lists of many people's entries say of one: without a template for each that is never asked for again."""

import datetime
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from movies.catalog.brief import FilmRow, row_of
from movies.diary.reviews import excerpt
from movies.templatetags.films import day, poster_begun, score
from mymovie.addresses import address

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
    film, person = said.film, said.person
    year = f' <span class="quiet">{film.year}</span>' if film.year else ""
    wall = address("wall", handle=person.handle)
    made = (
        f'<li class="result">{poster_begun(film, "64px", ("w154", "w342", "w780"))} loading="lazy" decoding="async" alt="">'
        f'<div><a class="film-title" href="{escape(film.get_absolute_url())}">{escape(film.title)}</a>{year}'
        f'<p class="said-by">{_face(person)} <a href="{wall}">{escape(person.display_name)}</a> '
        f'<span class="quiet">{day(said.recorded_on, is_short=True)}</span></p>'
        f"{_review(said) if said.review else ''}</div>{score(said.score)}</li>"
    )
    return mark_safe(made)  # noqa: S308  # what people and TMDB have written is escaped where it is put in


@lru_cache(maxsize=1_000)
def _face(person: Person) -> str:
    if not person.avatar:
        return f'<span class="face" aria-hidden="true">{escape(person.display_name[:1])}</span>'
    return f'<img class="face" src="{reverse("avatar", args=[person.avatar, 64])}" width="64" height="64" alt="">'


def _review(said: Said) -> str:
    """The way to it, behind how it begins unless that gives the story away."""
    film, person = said.film, said.person
    to = escape(reverse("entry", args=[person.handle, film.pk, film.slug]))
    gives_away, on = _("A review that gives the story away"), _("Read on")
    if said.has_spoilers:
        return f'<p class="feed-review"><a href="{to}">{gives_away}</a></p>'
    of_what = f'<span class="visually-hidden"> {escape(person.display_name)}: {escape(film.title)}</span>'
    return f'<p class="feed-review">{escape(excerpt(said.review))} <a href="{to}">{on}{of_what}</a></p>'


@register.simple_tag(takes_context=True)
def recorders(context: RequestContext, entries: Iterable[Any]) -> SafeString:
    """Who recorded a film. Of what others recorded whoever has signed in may report each."""
    request, report = context["request"], _("Report")
    made, focus = [], " autofocus" if request.htmx else ""
    for entry in entries:
        name, door = escape(entry.owner.display_name), ""
        if request.user.is_authenticated and entry.owner_id != request.user.pk:
            to = address("report_entry", pk=entry.pk)
            door = f'<a class="small-door" href="{to}">{report}<span class="visually-hidden"> {name}</span></a>'
        wall = address("wall", handle=entry.owner.handle)
        made.append(f'<li><a href="{wall}"{focus}>{name}</a> {score(entry.score)} {door}</li>')
        focus = ""
    return mark_safe("".join(made))  # noqa: S308  # what people have written is escaped where it is put in
