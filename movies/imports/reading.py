"""From a file to rows, as far as a turn lasts; a turn goes on where the last one ended, whatever ended it."""

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePath
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from movies.imports.formats import registry
from movies.imports.formats.registry import Recognised
from movies.imports.formats.rows import BadRow, FileRefused, Options
from movies.imports.formats.rows import Row as FileRow
from movies.imports.keeping import kept_name, kept_of, key_of
from movies.imports.models import Batch, Mention, Row
from movies.imports.saving import copy_in

CHUNK = 1000
MOST_ROWS = 200_000
LONGEST_VALUE = 500


def recognise(batch: Batch, file: IO[bytes]) -> None:
    """Note what the file is, and what has to be asked about it. Raises FileRefused."""
    found = registry.recognise(file)
    batch.format = found.format
    batch.questions = _questions(found)
    batch.answers = {"date_order": found.date_order} if found.date_order else {}


def _questions(found: Recognised) -> dict[str, Any]:
    asked: dict[str, Any] = {}
    if found.choices:
        asked["part"] = list(found.choices)
    if found.asks_date_order:
        asked["date_order"] = ["ymd", "mdy", "dmy"]
    if found.asks_columns:
        asked["columns"] = list(found.headings)
    return asked | {"preview": [dict(row) for row in found.preview]} if asked else {}


def options_of(batch: Batch) -> Options:
    answers = batch.answers
    return Options(
        zone=ZoneInfo(batch.owner.time_zone),
        part=answers.get("part", ""),
        date_order=answers.get("date_order", ""),
        columns=answers.get("columns", {}),
        list_name=PurePath(batch.name).stem,
    )


def read_on(batch: Batch, file: IO[bytes], *, ends_at: float) -> bool:
    """Store rows until `ends_at`, by the monotonic clock; says whether all are stored. Raises FileRefused where there is
    no row at all."""
    stored = batch.rows.order_by("-number").values_list("number", flat=True).first() or 0
    mentions = dict(batch.mentions.values_list("key", "pk"))
    rows = _until_it_breaks(registry.read(file, batch.format, options_of(batch)))
    numbered = islice(enumerate(rows, 1), stored, None)
    is_empty = stored == 0
    while chunk := list(islice(numbered, CHUNK)):
        is_empty = False
        if chunk[-1][0] > MOST_ROWS:
            raise FileRefused("too_many_rows", str(MOST_ROWS))
        _store(batch, chunk, mentions, file.tell())
        if time.monotonic() >= ends_at:
            return False
    if is_empty:
        raise FileRefused("no_rows")
    return True


def _until_it_breaks(rows: Iterator[FileRow | BadRow]) -> Iterator[FileRow | BadRow]:
    """A file that breaks off costs what follows, not what came before."""
    last: FileRow | BadRow | None = None
    try:
        for last in rows:
            yield last
    except FileRefused as refused:
        if last is None:
            raise
        yield BadRow(last.file, last.line + 1, last.part, {}, refused.code, about=refused.about)


@transaction.atomic
def _store(batch: Batch, chunk: list[tuple[int, FileRow | BadRow]], mentions: dict[str, int], position: int) -> None:
    keys = [key_of(row.said.film) if isinstance(row, FileRow) else "" for _number, row in chunk]
    named = {
        key: row.said.film
        for key, (_number, row) in zip(keys, chunk, strict=True)
        if isinstance(row, FileRow) and key not in mentions
    }
    new = [Mention(batch=batch, key=key, named=kept_name(film)) for key, film in named.items()]
    copy_in(new)
    mentions |= {mention.key: mention.pk for mention in new}
    copy_in(_row(batch, number, row, mentions.get(key)) for key, (number, row) in zip(keys, chunk, strict=True))
    Batch.objects.filter(pk=batch.pk).update(step_done=position, progress_at=timezone.now(), attempts=0)


def _row(batch: Batch, number: int, row: FileRow | BadRow, mention: int | None) -> Row:
    file, part = row.file[:300], row.part[:40]  # a mended file may claim any
    stored = Row(batch=batch, number=number, file=file, line=row.line, part=part, raw=dict(row.raw))
    if isinstance(row, FileRow):
        stored.said, stored.mention_id = kept_of(row.said), mention
    else:
        stored.outcome, stored.reason, stored.about = Row.Outcome.REJECTED, row.code, row.about[:200]
        stored.column, stored.value = row.column[:200], row.value[:LONGEST_VALUE]
    return stored
