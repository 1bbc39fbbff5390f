"""Films of our own database by any of their titles: kana, kanji, romaji, English or the original."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.exceptions import BadRequest
from django.db import connection, transaction
from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, When, prefetch_related_objects
from django.db.models.functions import Cast, Floor

from movies.catalog.models import Credit, Film
from movies.catalog.romaji import folded
from mymovie.folding import END, STEP, indexable, normalise

LONGEST_QUERY = 200
EXACT, BEGINNING, WITHIN = 103, 102, 101  # a slip of the pen ranks by its likeness, in per cent
# Written so often that they tell nothing of a film, and that half of all films would have to be looked at for them.
ARTICLES = {"a", "an", "and", "of", "the"}


class BadCursor(BadRequest):
    """A place that no search has given out."""


@dataclass(frozen=True)
class Cursor:
    """A place in the results of a search: after the film with this rank, fame and id."""

    rank: int
    fame: int
    pk: int

    def __str__(self) -> str:
        return f"{self.rank}.{self.fame}.{self.pk}"

    @classmethod
    def read(cls, written: str) -> "Cursor":
        """The place that `str` wrote. Raises BadCursor."""
        if not re.fullmatch(r"\d{1,3}\.\d{1,5}\.\d{1,18}", written, re.ASCII):
            raise BadCursor(written)
        return cls(*map(int, written.split(".")))


@dataclass(frozen=True)
class Found:
    """One page of films, each with the credits of its directors in `directing`, and where the next page goes on."""

    films: list[Film]
    after: Cursor | None = None


def search_films(
    query: str,
    *,
    year: int | None = None,
    after: Cursor | None = None,
    size: int = 20,
    among: Collection[Film] | None = None,
) -> Found:
    """The films with these words in a title, those titled just so first and the famous before others; then the films
    with a title like it. `year` is that of the release in the world or in Japan; `among` narrows the search."""
    words = normalise(query[:LONGEST_QUERY])[:LONGEST_QUERY]
    films = Film.objects.filter(merged_into=None).defer("overview_ja", "overview_en", "search_text")
    if year is not None:
        films = films.filter(Q(world_on__year=year) | Q(japan_on__year=year))
    if among is not None:
        films = films.filter(pk__in=[film.pk for film in among])
    rows: list[Film] = []
    if words and (after is None or after.rank >= WITHIN):
        rows += _page(_titled(films, words), after, size + 1)
    if len(rows) <= size and len(likely := _telling(words)) >= 5:
        with transaction.atomic(), connection.cursor() as cursor:
            least = 0.5 if len(likely) >= 8 else 0.55  # half of a short word is half of too many films
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(least)])
            rows += _page(_titled_alike(films, words, likely), after, size + 1 - len(rows))
    page = rows[:size]
    name_directors(page)
    return Found(page, _place_of(page[-1]) if len(rows) > size else None)


def name_directors(films: list[Film]) -> None:
    """Give each film the credits of its directors, as `directing`, in one query for all."""
    directing = Credit.objects.billed().filter(job=Credit.Job.DIRECTOR)
    prefetch_related_objects(films, Prefetch("credits", directing, to_attr="directing"))


def _titled(films: QuerySet[Film], words: str) -> QuerySet[Film]:
    needles = _needles(words)
    exactly, at_the_beginning, within = (
        _contains([before + needle + behind for needle in needles])
        for before, behind in ((END, END), (END, ""), ("", ""))
    )
    if len(indexable(words)) < 3:  # no index finds so little within a title, only a Japanese character at its beginning
        within = at_the_beginning if STEP in indexable(words) else exactly
    elif not _telling(words):
        within = exactly
    rank = Case(When(exactly, then=EXACT), When(at_the_beginning, then=BEGINNING), default=WITHIN)
    return films.filter(within).annotate(rank=rank)


def _titled_alike(films: QuerySet[Film], words: str, likely: str) -> QuerySet[Film]:
    likeness = Floor(TrigramWordSimilarity(likely, "search_text") * 100)
    return (
        films.filter(search_text__trigram_word_similar=likely)
        .exclude(_contains(_needles(words)))
        .annotate(rank=Cast(likeness, IntegerField()))
    )


def _needles(words: str) -> list[str]:
    """What to look for: the words themselves, and what they are as romaji."""
    latin = folded(words)
    return list(dict.fromkeys([indexable(words), latin] if len(latin) >= 4 else [indexable(words)]))


def _telling(words: str) -> str:
    return indexable(" ".join(word for word in words.split() if word not in ARTICLES))


def _contains(needles: list[str]) -> Q:
    condition = Q()
    for needle in needles:
        condition |= Q(search_text__contains=needle)
    return condition


def _page(ranked: QuerySet[Any], after: Cursor | None, size: int) -> list[Film]:
    if after is not None:
        same_rank = Q(rank=after.rank)
        ranked = ranked.filter(
            Q(rank__lt=after.rank)
            | same_rank & Q(fame__lt=after.fame)
            | same_rank & Q(fame=after.fame, pk__lt=after.pk)
        )
    return list(ranked.order_by("-rank", "-fame", "-pk")[:size])


def _place_of(film: Film) -> Cursor:
    return Cursor(film.rank, film.fame, film.pk)  # type: ignore[attr-defined]  # annotated
