"""The queues of SQS: what there is, where it is, and how it is set. Each has a dead-letter queue behind it."""

import json
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from django.conf import settings  # read when it is asked for: the settings themselves name the queues

NAMES: tuple[str, ...] = ("mail-urgent", "mail-bulk", "tmdb", "imports", "media")
TIME_LIMIT = 60  # seconds that a task may take; below the stop timeout of the worker's container, 120 s
VISIBILITY = 3 * TIME_LIMIT  # seconds until SQS gives a task to another worker: by then nobody works on it any more
MOST_RECEIVES = 3  # a task that has failed so often goes to the dead-letter queue
KEPT_FOR = 14 * 24 * 60 * 60  # seconds; what SQS allows at most


@cache
def client() -> Any:
    """With little patience, and no tries of its own: whoever calls knows better when to try again."""
    patience = Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 0})
    return boto3.client("sqs", region_name=settings.AWS_REGION, config=patience)


def of_task(task: str) -> str:
    """The queue that a task goes to."""
    route = settings.CELERY_TASK_ROUTES.get(task)
    return route["queue"] if route else settings.CELERY_TASK_DEFAULT_QUEUE


def url_of(name: str) -> str:
    return f"{settings.QUEUES_URL}{name}"


def dead_letters_of(name: str) -> str:
    return f"{name}-dlq"


def ensure() -> None:
    """Make what is missing, and set all as it should be; in production the infrastructure's code does this."""
    for name in NAMES:
        dead = _made(dead_letters_of(name), MessageRetentionPeriod=KEPT_FOR)
        redrive = json.dumps({"deadLetterTargetArn": dead, "maxReceiveCount": MOST_RECEIVES})
        _made(name, VisibilityTimeout=VISIBILITY, MessageRetentionPeriod=KEPT_FOR, RedrivePolicy=redrive)


def _made(name: str, **attributes: object) -> str:
    """The ARN of a queue that has these attributes now."""
    sqs = client()
    url = sqs.create_queue(QueueName=url_of(name).rpartition("/")[2])["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={key: str(value) for key, value in attributes.items()})
    arn: str = attributes_of(name, "QueueArn")["QueueArn"]
    return arn


def attributes_of(name: str, *wanted: str) -> dict[str, str]:
    """As SQS has them now."""
    answer = client().get_queue_attributes(QueueUrl=url_of(name), AttributeNames=list(wanted))
    attributes: dict[str, str] = answer.get("Attributes", {})
    return attributes


def dead_letters(name: str) -> list[dict[str, Any]]:
    """Up to ten of a queue's dead messages, as SQS gives them; for half a minute nobody else is given them."""
    answer = client().receive_message(
        QueueUrl=url_of(dead_letters_of(name)),
        MaxNumberOfMessages=10,
        VisibilityTimeout=30,
        MessageSystemAttributeNames=["All"],
    )
    messages: list[dict[str, Any]] = answer.get("Messages", [])
    return messages


def replay(name: str) -> int:
    """Put every dead message back where it came from: first there, then away from here."""
    count = 0
    while messages := dead_letters(name):
        for message in messages:
            client().send_message(QueueUrl=url_of(name), MessageBody=message["Body"])
            client().delete_message(QueueUrl=url_of(dead_letters_of(name)), ReceiptHandle=message["ReceiptHandle"])
            count += 1
    return count
