"""What became of a file, or would: in numbers, row by row, and as a file to mend."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from movies.catalog.models import Film
from movies.imports import matching
from movies.imports.formats.rejects import HEADINGS
from movies.imports.formats.rows import Said
from movies.imports.keeping import named_of, said_of
from movies.imports.models import Batch, Mention, Row
from movies.imports.refusals import said
from mymovie.spreadsheets import disarmed

PAGE = 50
PIECE = 1000


@dataclass(frozen=True)
class Progress:
    """`share` is 0 to 1, `rate` in rows a second, `seconds_left` None where nobody can tell yet."""

    rows: int
    rate: float
    share: float
    seconds_left: int | None


def counts(batch: Batch) -> dict[str, int]:
    """Of rows, by outcome; each row has one, so that they add up to the rows read."""
    counted = batch.rows.order_by().values_list("outcome").annotate(Count("pk"))
    return dict.fromkeys(Row.Outcome.values, 0) | dict(counted)


def progress(batch: Batch) -> Progress:
    elapsed = max((timezone.now() - batch.step_began_at).total_seconds(), 0.001)
    rows = batch.rows.order_by("-number").values_list("number", flat=True).first() or 0
    share = min(batch.step_done / batch.step_total, 1.0) if batch.step_total else 0.0
    done = rows if batch.state == Batch.State.READING else rows * share
    left = int(elapsed * (1 - share) / share) + 1 if share >= 0.01 else None
    return Progress(rows, done / elapsed, share, left)


def rows_of(batch: Batch, *, outcome: str = "", after: int = 0) -> tuple[list[Row], int | None]:
    """Those after the number `after`, and the number after which the next page begins."""
    rows = batch.rows.filter(number__gt=after, **({"outcome": outcome} if outcome else {}))
    page = list(rows.select_related("mention__film").order_by("number")[: PAGE + 1])
    for row in page[:PAGE]:
        _tell(row)
    return page[:PAGE], page[PAGE - 1].number if len(page) > PAGE else None


def _tell(row: Row) -> None:
    told: Any = row
    told.title = title_of(row.mention) if row.mention else ""
    told.why = said(row.reason, row.about)
    told.what = words_for(said_of(row.said)) if row.said is not None else ""


def title_of(mention: Mention) -> str:
    named = named_of(mention.named)
    title = named.title or named.original_title or named.imdb_id or (f"TMDB {named.tmdb_id}" if named.tmdb_id else "")
    return f"{title} ({named.year})" if named.year else title


def words_for(what: Said) -> str:
    """What a row says of its film."""
    words = []
    if what.watched_on:
        words.append(_("seen on %(day)s") % {"day": date_format(what.watched_on, "DATE_FORMAT")})
    elif what.is_seen:
        words.append(_("seen"))
    if what.is_again:
        words.append(_("again"))
    if what.score is not None:
        words.append(ngettext("%(score)d point", "%(score)d points", what.score) % {"score": what.score})
    if what.is_liked:
        words.append(_("liked"))
    if what.review:
        words.append(_("review"))
    if what.memo:
        words.append(_("note"))
    if what.tags:
        words.append("、".join(what.tags) if len(what.tags) < 4 else _("tags"))
    if what.is_wished:
        words.append(_("on the watchlist"))
    if what.list_name:
        words.append(_("on the list “%(name)s”") % {"name": what.list_name})
    return " · ".join(words)


def doubts_of(batch: Batch, *, after: int = 0, size: int = PAGE) -> tuple[list[Mention], int | None]:
    """Films that somebody has to choose, each with `choices`, `why`, and its `told` rows."""
    waiting = batch.mentions.filter(state=Mention.State.DOUBTFUL, pk__gt=after).select_related("batch")
    page = list(waiting.order_by("pk")[: size + 1])
    for mention in page[:size]:
        tell_choices(mention)
    return page[:size], page[size - 1].pk if len(page) > size else None


def tell_choices(mention: Mention) -> None:
    told: Any = mention
    told.title = title_of(mention)
    told.why = said(mention.reason)
    told.told = list(mention.rows.order_by("number")[:5])
    for row in told.told:
        row.mention = mention
        _tell(row)
    told.choices = _choices(mention)


def _choices(mention: Mention) -> list[dict[str, Any]]:
    ours = matching.candidates_for(mention)
    known = {film.tmdb_id for film in ours if film.tmdb_id}
    choices: list[dict[str, Any]] = [_choice(film) for film in ours]
    others = [candidate for candidate in mention.candidates if "tmdb_id" in candidate]
    return choices + [{"film": None, **candidate} for candidate in others if candidate["tmdb_id"] not in known]


def _choice(film: Film) -> dict[str, Any]:
    return {
        "film": film,
        "tmdb_id": film.tmdb_id,
        "title": film.title,
        "original_title": film.original_title,
        "year": film.year,
        "poster_path": film.poster_path,
    }


def rejects_csv(batch: Batch) -> Iterator[bytes]:
    """The rows that were refused, with line, column, value and reason before the file's own columns: mended, this file can
    be brought as it is."""
    refused = batch.rows.filter(outcome=Row.Outcome.REJECTED).order_by("number")
    columns: dict[str, None] = {}
    for raw in refused.values_list("raw", flat=True).iterator(PIECE):
        columns |= dict.fromkeys(raw)
    yield b"\xef\xbb\xbf" + _line([*HEADINGS, *columns])
    for row in refused.iterator(PIECE):
        told = [row.part, row.file, row.line, row.column, row.value, said(row.reason, row.about)]
        yield _line([disarmed(cell) for cell in (*told, *(row.raw.get(column, "") for column in columns))])


def _line(cells: list[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode("utf-8", "replace")
