import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from movies.catalog.tmdb.flights import Flights


@pytest.fixture
def somebody() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as thread:
        yield thread


class Knock:
    """A key that tells when somebody looks for it; whoever does then holds the lock, and finds what is under way."""

    def __init__(self) -> None:
        self.has_come = threading.Event()
        self.lookers = 0

    def __hash__(self) -> int:
        self.lookers += 1
        if self.lookers > 2:  # the first looks for it, and puts it there
            self.has_come.set()
        return 1


def never() -> str:
    raise AssertionError("only the first brings")


def test_the_second_shares_what_the_first_brings(somebody: ThreadPoolExecutor) -> None:
    flights, key, is_under_way = Flights(), Knock(), threading.Event()

    def bring() -> str:
        is_under_way.set()
        key.has_come.wait(5)
        return "film"

    first = somebody.submit(flights.share, key, bring, timeout=5)
    is_under_way.wait(5)

    assert flights.share(key, never, timeout=5) == "film"
    assert first.result() == "film"


def test_the_second_shares_what_the_first_raises(somebody: ThreadPoolExecutor) -> None:
    flights, key, is_under_way = Flights(), Knock(), threading.Event()

    def bring() -> str:
        is_under_way.set()
        key.has_come.wait(5)
        raise LookupError

    somebody.submit(flights.share, key, bring, timeout=5)
    is_under_way.wait(5)

    with pytest.raises(LookupError):
        flights.share(key, never, timeout=5)


def test_the_second_does_not_wait_for_ever(somebody: ThreadPoolExecutor) -> None:
    flights, is_under_way, may_land = Flights(), threading.Event(), threading.Event()

    def bring() -> str:
        is_under_way.set()
        may_land.wait(5)
        return "film"

    somebody.submit(flights.share, "key", bring, timeout=5)
    is_under_way.wait(5)

    with pytest.raises(TimeoutError):
        flights.share("key", never, timeout=0.01)
    may_land.set()


def test_after_a_failure_the_next_tries_anew() -> None:
    flights = Flights()

    def fail() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        flights.share("key", fail, timeout=5)

    assert flights.share("key", lambda: "film", timeout=5) == "film"


def test_who_wants_something_else_brings_it(somebody: ThreadPoolExecutor) -> None:
    flights, is_under_way, may_land = Flights(), threading.Event(), threading.Event()

    def bring() -> str:
        is_under_way.set()
        may_land.wait(5)
        return "film"

    first = somebody.submit(flights.share, "one", bring, timeout=5)
    is_under_way.wait(5)

    assert flights.share("other", lambda: "another", timeout=5) == "another"
    may_land.set()
    assert first.result() == "film"
