"""Histories that people might have, made up by Hypothesis, and how they come onto their walls."""

import datetime
from dataclasses import dataclass
from itertools import count

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accounts.models import User, Visibility
from movies.catalog.models import Film
from movies.diary.models import Audience, Entry, FilmList, FilmListItem, Viewing, Wish

NUMBERS = count(1)
ODD = ["=1+1", "-", "@home", "'=1", "+81", "a, b", '"', "湯屋の話。\r\nもう一度。", "2行\n\n目", "★½", "NULL", "'"]

no_text = {"exclude_categories": ("Cs",), "exclude_characters": "\0"}  # what PostgreSQL does not keep
scores = st.none() | st.integers(0, 100)
days = st.dates(datetime.date(1900, 1, 1), datetime.date(2025, 12, 31))  # none is still to come
moments = st.datetimes(datetime.datetime(1990, 1, 1), datetime.datetime(2030, 1, 1), timezones=st.just(datetime.UTC))  # noqa: DTZ001


def texts(**of: object) -> SearchStrategy[str]:
    return st.sampled_from(ODD) | st.text(st.characters(**(of or no_text)), max_size=40)


@dataclass
class Seen:
    title_ja: str
    title_en: str
    original_title: str
    has_ids: bool
    score: int | None
    review: str
    review_audience: str
    has_spoilers: bool
    is_review_dated: bool
    memo: str
    tags: list[str]
    is_liked: bool
    visibility: str
    recorded_at: datetime.datetime
    is_deleted: bool
    viewings: list[tuple[datetime.date | None, int | None]]
    is_wished: bool
    lists: list[str]


def histories(words: SearchStrategy[str]) -> SearchStrategy[list[Seen]]:
    film = st.builds(
        Seen,
        title_ja=words,
        title_en=words,
        original_title=words.filter(str.strip),
        has_ids=st.booleans(),
        score=scores,
        review=words,
        review_audience=st.sampled_from(Audience.values),
        has_spoilers=st.booleans(),
        is_review_dated=st.booleans(),
        memo=words,
        tags=st.lists(words.filter(str.strip), max_size=3, unique=True),
        is_liked=st.booleans(),
        visibility=st.sampled_from(Visibility.values),
        recorded_at=moments,
        is_deleted=st.integers(1, 5).map(lambda n: n == 5),
        viewings=st.lists(st.tuples(st.none() | days, scores), max_size=4),
        is_wished=st.booleans(),
        lists=st.lists(words.filter(str.strip), max_size=2, unique=True),
    )
    return st.lists(film, max_size=5)


def record(owner: User, history: list[Seen]) -> list[Film]:
    """Straight into the tables; returns the films in the order of the history."""
    return [_record(owner, seen) for seen in history]


def _record(owner: User, seen: Seen) -> Film:
    number = next(NUMBERS)
    film = Film.objects.create(
        title_ja=seen.title_ja,
        title_en=seen.title_en,
        original_title=seen.original_title,
        tmdb_id=number if seen.has_ids else None,
        imdb_id=f"tt{number:07}" if seen.has_ids else None,
        japan_on=datetime.date(1990, 5, 1),
        japan_precision="month",
    )
    said = {name: getattr(seen, name) for name in ("score", "review", "memo", "tags", "is_liked", "visibility")}
    said |= {"review_audience": seen.review_audience, "has_spoilers": seen.has_spoilers}
    said["reviewed_at"] = seen.recorded_at if seen.review and seen.is_review_dated else None
    deleted_at = timezone.now() if seen.is_deleted else None
    entry = Entry.objects.create(owner=owner, film=film, recorded_at=seen.recorded_at, deleted_at=deleted_at, **said)
    Viewing.objects.bulk_create(Viewing(entry=entry, watched_on=day, score=score) for day, score in seen.viewings)
    if seen.is_wished:
        Wish.objects.create(owner=owner, film=film)
    for position, name in enumerate(seen.lists):
        film_list, _is_new = FilmList.objects.get_or_create(owner=owner, name=name, defaults={"description": seen.memo})
        FilmListItem.objects.create(film_list=film_list, film=film, position=position, note=seen.review)
    return film
