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
        return _answer(text, [value(values) for value in of])

    def first_rows(self, number: int, **values: Any) -> list[tuple[Any, ...]]:
        """At most so many. They are a value too, for the plan's sake: it is made once for people with ten films and with
        ten thousand, and of a number that it knows PostgreSQL thinks that most have fewer, so that it might as well fetch
        all and sort them. Of one that it does not know it thinks a tenth of what there is, and walks an index."""
        text, of = self.statement
        return _answer(f"{text} LIMIT %s", [*(value(values) for value in of), number])


def _answer(text: str, values: list[object]) -> list[tuple[Any, ...]]:
    connection.ensure_connection()
    planned = PlannedCursor(connection.connection)
    # Wrapped as Django wraps its own: what is asked is counted and logged.
    with connection._prepare_cursor(planned) as cursor:  # type: ignore[attr-defined]
        cursor.execute(text, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
