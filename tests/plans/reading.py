"""How PostgreSQL answers what the code asks: each statement is explained where it is sent."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection

LARGE = {"movies_entry", "movies_viewing", "movies_film", "accounts_user", "accounts_follow", "outbox_message"}
EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "
EXPLAINED = ("SELECT", "(SELECT", "UPDATE", "DELETE", "WITH")


@dataclass(frozen=True)
class Plan:
    """That of a prepared statement is the one for any values."""

    statement: str
    is_prepared: bool
    root: dict[str, Any]

    @property
    def nodes(self) -> list[dict[str, Any]]:
        return [node for _depth, node in _indented(self.root)]

    @property
    def pages(self) -> int:
        """How many buffers of 8 KB were looked into, whether they lay in memory or not."""
        return _pages(self.root)

    @property
    def read_whole(self) -> set[str]:
        """Large tables of which each row was looked at."""
        tables = {node["Relation Name"] for node in self.nodes if node["Node Type"] == "Seq Scan"}
        return tables & LARGE

    @property
    def indexes(self) -> set[str]:
        """By which rows were looked for; not those of conditions that never came to be asked."""
        return {node["Index Name"] for node in self.nodes if "Index Name" in node and node["Actual Loops"]}

    @property
    def sorted_rows(self) -> int:
        """How many rows the largest sort was given."""
        sorts = (node for node in self.nodes if node["Node Type"] in ("Sort", "Incremental Sort"))
        given = (node["Plans"][0]["Actual Rows"] * node["Plans"][0]["Actual Loops"] for node in sorts)
        return int(max(given, default=0))

    def __str__(self) -> str:
        steps = [
            f"{'  ' * depth}{node['Node Type']} {node.get('Index Name', node.get('Relation Name', ''))}"
            f" ({node['Actual Rows']:g} rows, {node['Actual Loops']} times, {_pages(node)} pages)"
            for depth, node in _indented(self.root)
        ]
        return "\n".join([self.statement, *steps])


def _pages(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])


def _indented(node: dict[str, Any], depth: int = 0) -> Iterator[tuple[int, dict[str, Any]]]:
    yield depth, node
    for child in node.get("Plans", []):
        yield from _indented(child, depth + 1)


@dataclass
class Explaining:
    """Each statement that is sent, explained at the time; later it would find other rows, and other settings."""

    plans: list[Plan] = field(default_factory=list)

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if not sql.startswith(EXPLAINED):
            return execute(sql, params, many, context)
        execute(EXPLAIN + sql, params, many, context)
        explained = _explained(context["cursor"])
        answer = execute(sql, params, many, context)
        prepared = _prepared(context["connection"].connection, sql, params)
        self.plans.append(Plan(sql, bool(prepared), prepared or explained))
        return answer


def plans_of(ask: Callable[[], object]) -> list[Plan]:
    """Of each statement that `ask` sends."""
    with connection.execute_wrapper(explaining := Explaining()):
        ask()
    return explaining.plans


def _prepared(server: psycopg.Connection[Any], sql: str, params: Any) -> dict[str, Any] | None:
    """How the statement is executed that was made of this one and is kept; None where none was."""
    numbers = iter(range(1, sql.count("%s") + 1))
    numbered = re.sub("%[s%]", lambda found: f"${next(numbers)}" if found[0] == "%s" else "%", sql)
    with psycopg.ClientCursor(server) as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE statement = %s", [numbered])
        for (name,) in cursor.fetchall():
            given = f"({', '.join(['%s'] * len(params))})" if params else ""
            cursor.execute(f'{EXPLAIN} EXECUTE "{name}"{given}', params)
            return _explained(cursor)
    return None


def _explained(cursor: Any) -> dict[str, Any]:
    [[[explained]]] = cursor.fetchall()
    plan: dict[str, Any] = explained["Plan"]
    return plan
