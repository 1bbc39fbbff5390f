"""Many rows at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import Model


def save_all(rows: Iterable[Model], fields: Sequence[str]) -> None:
    """Write these columns of rows that are there. As an insertion that finds them: `bulk_update` spells out each value of
    each row, which takes ten times as long."""
    rows = list(rows)
    if rows:
        manager: Any = type(rows[0])._default_manager
        manager.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=1000)


def copy_in(rows: Iterable[Model]) -> None:
    """Rows that are new, by COPY, which takes a third of the time of `bulk_create`. They learn their keys.
    Raises IntegrityError."""
    rows = list(rows)
    if not rows:
        return
    table, fields = rows[0]._meta.db_table, rows[0]._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        database = cursor.db  # itself, not what stands for it: it is asked for each value
        cursor.execute(KEYS, [table, len(rows)])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
        with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([field.get_db_prep_save(field.pre_save(row, True), database) for field in fields])
    for row in rows:
        row._state.adding = False


KEYS = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
