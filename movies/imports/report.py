"""What is told of an import while it goes on, and of what came of it."""

import csv
import datetime
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from movies.catalog.models import Film
from movies.imports.models import Batch, Mention, Row
from movies.imports.refusals import said

PAGE = 100


@dataclass(frozen=True)
class Progress:
    rows: int
    rate: float
    share: float
    seconds_left: int | None


def counts(batch: Batch) -> dict[str, int]:
    found = dict(batch.rows.values_list("outcome").annotate(Count("pk")).order_by())
    return {outcome: found.get(outcome, 0) for outcome in Row.Outcome.values}


def progress(batch: Batch) -> Progress:
    rows = batch.rows.count()
    seconds = max((batch.progress_at - batch.step_began_at).total_seconds(), 0.001)
    share = min(batch.bytes_read / batch.size, 1) if batch.size else 0
    left = int(seconds / share - seconds) if share else None
    return Progress(rows, rows / seconds, share, left)


def rows_of(batch: Batch, *, outcome: str = "", after: int = 0) -> tuple[list[Row], int | None]:
    rows = batch.rows.filter(number__gt=after).select_related("mention").order_by("number")
    found = list((rows.filter(outcome=outcome) if outcome else rows)[: PAGE + 1])
    for row in found:
        _in_words(row)
    return found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None


def _in_words(row: Any) -> None:
    row.why = said(row.reason, row.about)
    row.title = str(row.mention or "")
    told = row.said or {}
    parts = []
    if told.get("watched_on"):
        day = date_format(datetime.date.fromisoformat(told["watched_on"]))
        parts.append(_("seen on %(day)s") % {"day": day})
    if told.get("score") is not None:
        parts.append(_("score %(score)d") % {"score": told["score"]})
    row.what = " · ".join(parts)


def doubts_of(batch: Batch, *, after: int = 0) -> tuple[list[Mention], int | None]:
    mentions = batch.mentions.filter(state=Mention.State.DOUBTFUL, pk__gt=after).order_by("pk")
    found = list(mentions[: PAGE + 1])
    films = Film.objects.in_bulk([c["film"] for m in found for c in m.candidates if "film" in c])
    for mention in found:
        mention.choices = [_choice(candidate, films) for candidate in mention.candidates]  # type: ignore[attr-defined]
        mention.why = said(mention.reason)  # type: ignore[attr-defined]
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def _choice(candidate: dict[str, Any], films: dict[int, Film]) -> dict[str, Any]:
    if film := films.get(candidate.get("film", 0)):
        return {
            "film": film,
            "tmdb_id": film.tmdb_id,
            "title": film.title,
            "year": film.year,
            "poster_path": film.poster_path,
        }
    return {"film": None} | {name: candidate.get(name) for name in ("tmdb_id", "title", "year", "poster_path")}


def rejects_csv(batch: Batch) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [row.file, row.line, row.column, row.value, said(row.reason, row.about)]
        for row in batch.rows.filter(outcome=Row.Outcome.REJECTED).order_by("number")
    )
    yield text.getvalue().encode("utf-8-sig")
