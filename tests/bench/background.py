"""What relay and worker move, on a queue that is not the bottleneck: `pytest -s tests/bench/background.py`.

One run compares the pause between two looks at the queue as it is set with the one that kombu's own examples use.
"""

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import Settings

from mymovie.limits.models import Count
from mymovie.outbox.models import Message
from mymovie.outbox.services import add
from tests.bench.notes import note
from tests.faults import tasks
from tests.faults.conftest import QUIET, fast_sqs, kill, processes, relay, until
from tests.standins.sqs import SqsStandIn

__all__ = ["fast_sqs", "processes"]

pytestmark = pytest.mark.django_db(transaction=True)

TASKS = 1500
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Figures:
    per_second: float
    cpu: float
    """Seconds of one core, for each task."""
    megabytes: float
    """Of all its processes, shared memory counted in each."""

    def __str__(self) -> str:
        at_100 = 100 * self.cpu * 100
        return f"{self.per_second:6.0f} tasks/s   {at_100:3.0f} % of a core at 100/s   {self.megabytes:4.0f} MB"


def test_relay_and_worker(
    processes: Callable[..., subprocess.Popen], fast_sqs: SqsStandIn, settings: Settings, tmp_path: Path
) -> None:
    settings.CELERY_TASK_ROUTES = settings.CELERY_TASK_ROUTES | {"tests.faults.tasks.tick": {"queue": "media"}}
    worker = ["-m", "celery", "-A", "mymovie", "worker", "-Q", "media", "-I", "tests.faults.tasks", *QUIET, "-c", "2"]
    slow = tmp_path / "slow_looks.py"
    slow.write_text("from mymovie.settings import *\nCELERY_BROKER_TRANSPORT_OPTIONS['polling_interval'] = 0.05\n")
    path = f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"

    sent = measured(processes, ["manage.py", "relay_outbox"], lambda: not Message.objects.exists())
    as_set = measured(processes, worker, all_done)
    relaying = relay(processes)
    Count.objects.all().delete()
    fill()
    until(lambda: not Message.objects.exists(), seconds=60)
    kill(relaying)
    slowly = measured(processes, worker, all_done, django_settings_module="slow_looks", pythonpath=path)

    print(f"\nrelay           {sent}\nworker          {as_set}\n  looking slowly {slowly}")
    note("F12 relay", sent.per_second)
    note("F12 worker", as_set.per_second)
    note("F12 share", 100 * 100 * (sent.cpu + as_set.cpu))
    print(f"  as set is {as_set.per_second / slowly.per_second:.1f} times as fast")


def fill() -> None:
    for number in range(TASKS):
        add(tasks.tick, name=str(number))


def all_done() -> bool:
    return Count.objects.filter(key__startswith="done ").count() == TASKS


def measured(
    start: Callable[..., subprocess.Popen], command: list[str], is_over: Callable[[], bool], **env: str
) -> Figures:
    """From the first thing that it does on."""
    if not Count.objects.exists() and not Message.objects.exists():
        fill()
    before = (Count.objects.count(), Message.objects.count())
    process = start(*command, **env)
    assert until(lambda: before != (Count.objects.count(), Message.objects.count()), seconds=30)
    left = TASKS - Count.objects.count() if "celery" in command else Message.objects.count()
    began, used = time.monotonic(), cpu_of(process)
    assert until(is_over, seconds=120)
    took, used = time.monotonic() - began, cpu_of(process) - used
    figures = Figures(left / took, used / left, memory_of(process))
    kill(process)
    return figures


def stats_of(process: subprocess.Popen) -> list[list[str]]:
    """Of each process of its group, from the third column of /proc/PID/stat on."""
    stats = [path.read_text().rpartition(")")[2].split() for path in Path("/proc").glob("[0-9]*/stat")]
    return [stat for stat in stats if stat[2] == str(process.pid)]


def cpu_of(process: subprocess.Popen) -> float:
    return sum(int(stat[11]) + int(stat[12]) for stat in stats_of(process)) / TICKS


def memory_of(process: subprocess.Popen) -> float:
    return sum(int(stat[21]) * PAGE for stat in stats_of(process)) / 1e6
