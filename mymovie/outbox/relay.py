"""From the outbox to the queues, in batches. Two relays at once share the work; one that is killed in the middle may
send a batch twice, never not at all."""

import base64
import datetime
import json
import uuid
from collections import defaultdict
from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from celery import Celery
from django.db import transaction
from django.utils import timezone

from mymovie import queues
from mymovie.outbox.models import Message

BATCH = 10  # what SQS takes at once
MOST_ATTEMPTS = 8  # of a message that the queue refuses; they are spread over four minutes

log = structlog.get_logger(__name__)


class QueueAway(Exception):
    """The queue does not answer. That is no message's fault."""


@transaction.atomic
def relay_batch(app: Celery) -> int:
    """Send what has been due longest, and say how many. Raises QueueAway; then all of them wait as before.

    The rows are locked while they are sent, so that nobody else does: the client's patience is short.
    """
    now = timezone.now()
    due = Message.objects.due(now).order_by("available_at", "pk")
    messages = list(due.select_for_update(skip_locked=True)[:BATCH])
    by_queue: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_queue[message.queue].append(message)
    for queue, batch in by_queue.items():
        refused = _send(app, queue, batch)
        for message in batch:
            if message.pk in refused:
                _note_refusal(message, refused[message.pk], now)
        Message.objects.filter(pk__in=[message.pk for message in batch if message.pk not in refused]).delete()
    return len(messages)


def _send(app: Celery, queue: str, batch: list[Message]) -> dict[int, str]:
    """Why, for each message that the queue refused."""
    entries = [{"Id": str(message.pk), "MessageBody": celery_message(app, message)} for message in batch]
    try:
        answer = queues.client().send_message_batch(QueueUrl=queues.url_of(queue), Entries=entries)
    except (BotoCoreError, ClientError) as error:
        raise QueueAway(queue) from error
    return {int(failed["Id"]): f"{failed['Code']} {failed.get('Message', '')}" for failed in answer.get("Failed", [])}


def _note_refusal(message: Message, why: str, now: datetime.datetime) -> None:
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
