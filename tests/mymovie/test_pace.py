import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing.synchronize import Barrier

import django
import pytest
from django.conf import settings
from django.db import connection, transaction

from mymovie import pace
from mymovie.pace import PostgresBucket

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 2
TURNS = 15  # of each process
PER_SECOND = 50


def prepare(database: str, line: Barrier) -> None:
    global start_line
    start_line = line
    settings.DATABASES["default"]["NAME"] = database
    django.setup()
    connection.ensure_connection()


def take_turns(_: int) -> list[float]:
    """When a process began, and when each of its turns came; the clock is the same for all processes."""
    bucket = PostgresBucket("test", per_second=PER_SECOND)
    start_line.wait(30)
    times = [time.monotonic()]
    for _ in range(TURNS):
        assert bucket.take(timeout=10)
        times.append(time.monotonic())
    return times


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long turns were waited for, without waiting; nobody may sleep in a transaction."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        assert not connection.in_atomic_block
        slept.append(seconds)

    monkeypatch.setattr(pace.time, "sleep", sleep)
    return slept


def test_processes_together_get_no_more_turns_than_there_are() -> None:
    context = multiprocessing.get_context("spawn")
    ready = (connection.settings_dict["NAME"], context.Barrier(PROCESSES))
    with ProcessPoolExecutor(PROCESSES, context, prepare, ready) as processes:
        times = list(processes.map(take_turns, range(PROCESSES)))

    began_at = min(each[0] for each in times)
    turns = sorted(turn for each in times for turn in each[1:])
    too_early = [number for number, turn in enumerate(turns) if turn < began_at + number / PER_SECOND - 0.001]
    assert len(turns) == PROCESSES * TURNS
    assert too_early == []


def test_turns_are_evenly_spaced(slept: list[float]) -> None:
    bucket = PostgresBucket("test", per_second=2)

    for _ in range(3):
        bucket.take(timeout=10)

    assert slept == [pytest.approx(0, abs=0.1), pytest.approx(0.5, abs=0.1), pytest.approx(1, abs=0.1)]


def test_turns_that_nobody_took_are_not_saved_up(slept: list[float]) -> None:
    bucket = PostgresBucket("test", per_second=2)
    bucket.take(timeout=10)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE movies_requestpace SET next_at = next_at - interval '1 hour'")

    bucket.take(timeout=10)
    bucket.take(timeout=10)

    assert slept[1:] == [0, pytest.approx(0.5, abs=0.1)]


def test_a_turn_that_would_come_too_late_is_left_to_others(slept: list[float]) -> None:
    bucket = PostgresBucket("test", per_second=1)
    bucket.take(timeout=10)

    refused = [bucket.take(timeout=0.3) for _ in range(3)]

    assert refused == [False, False, False]
    assert bucket.take(timeout=10)
    assert slept[1:] == [pytest.approx(1, abs=0.2)]


def test_each_service_has_its_own_pace(slept: list[float]) -> None:
    PostgresBucket("test", per_second=1).take(timeout=10)

    assert PostgresBucket("other", per_second=1).take(timeout=0)


def test_no_turn_is_taken_inside_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        PostgresBucket("test", per_second=1).take(timeout=10)
