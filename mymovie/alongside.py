"""Rows of other tables that come along with a row, in the statement that finds it: as JSON, of which models are made again."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.functions import JSONObject

Row = TypeVar("Row", bound=Model)


def alongside(rows: QuerySet[Any], *columns: str) -> ArraySubquery:
    """These columns of the rows, in their order. Another table's are named by the way to them: `person__name`."""
    return ArraySubquery(rows.values(said=JSONObject(**{column: column for column in columns})))


def rebuilt(model: type[Row], said: Iterable[dict[str, Any]]) -> list[Row]:
    """What came along, as the database gives rows: a column that was not asked for is fetched when it is read."""
    return [_row(model, row) for row in said]


def _row(model: type[Row], said: dict[str, Any]) -> Row:
    own: dict[str, Any] = {}
    of_others: dict[str, dict[str, Any]] = {}
    for column, value in said.items():
        name, _, further = column.partition("__")
        if further:
            of_others.setdefault(name, {})[further] = value
        else:
            own[name] = model._meta.get_field(name).to_python(value)  # type: ignore[union-attr]
    columns = [field.attname for field in model._meta.concrete_fields if field.name in own]
    row = model.from_db(DEFAULT_DB_ALIAS, columns, [own[name] for name in columns])
    for name, columns_of_other in of_others.items():
        setattr(row, name, _row(model._meta.get_field(name).related_model, columns_of_other))  # type: ignore[arg-type]
    return row
