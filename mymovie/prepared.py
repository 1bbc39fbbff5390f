"""For the few statements of every page and of recording a film: Django writes them once, PostgreSQL plans them once.

Who may see what stays said in one place, the models' QuerySets, and costs no more than SQL written by hand: Django takes
longer to write such a statement than PostgreSQL to answer it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model, QuerySet, sql
from psycopg.adapt import AdaptersMap


class PlannedCursor(psycopg.Cursor[Any]):
    """Django's own put values into the text of a statement, which then is another one each time; and they read moments
    in Python, where psycopg does it in C."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self._adapters = ADAPTERS

    def execute(self, query: Any, params: Any = None, **named: Any) -> Any:
        return super().execute(query, params, prepare=True, **named)


ADAPTERS = AdaptersMap(psycopg.adapters)


class Prepared:
    """`query` makes a QuerySet of models or of plain values, or what `updating` or `deleting` makes of one, with stand-ins
    where values will be; `stand_ins` names these. `ending`: what Django has no words for.

    A stand-in is of the kind of its values and like nothing else in the statement. Of models no column may be one that
    Django would convert: for PostgreSQL those are few (JSON, durations).
    """

    def __init__(
        self, query: Callable[[], QuerySet[Any, Any] | sql.Query], *, ending: str = "", **stand_ins: object
    ) -> None:
        self.make = query
        self.ending = ending
        self.stand_ins = stand_ins

    @cached_property
    def query(self) -> sql.Query:
        made = self.make()
        return made.query if isinstance(made, QuerySet) else made

    @cached_property
    def statement(self) -> tuple[str, list[Callable[[dict[str, Any]], object]]]:
        text, written = self.query.get_compiler(connection=connection).as_sql()
        missing = [name for name, stand_in in self.stand_ins.items() if stand_in not in written]
        if missing:
            raise LookupError(f"the statement has no {' and no '.join(missing)}: {text}")
        return f"{text} {self.ending}".rstrip(), [self._value(found) for found in written]

    def _value(self, found: Any) -> Callable[[dict[str, Any]], object]:
        for name, stand_in in self.stand_ins.items():
            if found == stand_in and isinstance(found, type(stand_in)):
                return lambda values: values[name]
        return lambda values: found

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        return _carry_out(*self._filled(values)).fetchall()

    def first_rows(self, number: int, **values: Any) -> list[tuple[Any, ...]]:
        """At most so many. They are a value too, for the plan's sake: it is made once for people with ten films and with
        ten thousand, and of a number that it knows PostgreSQL thinks that most have fewer, so that it might as well fetch
        all and sort them. Of one that it does not know it thinks a tenth of what there is, and walks an index."""
        text, filled = self._filled(values)
        return _carry_out(f"{text} LIMIT %s", [*filled, number]).fetchall()

    def models(self, **values: Any) -> list[Any]:
        """Whole ones, with what the QuerySet annotates."""
        return [self._model(row) for row in self.rows(**values)]

    def _model(self, row: tuple[Any, ...]) -> Model:
        model: type[Model] = self.query.get_meta().model
        columns = [field.attname for field in model._meta.concrete_fields]
        made = model.from_db(connection.alias, columns, row[: len(columns)])
        made.__dict__ |= zip(self.query.annotation_select, row[len(columns) :], strict=True)
        return made

    def change(self, **values: Any) -> int:
        """How many rows were changed."""
        return _carry_out(*self._filled(values)).rowcount

    def _filled(self, values: dict[str, Any]) -> tuple[str, list[object]]:
        text, of = self.statement
        return text, [value(values) for value in of]


def updating(found: QuerySet[Any, Any], **columns: object) -> sql.Query:
    query: Any = found.query.chain(sql.UpdateQuery)
    query.add_update_values(columns)
    return query


def deleting(found: QuerySet[Any, Any]) -> sql.Query:
    """By one statement: of models that nothing else is deleted with."""
    return found.query.chain(sql.DeleteQuery)


def _carry_out(text: str, values: list[object]) -> PlannedCursor:
    connection.ensure_connection()
    cursor = PlannedCursor(connection.connection)
    # Wrapped as Django wraps its own: what is asked is counted and logged.
    connection._prepare_cursor(cursor).execute(text, values)  # type: ignore[attr-defined]
    return cursor
