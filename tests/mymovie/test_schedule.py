import datetime
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from mymovie.celery import app, say_for_when
from mymovie.outbox import jobs
from mymovie.outbox.models import Run
from mymovie.schedule import CHORES, Chore

pytestmark = pytest.mark.django_db

HOUR = datetime.timedelta(hours=1)
NOON = datetime.datetime(2026, 11, 25, 12, tzinfo=datetime.UTC)

done: list[str] = []


def good() -> None:
    done.append("good")


def bad() -> None:
    raise RuntimeError("as it happens")


@pytest.fixture(autouse=True)
def _chores(monkeypatch: pytest.MonkeyPatch) -> None:
    done.clear()
    for name in ("good", "bad"):
        monkeypatch.setitem(jobs.CHORES, name, Chore(HOUR, f"{__name__}.{name}"))


@pytest.mark.parametrize("name", CHORES)
def test_every_chore_can_be_done_and_repeated_when_there_is_nothing_to_do(name: str) -> None:
    CHORES[name].do()
    CHORES[name].do()


def test_a_slot_is_worked_on_once_whoever_is_late() -> None:
    minutes = (0, 1, 59, 60)

    did = [jobs.run_chore("good", NOON + datetime.timedelta(minutes=minute)) for minute in minutes]

    assert did == [True, False, False, True]
    assert done == ["good", "good"]


def test_nightly_work_has_one_slot_from_three_to_three_in_japan() -> None:
    nightly = CHORES["discover_openings"]
    japan = datetime.timezone(datetime.timedelta(hours=9))

    slots = [
        nightly.slot_at(datetime.datetime(2026, 11, day, hour, minute, tzinfo=japan))
        for day, hour, minute in ((25, 2, 59), (25, 3, 0), (26, 2, 59), (26, 3, 0))
    ]

    assert [f"{slot.astimezone(japan):%d %H:%M}" for slot in slots] == ["24 03:00", "25 03:00", "25 03:00", "26 03:00"]


@pytest.mark.parametrize(("minutes", "is_lost"), [(1, False), (3, True)])
def test_a_slot_whose_worker_was_lost_is_worked_on_again(minutes: int, is_lost: bool) -> None:
    Run.objects.create(job="good", slot=NOON)
    Run.objects.update(started_at=timezone.now() - datetime.timedelta(minutes=minutes))

    assert jobs.run_chore("good", NOON) == is_lost
    assert done == ["good"] * is_lost


@pytest.mark.django_db(transaction=True)
def test_three_schedulers_at_once_do_it_once() -> None:
    did: list[bool] = []

    def run() -> None:
        try:
            did.append(jobs.run_chore("good", NOON))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(did) == [False, False, True]
    assert done == ["good"]


def test_a_chore_that_fails_is_noted_and_has_its_next_slot() -> None:
    jobs.run_chore("bad", NOON)

    run = Run.objects.get()
    assert (run.error, run.slot) == ("RuntimeError: as it happens", NOON)
    assert run.ended_at
    assert jobs.run_chore("bad", NOON + HOUR)


def test_old_runs_are_forgotten() -> None:
    jobs.run_chore("good", NOON)
    assert jobs.forget_runs() == 0

    Run.objects.update(started_at=timezone.now() - jobs.RUNS_KEPT_FOR - HOUR)

    assert jobs.forget_runs() == 1


def test_the_clock_sends_every_chore_to_a_queue_and_says_for_when() -> None:
    headers: dict[str, object] = {}

    say_for_when(headers=headers)

    assert abs(datetime.datetime.fromisoformat(str(headers["due_at"])) - timezone.now()) < HOUR
    entries = app.conf.beat_schedule
    assert entries.keys() == CHORES.keys() - {"good", "bad"}
    assert {entry["options"]["queue"] for entry in entries.values()} <= {queue.name for queue in app.conf.task_queues}


@pytest.mark.parametrize(
    ("every", "moment", "slot"),
    [
        (HOUR, NOON + datetime.timedelta(minutes=59, seconds=59), NOON),
        (datetime.timedelta(minutes=10), NOON + datetime.timedelta(minutes=25), NOON + datetime.timedelta(minutes=20)),
        (24 * HOUR, NOON, NOON.replace(hour=0)),
    ],
)
def test_slots_follow_each_other_without_gaps(
    every: datetime.timedelta, moment: datetime.datetime, slot: datetime.datetime
) -> None:
    assert Chore(every, "x").slot_at(moment) == slot


def test_what_is_done_by_command_is_done_in_its_order_whatever_became_of_the_slot() -> None:
    jobs.run_chore("good", timezone.now())

    call_command("do_chores", "good", "good")

    assert done == ["good"] * 3
    assert Run.objects.get(job="good").error == ""


def test_a_command_ends_with_the_first_error() -> None:
    with pytest.raises(CommandError, match="bad: RuntimeError: as it happens"):
        call_command("do_chores", "bad", "good")

    assert done == []
    assert Run.objects.get(job="bad").error == "RuntimeError: as it happens"
