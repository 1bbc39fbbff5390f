import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")


class Flights:
    """Those who want the same at the same time wait for the first of them, and share what it brings or raises."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[Hashable, Future[Any]] = {}

    def share(self, key: Hashable, bring: Callable[[], T], *, timeout: float) -> T:
        """Raises TimeoutError when the first takes longer than `timeout` seconds."""
        with self._lock:
            flight: Future[T] | None = self._under_way.get(key)
            if is_first := flight is None:
                flight = self._under_way[key] = Future()
        if is_first:
            try:
                flight.set_result(bring())
            except BaseException as error:
                flight.set_exception(error)
                raise
            finally:
                with self._lock:
                    del self._under_way[key]
        return flight.result(timeout)
