"""Who may send mail from this machine, and where it can be read: none of it leaves."""

import contextlib
from email.utils import parseaddr

import boto3

from infra.local.aws import REGION

SENDER = "mymovie@localhost"


def provide_sender(endpoint: str, sender: str) -> None:
    """Have the SES at `endpoint` take mail from this address, as the real one does of those it has verified."""
    ses = boto3.client(
        "sesv2",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106
    )
    with contextlib.suppress(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity(EmailIdentity=parseaddr(sender)[1])


def mails_at(endpoint: str) -> str:
    """Where ministack shows all mail that was sent since it was started, as JSON."""
    return f"{endpoint}/_ministack/ses/messages"
