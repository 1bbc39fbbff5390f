"""A million entries on a server of their own, and Django's connection to them."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from infra.local.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, ENTRIES, FILMS = 10_000, 1_000_000, 50_000
WAITING = """
INSERT INTO outbox_message (task, queue, kwargs, trace_id, created_at, available_at, attempts, last_error)
SELECT 'a task', (ARRAY['mail-urgent', 'tmdb', 'imports'])[1 + n % 3], '{}', '', now(), now() + (n - 25000) * interval '1 s', 0, ''
FROM generate_series(1, 50000) n
"""


@contextlib.contextmanager
def seeded(folder: Path) -> Iterator[str]:
    """The address of a server that runs, with the world in it."""
    with Postgres(folder / "postgres", durable=False) as server:
        manage(server.url(), "migrate", "--verbosity", "0")
        manage(server.url(), "seed", "--people", f"{PEOPLE}", "--entries", f"{ENTRIES}", "--films", f"{FILMS}")
        settle(server.url())
        yield server.url()


def manage(url: str, *command: str) -> None:
    told = os.environ | {"DATABASE_URL": url}
    subprocess.run([sys.executable, "manage.py", *command], check=True, env=told, cwd=ROOT, stdout=subprocess.DEVNULL)


def settle(url: str) -> None:
    """What the seed leaves out, and what a database does by itself in time: no plan is to depend on when it does it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(WAITING)
        connection.execute("VACUUM (ANALYZE)")


def connected(url: str) -> BaseDatabaseWrapper:
    usual = connections["default"]
    options = {name: value for name, value in usual.settings_dict["OPTIONS"].items() if name != "pool"}
    return type(usual)(usual.settings_dict | dj_database_url.parse(url) | {"OPTIONS": options}, "default")


@contextlib.contextmanager
def entered(world: BaseDatabaseWrapper) -> Iterator[None]:
    """Whatever is asked meanwhile is asked there; nothing that is written stays."""
    usual = connections["default"]
    connections["default"] = world
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        connections["default"] = usual
