import base64
import datetime
import json
import threading

import pytest
import structlog
from botocore.exceptions import EndpointConnectionError
from django.db import OperationalError, ProgrammingError, connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.contact.tasks import mail_staff
from accounts.people.tasks import paint_avatar
from mymovie import queues
from mymovie.celery import app
from mymovie.outbox import relay, services
from mymovie.outbox.management.commands import relay_outbox
from mymovie.outbox.models import Message
from mymovie.outbox.relay import BATCH, MOST_ATTEMPTS, QueueAway, relay_batch
from tests.standins.queues import bodies

pytestmark = pytest.mark.django_db


def add(person_id: int = 1, **options: object) -> None:
    services.add(paint_avatar, person_id=person_id, upload="x", **options)


def read(body: str) -> dict:
    message = json.loads(base64.b64decode(body))
    return message | {"body": json.loads(base64.b64decode(message["body"]))}


def test_a_task_is_written_with_the_rows_it_follows_from():
    def change_of_mind():
        with transaction.atomic():
            add()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_of_mind()

    assert not Message.objects.exists()


def test_a_message_says_what_and_where_and_for_whom():
    with structlog.contextvars.bound_contextvars(trace_id="abc"):
        add(7)

    message = Message.objects.get()
    assert (message.task, message.queue) == ("accounts.people.tasks.paint_avatar", "media")
    assert (message.kwargs, message.trace_id) == ({"person_id": 7, "upload": "x"}, "abc")


def test_with_one_key_there_waits_one_message():
    for _ in range(3):
        services.add(mail_staff, notice_id=1, dedupe_key="once")
    services.add(mail_staff, notice_id=1, dedupe_key="other")

    assert Message.objects.count() == 2


def test_what_is_sent_is_what_celery_sends(own_queues):
    add(7)

    assert relay_batch(app) == 1

    (body,) = bodies("media")
    message = read(body)
    assert message["headers"]["task"] == "accounts.people.tasks.paint_avatar"
    assert message["body"][1] == {"person_id": 7, "upload": "x"}
    assert not Message.objects.exists()


def test_the_relay_sends_in_batches_what_is_due_and_leaves_the_rest(own_queues):
    for number in range(BATCH + 2):
        add(number)
    add(99, available_at=timezone.now() + datetime.timedelta(minutes=1))

    assert [relay_batch(app), relay_batch(app), relay_batch(app)] == [BATCH, 2, 0]

    assert sorted(read(body)["body"][1]["person_id"] for body in bodies("media")) == list(range(BATCH + 2))
    assert Message.objects.get().kwargs["person_id"] == 99


def test_one_batch_goes_to_as_many_queues_as_it_is_for(own_queues):
    add()
    services.add(mail_staff, notice_id=1)

    relay_batch(app)

    assert [len(bodies(name)) for name in ("media", "mail-urgent", "tmdb")] == [1, 1, 0]


def test_a_queue_that_is_away_loses_nothing_and_blames_nobody(monkeypatch):
    class Away:
        def send_message_batch(self, **_):
            raise EndpointConnectionError(endpoint_url="sqs")

    monkeypatch.setattr(queues, "client", Away)
    add()

    with pytest.raises(QueueAway):
        relay_batch(app)

    assert Message.objects.get().attempts == 0


def test_what_a_queue_refuses_is_tried_again_later_and_in_the_end_left_to_staff(monkeypatch):
    refused = {"Code": "InvalidParameterValue", "Message": "too large", "SenderFault": True}

    class Refusing:
        def send_message_batch(self, Entries, **_):  # noqa: N803 - as boto3 calls it
            return {"Failed": [refused | {"Id": entry["Id"]} for entry in Entries]}

    monkeypatch.setattr(queues, "client", Refusing)
    add()

    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert relay_batch(app) == 1
        message = Message.objects.get()
        assert message.attempts == attempt
        assert message.available_at > timezone.now()
        Message.objects.update(available_at=timezone.now())
    assert relay_batch(app) == 0
    assert message.dead_at
    assert message.last_error == "InvalidParameterValue too large"

    services.send_again(message)
    assert Message.objects.due(timezone.now()).get() == message


def test_the_good_go_while_the_bad_stay(monkeypatch):
    class Choosy:
        def send_message_batch(self, Entries, **_):  # noqa: N803 - as boto3 calls it
            return {"Failed": [{"Id": Entries[0]["Id"], "Code": "X"}]}

    monkeypatch.setattr(queues, "client", Choosy)
    add(1)
    add(2)

    relay_batch(app)

    assert Message.objects.get().kwargs["person_id"] == 1


