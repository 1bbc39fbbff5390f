"""Places to work at, of which a web process has few (see crowd.py): who waits for another service needs none meanwhile."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_WORK = 3
"""Of the requests of one process: while one asks the database another reckons."""

_places = threading.Semaphore(AT_WORK)
_mine = threading.local()


def take(timeout: float) -> bool:
    """False where none became free in so many seconds."""
    _mine.is_taken = _places.acquire(timeout=timeout)
    return bool(_mine.is_taken)


def give_back() -> None:
    if getattr(_mine, "is_taken", False):
        _mine.is_taken = False
        _places.release()


@contextmanager
def left_to_others() -> Iterator[None]:
    """Around a wait for another service. Whoever had a place has one again afterwards."""
    had_one = getattr(_mine, "is_taken", False)
    give_back()
    try:
        yield
    finally:
        if had_one:
            _mine.is_taken = _places.acquire()
