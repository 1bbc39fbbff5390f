"""JSON as people have it: arrays of objects, read one by one, however many there are."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

import ijson

from movies.imports.formats.archives import Archive
from movies.imports.formats.cells import Cells
from movies.imports.formats.rows import BadRow, FileRefused, Options, Row, RowRefused, Said

LONGEST_ITEM = 256 * 1024  # characters
LONGEST_TOKEN = 1024 * 1024  # bytes; a file is not read on after one of more
DEEPEST = 100  # arrays and objects within each other
PIECE = 64 * 1024
RAW = "json"
"""The one column of an item: it is kept, and given back to be mended, as the JSON that it was."""
TOO_LONG = object()
"""Stands for an item that is."""

Item = dict[str, Any]
Event = tuple[str, Any]

_NO_TEXT = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")  # what no database keeps, as json.dumps writes it


@dataclass(frozen=True)
class JsonPart:
    """A kind of array: where it stands in the document ("item" for the document itself, "movies.item" for a member), the
    keys that all of its items have, and what an item says. `read` raises RowRefused.

    `of_archive`: what its archive tells of the member of that name, for each of its items to be given. Items that `is_row`
    says no to are none of the file's rows.
    """

    name: str
    path: str
    keys: tuple[str, ...]
    read: Callable[[Item, Options], Said]
    of_archive: Callable[[Archive, str], Item] | None = None
    is_row: Callable[[Item], bool] = lambda item: True

    @property
    def is_document(self) -> bool:
        return self.path == "item"

    def fits(self, item: Item) -> bool:
        return item.keys() >= set(self.keys)


def is_json(file: IO[bytes]) -> bool:
    """By its first characters; leaves the file at its beginning."""
    file.seek(0)
    begins = file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    file.seek(0)
    return begins[:1] in (b"[", b"{")


def items(file: IO[bytes], path: str) -> Iterator[Any]:
    """Those of the array at `path`, or TOO_LONG. Raises FileRefused where it is no JSON, which may be after many good
    items; only an item is held at a time, and none that is too long."""
    wanted = path.split(".")
    at: list[str] = []  # the place of the next value: keys, and "item" within an array
    item: _Item | None = None
    for event, value in _events(file):
        match event:
            case "map_key":
                at[-1] = value
            case "end_map" | "end_array":
                at.pop()
            case _ if item is None and at == wanted:
                item = _Item()
        if item:
            item.take(event, value)
        if event == "start_map" or event == "start_array":
            at.append("item" if event == "start_array" else "")
            if len(at) > DEEPEST:
                raise FileRefused("unknown_json")
        elif item and event != "map_key" and len(at) == len(wanted):
            yield item.value
            item = None


class _Item:
    """Put together from what the parser finds, until it is too long."""

    def __init__(self) -> None:
        self._builder = ijson.ObjectBuilder()
        self._size = 0

    def take(self, event: str, value: Any) -> None:
        self._size += 2 + (len(value) if isinstance(value, str) else 0)
        if self._size <= LONGEST_ITEM:
            self._builder.event(event, value)
        else:
            self._builder = None

    @property
    def value(self) -> Any:
        return TOO_LONG if self._builder is None else self._builder.value


def _events(file: IO[bytes]) -> Iterator[Event]:
    found = ijson.sendable_list()
    parser = ijson.basic_parse_coro(found, use_float=True)
    waiting = 0  # bytes of a token that has not ended
    try:
        piece = file.read(PIECE).removeprefix(b"\xef\xbb\xbf")
        while piece:
            parser.send(piece)
            waiting = 0 if found else waiting + len(piece)
            if waiting > LONGEST_TOKEN:
                raise FileRefused("row_too_long")
            yield from found
            found.clear()
            piece = file.read(PIECE)
        parser.close()
        yield from found
    except (ijson.JSONError, UnicodeDecodeError):
        raise FileRefused("no_json") from None


def read_items(
    file: IO[bytes], part: JsonPart, options: Options, *, name: str = "", given: Item | None = None
) -> Iterator[Row | BadRow]:
    for number, found in enumerate(items(file, part.path), 1):
        if found is TOO_LONG:
            yield BadRow(name, number, part.name, {RAW: ""}, "row_too_long")
            continue
        item = found | given if given and isinstance(found, dict) else found
        if isinstance(item, dict) and not part.is_row(item):
            continue
        raw = {RAW: json.dumps(item, ensure_ascii=False)}
        yield read_item(part, item, raw, options, file=name, line=number)


def read_item(
    part: JsonPart, item: Any, raw: Mapping[str, str], options: Options, *, file: str, line: int
) -> Row | BadRow:
    if len(raw[RAW]) > LONGEST_ITEM:
        return BadRow(file, line, part.name, {RAW: ""}, "row_too_long")
    if _NO_TEXT.search(raw[RAW]):
        return BadRow(file, line, part.name, {RAW: json.dumps(item)}, "not_readable")
    if not isinstance(item, dict):
        return BadRow(file, line, part.name, raw, "not_an_item", RAW, raw[RAW][:200])
    try:
        said = part.read(item, options)
    except RowRefused as refused:
        value = value_at(item, refused.column)
        return BadRow(file, line, part.name, raw, refused.code, refused.column, value, refused.about)
    return Row(file, line, part.name, raw, said)


def value_at(item: Item, path: str) -> str:
    """What stands at "movie.ids.tmdb", as text; "" where nothing does."""
    value: Any = item
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def cells_of(item: Item, *paths: str) -> Cells:
    """These places of an item as cells, so that what is written there is read as it is in a table."""
    return Cells({path: value_at(item, path) for path in paths})
