"""Real processes of the site, on the test's own database and queues, and what is asked of them."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from mymovie import queues
from mymovie.limits.models import Count
from tests.faults import serving
from tests.faults.figures import note, noted_in, table
from tests.standins.sqs import SqsStandIn, running_sqs

BASE = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]

Start = Callable[..., subprocess.Popen]

__all__ = ["note"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures = list(noted_in(report for reports in terminalreporter.stats.values() for report in reports))
    if figures:
        terminalreporter.section(f"faults, {'whole' if serving.IS_WHOLE else 'in short'}")
        terminalreporter.write_line(table(figures))


@pytest.fixture(scope="session")
def site() -> Iterator[serving.Site]:
    """One for all tests of a group that does harm to it, as it takes long to make."""
    with serving.site() as site:
        yield site


@pytest.fixture(scope="module")
def web(site: serving.Site) -> Iterator[serving.Web]:
    """For what a web server survives."""
    with site.served() as web:
        yield web.wait()


@pytest.fixture
def fast_sqs(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqsStandIn]:
    """Our queues on the stand-in, which can be told what is to go wrong."""
    with running_sqs() as sqs:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", sqs.address)
        settings.QUEUES_URL = f"{sqs.address}/1/"
        queues.client.cache_clear()
        queues.ensure()
        yield sqs
        queues.client.cache_clear()


@pytest.fixture
def processes(settings: Settings) -> Iterator[Start]:
    """Start one of the site's background processes on the test's own database and queues; all are gone afterwards."""
    with contextlib.ExitStack() as running:

        def start(*command: str, **environment: str) -> subprocess.Popen:
            database = settings.DATABASES["default"]
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=BASE,
                env=os.environ
                | {"DATABASE_URL": url_of(database), "QUEUES_URL": settings.QUEUES_URL}
                | {name.upper(): value for name, value in environment.items()},
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            running.callback(kill, process)
            return process

        yield start


def url_of(database: dict[str, Any]) -> str:
    return f"postgres://{database['USER']}@/{connection.settings_dict['NAME']}?host={database['HOST']}"


def kill(process: subprocess.Popen) -> None:
    """As a container goes: all of it at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def worker(start: Start, *, queue: str = "media", **environment: str) -> subprocess.Popen:
    tasks = ["-I", "tests.faults.tasks"]
    return start("-m", "celery", "-A", "mymovie", "worker", "-Q", queue, *tasks, *QUIET, "-c", "2", **environment)


def relay(start: Start, **environment: str) -> subprocess.Popen:
    return start("manage.py", "relay_outbox", **environment)


def until(is_so: Callable[[], bool], *, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.1)
    return is_so()


def count(name: str) -> int:
    return sum(Count.objects.filter(key=name).values_list("n", flat=True))


def waiting(name: str) -> int:
    wanted = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
    attributes = queues.attributes_of(name, *wanted)
    return sum(int(attributes[number]) for number in wanted)


@pytest.fixture
def _with_haproxy() -> None:
    if not shutil.which("haproxy"):
        pytest.skip("no haproxy on this machine: apt-get install haproxy")
