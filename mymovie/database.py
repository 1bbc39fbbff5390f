"""The way to the database: whether it let us in when it was last asked, and a password that AWS Secrets Manager changes."""

import contextlib
import json
import select
import time
from typing import Any, ClassVar, Self

import boto3
import psycopg
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from psycopg.errors import InvalidAuthorizationSpecification, InvalidPassword

PATIENCE = Config(connect_timeout=2, read_timeout=3, retries={"max_attempts": 1})
BETWEEN_LOOKS = 0.5  # seconds
NOT_ITS_ANSWER = ("08", "57P", "53", "57014")
"""What errors begin with that a database gives which goes, comes, has no room left, on its disk neither, or has taken too
long (SQLSTATE)."""


class WatchedConnection(psycopg.Connection[Any]):
    """Remembers for the whole process how it went."""

    is_refused: ClassVar[bool] = False
    looked_at: ClassVar[float] = 0

    @classmethod
    def connect(cls, conninfo: str = "", **about: Any) -> Self:
        try:
            made = super().connect(conninfo, **about)
        except psycopg.OperationalError:
            WatchedConnection.is_refused = True
            raise
        WatchedConnection.is_refused = False
        return made

    def execute(self, query: Any, params: Any = None, **named: Any) -> psycopg.Cursor[Any]:
        """By the empty statement the pool asks whether it still stands, before each request: a server that ends a connection
        says so, and while nothing was said it need not be asked, which would cost more than half of what a kept page does."""
        if query == "" and not self._has_been_told_something():
            return self.cursor()
        try:
            return super().execute(query, params, **named)
        except psycopg.OperationalError:
            # Where one is dead, so are the others: the pool would hand out one by one, with seconds between.
            if query == "":
                look_again()
            raise

    def _has_been_told_something(self) -> bool:
        looking = select.poll()
        looking.register(self.fileno())
        return any(event & ~select.POLLOUT for _fd, event in looking.poll(0))


def is_away() -> bool:
    """Whether it is of no use to ask. Never waits: the pool looks again by itself, and is reminded here, as while nobody
    asks it anything it would rest for seconds."""
    if WatchedConnection.is_refused:
        look_again()
    return WatchedConnection.is_refused


def look_again() -> None:
    """Has the pool look at all that it holds, and make anew what is dead."""
    if time.monotonic() - WatchedConnection.looked_at > BETWEEN_LOOKS:
        WatchedConnection.looked_at = time.monotonic()
        connection.pool.check()  # type: ignore[attr-defined]


def is_why(error: BaseException | None) -> bool:
    """Whether it was raised because the database is away, or nobody came to their turn with it."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.__cause__, "sqlstate", None)
    return code is None or code.startswith(NOT_ITS_ANSWER)


class RotatingConnection(WatchedConnection):
    """Asks for the password anew when the one it knows is refused. Connections that are open stay so."""

    known: ClassVar[dict[str, str]] = {}
    """What the secret said when it was last asked."""

    @classmethod
    def connect(cls, conninfo: str = "", **about: Any) -> Self:
        tried = cls.known
        try:
            return super().connect(conninfo, **(about | tried))
        except psycopg.OperationalError as refused:
            if not is_about_the_password(refused) or cls.newest() == tried:
                raise
        return super().connect(conninfo, **(about | cls.known))

    @classmethod
    def newest(cls) -> dict[str, str]:
        secrets = boto3.client("secretsmanager", region_name=settings.AWS_REGION, config=PATIENCE)
        with contextlib.suppress(BotoCoreError, ClientError):  # what we know may serve again, by and by
            told = json.loads(secrets.get_secret_value(SecretId=settings.DATABASE_SECRET)["SecretString"])
            cls.known = {"user": told["username"], "password": told["password"]}
        return cls.known


def is_about_the_password(refused: psycopg.OperationalError) -> bool:
    """libpq gives no code for what it is told before it is connected, but repeats the server's words."""
    if isinstance(refused, InvalidPassword | InvalidAuthorizationSpecification):
        return True
    return "password authentication failed" in str(refused)
