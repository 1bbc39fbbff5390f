"""What became of the rows of a sheet: page by page for staff, and whole as CSV for whoever sent it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from movies.releases.models import Sheet, SheetRow
from mymovie.spreadsheets import disarmed

PAGE = 100
PIECE = 1000
BYTE_ORDER_MARK = "\ufeff"  # spreadsheets know UTF-8 by it


@dataclass(frozen=True)
class Page:
    rows: list[SheetRow]
    next_after: int | None
    """The line after which the next page begins."""


def page_of(sheet: Sheet, *, outcome: str = "", after: int = 0) -> Page:
    rows = _rows_after(sheet, after)
    found = list((rows.filter(outcome=outcome) if outcome else rows)[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].number if len(found) > PAGE else None)


def _rows_after(sheet: Sheet, line: int) -> QuerySet[SheetRow]:
    return sheet.rows.filter(number__gt=line).select_related("film").order_by("number")


def written(sheet: Sheet) -> Iterator[str]:
    """In the language of whoever asks, though they read it when their request has ended."""
    language = get_language()
    heading = [_("row"), _("title"), _("channel"), _("date"), _("outcome"), _("reason"), _("film"), "tmdb_id"]
    yield BYTE_ORDER_MARK + _as_csv([heading])
    last = 0
    while rows := list(_rows_after(sheet, last)[:PIECE]):
        with override(language):
            piece = _as_csv([_cells(row) for row in rows])
        yield piece
        last = rows[-1].number


def _cells(row: SheetRow) -> list[object]:
    film = row.film
    told = [row.get_kind_display() if row.kind else "", row.released_on or "", row.get_outcome_display(), row.why]
    return [row.number, row.title, *told, film.pk if film else "", (film.tmdb_id or "") if film else ""]


def _as_csv(lines: list[list[object]] | list[list[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [disarmed(cell if isinstance(cell, int) else str(cell)) for cell in line] for line in lines
    )
    return text.getvalue()
