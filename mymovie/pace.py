import datetime
import time
from typing import Protocol

from django.db import connection, transaction


class Bucket(Protocol):
    def take(self, timeout: float) -> bool:
        """Wait for one's turn. False, at once, when it would not come within `timeout` seconds."""
        ...


class PostgresBucket:
    """Evenly spaced turns, shared by every process on the same database: at most `per_second` fall into any second.

    One statement reserves the turn, and the waiting for it holds neither lock nor transaction. Only the database's clock
    counts. A turn is reserved when it is handed out, so one that starts late (its process was slow to wake) does not
    delay the others; that lateness is the only way in which a second can see more starts than `per_second`.
    """

    TAKE = """
        INSERT INTO movies_requestpace AS pace (name, next_at)
        VALUES (%(name)s, clock_timestamp() + %(step)s * interval '1 second')
        ON CONFLICT (name) DO UPDATE
            SET next_at = greatest(pace.next_at, clock_timestamp()) + %(step)s * interval '1 second'
            WHERE pace.next_at <= clock_timestamp() + %(timeout)s * interval '1 second'
        RETURNING extract(epoch FROM next_at - clock_timestamp())::float8 - %(step)s
    """
    RESERVE = """
        INSERT INTO movies_requestpace AS pace (name, next_at)
        VALUES (%(name)s, %(not_before)s + %(length)s * interval '1 second')
        ON CONFLICT (name) DO UPDATE
            SET next_at = greatest(pace.next_at, %(not_before)s) + %(length)s * interval '1 second'
        RETURNING next_at - %(length)s * interval '1 second'
    """

    def __init__(self, name: str, *, per_second: float) -> None:
        self.name = name
        self.step = 1 / per_second

    def take(self, timeout: float) -> bool:
        wait = self._take(timeout)
        if wait is None:
            return False
        time.sleep(max(0.0, wait))
        return True

    def reserve(self, turns: int, *, not_before: datetime.datetime) -> datetime.datetime:
        """When the first of so many turns in a row comes; nobody waits for it here. In a transaction, whoever reserves
        the next waits until it ends."""
        with connection.cursor() as cursor:
            length = turns * self.step
            cursor.execute(self.RESERVE, {"name": self.name, "length": length, "not_before": not_before})
            first: datetime.datetime = cursor.fetchone()[0]
        return first

    def _take(self, timeout: float) -> float | None:
        """Seconds until our turn. Refused inside a transaction, which would keep everybody waiting until it ends."""
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(self.TAKE, {"name": self.name, "step": self.step, "timeout": timeout})
            row = cursor.fetchone()
        return row[0] if row else None
