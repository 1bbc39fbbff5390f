"""For the few statements that are asked on every page: Django writes them once, PostgreSQL plans them once.

Who may see what stays said in one place, the models' QuerySets, and costs no more than SQL written by hand: Django takes
longer to write such a statement than PostgreSQL to answer it.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import psycopg
from django.db import connection
from django.db.models import QuerySet
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
    """`query` makes a QuerySet of plain values, with stand-ins where values will be; `stand_ins` names these.

    A stand-in is of the kind of its values and like nothing else in the statement. Of models the QuerySet may ask for no
    column that Django would convert: for PostgreSQL those are few (JSON, durations).
    """

    def __init__(self, query: Callable[[], QuerySet[Any, Any]], **stand_ins: object) -> None:
        self.query = query
        self.stand_ins = stand_ins

    @cached_property
    def statement(self) -> tuple[str, list[Callable[[dict[str, Any]], object]]]:
        text, written = self.query().query.get_compiler(connection=connection).as_sql()
        missing = [name for name, stand_in in self.stand_ins.items() if stand_in not in written]
        if missing:
            raise LookupError(f"the statement has no {' and no '.join(missing)}: {text}")
        return text, [self._value(found) for found in written]

    def _value(self, found: Any) -> Callable[[dict[str, Any]], object]:
        for name, stand_in in self.stand_ins.items():
            if found == stand_in and isinstance(found, type(stand_in)):
                return lambda values: values[name]
        return lambda values: found

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        text, of = self.statement
        connection.ensure_connection()
        planned = PlannedCursor(connection.connection)
        # Wrapped as Django wraps its own: what is asked is counted and logged.
        with connection._prepare_cursor(planned) as cursor:  # type: ignore[attr-defined]
            cursor.execute(text, [value(values) for value in of])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
