import threading
import time

from movies.catalog.tmdb.clock import Clock


class Breaker:
    """Leaves a failing service alone: after `limit` failures in a row, nobody is admitted for `rest` seconds, and then
    one in each `rest` seconds, until one of them succeeds. Each process has its own."""

    def __init__(self, *, limit: int = 5, rest: float = 30, clock: Clock = time) -> None:
        self.limit = limit
        self.rest = rest
        self.clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    @property
    def is_open(self) -> bool:
        return self.clock.monotonic() < self._rests_until

    def admit(self) -> bool:
        now = self.clock.monotonic()
        with self._lock:
            if now < self._rests_until:
                return False
            if self._failures >= self.limit:
                self._rests_until = now + self.rest  # this one tries for all the others
            return True

    def succeed(self) -> None:
        with self._lock:
            self._failures = 0
            self._rests_until = 0.0

    def fail(self, *, retry_after: float | None = None) -> None:
        """Count a failure; the service may itself say how long to leave it alone."""
        with self._lock:
            self._failures += 1
            rest = self.rest if self._failures >= self.limit else 0.0
            rests_until = self.clock.monotonic() + max(rest, retry_after or 0.0)
            self._rests_until = max(self._rests_until, rests_until)
