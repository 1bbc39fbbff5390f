"""The one way in which a mail leaves the house."""

import datetime
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.mail import sending, turns
from accounts.mail.letters import Letter
from accounts.mail.models import Kind, Mailbox, Notice, State
from mymovie.outbox import services as outbox

LATER = datetime.timedelta(seconds=30)
PAUSE = datetime.timedelta(minutes=3)  # until a mail service that takes nothing is asked again
TRIED_FOR = datetime.timedelta(days=1)  # without its costing a task one of its tries

log = structlog.get_logger(__name__)


def deliver(notice_id: int, compose: Callable[[Notice], Letter | None]) -> State | None:
    """Mail what `compose` writes, None where it is no longer true; says what has become of the notice, None where it is
    gone. Called outside of transactions, by jobs.

    It is claimed before it is sent, so that however often, and by however many at once, this is called, one mail goes
    out at most. What the mail service does not take just now comes again by the outbox. Raises sending.NotTaken when that
    has gone on for TRIED_FOR.
    """
    notice, state = _due(notice_id)
    if notice is None:
        return state
    if not turns.wait_for_turn(notice.kind):
        outbox.add(notice.task, notice_id=notice.pk, available_at=timezone.now() + LATER)
        return State.NEW
    notice, state = _due(notice_id)  # once more: while it waited they may have turned it off, moved, or gone
    if notice is None:
        return state
    letter = compose(notice)
    if letter is None:
        return _drop(notice, "no longer true")
    if not _claim(notice):
        _notice, state = _due(notice_id)
        return state
    return _send(notice, letter)


def _due(notice_id: int) -> tuple[Notice | None, State | None]:
    """The notice, if it is to be sent as things are now, and what has become of it."""
    notice = Notice.objects.select_related("recipient__mailbox").filter(pk=notice_id).first()
    if notice is None:
        return None, None
    if notice.state != State.NEW:
        return None, State(notice.state)
    if why := _why_not(notice):
        return None, _drop(notice, why)
    return notice, State.NEW


def _why_not(notice: Notice) -> str:
    if notice.not_after and notice.not_after < timezone.now():
        return "too late"
    person = notice.recipient
    if person is None:
        return ""
    if not person.is_active and notice.kind != Kind.LEAVING:
        return "account closed"
    mailbox: Mailbox | None = getattr(person, "mailbox", None)
    if mailbox is None or not mailbox.is_open:
        return "mailbox closed"
    return "" if mailbox.wants(notice.kind) else "not wanted"


def _drop(notice: Notice, why: str) -> State:
    _settle(notice, State.NEW, state=State.DROPPED, why=why)
    log.info("notice.dropped", notice=notice.pk, kind=notice.kind, why=why)
    return State.DROPPED


def _claim(notice: Notice) -> bool:
    """Committed when this returns: whoever comes later sees it."""
    with transaction.atomic(durable=True):
        return _settle(notice, State.NEW, state=State.CLAIMED, claimed_at=timezone.now())


def _send(notice: Notice, letter: Letter) -> State:
    to = notice.recipient.mailbox.address if notice.recipient else settings.MAIL_TO_STAFF
    try:
        service_id = sending.send(notice, letter, to=to)
    except sending.Refused as error:
        return _end(notice, State.REFUSED, why=str(error))
    except sending.OutcomeUnknown as error:
        return _end(notice, State.IN_DOUBT, why=str(error))
    except sending.NotTaken as error:
        _end(notice, State.NEW, why=str(error))
        if notice.created_at < timezone.now() - TRIED_FOR:
            raise
        outbox.add(notice.task, notice_id=notice.pk, available_at=timezone.now() + PAUSE)
        return State.NEW
    return _end(notice, State.SENT, why="", sent_at=timezone.now(), service_id=service_id)


def _end(notice: Notice, state: State, **columns: object) -> State:
    """Unless an event of the mail service has said meanwhile what became of it."""
    _settle(notice, State.CLAIMED, state=state, **columns)
    say = log.info if state == State.SENT else log.warning
    say("notice.not_taken" if state == State.NEW else f"notice.{state}", notice=notice.pk, kind=notice.kind, **columns)
    return state


def _settle(notice: Notice, was: State, **columns: object) -> bool:
    return bool(Notice.objects.filter(pk=notice.pk, state=was).update(**columns))
