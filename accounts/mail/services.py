"""Whom we may write to, and what they are told. Every mail begins here, as a row in its sender's own transaction."""

import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.mail import turns
from accounts.mail.models import BULK, SWITCHES, Kind, Mailbox, Notice, State
from mymovie.background import Task
from mymovie.outbox import services as outbox

CHUNK = 2000
ADD_NEW = """
    INSERT INTO accounts_notice
        (recipient_id, kind, key, about, task, not_after, state, why, created_at, service_id)
    SELECT recipient_id, kind, key, about, %(task)s, not_after, 'new', '', %(now)s, ''
    FROM unnest(%(recipients)s::bigint[], %(kinds)s::text[], %(keys)s::text[], %(abouts)s::jsonb[],
                %(not_afters)s::timestamptz[])
        AS new (recipient_id, kind, key, about, not_after)
    ON CONFLICT (recipient_id, key) DO NOTHING
    RETURNING id, recipient_id, key
"""


@dataclass(frozen=True)
class NewNotice:
    """One of many. `key`: what it says, in a word; `available_at`: when it is to go out, at the earliest."""

    recipient_id: int
    kind: Kind
    key: str
    about: dict[str, Any] = field(default_factory=dict)
    available_at: datetime.datetime | None = None
    not_after: datetime.datetime | None = None


@transaction.atomic
def notify(
    *,
    task: Task,
    recipient_id: int | None,
    kind: Kind,
    key: str,
    about: dict[str, Any] | None = None,
    available_at: datetime.datetime | None = None,
    not_after: datetime.datetime | None = None,
) -> bool:
    """Have `task` mail them (staff, where it is nobody) with the new notice's id; says whether it is new.

    Nobody is told the same `key` twice, or anything that they do not want. Call it last in your transaction. `about`
    holds ids and days from which the words are made when the mail goes out; its recipient may read it.
    """
    if recipient_id is not None and not Mailbox.objects.open_for(kind).filter(pk=recipient_id).exists():
        return False
    notice, is_new = Notice.objects.get_or_create(
        recipient_id=recipient_id,
        key=key,
        defaults={"kind": kind, "about": about or {}, "task": task.name, "not_after": not_after},
    )
    if is_new:
        outbox.add(task, notice_id=notice.pk, available_at=available_at)
    return is_new


@transaction.atomic
def notify_all(*, task: Task, notices: Iterable[NewNotice]) -> int:
    """The same for thousands; says of how many. Bulk is spread over the time that the mail service needs for it.

    Call it once in your transaction, and last.
    """
    remaining = iter(notices)
    wanted: list[tuple[datetime.datetime, int, Kind]] = []
    while chunk := list(islice(remaining, CHUNK)):
        wanted += _add_new(task, chunk)
    wanted.sort()
    spread = turns.spread(moment for moment, _pk, kind in wanted if kind in BULK)
    planned = zip(spread, (pk for _moment, pk, kind in wanted if kind in BULK), strict=True)
    others = ((moment, pk) for moment, pk, kind in wanted if kind not in BULK)
    outbox.add_all(task, ((moment, {"notice_id": pk}) for some in (planned, others) for moment, pk in some))
    return len(wanted)


def _add_new(task: Task, notices: list[NewNotice]) -> Iterator[tuple[datetime.datetime, int, Kind]]:
    """When each that was not there yet is wanted, its id and its kind."""
    now = timezone.now()
    willing = {
        kind: set(Mailbox.objects.open_for(kind).filter(pk__in=recipients).values_list("pk", flat=True))
        for kind in {notice.kind for notice in notices}
        for recipients in [[notice.recipient_id for notice in notices if notice.kind == kind]]
    }
    by_key = {(new.recipient_id, new.key): new for new in notices if new.recipient_id in willing[new.kind]}
    chosen = list(by_key.values())
    with connection.cursor() as cursor:
        cursor.execute(
            ADD_NEW,
            {
                "task": task.name,
                "now": now,
                "recipients": [new.recipient_id for new in chosen],
                "kinds": [new.kind.value for new in chosen],
                "keys": [new.key for new in chosen],
                "abouts": [json.dumps(new.about) for new in chosen],
                "not_afters": [new.not_after for new in chosen],
            },
        )
        added = cursor.fetchall()
    for pk, recipient_id, key in added:
        new = by_key[recipient_id, key]
        yield new.available_at or now, pk, new.kind


@transaction.atomic
def keep_address(*, user: AbstractBaseUser, address: str) -> None:
    """The address that the provider has verified, "" where it verified none. A new one is not what mail came back from;
    who called our mail unwanted is asked again for themselves."""
    mailbox, is_new = Mailbox.objects.select_for_update(no_key=True).get_or_create(
        pk=user.pk, defaults={"address": address}
    )
    if not is_new and mailbox.address != address:
        mailbox.address, mailbox.bounced_at = address, None
        mailbox.save(update_fields=["address", "bounced_at"])


@transaction.atomic
def choose(*, user_pk: int, switches: dict[str, bool]) -> None:
    """Turn kinds on and off. Who wants to hear of followers again does not hear of all who came meanwhile."""
    mailbox, _is_new = Mailbox.objects.select_for_update(no_key=True).get_or_create(pk=user_pk)
    if switches.get("wants_followers") and not mailbox.wants_followers:
        mailbox.followers_told_until = timezone.now()
    for name, is_on in switches.items():
        setattr(mailbox, name, is_on)
    mailbox.save(update_fields=["followers_told_until", *switches])


def turn_off(*, user_pk: int, kind: Kind) -> None:
    """Effective for what is queued, too; safe to repeat, also for somebody who is gone."""
    Mailbox.objects.filter(pk=user_pk).update(**{SWITCHES[kind]: False})


def use_again(*, user_pk: int) -> None:
    """Write to them again, though mail had come back, or they had called it unwanted."""
    closed = Mailbox.objects.filter(pk=user_pk).exclude(bounced_at=None, complained_at=None)
    closed.update(bounced_at=None, complained_at=None, followers_told_until=timezone.now())


@transaction.atomic
def send_again(notice: Notice) -> bool:
    """Somebody knows that it was not sent; says whether that was in doubt."""
    in_doubt = Notice.objects.filter(pk=notice.pk, state=State.IN_DOUBT)
    is_back = bool(in_doubt.update(state=State.NEW, claimed_at=None, why=""))
    if is_back:
        outbox.add(notice.task, notice_id=notice.pk)
    return is_back


def was_sent(notice: Notice) -> bool:
    """Somebody knows that it was; says whether that was in doubt."""
    in_doubt = Notice.objects.filter(pk=notice.pk, state=State.IN_DOUBT)
    return bool(in_doubt.update(state=State.SENT, sent_at=F("claimed_at"), why=""))
