"""A queue that errs, repeats itself and forgets: a stand-in for SQS, as the real one seldom does it when it is asked to."""

import os
import time
import uuid
from pathlib import Path

import factory
import pytest
from django.test import Client
from pytest_django import Settings

from movies.diary.models import Entry
from mymovie import queues
from mymovie.limits.models import Count
from mymovie.outbox.models import Message
from mymovie.outbox.services import add
from tests.factories import FilmFactory, UserFactory
from tests.faults import tasks
from tests.faults.conftest import Start, relay, until, waiting, worker
from tests.standins.sqs import SqsStandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _drill_routes(settings: Settings, fast_sqs: SqsStandIn) -> None:
    settings.CELERY_TASK_ROUTES = settings.CELERY_TASK_ROUTES | {"tests.faults.tasks.work": {"queue": "media"}}
    queues.client().set_queue_attributes(QueueUrl=queues.url_of("media"), Attributes={"VisibilityTimeout": "4"})


def test_nothing_is_lost_on_a_queue_that_errs_repeats_and_forgets(processes: Start, fast_sqs: SqsStandIn) -> None:
    for number in range(200):
        add(tasks.work, name=str(number))
    fast_sqs.suffer(error_share=0.05, duplicate_share=0.05, lost_ack_share=0.05)

    worker(processes)
    relay(processes)

    assert until(lambda: Count.objects.filter(key__startswith="done ").count() == 200, seconds=60)
    assert until(lambda: not Message.objects.exists(), seconds=20)
    fast_sqs.suffer()
    assert until(lambda: waiting("media") == 0, seconds=30)
    assert fast_sqs.suffer()["DeleteMessage"] > 200, "some were done again, after their end was lost"


def test_a_relay_waits_for_a_queue_that_is_down_and_for_one_that_hangs(processes: Start, fast_sqs: SqsStandIn) -> None:
    relay(processes)
    for fault in ("is_down", "is_hung"):
        fast_sqs.suffer(**{fault: True})
        add(tasks.work, name=fault)
        assert not until(lambda: not Message.objects.exists(), seconds=2)

        fast_sqs.suffer()

        assert until(lambda: not Message.objects.exists(), seconds=20), fault
    assert Message.objects.count() == 0
    assert waiting("media") == 2


def test_films_are_recorded_while_the_queue_is_down_and_while_it_hangs(
    client: Client, settings: Settings, processes: Start, fast_sqs: SqsStandIn
) -> None:
    settings.TMDB_TOKEN = "of.no.use"  # its facts are asked for in the background, which is what has to be queued
    client.force_login(UserFactory())
    relay(processes)
    films = FilmFactory.create_batch(40, tmdb_id=factory.Sequence(lambda n: 1000 + n))
    for fault, some in (("is_down", films[:20]), ("is_hung", films[20:])):
        fast_sqs.suffer(**{fault: True})
        for film in some:
            form = {"score": "80", "watched": "unknown", "visibility": "public", "submission": str(uuid.uuid4())}
            assert client.post(f"/films/{film.pk}/record/", form).status_code == 302
        assert Message.objects.count() >= len(some)

    assert Entry.objects.count() == 40
    fast_sqs.suffer()

    assert until(lambda: not Message.objects.exists(), seconds=30)
    assert waiting("tmdb") == 40


def test_a_worker_goes_on_after_the_queue_was_down_and_after_it_hung(processes: Start, fast_sqs: SqsStandIn) -> None:
    worker(processes)
    relay(processes)
    add(tasks.work, name="before")
    assert until(lambda: done("before"), seconds=30)
    for fault in ("is_down", "is_hung"):
        fast_sqs.suffer(**{fault: True})
        time.sleep(3)
        fast_sqs.suffer()

        add(tasks.work, name=fault)

        assert until(lambda name=fault: done(name), seconds=40), fault


def done(name: str) -> bool:
    return Count.objects.filter(key=f"done {name}").exists()


def test_a_worker_shows_that_its_loop_turns(processes: Start, tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    worker(processes, worker_health_file=str(alive))
    assert until(alive.exists, seconds=20)
    os.utime(alive, (0, 0))

    assert until(lambda: alive.stat().st_mtime > 0, seconds=10)
