"""Workers and relays that are killed, told to stop, and given poison: real ones, on the local SQS."""

import random
import signal
import time

import pytest
from pytest_django import Settings

from mymovie import queues
from mymovie.limits.models import Count
from mymovie.outbox.models import Message
from mymovie.outbox.relay import LEASE
from mymovie.outbox.services import add
from tests.faults import tasks
from tests.faults.conftest import count, kill, relay, until, waiting, worker
from tests.faults.figures import Note
from tests.faults.serving import IS_WHOLE

pytestmark = pytest.mark.django_db(transaction=True)

AGAIN_AFTER = 6  # seconds; production waits three minutes


@pytest.fixture(autouse=True)
def _drill_routes(settings: Settings, own_queues: None) -> None:
    """The tasks of the drills go to a queue like any other, which gives a lost task to the next worker soon."""
    names = ("work", "fail", "kill_its_worker", "take_long")
    settings.CELERY_TASK_ROUTES = settings.CELERY_TASK_ROUTES | {
        f"tests.faults.tasks.{name}": {"queue": "media"} for name in names
    }
    queues.client().set_queue_attributes(
        QueueUrl=queues.url_of("media"), Attributes={"VisibilityTimeout": str(AGAIN_AFTER)}
    )


def test_nothing_is_lost_when_workers_and_relays_are_killed_in_mid_work(processes) -> None:
    names = [f"{number}" for number in range(150)]
    for name in names:
        add(tasks.work, name=name)
    chance, running = random.Random(7), [worker(processes), relay(processes)]

    for _ in range(4):
        time.sleep(chance.uniform(2, 4))
        for number, start in enumerate((worker, relay)):
            kill(running[number])
            running[number] = start(processes)

    done = Count.objects.filter(key__startswith="done ")
    assert until(lambda: done.count() == len(names), seconds=60)
    # What a relay had sent when it was killed, and not yet struck off, is sent again once its lease is over.
    assert until(lambda: not Message.objects.exists(), seconds=LEASE.total_seconds() + 20)
    assert until(lambda: waiting("media") == 0, seconds=20)
    assert waiting("media-dlq") == 0


def test_poison_goes_to_the_dead_letters_after_three_times_and_harms_no_other(processes) -> None:
    add(tasks.fail, name="a")
    queues.client().send_message(QueueUrl=queues.url_of("media"), MessageBody="no message of ours")
    for number in range(30):
        add(tasks.work, name=f"{number}")
    worker(processes)
    relay(processes)

    assert until(lambda: Count.objects.filter(key__startswith="done ").count() == 30, seconds=40)
    assert until(lambda: waiting("media-dlq") >= 1, seconds=60)
    assert count("tried a") == queues.MOST_RECEIVES


def test_a_task_that_kills_its_worker_is_given_up_and_the_worker_goes_on(processes) -> None:
    add(tasks.kill_its_worker, name="a")
    worker(processes)
    relay(processes)

    assert until(lambda: waiting("media-dlq") == 1, seconds=60)
    assert count("tried a") == queues.MOST_RECEIVES
    add(tasks.work, name="after")
    assert until(lambda: count("done after") == 1, seconds=20)


def test_a_worker_that_is_told_to_stop_finishes_what_it_has_begun(processes, note: Note) -> None:
    relay(processes)
    rounds, longest = 50 if IS_WHOLE else 1, 0.0
    for name in map(str, range(rounds)):
        add(tasks.take_long, name=name)
        process = worker(processes)
        assert until(lambda name=name: count(f"begun {name}") == 1, seconds=30)
        told_at = time.monotonic()

        process.send_signal(signal.SIGTERM)

        assert process.wait(20) == 0
        longest = max(longest, time.monotonic() - told_at)
        assert (count(f"begun {name}"), count(f"done {name}")) == (1, 1)
    assert waiting("media") == 0
    note("R13", "rounds in which nothing was lost or done twice", rounds, at_least=50)
    note("R13", "longest until it stopped, s", longest, at_most=20)
