"""For the few statements of every page and of recording a film: Django writes them once, PostgreSQL plans them once.

Who may see what stays said in one place, the models' QuerySets, and costs no more than SQL written by hand: Django takes
longer to write such a statement than PostgreSQL to answer it.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import chain, zip_longest
from types import SimpleNamespace
from typing import Any

import psycopg.sql
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet, sql
from django.db.models.query import RelatedPopulator, get_related_populators
from psycopg.adapt import AdaptersMap


class PlannedCursor(psycopg.Cursor[Any]):
    """Django's own put values into the text of a statement, which then is another one each time; and they read moments
    in Python, where psycopg does it in C."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self._adapters = ADAPTERS

    def execute(self, query: Any, params: Any = None, **named: Any) -> Any:
        super().execute(query, params, prepare=True, **named)
        if self._query is None:  # psycopg forgets what it sends by its name; Django tells of it where that is asked for
            self._query = SimpleNamespace(query=query.encode())  # type: ignore[assignment]
        return self


class WrittenCursor(psycopg.ClientCursor[Any]):
    """Puts values into the text, so that PostgreSQL sees them when it plans."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        super().__init__(connection)
        self._adapters = ADAPTERS


ADAPTERS = AdaptersMap(psycopg.adapters)


class Statement:
    """What is sent to PostgreSQL by the name under which it knows it."""

    is_planned_once = True
    statement: tuple[str, list[str]]
    """Its text, and for each place of a value in it the name of that."""

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        return self._carry_out(*self._filled(values)).fetchall()

    def change(self, **values: Any) -> int:
        """How many rows were changed."""
        return self._carry_out(*self._filled(values)).rowcount

    def _filled(self, values: dict[str, Any]) -> tuple[str, list[object]]:
        text, names = self.statement
        return text, [values[name] for name in names]

    def _carry_out(self, text: str, values: list[object]) -> psycopg.Cursor[Any]:
        database = connections[DEFAULT_DB_ALIAS]  # which `connection` looks for each time anew
        database.ensure_connection()
        cursor = (PlannedCursor if self.is_planned_once else WrittenCursor)(database.connection)
        # Wrapped as Django wraps its own: what is asked is counted and logged.
        database._prepare_cursor(cursor).execute(text, values)  # type: ignore[attr-defined]
        return cursor


class Written(Statement):
    """By hand, where Django has no words for it; values stand in it as `%(name)s`."""

    NAMED = re.compile(r"%\((\w+)\)s")

    def __init__(self, text: str) -> None:
        self.statement = self.NAMED.sub("%s", text), self.NAMED.findall(text)


class Joined(Statement):
    """Several as one, each by its name a part that those after it may ask (`WITH`). All of them are carried out or none,
    without a transaction.

    All see the tables as they were before the first: what others commit while one of them waits is seen by none. And they
    are carried out in no order, but for those that ask another.
    """

    def __init__(self, answer: str, *, is_planned_once: bool = True, **parts: Statement) -> None:
        self.answer, self.parts = answer, parts
        self.is_planned_once = is_planned_once

    @cached_property
    def statement(self) -> tuple[str, list[str]]:  # type: ignore[override]
        written = [(name, *part.statement) for name, part in self.parts.items()]
        parts = ", ".join(f"{name} AS ({text})" for name, text, _names in written)
        return f"WITH {parts} {self.answer}", [name for _part, _text, names in written for name in names]


class Prepared(Statement):
    """`query` makes a QuerySet of models or of plain values, or what `updating` or `deleting` makes of one, with stand-ins
    where values will be; `stand_ins` names these. `ending`: what Django has no words for. `is_planned_once`: not where the
    best plan for one is a bad one for another, as for who follows two people and who follows two thousand.

    A stand-in is of the kind of its values and like nothing else in the statement. Whatever else it holds is written into
    it: of what it knows PostgreSQL sees which index serves. Columns are what psycopg makes of them, which for PostgreSQL is what
    Django would.
    """

    def __init__(
        self,
        query: Callable[[], QuerySet[Any, Any] | sql.Query],
        *,
        ending: str = "",
        is_planned_once: bool = True,
        **stand_ins: object,
    ) -> None:
        self.make = query
        self.ending = ending
        self.is_planned_once = is_planned_once
        self.stand_ins = stand_ins

    @cached_property
    def query(self) -> sql.Query:
        made = self.make()
        return made.query if isinstance(made, QuerySet) else made

    @cached_property
    def compiler(self) -> Any:
        return self.query.get_compiler(connection=connection)

    @cached_property
    def statement(self) -> tuple[str, list[str]]:  # type: ignore[override]
        text, written = self.compiler.as_sql()
        names = [self._stand_in(found) for found in written]
        if missing := self.stand_ins.keys() - set(names):
            raise LookupError(f"the statement has no {' and no '.join(missing)}: {text}")
        parts = text.replace("%%", "\0").split("%s")
        constants = [
            "%s" if name else psycopg.sql.Literal(found).as_string().replace("%", "%%")
            for name, found in zip(names, written, strict=True)
        ]
        text = "".join(chain.from_iterable(zip_longest(parts, constants, fillvalue=""))).replace("\0", "%%")
        return f"{text} {self.ending}".rstrip(), [name for name in names if name]

    def _stand_in(self, found: object) -> str | None:
        for name, stand_in in self.stand_ins.items():
            if found == stand_in and isinstance(found, type(stand_in)):
                return name
        return None

    def first_rows(self, number: int, **values: Any) -> list[tuple[Any, ...]]:
        """At most so many. They are a value too, for the plan's sake: it is made once for people with ten films and with
        ten thousand, and of a number that it knows PostgreSQL thinks that most have fewer, so that it might as well fetch
        all and sort them. Of one that it does not know it thinks a tenth of what there is, and walks an index."""
        text, filled = self._filled(values)
        return self._carry_out(f"{text} LIMIT %s", [*filled, number]).fetchall()

    def models(self, **values: Any) -> list[Any]:
        return self.read(self.rows(**values))

    def read(self, rows: Iterable[tuple[Any, ...]]) -> list[Any]:
        """The models that rows of its own stand for, with those that come along (`select_related`) and what is annotated."""
        model, columns, others, annotated = self._ways
        found = []
        for row in rows:
            made = model.from_db(connection.alias, [*columns], [row[place] for place in columns.values()])
            for other in others:
                other.populate(row, made)
            for name, place in annotated.items():
                setattr(made, name, row[place])
            found.append(made)
        return found

    @cached_property
    def _ways(self) -> tuple[type[Model], dict[str, int], list[RelatedPopulator], dict[str, int]]:
        """To what each place of a row belongs: as Django's own `ModelIterable` finds it."""
        self.statement  # noqa: B018  # which the compiler learns them by
        select, known = self.compiler.select, self.compiler.klass_info
        columns = {select[place][0].target.attname: place for place in known["select_fields"]}
        others = get_related_populators(known, select, connection.alias)  # type: ignore[call-arg]  # of Django 6
        return known["model"], columns, others, self.compiler.annotation_col_map or {}


def inserting(model: type[Model], part: str, *, prefix: str = "", ending: str = "", **there: str) -> Written:
    """A row for each of another part: a column is that part's where `there` says so, else the value that has its name."""
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    taken = [there.get(name, f"%({prefix}{name})s") for name in names]
    target = f"{model._meta.db_table} ({', '.join(names)})"
    return Written(" ".join(["INSERT INTO", target, "SELECT", ", ".join(taken), "FROM", part, ending]))


def values_of(row: Model) -> dict[str, Any]:
    """What `inserting` wants, of columns that psycopg knows how to write. Raises TypeError for what the database is to reckon,
    as its own defaults."""
    values = {}
    for field in row._meta.concrete_fields:
        if not field.primary_key:
            values[field.attname] = value = field.pre_save(row, True)
            if hasattr(value, "as_sql"):
                raise TypeError(f"{field} is given no value")
    return values


def updating(found: QuerySet[Any, Any], **columns: object) -> sql.Query:
    query: Any = found.query.chain(sql.UpdateQuery)
    query.add_update_values(columns)
    return query


def deleting(found: QuerySet[Any, Any]) -> sql.Query:
    """By one statement: of models that nothing else is deleted with."""
    return found.query.chain(sql.DeleteQuery)
