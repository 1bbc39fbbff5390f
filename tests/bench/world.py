"""The world that is measured: a seeded database of its own, made once for each size and state of the code, and kept."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

from infra.local import folder
from infra.local.environment import environment
from infra.local.postgres import Postgres

SIZES = {"quick": (10_000, 1_000_000, 50_000), "whole": (100_000, 10_000_000, 100_000)}
"""People, entries, films."""
MAKE_IT_WHAT_IT_IS = ["movies/diary/seeding.py", "movies/migrations/*.py", "accounts/migrations/*.py"]
HOME = folder.FOLDER / "bench"


class WatchedPostgres(Postgres):
    """Counts what is asked of it, and does nothing by itself while others are measured."""

    def settings(self) -> list[str]:
        return [
            *super().settings(),
            "shared_preload_libraries=pg_stat_statements",
            "shared_buffers=512MB",
            "max_wal_size=8GB",
            "autovacuum=off",
            "jit=off",
        ]


def provided(size: str) -> WatchedPostgres:
    """A server that runs, with the world of that size in it."""
    people, entries, films = SIZES[size]
    data = HOME / f"{size}-{fingerprint()}"
    for other in HOME.glob(f"{size}-*"):
        if other.suffix == "" and other != data:
            shutil.rmtree(other)
    postgres = WatchedPostgres(data, durable=False)
    HOME.mkdir(parents=True, exist_ok=True)
    postgres.start()
    postgres.wait()
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        if not is_seeded(connection):
            told = environment({"DATABASE_URL": postgres.url(), "QUEUES_URL": "http://127.0.0.1:1/1/"})
            manage(told, "migrate", "--verbosity", "0")
            manage(told, "seed", "--people", f"{people}", "--entries", f"{entries}", "--films", f"{films}")
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
            connection.execute("CHECKPOINT")
            connection.execute("CREATE TABLE seeded ()")
    return postgres


def manage(told: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], check=True, env=told, cwd=folder.ROOT)


def is_seeded(connection: psycopg.Connection) -> bool:
    [found] = connection.execute("SELECT to_regclass('seeded')").fetchone() or [None]
    return found is not None


def fingerprint() -> str:
    """Of what makes the world: another one is made when that changes."""
    paths = sorted(path for pattern in MAKE_IT_WHAT_IT_IS for path in Path(folder.ROOT).glob(pattern))
    return hashlib.blake2s(b"".join(path.read_bytes() for path in paths), digest_size=5).hexdigest()
