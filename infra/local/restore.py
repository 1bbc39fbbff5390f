"""A restore, rehearsed: a dump into an empty cluster, every row compared, and the site served from it.

`make rehearse-restore` does it with a site of its own and its demo, `DATABASE_URL=… make rehearse-restore` with a
database that is there. It only reads the source, in one snapshot: people may go on writing meanwhile.
"""

import contextlib
import json
import os
import secrets
import socket
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from infra.local import postgres
from infra.local.aws import LOOPBACK, answers, free_port
from infra.local.comparison import Contents, contents, differences
from infra.local.environment import told
from infra.local.folder import ROOT
from infra.local.postgres import Postgres
from infra.local.processes import Part
from infra.local.site import listening
from infra.local.trouble import Trouble, in_one_line

DATABASE_SETTINGS = {"DATABASE_URL", "DATABASE_USER", "DATABASE_PASSWORD"}
DEMO_SUBJECTS = json.dumps({handle: f"{handle} of the rehearsal" for handle in ("hanako", "taro", "himitsu")})
PUBLIC_WALL = """
    SELECT '/@' || u.handle || '/'
    FROM accounts_user u JOIN movies_entry e ON e.owner_id = u.id
    WHERE u.wall_visibility = 'public' AND u.is_active GROUP BY u.id ORDER BY count(*) DESC, u.id LIMIT 1
"""
RECORDED_FILM = """
    SELECT '/films/' || film_id || '-film/' FROM movies_entry GROUP BY film_id ORDER BY count(*) DESC, film_id LIMIT 1
"""


class Differs(Trouble):
    pass


def main() -> None:
    settings = told()
    with tempfile.TemporaryDirectory(prefix="mymovie-restore-") as name, contextlib.ExitStack() as running:
        folder = Path(name)
        if "DATABASE_URL" in settings:
            source = {key: settings[key] for key in DATABASE_SETTINGS & settings.keys()}
        else:
            with timed("A site with its demo"):
                server = running.enter_context(Postgres(folder / "source"))
                source = {"DATABASE_URL": server.url()}
                fill(source, folder)
        rehearse(source, folder)


def rehearse(source: dict[str, str], folder: Path) -> None:
    """Raises Differs when what comes back is not what was there."""
    settings = site_settings(folder)
    dump = folder / "dump"
    with snapshot(source) as (connection, its_name):
        with timed("Reading the source"):
            was = contents(connection)
        with timed("Dump"):
            take_dump(source, dump, its_name)
        addresses = ["/", *(row[0] for query in (PUBLIC_WALL, RECORDED_FILM) for row in connection.execute(query))]
        positions_after = contents(connection).positions
    if len(addresses) < 3:
        raise Trouble("The source has no public wall with a film on it: there is nothing to look at afterwards.")
    with Postgres(folder / "restored") as server:
        restored = {"DATABASE_URL": server.url()}
        with timed(f"Restore of {dump.stat().st_size / 2**20:.1f} MB"):
            load(dump, restored)
        with timed("Comparing"), psycopg.connect(server.url()) as connection:
            found = list(differences(was, contents(connection), positions_after))
        if found:
            raise Differs("\n".join(["What was restored is not what was there:", *found]))
        say_what_is_equal(was)
        with timed("Static files and words"):
            manage(settings | source, folder, "collectstatic", "--noinput", "--verbosity", "0")
            call([sys.executable, "-m", "mymovie.messages", "compile"], settings | source, folder / "words.log")
        with timed("Serving both"), listening(free_port()) as listener:
            before = pages(settings | source, listener, addresses)
            after = pages(settings | restored, listener, addresses)
        if changed := [address for address in addresses if before[address] != after[address]]:
            raise Differs(f"These pages are not what they were: {' '.join(changed)}")
        print(f"{len(addresses)} pages are equal: {' '.join(addresses)}")


@contextlib.contextmanager
def timed(what: str) -> Iterator[None]:
    started = time.monotonic()
    yield
    print(f"{what}: {time.monotonic() - started:.1f} s", flush=True)


def site_settings(folder: Path) -> dict[str, str]:
    """Nothing but the database is behind this site: whoever looks at pages needs nothing else."""
    return {name: value for name, value in os.environ.items() if name not in DATABASE_SETTINGS} | {
        "SITE_URL": f"http://{LOOPBACK}",
        "ALLOWED_HOSTS": LOOPBACK,
        "INSECURE_COOKIES": "1",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "STATIC_ROOT": str(folder / "static"),
        "STATIC_COMPRESSION": "0",
        "LOG_FORMAT": "console",
        "TMDB_TOKEN": "",
        "DEBUG": "",
    }


