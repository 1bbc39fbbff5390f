"""The whole site on one machine: every part a child of this process, and gone with it."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

import botocore.exceptions
import psycopg

from infra.local import chores, cognito, folder, s3, ses
from infra.local.aws import ACCOUNT, LOOPBACK, LocalAws, answers
from infra.local.environment import address, environment, port, told
from infra.local.postgres import Postgres
from infra.local.processes import Part, die_with_parent
from infra.local.trouble import Trouble


def run(*, reload: bool) -> None:
    """Serve until told to stop."""
    die_with_parent()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    with contextlib.suppress(KeyboardInterrupt), contextlib.ExitStack() as running:
        settings = told()
        lock = running.enter_context(folder.claimed(address(settings)))
        listener = running.enter_context(listening(port(settings)))
        settings = environment(settings) | ({"DEBUG": "1"} if reload else {})
        print("Starting the database and the local AWS", flush=True)
        parts = start_parts(settings, running, lock)
        web = start_web(settings, running, lock, listener, reload=reload)
        parts += start_background(settings, running, lock)
        running.enter_context(folder.remembering(settings))
        welcome(settings)
        while True:
            for part in [*parts, web]:
                part.require_alive()
            time.sleep(0.5)


def manage(arguments: Sequence[str]) -> int:
    """Run manage.py on the data of this folder, beside the running site or without one."""
    command: list[str | Path] = [sys.executable, folder.ROOT / "manage.py", *arguments]
    try:
        with folder.claimed("manage.py") as lock:
            settings = {"DEBUG": "1"} | environment(told())
            if "DATABASE_URL" in settings:
                return subprocess.run(command, check=False, env=settings).returncode
            with Postgres(folder.FOLDER / "postgres", holding=[lock]) as postgres:
                return subprocess.run(command, check=False, env=settings | {"DATABASE_URL": postgres.url()}).returncode
    except folder.AlreadyRunning:
        if not folder.ENVIRONMENT.exists():
            raise
        return subprocess.run(command, check=False, env=folder.remembered()).returncode


def start_parts(settings: dict[str, str], running: contextlib.ExitStack, lock: int) -> list[Part]:
    """Start everything that the web server needs, and write down in `settings` where it is.

    The order is for speed: what takes long begins early, and is waited for late.
    """
    aws = LocalAws(folder.FOLDER / "aws", holding=[lock]) if "AWS_ENDPOINT_URL" not in settings else None
    postgres = Postgres(folder.FOLDER / "postgres", holding=[lock]) if "DATABASE_URL" not in settings else None
    if aws:
        aws.start()
        running.callback(aws.stop)
        settings["AWS_ENDPOINT_URL"] = aws.endpoint
    settings.setdefault("QUEUES_URL", f"{settings['AWS_ENDPOINT_URL']}/{ACCOUNT}/mymovie-")
    if postgres:
        postgres.start()
        running.callback(postgres.stop)
        settings["DATABASE_URL"] = postgres.url()
    else:
        require_database(settings["DATABASE_URL"])
    begun = [(chore, chore.start(settings, holding=[lock])) for chore in due_chores(settings)]
    for _, part in begun:
        running.callback(part.stop)
    if aws:
        aws.wait()
    if "OIDC_ISSUER" not in settings:
        provide_sign_in(settings, aws)
    if postgres:
        postgres.wait()
    prepare = Part(
        "Preparing the database",
        [sys.executable, "-m", "infra.local.prepare"],
        environment=settings,
        log=folder.FOLDER / "prepare.log",
        holding=[lock],
    )
    running.callback(prepare.stop)
    provide_buckets(settings)
    provide_mail(settings)
    prepare.require_success()
    for chore, part in begun:
        chore.finish(part)
    return [part.part for part in (postgres, aws) if part]


def require_database(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        raise Trouble(f"DATABASE_URL does not answer: {' '.join(str(error).split())}") from None


def due_chores(settings: dict[str, str]) -> list[chores.Chore]:
    every = [chores.messages()]
    if settings.get("DEBUG") != "1":
        every.append(chores.static_files(Path(settings["STATIC_ROOT"])))
    return [chore for chore in every if not chore.is_done()]


def provide_sign_in(settings: dict[str, str], aws: LocalAws | None) -> None:
    try:
        pool = cognito.UserPool(settings["AWS_ENDPOINT_URL"])
        settings.update(pool.environment(settings["SITE_URL"]))
    except botocore.exceptions.BotoCoreError as error:
        raise Trouble(f"AWS_ENDPOINT_URL does not answer: {error}") from None
    if aws and pool.is_new:
        # It is written down only when ministack stops. A crash before that would lose the pool, and with it who
        # everybody is.
        aws.restart()


def provide_buckets(settings: dict[str, str]) -> None:
    try:
        for name, bucket in {"MEDIA_BUCKET": s3.BUCKET, "INCOMING_BUCKET": s3.INCOMING}.items():
            s3.provide_bucket(settings["AWS_ENDPOINT_URL"], settings.setdefault(name, bucket))
    except botocore.exceptions.BotoCoreError as error:
        raise Trouble(f"AWS_ENDPOINT_URL does not answer: {error}") from None


def provide_mail(settings: dict[str, str]) -> None:
    try:
        ses.provide_sender(settings["AWS_ENDPOINT_URL"], settings.setdefault("MAIL_FROM", ses.SENDER))
    except botocore.exceptions.BotoCoreError as error:
        raise Trouble(f"AWS_ENDPOINT_URL does not answer: {error}") from None


def start_background(settings: dict[str, str], running: contextlib.ExitStack, lock: int) -> list[Part]:
    """The relay from the outbox to the queues, a worker for all of them, and the clock of the schedule."""
    celery = ["-m", "celery", "--app", "mymovie", "--quiet"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--concurrency", "2"]
    commands = {
        "The relay": ["manage.py", "relay_outbox"],
        "The worker": [*celery, "worker", *quiet],
        "The schedule": [*celery, "beat", "--scheduler", "celery.beat:Scheduler", "--pidfile", ""],
    }
    parts = []
    for name, command in commands.items():
        part = Part(name, [sys.executable, *command], environment=settings, holding=[lock])
        running.callback(part.stop)
        parts.append(part)
    return parts


def start_web(
    settings: dict[str, str], running: contextlib.ExitStack, lock: int, listener: socket.socket, *, reload: bool
) -> Part:
    number = listener.getsockname()[1]
    holding = [lock]
    if reload:
        listener.close()
        command = ["manage.py", "runserver", f"{LOOPBACK}:{number}"]
    else:
        command = ["-m", "gunicorn", "--config", "docker/gunicorn.conf.py", "--log-level", "warning"]
        command += ["--bind", f"fd://{listener.fileno()}", "mymovie.wsgi:application"]
        holding.append(listener.fileno())
    web = Part("The web server", [sys.executable, *command], environment=settings, holding=holding)
    running.callback(web.stop)
    web.wait_until(lambda: answers(number, "/healthz/ready"))
    return web


@contextlib.contextmanager
def listening(number: int) -> Iterator[socket.socket]:
    """Have the port from the first moment on: nobody can take it while the parts start."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, number))
            listener.listen()
        except PermissionError:
            raise Trouble(f"Port {number} is not for you: choose one above 1023, as in PORT=8123 make run.") from None
        except OSError:
            raise Trouble(f"Port {number} is taken: choose another, as in PORT={number + 1} make run.") from None
        yield listener


def welcome(settings: dict[str, str]) -> None:
    print(f"\n  MyMovie   {settings['SITE_URL']}/")
    if "DEMO_SUBJECTS" in settings:
        print(
            f"  Sign in   hanako   {cognito.PASSWORD}   (or taro, himitsu; newcomer is new here; staff may enter /staff/)"
        )
    print(f"  Mail      {ses.mails_at(settings['AWS_ENDPOINT_URL'])}   (none of it leaves this machine)")
    print("  Stop      Ctrl-C\n", flush=True)


def interrupt(number: int, frame: FrameType | None) -> None:
    """Once: whoever presses Ctrl-C again must not break off the cleaning up."""
    for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt
