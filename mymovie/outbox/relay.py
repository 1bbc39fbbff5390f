"""From the outbox to the queues, in batches. Two relays at once share the work; one that is killed in the middle may
send a batch twice, never not at all."""

import base64
import datetime
import json
import uuid
from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from celery import Celery
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from mymovie import queues
from mymovie.outbox.models import Message

BATCH = 10  # what SQS takes at once
LEASE = datetime.timedelta(seconds=20)  # longer than the patience of the queue's client
MOST_ATTEMPTS = 8  # of a message that the queue refuses; they are spread over four minutes

log = structlog.get_logger(__name__)


class QueueAway(Exception):
    """The queue does not answer. That is no message's fault."""


def relay_batch(app: Celery) -> int:
    """Send to each queue what has been due longest, up to BATCH, and say how many messages that were. Raises QueueAway
    after the others were served; its messages wait as before."""
    sent, away = 0, None
    for queue in queues.NAMES:
        try:
            sent += _relay(app, queue)
        except QueueAway as error:
            away = error
    if away:
        raise away
    return sent


def _relay(app: Celery, queue: str) -> int:
    messages = _take(queue)
    if not messages:
        return 0
    try:
        refused = _send(app, queue, messages)
    except QueueAway:
        _rows(messages).update(available_at=timezone.now())
        raise
    for message in messages:
        if message.pk in refused:
            _note_refusal(message, refused[message.pk])
    _rows([message for message in messages if message.pk not in refused]).delete()
    return len(messages)


@transaction.atomic
def _take(queue: str) -> list[Message]:
    """For LEASE they are ours; a relay that is killed leaves them to whoever looks after that. They are not locked while
    they are sent, and have no key any more: nobody who adds the same again waits for a queue that hangs, or is told that
    it waits when it may be gone."""
    now = timezone.now()
    due = Message.objects.due(now).filter(queue=queue).order_by("available_at", "pk")
    messages = list(due.select_for_update(skip_locked=True)[:BATCH])
    if messages:
        _rows(messages).update(available_at=now + LEASE, dedupe_key=None)
    return messages


def _rows(messages: list[Message]) -> QuerySet[Message]:
    rows: QuerySet[Message] = Message.objects.filter(pk__in=[message.pk for message in messages])
    return rows


def _send(app: Celery, queue: str, batch: list[Message]) -> dict[int, str]:
    """Why, for each message that the queue refused."""
    entries = [{"Id": str(message.pk), "MessageBody": celery_message(app, message)} for message in batch]
    try:
        answer = queues.client().send_message_batch(QueueUrl=queues.url_of(queue), Entries=entries)
    except (BotoCoreError, ClientError) as error:
        raise QueueAway(queue) from error
    return {int(failed["Id"]): f"{failed['Code']} {failed.get('Message', '')}" for failed in answer.get("Failed", [])}


def _note_refusal(message: Message, why: str) -> None:
    now = timezone.now()
    message.attempts += 1
    message.last_error = why[:300]
    message.available_at = now + datetime.timedelta(seconds=2**message.attempts)
    if message.attempts >= MOST_ATTEMPTS:
        message.dead_at = now
        log.error("outbox.dead", message=message.pk, task=message.task)
    message.save(update_fields=["attempts", "last_error", "available_at", "dead_at"])


def celery_message(app: Celery, message: Message) -> str:
    """As Celery itself writes it to SQS (kombu's virtual transport), so that its worker reads it."""
    task_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"outbox {message.pk}"))  # sent twice, it is the same task
    headers, properties, body, _event = app.amqp.as_task_v2(task_id, message.task, kwargs=message.kwargs)
    return envelope(message.queue, headers | {"trace_id": message.trace_id}, properties, body)


def envelope(queue: str, headers: dict[str, Any], properties: dict[str, Any], body: Any) -> str:
    return _base64(
        {
            "body": _base64(body),
            "content-encoding": "utf-8",
            "content-type": "application/json",
            "headers": headers,
            "properties": {
                **properties,
                "body_encoding": "base64",
                "delivery_info": {"exchange": "", "routing_key": queue},
                "delivery_mode": 2,
                "delivery_tag": str(uuid.uuid4()),
                "priority": 0,
            },
        }
    )


def _base64(value: Any) -> str:
    return base64.b64encode(json.dumps(value).encode()).decode()
