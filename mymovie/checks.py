"""What would lose work, or do it twice, is refused before anything starts; `queues check` asks SQS itself."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from mymovie import queues


@register("queues")
def settings_of_celery(**_: Any) -> list[CheckMessage]:
    return list(_faults_of_settings())


def _faults_of_settings() -> Iterator[CheckMessage]:
    from mymovie.celery import app, learn_the_tasks

    if urlsplit(settings.CELERY_BROKER_URL).username:
        yield Error(
            "The broker's address holds keys; they come from the role, or from the environment.", id="queues.E001"
        )
    if set(app.conf.accept_content) != {"json"} or app.conf.task_serializer != "json":
        yield Error("Messages that are not JSON can run anything.", id="queues.E002")
    if not app.conf.task_acks_late or not app.conf.task_reject_on_worker_lost:
        yield Error("A task would be lost with its worker.", id="queues.E003")
    if app.conf.task_acks_on_failure_or_timeout:
        yield Error("A task that raises would be gone, and in no dead-letter queue.", id="queues.E004")
    if app.conf.worker_prefetch_multiplier != 1:
        yield Error("Tasks would wait in one worker, unseen by others.", id="queues.E005")
    consumed = {queue.name for queue in app.conf.task_queues}
    learn_the_tasks()
    for task in app.tasks:
        if task.startswith(tuple(settings.CELERY_IMPORTS)) and queues.of_task(task) not in consumed:
            yield Error(f"Nobody consumes the queue of {task}.", id="queues.E006")
    if not set(queues.NAMES) <= consumed:
        yield Error(f"Nobody consumes {', '.join(sorted(set(queues.NAMES) - consumed))}.", id="queues.E006")
    if 3 * app.conf.task_time_limit > queues.VISIBILITY:
        yield Error("A task would be given to a second worker while the first still works on it.", id="queues.E007")


def queues_as_they_are() -> list[CheckMessage]:
    return [fault for name in queues.NAMES for fault in _faults_of_queue(name)]


def _faults_of_queue(name: str) -> Iterator[CheckMessage]:
    try:
        attributes = queues.attributes_of(name, "VisibilityTimeout", "RedrivePolicy")
    except (BotoCoreError, ClientError) as error:
        yield Error(f"The queue {name} does not answer: {error}", id="queues.E008")
        return
    if int(attributes.get("VisibilityTimeout", 0)) < queues.VISIBILITY:
        yield Error(f"The queue {name} must hide a message for {queues.VISIBILITY} s at least.", id="queues.E009")
    redrive = json.loads(attributes.get("RedrivePolicy", "{}"))
    if int(redrive.get("maxReceiveCount", 0)) != queues.MOST_RECEIVES:
        yield Error(f"The queue {name} has no dead-letter queue after {queues.MOST_RECEIVES} times.", id="queues.E010")
