"""Entries as long lists show them, without a model for each: to make those costs more than all the rest of such a list."""

import datetime
from collections.abc import Iterable
from typing import Any, NamedTuple

from movies.catalog import brief
from movies.diary.models import EntryQuerySet


class EntryRow(NamedTuple):
    """An entry in a list; `film` stands last, as the columns before it are the entry's own."""

    pk: int
    owner_id: int
    score: int | None
    visibility: str
    recorded_at: datetime.datetime
    watched_on: datetime.date | None
    japan_on: datetime.date | None
    world_on: datetime.date | None
    title_ja_key: str | None
    title_en_key: str | None
    film: brief.FilmRow


COLUMNS = EntryRow._fields[:-1]


def in_rows(entries: EntryQuerySet) -> Any:
    """For `page_after`; what it gives is read by `read`."""
    return entries.values_list(*COLUMNS, *(f"film__{name}" for name in brief.COLUMNS), named=True)


def read(rows: Iterable[tuple[Any, ...]]) -> list[EntryRow]:
    here = len(COLUMNS)
    return [EntryRow._make([*row[:here], brief.FilmRow._make(row[here:])]) for row in rows]
