"""Lists by key: the address of the next page holds the sort key and the id of the last row on this one, so that a page
costs the same at any depth."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.core.exceptions import BadRequest, FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet

Key = int | datetime.date | datetime.datetime | None
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


_READ: dict[type, Callable[[str], Key]] = {
    int: int,
    datetime.date: datetime.date.fromisoformat,
    datetime.datetime: _read_moment,
}


def page_after(rows_of: QuerySet[Row], key: str, after: Cursor | None, size: int) -> tuple[list[Row], Cursor | None]:
    """`size` rows by `key`, highest first and those without it last, and the place of the next page if there is one.

    The rows without the key come after all others. Going on from a place before them they are a span of their own, so
    that each statement is one walk along an index that starts where the page does.
    """
    ordered = rows_of.order_by(F(key).desc(nulls_last=True), "-pk")
    if after is None:
        spans = [ordered]
    elif after.key is None:
        spans = [ordered.filter(**{key: None}, pk__lt=after.pk)]
    else:
        beyond = Q(**{f"{key}__lt": after.key}) | Q(pk__lt=after.pk)
        spans = [ordered.filter(beyond, **{f"{key}__lte": after.key})]
        if _may_be_lacking(rows_of.model, key):
            spans.append(ordered.filter(**{key: None}))
    rows: list[Row] = []
    for span in spans:
        if room := size + 1 - len(rows):
            rows += span[:room]
    page = rows[:size]
    return page, Cursor(getattr(page[-1], key), page[-1].pk) if len(rows) > size else None


def _may_be_lacking(model: type[Model], key: str) -> bool:
    try:
        return bool(model._meta.get_field(key).null)
    except FieldDoesNotExist:  # annotated
        return True
