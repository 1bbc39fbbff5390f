"""gunicorn as in production, around the site or around the floor, each on a port that the kernel chose."""

import http.client
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.local import chores, folder
from infra.local.aws import LOOPBACK
from infra.local.processes import Part
from infra.local.site import listening
from tests.bench import meters


@dataclass(frozen=True)
class Server:
    part: Part
    port: int
    seconds_to_first: float
    """Of processor time, of all its workers, from nothing to the first page of each."""

    @property
    def pid(self) -> int:
        return self.part.process.pid

    def url(self, path: str) -> str:
        return f"http://{LOOPBACK}:{self.port}{path}"


@contextmanager
def served(name: str, application: str, told: dict[str, str], first: str) -> Iterator[Server]:
    """`first` is the path that says when it is there."""
    with listening(0) as listener:
        port = listener.getsockname()[1]
        command = ["-m", "gunicorn", "--config", "docker/gunicorn.conf.py", "--log-level", "warning"]
        command += ["--bind", f"fd://{listener.fileno()}", application]
        log = Path(folder.FOLDER / "bench" / f"{name}.log")
        part = Part(name, [sys.executable, *command], environment=told, log=log, holding=[listener.fileno()])
        try:
            for _ in range(8):  # each worker, most likely
                part.wait_until(lambda: answers(port, first))
            yield Server(part, port, meters.cpu_of(part.process.pid))
        finally:
            part.stop()


def answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        time.sleep(0.05)
        return False
    finally:
        connection.close()


def prepared(told: dict[str, str]) -> None:
    """Messages and static files as they are served."""
    for chore in (chores.messages(), chores.static_files(Path(told["STATIC_ROOT"]))):
        if not chore.is_done():
            chore.finish(chore.start(told, holding=[]))
