"""All that a database holds, in figures small enough to lay beside those of another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

RELATIONS = """
    SELECT n.nspname, c.relname, c.relkind, c.relpersistence
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'S') AND n.nspname !~ '^(pg_|information_schema)'
    ORDER BY 1, 2
"""
# By their names: what they say comes back in other words that mean the same.
RULES = """
    SELECT format('index %s of %s%s', indexrelid::regclass, indrelid::regclass, CASE WHEN indisvalid THEN '' ELSE ', not valid' END)
    FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
    UNION ALL
    SELECT format('constraint %s (%s) of %s%s', conname, contype, conrelid::regclass, CASE WHEN convalidated THEN '' ELSE ', not valid' END)
    FROM pg_constraint WHERE connamespace::regnamespace::text !~ '^(pg_|information_schema)'
    UNION ALL
    SELECT format('trigger %s of %s', tgname, tgrelid::regclass) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'extension ' || extname FROM pg_extension
"""
# A sum does not ask for the order of the rows, and does not let two equal ones cancel each other out. Of all that
# PostgreSQL can hash by, MD5 alone gives the same on every version and every kind of machine.
CHECKSUM = "SELECT count(*), coalesce(sum(('x' || left(md5(r::text), 16))::bit(64)::bigint), 0)::text FROM {} r"


@dataclass(frozen=True)
class Rows:
    count: int
    checksum: str


@dataclass(frozen=True)
class Contents:
    tables: dict[str, Rows]
    unlogged: dict[str, Rows]
    """Those that PostgreSQL leaves out of backups: what is in them is worth less than writing it twice."""
    positions: dict[str, tuple[int, bool]]
    """Of sequences: the last number, and whether it was given out."""
    rules: frozenset[str]
    """Indexes, constraints, triggers, extensions."""

    @property
    def count(self) -> int:
        return sum(rows.count for rows in self.tables.values())


def contents(connection: psycopg.Connection[Any]) -> Contents:
    """Read all of it; in one snapshot, if the connection is in one."""
    connection.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET IntervalStyle = 'iso_8601'")
    connection.execute("SET extra_float_digits = 1; SET bytea_output = 'hex'")
    tables: dict[str, Rows] = {}
    unlogged: dict[str, Rows] = {}
    positions: dict[str, tuple[int, bool]] = {}
    for schema, name, kind, persistence in connection.execute(RELATIONS).fetchall():
        found = sql.Identifier(schema, name)
        if kind == "S":
            last, is_given = one(connection, sql.SQL("SELECT last_value, is_called FROM {}").format(found))
            positions[name] = (last, is_given)
        else:
            rows = Rows(*one(connection, sql.SQL(CHECKSUM).format(found)))
            (unlogged if persistence == "u" else tables)[name] = rows
    rules = frozenset(rule for (rule,) in connection.execute(RULES).fetchall())
    return Contents(tables, unlogged, positions, rules)


def one(connection: psycopg.Connection[Any], query: sql.Composed) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 - neither an aggregate nor a sequence is ever without its row
    return tuple(row)


def differences(source: Contents, restored: Contents, positions_after: dict[str, tuple[int, bool]]) -> Iterator[str]:
    """Say what is not as it was.

    Sequences stand outside of snapshots: `positions_after` are the source's when its dump had ended. On a source that
    nobody writes to they are what they were before.
    """
    for name in sorted(source.tables.keys() | restored.tables.keys()):
        before, after = source.tables.get(name), restored.tables.get(name)
        if before is None:
            yield f"{name}: a table that the source does not have"
        elif after is None:
            yield f"{name}: the table is missing"
        elif before.count != after.count:
            yield f"{name}: {before.count} rows, restored {after.count}"
        elif before != after:
            yield f"{name}: as many rows ({before.count}), but not the same"
    for name in sorted(source.unlogged.keys() | restored.unlogged.keys()):
        if name not in restored.unlogged or name not in source.unlogged:
            yield f"{name}: an unlogged table in one of the two only"
        elif restored.unlogged[name].count:
            yield f"{name}: unlogged, and yet {restored.unlogged[name].count} rows came back"
    for name in sorted(source.positions.keys() | restored.positions.keys()):
        if name not in restored.positions or name not in source.positions:
            yield f"{name}: a sequence in one of the two only"
        elif not source.positions[name] <= restored.positions[name] <= positions_after[name]:
            yield f"{name}: the sequence stood at {source.positions[name][0]}, restored {restored.positions[name][0]}"
    for rule in sorted(source.rules ^ restored.rules):
        yield f"{'missing' if rule in source.rules else 'too much'}: {rule}"
