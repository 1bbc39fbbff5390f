"""What became of a mail, as SES tells it by way of SNS. Events come late, twice and in any order.

https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import json
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
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
            _sent(notice, str(mail.get("messageId", "")))
        case "Reject" | "Rendering Failure":
            _refused(notice)
        case "Bounce":
            _close(notice, addresses, "bounced_at", why="came back")
        case "Complaint":
            _close(notice, addresses, "complained_at", why="called unwanted")
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


@transaction.atomic
def _close(notice: Notice | None, addresses: list[str], column: str, *, why: str) -> None:
    """Whoever has such an address is not written to any more. Told once more of the same mail, it is no news: they may
    have opened their mailbox again since."""
    if not addresses:
        return
    if notice and not Notice.objects.filter(pk=notice.pk).exclude(why=why).update(state=State.SENT, why=why):
        return
    either_way = [*addresses, *(address.lower() for address in addresses)]
    theirs = Q(address__in=either_way)
    mailbox = Mailbox.objects.filter(pk=notice.recipient_id).first() if notice and notice.recipient_id else None
    if mailbox and _as_sent(mailbox.address) in map(_as_sent, addresses):
        theirs |= Q(pk=mailbox.pk)
    Mailbox.objects.filter(theirs, **{column: None}).update(**{column: timezone.now()})


def _as_sent(address: str) -> str:
    """However its letters and its domain are written."""
    name, _at, domain = address.lower().rpartition("@")
    try:
        return f"{name}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return f"{name}@{domain}"


def _bare(address: str) -> str:
    """SES may write it with a name: "Hanako <hanako@example.com>"."""
    return address.rpartition("<")[2].rstrip("> ").strip()


def _sent(notice: Notice | None, service_id: str) -> None:
    """SES knows better than a worker that was killed, or that heard no answer, and than whoever would send it again."""
    if notice:
        unsettled = [State.NEW, State.CLAIMED, State.IN_DOUBT]
        sent = {"state": State.SENT, "sent_at": timezone.now(), "service_id": service_id[:100], "why": ""}
        Notice.objects.filter(pk=notice.pk, state__in=unsettled).update(**sent)


def _refused(notice: Notice | None) -> None:
    """SES took it first, and looked into it then."""
    if notice:
        taken = [State.CLAIMED, State.IN_DOUBT, State.SENT]
        Notice.objects.filter(pk=notice.pk, state__in=taken).update(state=State.REFUSED, why="rejected by SES")