def test_sent_twice_it_is_the_same_task():
    add()
    message = Message.objects.get()

    ids = {read(relay.celery_message(app, message))["headers"]["id"] for _ in range(2)}

    assert len(ids) == 1


@pytest.mark.django_db(transaction=True)
def test_two_relays_send_each_message_once(own_queues):
    for number in range(60):
        add(number)

    def send_all():
        try:
            while relay_batch(app):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=send_all) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while relay_batch(app):  # what one had in hand when the other looked
        pass

    assert sorted(read(body)["body"][1]["person_id"] for body in bodies("media")) == list(range(60))


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_queue_that_hangs(monkeypatch):
    asked, answered = threading.Event(), threading.Event()

    class Hanging:
        def send_message_batch(self, **_):
            asked.set()
            answered.wait(10)
            return {}

    monkeypatch.setattr(queues, "client", Hanging)
    services.add(mail_staff, dedupe_key="once")

    def send():
        try:
            relay_batch(app)
        finally:
            connection.close()

    relaying = threading.Thread(target=send)
    relaying.start()
    assert asked.wait(10)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '2s'")
        services.add(mail_staff, dedupe_key="once")
    answered.set()
    relaying.join()

    assert Message.objects.count() == 1, "the first may have been read before the second change: both are sent"


@pytest.mark.django_db(transaction=True)
def test_what_a_killed_relay_had_in_hand_is_sent_by_another(own_queues):
    add(1)
    relay._take("media")
    assert relay_batch(app) == 0

    Message.objects.update(available_at=F("available_at") - relay.LEASE)

    assert relay_batch(app) == 1


def test_what_waits_for_one_queue_keeps_no_other_waiting(own_queues):
    for number in range(3 * BATCH):
        add(number)
    services.add(mail_staff)

    relay_batch(app)

    assert len(bodies("mail-urgent")) == 1


@pytest.mark.django_db(transaction=True)
def test_a_message_that_waits_is_held_back_until_the_second_writer_is_done(own_queues):
    services.add(mail_staff, notice_id=1, dedupe_key="once")
    sent = []

    def send():
        try:
            sent.append(relay_batch(app))
        finally:
            connection.close()

    with transaction.atomic():
        services.add(mail_staff, notice_id=1, dedupe_key="once")
        relaying = threading.Thread(target=send)
        relaying.start()
        relaying.join()

    assert sent == [0]
    assert relay_batch(app) == 1


def test_its_age_is_that_of_what_has_been_due_longest():
    ages = [Message.objects.age()]
    add(1)
    Message.objects.update(available_at=timezone.now() + datetime.timedelta(minutes=1))
    ages.append(Message.objects.age())
    add(2)
    Message.objects.filter(kwargs__person_id=2).update(available_at=timezone.now() - datetime.timedelta(minutes=3))

    assert ages == [0, 0]
    assert 180 <= Message.objects.age() < 190


def test_the_relay_tells_how_old_the_outbox_is_when_it_is_asked_to(monkeypatch):
    add(1)
    monkeypatch.setattr(relay_outbox.signal, "signal", lambda number, stop: None)
    command = relay_outbox.Command()
    monkeypatch.setattr(relay_outbox, "relay_batch", lambda app: command.stop(15, None) or 0)

    with structlog.testing.capture_logs() as lines:
        command.handle(tell_age=True)
        command.handle(tell_age=False)

    [told] = [line for line in lines if line["event"] == "outbox.age"]
    assert told["seconds"] >= 0


@pytest.mark.parametrize("away", [OperationalError, ProgrammingError], ids=["no database", "no tables yet"])
def test_the_relay_waits_for_what_it_needs(monkeypatch, away):
    command = relay_outbox.Command()
    happens = iter([away, away, None])

    def relay(app):
        if error := next(happens):
            raise error
        command.stop(15, None)
        return 0

    rests = []
    monkeypatch.setattr(relay_outbox.signal, "signal", lambda number, stop: None)
    monkeypatch.setattr(relay_outbox, "relay_batch", relay)
    monkeypatch.setattr(relay_outbox, "close_old_connections", lambda: None)
    monkeypatch.setattr(relay_outbox.time, "sleep", rests.append)

    command.handle(tell_age=False)

    assert rests == [relay_outbox.REST, 2 * relay_outbox.REST, relay_outbox.REST]
