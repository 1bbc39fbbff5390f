"""What each migration does to a server of the version before, as JSON: `python -m tests.faults.upgrading`, told of an empty
database by the environment.

That server reads every column that it knows and writes none that it does not; and it waits for whatever a migration locks.
"""

import json
import re
from dataclasses import asdict, dataclass, field
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.db.migrations.state import ProjectState  # noqa: E402
from django.db.utils import ProgrammingError  # noqa: E402

LONG = {
    "an index that is not built beside": r'CREATE (UNIQUE )?INDEX (?!CONCURRENTLY).* ON "?{table}"? ',
    "a rule that all rows are held to": r'ALTER TABLE "?{table}"? ADD CONSTRAINT (?!.*NOT VALID)',
    "rows written anew": r'ALTER TABLE "?{table}"? ALTER COLUMN \S+ TYPE',
    "a column that all rows are searched for": r'ALTER TABLE "?{table}"? ALTER COLUMN \S+ SET NOT NULL',
}
"""Statements that hold a table for as long as it takes to go through it."""
HAVE_TO_BE_WRITTEN = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = %s
      AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO' AND is_generated = 'NEVER'
"""


@dataclass
class Step:
    migration: str
    unread: list[str] = field(default_factory=list)
    """Tables with columns that are gone."""
    unwritten: list[str] = field(default_factory=list)
    """Columns without which no row is accepted."""
    held: list[str] = field(default_factory=list)
    """Tables that were held, and by what."""


def tables_of(state: ProjectState) -> dict[str, list[str]]:
    """The columns of each table that the version of this state knows."""
    models = state.apps.get_models(include_auto_created=True)
    return {
        model._meta.db_table: [known.column for known in model._meta.local_concrete_fields]
        for model in models
        if model._meta.managed and not model._meta.proxy
    }


def is_read(table: str, columns: list[str]) -> bool:
    quoted = ", ".join(f'"{column}"' for column in columns)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {quoted} FROM "{table}" LIMIT 1')
    except ProgrammingError:
        return False
    return True


def to_be_written(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(HAVE_TO_BE_WRITTEN, [table])
        return {column for (column,) in cursor.fetchall()}


def steps() -> list[Step]:
    executor = MigrationExecutor(connection)
    executor.recorder.ensure_schema()
    state = executor._create_project_state()  # type: ignore[attr-defined]
    found = []
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        known, sent = tables_of(state), []

        def listen(execute: Any, sql: str, params: Any, many: bool, context: Any, sent: list[str] = sent) -> Any:
            sent.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(listen):
            state = executor.apply_migration(state, migration)
        step = Step(f"{migration.app_label}.{migration.name}")
        for table, columns in known.items():
            if not is_read(table, columns):
                step.unread.append(table)
            step.unwritten += sorted(f"{table}.{column}" for column in to_be_written(table) - set(columns))
            step.held += [
                f"{table}: {what}"
                for what, form in LONG.items()
                if any(re.match(form.format(table=table), " ".join(sql.split())) for sql in sent)
            ]
        found.append(step)
    return found


if __name__ == "__main__":
    print(json.dumps([asdict(step) for step in steps()]))
