"""What stands on somebody's wall, as the table that Letterboxd takes in: https://letterboxd.com/about/importing-data/.

A row is a viewing, or a film without one. Those of a film follow each other by their days, unknown ones first, and all but the
first are rewatches. What is said of the film itself, its score, review and tags, stands in its last row: in each, Letterboxd
would make as many reviews of it. A viewing that has a score of its own keeps it.

Scores go into Rating10 alone, of which half stars are made: tenths of ours, halves rounded up. Its least is 1, half a star, and
so is what we call less than 5. Private notes are left out, as all that is brought to Letterboxd is public there.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise
from typing import IO, Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Value
from django.db.models.functions import Coalesce, ExtractYear, NullIf
from django.utils import timezone

from accounts.models import User
from movies.catalog.models import Credit
from movies.diary.export import AT_ONCE, for_a_reader
from movies.diary.models import Entry
from mymovie.spreadsheets import disarmed

HEADINGS = (
    *("LetterboxdURI", "tmdbID", "imdbID", "Title", "Year", "Directors"),
    *("Rating", "Rating10", "WatchedDate", "Rewatch", "Tags", "Review"),
)
LARGEST = 1_000_000  # bytes: Letterboxd takes tables of at most 1 MB


class Download(NamedTuple):
    """To be closed by whoever reads it."""

    file: IO[bytes]
    name: str
    content_type: str


def letterboxd_of(user: User) -> Download:
    """One CSV where Letterboxd takes it as one, else a ZIP of several, to be brought there in the order of their numbers."""
    name = f"mymovie-{user.handle}-{timezone.localdate():%Y%m%d}-letterboxd"
    tables = _tables(_rows(user))
    first, second = next(tables), next(tables, None)
    if second is None:
        return Download(io.BytesIO(first), f"{name}.csv", "text/csv; charset=utf-8")
    with for_a_reader() as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, table in enumerate(chain((first, second), tables), 1):
            archive.writestr(f"{name}-{number:03}.csv", table)
    return Download(file, f"{name}.zip", "application/zip")


def _tables(rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    """At least one, be it of nothing but headings; no byte order mark, which would be a part of the first of them."""
    heading = _line(HEADINGS)
    table = bytearray(heading)
    for row in rows:
        line = _line(row)
        if len(table) + len(line) > LARGEST:
            yield bytes(table)
            table = bytearray(heading)
        table += line
    yield bytes(table)


def _line(cells: Iterable[Any]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerow(map(disarmed, cells))
    return text.getvalue().encode()


def _rows(user: User) -> Iterator[tuple[Any, ...]]:
    seen = None
    for viewing, following in pairwise(chain(_viewings(user), (None,))):
        is_last = following is None or following.pk != viewing.pk
        yield _row(viewing, is_again=viewing.pk == seen, is_last=is_last)
        seen = viewing.pk


def _viewings(user: User) -> Iterator[Any]:
    """All of them, each with its entry's columns and key; and entries without one."""
    directors = Credit.objects.filter(film=OuterRef("film"), job=Credit.Job.DIRECTOR).billed()
    entries = Entry.objects.of(user).annotate(
        title=Coalesce(NullIf("film__title_en", Value("")), "film__original_title"),
        year=ExtractYear(Coalesce("film__world_on", "film__japan_on")),
        directors=ArraySubquery(directors.values("person__name")),
        seen_on=F("viewings__watched_on"),
        score_then=F("viewings__score"),
    )
    columns = ("pk", "film__tmdb_id", "film__imdb_id", "title", "year", "directors", "score", "tags", "review")
    in_order = entries.order_by("pk", F("seen_on").asc(nulls_first=True), "viewings__pk")
    return in_order.values_list(*columns, "seen_on", "score_then", named=True).iterator(chunk_size=AT_ONCE)


def _row(viewing: Any, *, is_again: bool, is_last: bool) -> tuple[Any, ...]:
    score = viewing.score if is_last and viewing.score_then is None else viewing.score_then
    return (
        "",
        viewing.film__tmdb_id,
        viewing.film__imdb_id,
        viewing.title,
        viewing.year,
        ", ".join(viewing.directors),
        "",
        None if score is None else in_tenths(score),
        viewing.seen_on,
        "Yes" if is_again else "",
        ", ".join(viewing.tags) if is_last else "",
        viewing.review if is_last else "",
    )


def in_tenths(score: int) -> int:
    return max((score + 5) // 10, 1)
