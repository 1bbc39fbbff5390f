"""Files as people bring them, made in memory, and what is read in them."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from movies.imports.formats import registry
from movies.imports.formats.rows import BadRow, Options, Row, Said

OPTIONS = Options(zone=ZoneInfo("Asia/Tokyo"))


def table(*lines: str) -> io.BytesIO:
    return io.BytesIO("\r\n".join(lines).encode())


def document(value: Any) -> io.BytesIO:
    return io.BytesIO(json.dumps(value).encode())


def archive(**members: Any) -> io.BytesIO:
    """By name without ".json", with _ for -."""
    return archive_of({f"{name.replace('_', '-')}.json": json.dumps(value) for name, value in members.items()})


def archive_of(members: dict[str, str]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in members.items():
            packed.writestr(name, text)
    return file


def read(file: io.BytesIO, **options: Any) -> list[Row | BadRow]:
    format_name = registry.recognise(file).format
    return list(registry.read(file, format_name, replace(OPTIONS, **options)))


def said(file: io.BytesIO, **options: Any) -> list[Said]:
    """Of a file without a bad row."""
    rows = read(file, **options)
    assert [row for row in rows if isinstance(row, BadRow)] == []
    return [row.said for row in rows if isinstance(row, Row)]


def refused(file: io.BytesIO, **options: Any) -> list[tuple[str, str, str]]:
    """Code, column and value of each bad row."""
    return [(row.code, row.column, row.value) for row in read(file, **options) if isinstance(row, BadRow)]
