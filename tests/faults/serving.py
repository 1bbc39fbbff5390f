"""A site that serves, as production does, with a database of its own: what is done to it reaches no other test."""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import psycopg

from infra.local import folder
from infra.local.aws import LOOPBACK, answers, free_port
from infra.local.environment import environment
from infra.local.postgres import Postgres
from infra.local.processes import Part
from infra.local.trouble import Trouble
from tests.bench import meters, world
from tests.faults.load import Asking

IS_WHOLE = os.environ.get("FAULTS") == "whole"
PEOPLE, ENTRIES, FILMS = (100_000, 1_000_000, 20_000) if IS_WHOLE else (400, 8_000, 500)
VISITORS = 1_000 if IS_WHOLE else 100
PATIENCE = 60  # seconds in which a server has to stand


@dataclass
class Site:
    """Its database runs until the test takes it away; web servers are started by the test."""

    postgres: Postgres
    told: dict[str, str]
    known: dict[str, list[Any]]
    folder: Path

    @contextlib.contextmanager
    def served(self, *, port: int = 0, **told: str) -> Iterator["Web"]:
        """As soon as it is started: `web.wait()` waits until it answers."""
        web = Web(self, port or free_port(), {name.upper(): value for name, value in told.items()})
        try:
            yield web
        finally:
            web.part.stop(patience=40)

    def connections(self) -> int:
        """Of web servers to the database."""
        with psycopg.connect(self.postgres.url()) as connection:
            asked = (
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            [count] = connection.execute(asked).fetchone() or [0]
        return int(count)


class Web:
    """gunicorn with production's own settings."""

    def __init__(self, site: Site, port: int, told: dict[str, str]) -> None:
        self.port = port
        self.log = site.folder / f"gunicorn-{port}.log"
        command = ["-m", "gunicorn", "--config", "docker/gunicorn.conf.py", "--log-level", "warning"]
        command += ["--bind", f"{LOOPBACK}:{port}", "mymovie.wsgi:application"]
        self.part = Part("gunicorn", [sys.executable, *command], environment=site.told | told, log=self.log)

    def wait(self) -> "Web":
        for _ in range(4):  # each worker, most likely
            self.part.wait_until(lambda: answers(self.port, "/about/"), seconds=PATIENCE)
        return self

    def megabytes(self) -> float:
        return meters.memory_of(self.part.process.pid)


@contextlib.contextmanager
def site() -> Iterator[Site]:
    """Seeded: in the whole form kept for the next time, as it takes minutes to make."""
    with contextlib.ExitStack() as running:
        if IS_WHOLE:
            home = folder.FOLDER / "faults"
            home.mkdir(parents=True, exist_ok=True)
            data = home / f"world-{world.fingerprint()}"
        else:
            home = Path(
                running.enter_context(tempfile.TemporaryDirectory(prefix="mymovie-", ignore_cleanup_errors=True))
            )
            data = home / "world"
        folder.FOLDER.mkdir(exist_ok=True)
        postgres = running.enter_context(Postgres(data, durable=False))
        told = environment(
            {
                "DATABASE_URL": postgres.url(),
                "QUEUES_URL": "http://127.0.0.1:1/1/",
                "STATIC_ROOT": str(home / "static"),
                "SITE_URL": f"http://{LOOPBACK}",
                "LOG_FORMAT": "json",
                "DJANGO_SETTINGS_MODULE": "mymovie.settings",
            }
        )
        gather = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
        with subprocess.Popen(gather, env=told, cwd=folder.ROOT) as gathering:
            world.seed(postgres.url(), PEOPLE, ENTRIES, FILMS)
        if gathering.returncode:
            raise Trouble("Static files could not be gathered: its own words stand above.")
        yield Site(postgres, told, visitors(told), home)


def visitors(told: dict[str, str]) -> dict[str, list[Any]]:
    command = [sys.executable, "-m", "tests.faults.visitors", str(VISITORS)]
    found = subprocess.run(command, check=True, env=told, cwd=folder.ROOT, stdout=subprocess.PIPE, text=True)
    known: dict[str, list[Any]] = json.loads(found.stdout)
    return known


def mixture(site: Site, *, anonymous: float, signed_in: float = 0) -> Callable[[int], Asking]:
    """What the request of each number asks for. The rest of the shares writes. Some walls and films are asked for more
    often than others."""

    def asking(number: int) -> Asking:
        chance = Random(number)

        def some(kind: str) -> Any:
            of_them = site.known[kind]
            return of_them[int(len(of_them) * chance.random() ** 3)]

        place, person = chance.random(), chance.choice(site.known["people"])
        if place < anonymous / 2:
            return Asking("wall", f"/@{some('walls')}/")
        if place < anonymous:
            return Asking("film", some("films")[1])
        if place < anonymous + signed_in:
            path = chance.choice([f"/@{person['handle']}/", f"/@{some('walls')}/", "/feed/", some("films")[1]])
            return Asking("signed in", path, headers={"Cookie": person["cookie"]})
        return recording(person, chance.choice(site.known["films"])[0], chance)

    return asking


def recording(person: dict[str, str], film: int, chance: Random) -> Asking:
    """A film, with a score, by the form on its page."""
    submission = uuid.UUID(int=chance.getrandbits(128), version=4)
    form = {"score": "80", "watched": "unknown", "visibility": "public", "submission": str(submission)}
    headers = {"Cookie": person["cookie"], "X-CSRFToken": person["token"]}
    return Asking("write", f"/films/{film}/record/", "POST", headers, urlencode(form))
