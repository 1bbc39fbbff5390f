"""Tasks are written with the rows they follow from, in one transaction; the relay sends them. So a queue that is down or
hangs costs whoever waits for a page nothing, and no task is lost or sent for a change that was taken back."""

import datetime
from collections.abc import Iterable
from typing import Any

import structlog
from django.utils import timezone

from mymovie import queues
from mymovie.background import Task
from mymovie.outbox.models import Message


def add(
    task: Task | str,
    *,
    available_at: datetime.datetime | None = None,
    dedupe_key: str | None = None,
    queue: str | None = None,
    **kwargs: Any,
) -> None:
    """Have `task` (or the one of that name) done with `kwargs`, once the caller's transaction is committed and not before `available_at`.

    With a `dedupe_key` it is left out while another with the same key waits. That other one is held back until the
    caller commits, so that it does not run without seeing what the caller wrote: call this last. kwargs are JSON: ids,
    never objects.
    """
    message = _message(task, available_at, kwargs, queue)
    message.dedupe_key = dedupe_key
    if dedupe_key is None:
        message.save()
    else:
        Message.objects.bulk_create(
            [message], update_conflicts=True, unique_fields=["dedupe_key"], update_fields=["trace_id"]
        )


def add_all(task: Task, tasks: Iterable[tuple[datetime.datetime | None, dict[str, Any]]]) -> None:
    """The same for thousands of one kind: when each is to be done, and with what."""
    messages = [_message(task, available_at, kwargs) for available_at, kwargs in tasks]
    Message.objects.bulk_create(messages, batch_size=1000)


def _message(
    task: Task | str, available_at: datetime.datetime | None, kwargs: dict[str, Any], queue: str | None = None
) -> Message:
    name = task if isinstance(task, str) else task.name
    return Message(
        task=name,
        queue=queue or queues.of_task(name),
        kwargs=kwargs,
        trace_id=structlog.contextvars.get_contextvars().get("trace_id", ""),
        available_at=available_at or timezone.now(),
    )


def send_again(message: Message) -> None:
    """Give a dead message another start."""
    message.attempts, message.dead_at, message.available_at = 0, None, timezone.now()
    message.save(update_fields=["attempts", "dead_at", "available_at"])
