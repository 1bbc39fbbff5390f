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


def copy_in(model: type[Model], rows: Sequence[Model]) -> None:
    """Rows that are new, by COPY: a third of the time that `bulk_create` takes. They get their keys, but do not learn
    them."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields])
