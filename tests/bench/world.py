"""The world that is measured: a seeded database of its own, made once for each size and state of the code, and kept."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg

from infra.local import folder
from infra.local.environment import environment
from infra.local.postgres import DATABASE, Postgres

SIZES = {
    "quick": (4_200, 200_000, 10_000),
    "whole": (100_000, 10_000_000, 100_000),
    "small": (10, 1_000, 500),
}
"""People, entries, films."""
SMALL = "small"
"""The database with a thousand entries, beside the large one of the same server."""
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


class Provided(WatchedPostgres):
    """Runs, with the world of that size in it, and a small one beside."""

    def __init__(self, size: str) -> None:
        data = HOME / f"{size}-{fingerprint()}"
        for other in HOME.glob(f"{size}-*"):
            if not other.name.startswith(data.name):
                shutil.rmtree(other) if other.is_dir() else other.unlink()
        HOME.mkdir(parents=True, exist_ok=True)
        super().__init__(data, durable=False)
        self.start()
        try:
            self.wait()
            with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [SMALL]).fetchone():
                    connection.execute(f"CREATE DATABASE {SMALL}")
            for database, numbers in {DATABASE: SIZES[size], SMALL: SIZES["small"]}.items():
                seed(self.url(database), *numbers)
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self.part.process.pid

    def close(self) -> None:
        self.stop()


def seed(url: str, people: int, entries: int, films: int) -> None:
    """Unless it was done before, to its end."""
    with psycopg.connect(url, autocommit=True) as connection:
        if is_seeded(connection):
            return
        told = environment({"DATABASE_URL": url, "QUEUES_URL": "http://127.0.0.1:1/1/"})
        manage(told, "migrate", "--verbosity", "0")
        manage(told, "seed", "--people", f"{people}", "--entries", f"{entries}", "--films", f"{films}")
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        connection.execute("CHECKPOINT")
        connection.execute("CREATE TABLE seeded ()")


def manage(told: dict[str, str], *command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command], check=True, env=told, cwd=folder.ROOT, stdout=sys.stderr)


def is_seeded(connection: psycopg.Connection) -> bool:
    [found] = connection.execute("SELECT to_regclass('seeded')").fetchone() or [None]
    return found is not None


def fingerprint() -> str:
    """Of what makes the world: another one is made when that changes."""
    paths = sorted(path for pattern in MAKE_IT_WHAT_IT_IS for path in Path(folder.ROOT).glob(pattern))
    return hashlib.blake2s(b"".join(path.read_bytes() for path in paths), digest_size=5).hexdigest()
