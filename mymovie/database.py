"""The way to a database whose password is changed now and then, by AWS Secrets Manager."""

import contextlib
import json
from typing import Any, ClassVar, Self

import boto3
import psycopg
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from psycopg.errors import InvalidAuthorizationSpecification, InvalidPassword

PATIENCE = Config(connect_timeout=2, read_timeout=3, retries={"max_attempts": 1})


class RotatingConnection(psycopg.Connection[Any]):
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
