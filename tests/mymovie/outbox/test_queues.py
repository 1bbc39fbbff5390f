import io

import pytest
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from pytest_django import Settings

from mymovie import checks, queues
from mymovie.celery import app
from tests.standins.queues import bodies


def ids(faults: list) -> set[str]:
    return {fault.id for fault in faults}


def test_the_settings_are_as_they_should_be() -> None:
    assert run_checks(tags=["queues"]) == []


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("accept_content", ["json", "pickle"], "queues.E002"),
        ("task_serializer", "pickle", "queues.E002"),
        ("task_acks_late", False, "queues.E003"),
        ("task_reject_on_worker_lost", False, "queues.E003"),
        ("task_acks_on_failure_or_timeout", True, "queues.E004"),
        ("worker_prefetch_multiplier", 4, "queues.E005"),
        ("task_queues", [], "queues.E006"),
        ("task_time_limit", 61, "queues.E007"),
    ],
)
def test_a_setting_that_would_lose_work_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object, fault: str
) -> None:
    monkeypatch.setitem(app.conf, name, value)

    assert ids(run_checks(tags=["queues"])) == {fault}


def test_keys_in_the_brokers_address_are_refused(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "sqs://AKIA:secret@"

    assert ids(run_checks(tags=["queues"])) == {"queues.E001"}


def test_queues_that_are_made_are_as_they_should_be(own_queues: None) -> None:
    queues.ensure()

    assert checks.queues_as_they_are() == []


def test_a_queue_that_is_set_wrong_or_missing_is_refused(own_queues: None, settings: Settings) -> None:
    queues.client().set_queue_attributes(QueueUrl=queues.url_of("tmdb"), Attributes={"VisibilityTimeout": "30"})
    assert ids(checks.queues_as_they_are()) == {"queues.E009"}

    queues.client().delete_queue(QueueUrl=queues.url_of("tmdb"))
    assert ids(checks.queues_as_they_are()) == {"queues.E008"}
    queues.client().create_queue(
        QueueName=queues.url_of("tmdb").rpartition("/")[2], Attributes={"VisibilityTimeout": "180"}
    )
    assert ids(checks.queues_as_they_are()) == {"queues.E010"}


def test_operators_see_dead_letters_and_have_them_tried_again(own_queues: None) -> None:
    for number in range(12):
        queues.client().send_message(
            QueueUrl=queues.url_of(queues.dead_letters_of("media")), MessageBody=f"no message of ours {number}"
        )
    out = io.StringIO()

    call_command("dlq", "list", "media", stdout=out)
    assert out.getvalue().count("no message of ours") == 10
    for name in queues.NAMES:
        url = queues.url_of(queues.dead_letters_of(name))
        for message in queues.client().receive_message(QueueUrl=url).get("Messages", []):
            queues.client().change_message_visibility(
                QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )


def test_a_replay_puts_everything_back(own_queues: None) -> None:
    for number in range(12):
        queues.client().send_message(QueueUrl=queues.url_of(queues.dead_letters_of("media")), MessageBody=str(number))

    call_command("dlq", "replay", "media", stdout=io.StringIO())

    assert sorted(map(int, bodies("media"))) == list(range(12))
    assert bodies(queues.dead_letters_of("media")) == []


def test_a_queue_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError, match="No queue is called nonsense"):
        call_command("dlq", "list", "nonsense")


def test_before_a_deployment_the_queues_themselves_are_asked(own_queues: None) -> None:
    call_command("queues", "check")

    queues.client().delete_queue(QueueUrl=queues.url_of("media"))
    with pytest.raises(CommandError, match="The queue media does not answer"):
        call_command("queues", "check")
