"""Lists by key: the address of the next page holds the sort key and the id of the last row on this one, so that a page
costs the same at any depth."""

import datetime
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import BadRequest, FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet, Value

Key = int | str | datetime.date | datetime.datetime | None
Row = TypeVar("Row", bound=Model)


class BadCursor(BadRequest):
    """A place that no list has given out."""


@dataclass(frozen=True)
class Cursor:
    """A place in a list: after the row with this sort key and id."""

    key: Key
    pk: int

    def __str__(self) -> str:
        match self.key:
            case None:
                key = "none"
            case datetime.datetime():
                key = self.key.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%S%f")
            case str():
                key = f"-{self.key}"  # any text may be a key, also "none"
            case _:
                key = str(self.key)
        return f"{key}.{self.pk}"

    @classmethod
    def read(cls, written: str, kind: type) -> "Cursor":
        """The place that `str` wrote, its key of this kind. Raises BadCursor."""
        key, _dot, pk = written.rpartition(".")
        try:
            return cls(None if key == "none" else _READ[kind](key), int(pk))
        except (ValueError, OverflowError) as error:
            raise BadCursor(written) from error


def _read_moment(written: str) -> datetime.datetime:
    moment = datetime.datetime.strptime(written, "%Y%m%dT%H%M%S%f").replace(tzinfo=datetime.UTC)
    if not 1900 <= moment.year <= 9000:
        raise ValueError("no such moment")  # at the ends of the calendar there are days that some time zone lacks
    return moment


def _read_text(written: str) -> str:
    if not written.startswith("-") or "\x00" in written:
        raise ValueError("no such text")
    written.encode()  # no half of a character either: no database would take it
    return written[1:]


_READ: dict[type, Callable[[str], Key]] = {
    int: int,
    str: _read_text,
    datetime.date: datetime.date.fromisoformat,
    datetime.datetime: _read_moment,
}


def page_after(
    rows_of: QuerySet[Row], key: str, after: Cursor | None, size: int, *, is_ascending: bool = False
) -> tuple[list[Row], Cursor | None]:
    """`size` rows by `key`, highest first unless `is_ascending`, and the place of the next page if there is one."""
    return cut([span.__getitem__ for span in spans(rows_of, key, after, is_ascending=is_ascending)], key, size)


def pages_after(
    lists: Mapping[str, tuple[QuerySet[Any], Cursor | None]], key: str, size: int
) -> dict[str, tuple[list[Any], Cursor | None]]:
    """A page of each of these lists, with where it begins, in one statement; no row of theirs may lack the key."""
    return apart(lists, in_one(lists, key, size), key, size)


def in_one(lists: Mapping[str, tuple[QuerySet[Any], Cursor | None]], key: str, size: int) -> QuerySet[Any]:
    """The rows of those pages, for `apart`."""
    parts: list[QuerySet[Any]] = []
    for name, (rows_of, after) in lists.items():
        if not rows_of.query.is_empty():
            [span] = spans(rows_of, key, after)
            parts.append(span.annotate(in_list=Value(name))[: size + 1])
    if not parts[1:]:  # of a single one PostgreSQL would not hear of a second order
        return parts[0] if parts else rows_of.none()
    return parts[0].union(*parts[1:], all=True).order_by(f"-{key}", "-pk")


def apart(names: Iterable[str], rows: Iterable[Any], key: str, size: int) -> dict[str, tuple[list[Any], Cursor | None]]:
    found: dict[str, list[Any]] = {name: [] for name in names}
    for row in rows:
        found[row.in_list].append(row)
    return {name: cut([rows.__getitem__], key, size) for name, rows in found.items()}


def cut(spans: Iterable[Callable[[slice], Iterable[Any]]], key: str, size: int) -> tuple[list[Any], Cursor | None]:
    """A page of what lies in `spans`, one after the other; each gives the slice of its rows that it is asked for."""
    rows: list[Any] = []
    for span in spans:
        if room := size + 1 - len(rows):
            rows += span(slice(room))
    page = rows[:size]
    return page, Cursor(getattr(page[-1], key), page[-1].pk) if len(rows) > size else None


def spans(rows_of: QuerySet[Row], key: str, after: Cursor | None, *, is_ascending: bool = False) -> list[QuerySet[Row]]:
    """What follows `after`, in parts.

    The rows without the key come after all others, either way. Going on from a place before them they are a span of their
    own, so that each statement is one walk along an index that starts where the page does: ascending, it walks backwards
    along the same index, whose nulls then stand first.
    """
    if is_ascending:
        ordered, beyond = rows_of.order_by(F(key).asc(nulls_first=True), "pk"), "gt"
    else:
        ordered, beyond = rows_of.order_by(F(key).desc(nulls_last=True), "-pk"), "lt"
    lacking = ordered.filter(**{key: None})
    may_be_lacking = _may_be_lacking(rows_of.model, key)
    if after is None and not (is_ascending and may_be_lacking):
        return [ordered]
    if after is None:
        return [ordered.exclude(**{key: None}), lacking]
    if after.key is None:
        return [lacking.filter(**{f"pk__{beyond}": after.pk})]
    further = Q(**{f"{key}__{beyond}": after.key}) | Q(**{f"pk__{beyond}": after.pk})
    found = [ordered.filter(further, **{f"{key}__{beyond}e": after.key})]
    return [*found, lacking] if may_be_lacking else found


def _may_be_lacking(model: type[Model], key: str) -> bool:
    try:
        return bool(model._meta.get_field(key).null)
    except FieldDoesNotExist:  # annotated
        return True
