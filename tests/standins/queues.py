"""Queues of a test's own on the local SQS, and what stands in them."""

import contextlib
import uuid
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from mymovie import queues


@pytest.fixture
def own_queues(settings: Settings) -> Iterator[None]:
    """As production has them, under names that no other test uses."""
    settings.QUEUES_URL = f"{settings.QUEUES_URL}{uuid.uuid4().hex[:12]}-"
    queues.ensure()
    yield
    for name in queues.NAMES:
        for made in (name, queues.dead_letters_of(name)):
            with contextlib.suppress(queues.client().exceptions.QueueDoesNotExist):
                queues.client().delete_queue(QueueUrl=queues.url_of(made))


def bodies(name: str) -> list[str]:
    """Takes everything out of a queue."""
    found: list[str] = []
    while (
        messages := queues.client()
        .receive_message(QueueUrl=queues.url_of(name), MaxNumberOfMessages=10)
        .get("Messages")
    ):
        for message in messages:
            found.append(message["Body"])
            queues.client().delete_message(QueueUrl=queues.url_of(name), ReceiptHandle=message["ReceiptHandle"])
    return found
