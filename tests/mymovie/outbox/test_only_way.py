"""The outbox is the only way to a queue: nothing that answers a request may wait for SQS."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from mymovie import queues

ROOT = Path(queues.__file__).parent.parent
THE_RELAY = {"mymovie/outbox/relay.py"}
OPERATORS = {
    "mymovie/checks.py",
    "mymovie/outbox/management/commands/dlq.py",
    "mymovie/outbox/management/commands/queues.py",
}
SENDS = {"delay", "apply_async", "send_task", "delay_on_commit", "apply_async_on_commit", "signature", "retry"}

SOURCES = [path for room in ("accounts", "movies", "mymovie") for path in sorted((ROOT / room).rglob("*.py"))]


def past_the_outbox(source: str) -> Iterator[int]:
    """The lines that send something to a queue by Celery's own ways."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SENDS:
            yield node.lineno


def who_talks_to_sqs(source: str) -> bool:
    """Whether it imports our module of SQS, other than for the names of queues."""
    tree = ast.parse(source)
    names = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import) for alias in node.names
    }
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return "queues" in names and bool(called & {"client", "ensure", "dead_letters", "replay", "attributes_of"})


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nobody_goes_past_the_outbox(path: Path) -> None:
    name = str(path.relative_to(ROOT))
    source = path.read_text()

    assert list(past_the_outbox(source)) == []
    assert not who_talks_to_sqs(source) or name in THE_RELAY | OPERATORS


def test_going_past_it_is_found() -> None:
    assert list(past_the_outbox("from a import task\n\ntask.delay(1)\ntask.apply_async(kwargs={})\n")) == [3, 4]
    assert who_talks_to_sqs("from mymovie import queues\nqueues.client().send_message()\n")