def fill(source: dict[str, str], folder: Path) -> None:
    settings = (
        site_settings(folder) | source | {"DEMO_SUBJECTS": DEMO_SUBJECTS, "OIDC_ISSUER": "https://nobody.example"}
    )
    for command in ("migrate", "load_catalogue", "load_demo"):
        manage(settings, folder, command, "--verbosity", "0")


def manage(settings: dict[str, str], folder: Path, *arguments: str) -> None:
    call([sys.executable, ROOT / "manage.py", *arguments], settings, folder / f"{arguments[0]}.log")


def call(command: Sequence[str | Path], environment: dict[str, str], log: Path) -> None:
    name = Path(command[-1] if len(command) < 3 else command[2]).name
    Part(name, command, environment=environment, log=log).require_success()


@contextlib.contextmanager
def snapshot(source: dict[str, str]) -> Iterator[tuple[psycopg.Connection[Any], str]]:
    """One moment of the source, which pg_dump can be told to look at as well."""
    try:
        connection = psycopg.connect(conninfo(source), connect_timeout=10)
    except psycopg.Error as error:
        raise Trouble(f"DATABASE_URL does not answer: {' '.join(str(error).split())}") from None
    with connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None  # noqa: S101 - a function has a value
        yield connection, row[0]


def conninfo(settings: dict[str, str]) -> str:
    """As settings.py reads them."""
    apart = {"user": settings.get("DATABASE_USER"), "password": settings.get("DATABASE_PASSWORD")}
    return make_conninfo(settings["DATABASE_URL"], **{name: value for name, value in apart.items() if value})


def take_dump(source: dict[str, str], dump: Path, snapshot_name: str) -> None:
    """Without what is unlogged: neither a snapshot of Aurora's nor a crash keeps it."""
    command = ["--format=custom", f"--file={dump}", f"--snapshot={snapshot_name}", "--no-unlogged-table-data"]
    run_program("pg_dump", command, source, dump.parent)


def load(dump: Path, restored: dict[str, str]) -> None:
    """Owners and rights belong to the cluster, which has its own."""
    name = conninfo_to_dict(conninfo(restored))["dbname"]
    command = ["--exit-on-error", "--no-owner", "--no-acl", "--jobs=2", f"--dbname={name}", str(dump)]
    run_program("pg_restore", command, restored, dump.parent)
    with psycopg.connect(conninfo(restored), autocommit=True) as connection:
        connection.execute("ANALYZE")  # a dump has no statistics, and a site without them is slow


def run_program(name: str, arguments: Sequence[str], settings: dict[str, str], folder: Path) -> None:
    """The password goes by the environment: everybody on a machine can read its command lines."""
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
    names |= {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
    parts = {names[key]: str(value) for key, value in conninfo_to_dict(conninfo(settings)).items() if key in names}
    command: list[str | Path] = [postgres.programs() / name, *arguments]
    Part(name, command, environment=postgres.environment() | parts, log=folder / f"{name}.log").require_success()


def say_what_is_equal(was: Contents) -> None:
    print(
        f"Equal: {was.count:,} rows of {len(was.tables)} tables, {len(was.positions)} sequences, "
        f"{len(was.rules)} indexes, constraints, triggers and extensions. Empty, as it should be: {', '.join(was.unlogged)}."
    )


def pages(settings: dict[str, str], listener: socket.socket, addresses: Sequence[str]) -> dict[str, bytes]:
    """What the site on this database answers. Both are asked at one port, which may stand in what they say."""
    port = listener.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "docker/gunicorn.conf.py", "--log-level", "warning"]
    command += ["--chdir", str(ROOT), "--bind", f"fd://{listener.fileno()}", "mymovie.wsgi:application"]
    web = Part("The site", command, environment=settings, holding=[listener.fileno()])
    try:
        web.wait_until(lambda: answers(port, "/healthz/ready"))
        return {address: page(f"http://{LOOPBACK}:{port}{address}") for address in addresses}
    finally:
        web.stop()


def page(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own address
            content: bytes = answer.read()
    except urllib.error.HTTPError as error:
        raise Differs(f"{url} answers {error.code}.") from None
    return content


if __name__ == "__main__":
    with in_one_line():
        main()
