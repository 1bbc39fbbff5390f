"""What one process at a time may be at, without a row or a transaction for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def claimed(name: str) -> Iterator[bool]:
    """Whether nobody else is at `name`; if so, nobody else is until the block ends, or our connection does.

    The claim belongs to the connection: it outlasts transactions, and a process that is killed leaves none behind.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        is_ours: bool = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
