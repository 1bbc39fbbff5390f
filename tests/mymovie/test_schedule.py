import datetime
import os
import signal
import threading

import pytest
from django.core.management import call_command

from movies.management.commands import work
from mymovie import schedule
from mymovie.schedule import CHORES, Chore

done: list[str] = []


def good() -> None:
    done.append("good")


def bad() -> None:
    done.append("bad")
    raise RuntimeError("as it happens")


@pytest.fixture(autouse=True)
def _handlers_as_before():
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    done.clear()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.django_db
@pytest.mark.parametrize("chore", CHORES, ids=lambda chore: chore.job)
def test_every_chore_can_be_done_and_repeated_when_there_is_nothing_to_do(chore: Chore) -> None:
    chore.do()
    chore.do()


def test_a_chore_that_fails_stops_neither_the_others_nor_its_own_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    chores = [Chore(datetime.timedelta(), f"{__name__}.{name}") for name in ("bad", "good")]
    monkeypatch.setattr(work, "CHORES", chores)
    monkeypatch.setattr(work, "TICK", 0.01)
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()

    call_command("work")

    assert done[:4] == ["bad", "good", "bad", "good"]


def test_a_chore_waits_for_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "CHORES", [Chore(schedule.HOUR, f"{__name__}.good")])
    monkeypatch.setattr(work, "TICK", 0.01)
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()

    call_command("work")

    assert done == ["good"]
