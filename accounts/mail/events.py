"""What became of a mail, as SES tells it by way of SNS. Events come late, twice and in any order.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import json
from typing import Any

import structlog
from django.utils import timezone

from accounts.mail.models import Mailbox, Notice, State
from accounts.mail.sending import TAG

LARGEST_PK = 2**63 - 1

log = structlog.get_logger(__name__)


class UnreadableEvent(Exception):
    pass


def take_event(text: str) -> None:
    """Bring the notice, and for bounces and complaints the mailboxes, up to it. Raises UnreadableEvent."""
    try:
        event = json.loads(text)
        kind = event.get("eventType") or event.get("notificationType")
        mail = event["mail"]
        notice = _notice(mail)
        addresses = _addresses(event, kind)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableEvent(type(error).__name__) from error
    match kind:
        case "Send" | "Delivery":
            _settle(notice, State.SENT, str(mail.get("messageId", "")))
        case "Reject" | "Rendering Failure":
            _settle(notice, State.REFUSED, "")
        case "Bounce":
            _close(addresses, "bounced_at")
        case "Complaint":
            _close(addresses, "complained_at")
    log.info("mail.event", kind=str(kind)[:20], notice=notice and notice.pk, stopped=len(addresses))


def _notice(mail: dict[str, Any]) -> Notice | None:
    tags = mail.get("tags") or {}
    for pk in tags.get(TAG) or []:
        if pk.isascii() and pk.isdecimal() and int(pk) <= LARGEST_PK:
            return Notice.objects.filter(pk=int(pk)).first()
    service_id = mail.get("messageId")
    return Notice.objects.filter(service_id=service_id).first() if service_id and isinstance(service_id, str) else None


def _addresses(event: dict[str, Any], kind: str) -> list[str]:
    """To which nothing is to be sent any more: mail came back for good, or was called unwanted."""
    if kind == "Bounce" and event["bounce"]["bounceType"] == "Permanent":
        recipients = event["bounce"]["bouncedRecipients"]
    elif kind == "Complaint":
        recipients = event["complaint"]["complainedRecipients"]
    else:
        return []
    return [_bare(recipient["emailAddress"]) for recipient in recipients]


def _close(addresses: list[str], column: str) -> None:
    """Whoever has such an address is not written to any more."""
    either_way = [*addresses, *(address.lower() for address in addresses)]
    Mailbox.objects.filter(**{"address__in": either_way, column: None}).update(**{column: timezone.now()})


def _bare(address: str) -> str:
    """SES may write it with a name: "Hanako <hanako@example.com>"."""
    return address.rpartition("<")[2].rstrip("> ").strip()


def _settle(notice: Notice | None, state: State, service_id: str) -> None:
    """Only what is not settled yet: SES knows better than a worker that was killed, or that heard no answer."""
    if notice is None:
        return
    unsettled = Notice.objects.filter(pk=notice.pk, state__in=[State.CLAIMED, State.IN_DOUBT])
    if state == State.SENT:
        unsettled.update(state=state, sent_at=timezone.now(), service_id=service_id[:100], why="")
    else:
        unsettled.update(state=state, why="SES")
