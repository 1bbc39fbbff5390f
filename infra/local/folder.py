""".local/: everything that a site of this folder keeps."""

import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from infra.local.trouble import Trouble, require_own, require_room

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".local"
ENVIRONMENT = FOLDER / "environment.json"
MEGABYTES = 200
SECONDS_TO_WIND_UP = 30


class AlreadyRunning(Trouble):
    pass


@contextlib.contextmanager
def claimed(address: str) -> Iterator[int]:
    """Have .local alone, and tell others of `address`.

    Gives the descriptor of the lock. Parts hold it too, so that the folder is free when the last of them is gone, and
    not when their parent is: a PostgreSQL that is still shutting down bars the way to the next one.
    """
    require_own(FOLDER)
    FOLDER.mkdir(exist_ok=True)
    require_room(FOLDER, MEGABYTES)
    with (FOLDER / "lock").open("a+") as lock:
        deadline = time.monotonic() + SECONDS_TO_WIND_UP
        while not locked(lock.fileno()):
            lock.seek(0)
            process, _, running_at = lock.read().partition(" ")
            if is_alive(process):
                raise AlreadyRunning(
                    f"MyMovie already runs in this folder, at {running_at} (process {process}): stop it there with Ctrl-C."
                )
            if time.monotonic() > deadline:
                raise Trouble("What ran in this folder before does not end: look for its processes, and stop them.")
            time.sleep(0.05)
        lock.truncate(0)
        lock.write(f"{os.getpid()} {address}")
        lock.flush()
        yield lock.fileno()


def locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_alive(process: str) -> bool:
    return process.isdecimal() and Path("/proc", process).exists()


def secret_key() -> str:
    """Made once: a new one would sign everybody out."""
    path = FOLDER / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(64))
    return path.read_text()


@contextlib.contextmanager
def remembering(environment: dict[str, str]) -> Iterator[None]:
    """For commands that are run beside the site."""
    write_private(ENVIRONMENT, json.dumps(environment))
    try:
        yield
    finally:
        ENVIRONMENT.unlink()


def remembered() -> dict[str, str]:
    environment: dict[str, str] = json.loads(ENVIRONMENT.read_text())
    return environment


def write_private(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.rename(path)
