"""One mail to the mail service, once, and what is certain of it. Nothing here is tried again: a second try could be a
second mail."""

import time
from functools import cache
from http import HTTPStatus
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError
from anymail.message import AnymailMessage
from botocore import exceptions as botocore
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import SafeMIMEMultipart, SafeMIMEText

from accounts.mail.letters import Letter, address_to_unsubscribe
from accounts.mail.models import Notice

TAG = "notice"
"""Under which the mail service keeps a notice's id, and names it in its events."""
IDLE_FOR = 20.0  # seconds until a connection may have been closed at the other end, unseen by us

# What SES says of this one mail; whatever else it answers with 4xx is said of us, or of this moment.
REFUSALS = {"MessageRejected", "BadRequestException"}
# Nothing of the mail has left us.
NEVER_SENT = (
    botocore.EndpointConnectionError,
    botocore.ConnectTimeoutError,
    botocore.ProxyConnectionError,
    botocore.NoCredentialsError,
    botocore.PartialCredentialsError,
    botocore.CredentialRetrievalError,
    botocore.TokenRetrievalError,
    botocore.NoRegionError,
)


class SendingError(Exception):
    """Says why, without anything that is anybody's."""


class Refused(SendingError):
    """This mail is not taken, and would not be another time."""


class NotTaken(SendingError):
    """Not now: it may be tried again, and will not be a second mail."""


class OutcomeUnknown(SendingError):
    """Perhaps it was taken, perhaps not."""


class Mail(AnymailMessage):
    def message(self) -> SafeMIMEText | SafeMIMEMultipart:
        """The mail service gives it its number; ours would tell the name of this machine."""
        message: SafeMIMEText | SafeMIMEMultipart = super().message()
        del message["Message-ID"]
        return message


def send(notice: Notice, letter: Letter, *, to: str) -> str:
    """The mail service's number of the mail. Raises SendingError."""
    mail = _mail(notice, letter, to)
    connection = _connection(settings.EMAIL_BACKEND)
    connection.rest()
    try:
        connection.backend.send_messages([mail])
    # Without where they come from: what the mail service says may name an address, and would be logged.
    except AnymailAPIError as error:
        raise _meaning(error.__cause__) from None
    except (AnymailError, ValueError) as error:  # no mail can be made of it
        raise Refused(type(error).__name__) from None
    except OSError as error:
        raise OutcomeUnknown(type(error).__name__) from None
    status = getattr(mail, "anymail_status", None)
    return (status and status.message_id) or ""


def _mail(notice: Notice, letter: Letter, to: str) -> Mail:
    headers = {"Auto-Submitted": "auto-generated"}
    if address := address_to_unsubscribe(notice):
        headers["List-Unsubscribe"] = f"<{address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = Mail(
        letter.subject,
        letter.text,
        to=[to],
        reply_to=[letter.reply_to] if letter.reply_to else None,
        headers=headers,
        metadata={TAG: str(notice.pk)},
        esp_extra={"EmailTags": [{"Name": TAG, "Value": str(notice.pk)}]},
    )
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    return mail


class _Connection:
    """Kept by a process: to make a client of SES anew for every mail costs more than the mail."""

    def __init__(self, name: str) -> None:
        self.backend: BaseEmailBackend = get_connection(name)
        self.backend.open()
        self.used_at = time.monotonic()

    def rest(self) -> None:
        """What was idle for long begins anew: on a connection that is dead, nobody would know what became of a mail."""
        client: Any = getattr(self.backend, "client", None)
        if client and time.monotonic() - self.used_at > IDLE_FOR:
            client.close()  # of its sockets; it opens others
        self.used_at = time.monotonic()


_connection = cache(_Connection)


def _meaning(cause: BaseException | None) -> SendingError:
    match cause:
        case botocore.ClientError():
            code = cause.response["Error"].get("Code", "")
            status = cause.response["ResponseMetadata"].get("HTTPStatusCode", 0)
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.SERVICE_UNAVAILABLE:
                return OutcomeUnknown(code)  # it broke down over the mail, perhaps after it had taken it
            return Refused(code) if code in REFUSALS else NotTaken(code)
        case botocore.ParamValidationError():
            return Refused(type(cause).__name__)
        case _ if isinstance(cause, NEVER_SENT):
            return NotTaken(type(cause).__name__)
    return OutcomeUnknown(type(cause).__name__)
