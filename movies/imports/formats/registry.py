"""All formats: which of them a file is, by its content alone, and its rows."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import IO

from movies.imports.formats import (
    archives,
    filmarks,
    imdb,
    items,
    letterboxd,
    movary,
    netflix,
    ours,
    plain,
    rejects,
    simkl,
    tables,
    tmdb_account,
    trakt,
    yamtrack,
)
from movies.imports.formats.archives import Archive
from movies.imports.formats.format import Format
from movies.imports.formats.items import Item, JsonPart
from movies.imports.formats.rows import BadRow, FileRefused, Options, Row
from movies.imports.formats.tables import Part, Table

# Those that ask for more columns come before those that ask for fewer.
FORMATS: tuple[Format, ...] = (
    ours.FORMAT,
    imdb.FORMAT,
    tmdb_account.FORMAT,
    trakt.FORMAT,
    movary.FORMAT,
    simkl.FORMAT,
    letterboxd.FORMAT,
    yamtrack.FORMAT,
    filmarks.FORMAT,
    netflix.FORMAT,
)
BY_NAME = {known.name: known for known in (*FORMATS, plain.FORMAT, rejects.FORMAT)}
PARTS: dict[str, Part | JsonPart] = {
    part.name: part
    for known in (*FORMATS, plain.FORMAT)
    for part in (*known.parts, *(member.part for member in known.members))
}

PREVIEW = 5  # rows
LONGEST_NAME = 300
LOOKED_AT = 1024 * 1024  # bytes of a JSON document, to know it by
DATES_LOOKED_AT = 5000


@dataclass(frozen=True)
class Recognised:
    """`choices`: names of the parts that it may be, where its heading, or keys, fit several: its owner must say. `headings` and
    `preview` are a table's; `asks_columns` where nobody knows it, `asks_date_order` where its dates do not tell."""

    format: str
    choices: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    preview: tuple[Mapping[str, str], ...] = ()
    asks_columns: bool = False
    asks_date_order: bool = False
    date_order: str = ""


def recognise(file: IO[bytes]) -> Recognised:
    """`file` can be sought in. Raises FileRefused."""
    if archives.is_archive(file):
        with archives.opened(file) as archive:
            return Recognised(_format_of_archive(archive.names).name)
    if items.is_json(file):
        parts = _parts_of_document(file)
        choices = tuple(part.name for part in parts) if len(parts) > 1 and parts[0].is_document else ()
        return Recognised(_format_of(parts[0]).name, choices=choices)
    return _recognise_table(file)


def read(file: IO[bytes], format_name: str, options: Options) -> Iterator[Row | BadRow]:
    """The rows in the order of the file, the same each time. Raises FileRefused, which may be after many good rows."""
    file.seek(0)
    if archives.is_archive(file):
        yield from _read_archive(file, BY_NAME[format_name], options)
    elif items.is_json(file):
        for part in _chosen(_parts_of_document(file), options):
            file.seek(0)
            yield from items.read_items(file, part, options)
    else:
        yield from _read_table(file, format_name, options)


def reread(part: str, raw: Mapping[str, str], options: Options, *, file: str, line: int) -> Row | BadRow:
    """A row by itself, as it was read before or has been mended since."""
    return rejects.reread(PARTS, part, raw, options, file=file, line=line)


def _recognise_table(file: IO[bytes]) -> Recognised:
    table = Table(_from_the_front(file))
    headings = tuple(table.headings)
    records = list(islice(table.records(), PREVIEW))
    preview = tuple(dict(zip(headings, record.cells, strict=False)) for record in records if record.cells)
    if not records:
        raise FileRefused("no_rows")
    if rejects.FORMAT.parts[0].fits(table.headings):  # type: ignore[arg-type]
        return Recognised(rejects.FORMAT.name, headings=headings, preview=preview)
    fitting = [part for part in _tables(FORMATS) if part.fits(table.headings)]
    if not fitting:
        listed = _above_a_list(file)
        if listed is None:
            if all(record.code == "not_readable" for record in records):
                raise FileRefused("no_text")
            return Recognised(plain.FORMAT.name, headings=headings, preview=preview, asks_columns=True)
        return listed
    known = _format_of(fitting[0])
    choices = tuple(part.name for part in fitting if part in known.parts and part.columns == fitting[0].columns)
    order = date_order_of(file, fitting[0].dates) if fitting[0].dates else ""
    return Recognised(
        known.name,
        choices=choices if len(choices) > 1 else (),
        headings=headings,
        preview=preview,
        asks_date_order=bool(fitting[0].dates) and not order,
        date_order=order,
    )


def _above_a_list(file: IO[bytes]) -> Recognised | None:
    """A table whose heading is not its first record."""
    for known in FORMATS:
        for part in {member.part for member in known.members}:
            if isinstance(part, Part) and part.above:
                try:
                    table = Table(_from_the_front(file), above=part.above)
                except FileRefused:
                    continue
                if part.fits(table.headings):
                    return Recognised(known.name, headings=tuple(table.headings))
    return None


