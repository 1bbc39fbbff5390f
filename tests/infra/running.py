"""A site started in a copy of this project, and what it leaves behind."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import psycopg

from infra.local.aws import free_port
from infra.local.folder import ROOT

RUN = [sys.executable, "-m", "infra.local", "run"]
SECONDS = 60


def copy_project(folder: Path) -> Path:
    """What is committed, and what is about to be; the installed packages stay where they are."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def bare_environment(**more: str) -> dict[str, str]:
    """That of somebody who has just cloned the project: nothing of this test run's parts is in it."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | more


def processes_of(folder: Path) -> list[int]:
    """Whoever works in the folder, or was started with its name."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            traces = [os.readlink(process / "cwd"), *(process / "cmdline").read_text().split("\0")]
            traces += (process / "environ").read_text(errors="replace").split("\0")
        except OSError:
            continue  # gone meanwhile, or somebody else's
        if int(process.name) != os.getpid() and any(str(folder) in trace for trace in traces):
            found.append(int(process.name))
    return found


def wait_until(happens: Callable[[], object], *, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "did not happen in time"
        time.sleep(0.05)


class RunningSite:
    """`make run`, or what it amounts to, in `folder`."""

    def __init__(self, folder: Path, command: Sequence[str] = RUN) -> None:
        self.folder = folder
        self.port = free_port()
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=bare_environment(PORT=str(self.port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self.process.stdout
        self.said = ""
        for line in self.process.stdout:
            self.said += line
            if "Ctrl-C" in line:
                return self
        raise AssertionError(f"the site did not start: {self.said}")

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()

    @property
    def environment(self) -> dict[str, str]:
        environment: dict[str, str] = json.loads((self.folder / ".local" / "environment.json").read_text())
        return environment

    def count(self, table: str) -> int:
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            row = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert row
        return int(row[0])


def run_to_its_end(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        RUN,
        cwd=folder,
        env=bare_environment(**environment),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
