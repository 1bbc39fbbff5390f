"""Against gunicorn with production's settings, where each process has as long as it needs to wake up."""

import contextlib
import errno
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings
from gunicorn.workers.gthread import ThreadWorker

from mymovie.fair_worker import NOBODY, PATIENCE, FairWorker, counts

PATIENT = """
import runpy
globals().update(runpy.run_path("docker/gunicorn.conf.py"))
from mymovie import fair_worker
fair_worker.PATIENCE = 0.3

def post_worker_init(worker):
    open(f"{os.environ['PYTHONPATH']}/{worker.pid}.ready", "x")
"""
WHO = """
import os
def application(environ, start_response):
    start_response("200 OK", [("Content-Length", "9")])
    return [b"%9d" % os.getpid()]
"""


def until_ready(place: Path, *, workers: int) -> None:
    """Until so many have been; gunicorn starts them one after another."""
    end = time.monotonic() + 30
    while len(list(place.glob("*.ready"))) < workers:
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "patient.py").write_text(PATIENT)
    (tmp_path / "who.py").write_text(WHO)
    listener = socket.create_server(("127.0.0.1", 0))
    number = listener.fileno()
    command = [sys.executable, "-m", "gunicorn", "--config", tmp_path / "patient.py", "--bind", f"fd://{number}", "who"]
    told = {**os.environ, "PYTHONPATH": str(tmp_path), "WEB_WORKERS": "2"}
    with listener, subprocess.Popen(command, cwd=settings.BASE_DIR, env=told, pass_fds=[number]) as gunicorn:
        until_ready(tmp_path, workers=2)
        yield listener.getsockname()[1]
        gunicorn.terminate()


Ask = Callable[[], int]


@pytest.fixture
def visitors(port: int) -> Iterator[Callable[[int], list[Ask]]]:
    """So many who keep their connection, as a load balancer does; each asks for the number of the process that answers."""
    with contextlib.ExitStack() as lines:

        def visitor() -> Ask:
            line = lines.enter_context(contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=20)))

            def asks() -> int:
                line.request("GET", "/")
                return int(line.getresponse().read())

            return asks

        yield lambda number: [visitor() for _ in range(number)]


def test_connections_that_are_kept_fall_to_both_alike(visitors: Callable[[int], list[Ask]]) -> None:
    eight = visitors(8)

    answers = Counter(asks() for asks in eight)

    assert sorted(answers.values()) == [4, 4]
    assert Counter(asks() for asks in eight) == answers


def test_whoever_takes_the_place_of_one_that_was_killed_has_the_next_ones(
    visitors: Callable[[int], list[Ask]], tmp_path: Path
) -> None:
    killed, left = {asks() for asks in visitors(8)}

    os.kill(killed, signal.SIGKILL)
    until_ready(tmp_path, workers=3)
    answers = {asks() for asks in visitors(4)}

    assert len(answers) == 1
    assert answers.isdisjoint({killed, left})


# Its place among the counts


class Listener:
    """With nobody at the door: somebody else was faster."""

    def accept(self) -> None:
        raise BlockingIOError(errno.EAGAIN, "nobody")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[FairWorker]:
    monkeypatch.setattr(ThreadWorker, "__init__", lambda _worker: None)
    worker = FairWorker()
    worker.alive, worker.nr_conns = True, 3
    yield worker
    worker.leave()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    return waits


@pytest.mark.parametrize(("connections", "waited"), [(2, [PATIENCE]), (3, []), (4, []), (NOBODY, [])])
def test_only_whoever_has_more_waits(
    worker: FairWorker, waits: list[float], connections: int, waited: list[float]
) -> None:
    counts[worker.place + 1] = connections
    try:
        worker.accept(Listener())
    finally:
        counts[worker.place + 1] = NOBODY

    assert waits == waited
    assert counts[worker.place] == 3


def test_nobody_waits_for_one_that_stops(worker: FairWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ThreadWorker, "wait_for_and_dispatch_events", lambda _worker, _timeout: None)
    worker.wait_for_and_dispatch_events(1)
    assert counts[worker.place] == 3

    worker.alive = False
    worker.wait_for_and_dispatch_events(1)
    assert counts[worker.place] == NOBODY


def test_a_place_is_given_out_once_until_it_is_left(worker: FairWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATEMENT_TIMEOUT", "what gunicorn's settings leave alone")
    monkeypatch.setattr(sys, "setswitchinterval", lambda _seconds: None)
    another = FairWorker()
    assert another.place == worker.place + 1

    runpy.run_path("docker/gunicorn.conf.py")["child_exit"](None, another)
    third = FairWorker()
    third.leave()
    assert third.place == another.place