def date_order_of(file: IO[bytes], heading: str) -> str:
    """ "ymd", "mdy" or "dmy", as the dates of that column allow no other; "" where they allow several."""
    table = Table(_from_the_front(file))
    key = tables.heading_key(heading)
    column = next((n for n, given in enumerate(table.headings) if tables.heading_key(given) == key), None)
    if column is None:
        return ""
    dates = (record.cells[column] for record in islice(table.records(), DATES_LOOKED_AT) if len(record.cells) > column)
    return plain.date_order(dates)


def _read_table(file: IO[bytes], format_name: str, options: Options) -> Iterator[Row | BadRow]:
    if format_name == rejects.FORMAT.name:
        yield from rejects.read(Table(_from_the_front(file)), PARTS, options)
        return
    if format_name == plain.FORMAT.name:
        if not options.date_order:
            options = replace(options, date_order=date_order_of(file, options.columns.get("watched_on", "")))
        table = plain.renamed(Table(_from_the_front(file)), options)
        yield from tables.read_table(table, plain.PART, options)
        return
    part = _part_of_table(file, BY_NAME[format_name], options)
    yield from tables.read_table(Table(_from_the_front(file), above=part.above), part, options)


def _part_of_table(file: IO[bytes], known: Format, options: Options) -> Part:
    for part in (*known.parts, *(member.part for member in known.members)):
        if isinstance(part, Part) and (not options.part or part.name == options.part):
            try:
                if part.fits(Table(_from_the_front(file), above=part.above).headings):
                    return part
            except FileRefused:
                continue
    raise FileRefused("unknown_format")


def _read_archive(file: IO[bytes], known: Format, options: Options) -> Iterator[Row | BadRow]:
    with archives.opened(file) as archive:
        root = _root_of(archive.names, known)
        for member in known.members:
            for name in archive.names:
                if name.startswith(root) and member.is_called(name.removeprefix(root)):
                    given = _given(archive, member.part, name)
                    with archive.member(name) as unpacked:
                        called = name.removeprefix(root)[:LONGEST_NAME]
                        yield from _read_member(unpacked, member.part, options, called, given)


def _given(archive: Archive, part: Part | JsonPart, name: str) -> Item:
    return part.of_archive(archive, name) if isinstance(part, JsonPart) and part.of_archive else {}


def _read_member(
    file: IO[bytes], part: Part | JsonPart, options: Options, name: str, given: Item
) -> Iterator[Row | BadRow]:
    if isinstance(part, JsonPart):
        yield from items.read_items(file, part, options, name=name, given=given)
        return
    try:
        table = Table(file, above=part.above)
        if not part.fits(table.headings):
            raise FileRefused("unknown_format", name)
    except FileRefused as refused:
        # One that is not what its name says must not stop the others.
        if refused.code == "broken_archive":
            raise
        if refused.code != "empty":
            yield BadRow(name, 1, part.name, {}, refused.code, about=refused.about)
        return
    yield from tables.read_table(table, part, options, file=name)


def _root_of(names: list[str], known: Format) -> str:
    """The one folder that holds all of it, where there is one."""
    folders = {name.partition("/")[0] for name in names if not name.startswith("__MACOSX/")}
    return f"{folders.pop()}/" if len(folders) == 1 and all("/" in name for name in names) else ""


def _format_of_archive(names: list[str]) -> Format:
    for known in FORMATS:
        if known.is_archive_with(names):
            return known
    raise FileRefused("unknown_archive")


def _parts_of_document(file: IO[bytes]) -> list[JsonPart]:
    """For an array all that it may be; for an object of several all that its format has."""
    for known in FORMATS:
        arrays = [part for part in known.parts if isinstance(part, JsonPart)]
        fitting = [part for part in arrays if _fits_document(file, part)]
        if fitting:
            if fitting[0].is_document:
                return [part for part in fitting if part.keys == fitting[0].keys]
            return [part for part in arrays if not part.is_document]
    raise FileRefused("unknown_json")


def _chosen(parts: list[JsonPart], options: Options) -> list[JsonPart]:
    if not parts[0].is_document:
        return parts
    return [part for part in parts if part.name == options.part] or parts[:1]


def _fits_document(file: IO[bytes], part: JsonPart) -> bool:
    file.seek(0)
    try:
        first = next(items.items(io.BytesIO(file.read(LOOKED_AT)), part.path), None)
    except FileRefused:
        return False
    return isinstance(first, dict) and part.fits(first)


def _tables(formats: Iterable[Format]) -> list[Part]:
    return [part for known in formats for part in known.parts if isinstance(part, Part)]


def _format_of(part: Part | JsonPart) -> Format:
    return next(known for known in FORMATS if part in known.parts)


def _from_the_front(file: IO[bytes]) -> IO[bytes]:
    file.seek(0)
    return file
