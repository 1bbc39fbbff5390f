"""What people tell staff, and what staff do. Each act of staff leaves who, when and why, in its own transaction."""

import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.contact.models import ContactMessage
from accounts.contact.models import Status as ContactStatus
from accounts.moderation.models import Reason, Report, StaffAction, Status, Subject
from accounts.people.models import User
from accounts.people.services import avatars, following, profile
from mymovie.limits.services import Limit
from mymovie.uploads import discard

Kind = StaffAction.Kind
REPORTS = Limit("report", 20, datetime.timedelta(days=1))


class ModerationError(Exception):
    pass


class Colleague(ModerationError):
    """Staff suspend neither themselves nor each other."""


def report(*, reporter: User, subject: Subject, subject_id: int, person: User, reason: Reason, text: str) -> Report:
    """Told again before anybody has looked, it is the same report: the newer reason replaces the older, and the newer
    words do where there are any."""
    newer = {"reason": reason, "text": text} if text else {"reason": reason}
    told, _is_new = Report.objects.update_or_create(
        reporter=reporter,
        subject=subject,
        subject_id=subject_id,
        status=Status.NEW,
        defaults={"person": person, **newer},
    )
    return told


def note_act(
    *, actor: User, kind: Kind, subject: Subject, subject_id: int, reason: str, details: dict[str, Any] | None = None
) -> None:
    """Call it in the act's transaction."""
    StaffAction.objects.create(
        actor=actor,
        actor_handle=actor.handle,
        kind=kind,
        subject=subject,
        subject_id=subject_id,
        reason=reason,
        details=details or {},
    )


@transaction.atomic
def suspend(*, actor: User, person: User, reason: str) -> None:
    """Shut somebody out, and end their sessions for good; safe to repeat. Raises Colleague."""
    now = following.lock_with_those_around(person)
    if now.is_staff or now == actor:
        raise Colleague(now.pk)
    if now.suspended_at:
        return
    now.is_active, now.suspended_at = False, timezone.now()
    now.sessions_ended += 1
    now.save(update_fields=["is_active", "suspended_at", "sessions_ended"])
    following.recount_around(person=now)
    note_act(actor=actor, kind=Kind.SUSPEND, subject=Subject.PROFILE, subject_id=now.pk, reason=reason)


@transaction.atomic
def lift(*, actor: User, person: User, reason: str) -> None:
    """Let them in again, unless they have asked to be deleted; safe to repeat."""
    now = following.lock_with_those_around(person)
    if now.suspended_at is None:
        return
    now.is_active, now.suspended_at = now.deletion_asked_at is None, None
    now.save(update_fields=["is_active", "suspended_at"])
    following.recount_around(person=now)
    note_act(actor=actor, kind=Kind.LIFT, subject=Subject.PROFILE, subject_id=now.pk, reason=reason)


@transaction.atomic
def clean_profile(
    *, actor: User, person: User, changes: dict[str, str], removes_picture: bool = False, reason: str
) -> None:
    """Change what somebody says of themselves; the act keeps what was there. Safe to repeat."""
    (now,) = User.objects.in_one_order([person])
    columns: dict[str, Any] = dict(changes)
    if removes_picture:
        columns |= {"avatar": "", "avatar_upload": "", "avatar_is_unreadable": False}
        transaction.on_commit(partial(discard, avatars.files_of(now)))
    was = {name: getattr(now, name) for name, value in columns.items() if getattr(now, name) != value}
    if was:
        profile.change_person(person=now, changes=columns)
        note_act(
            actor=actor,
            kind=Kind.CLEAN,
            subject=Subject.PROFILE,
            subject_id=now.pk,
            reason=reason,
            details={"was": was},
        )


def judge(*, actor: User, report: Report, status: Status, reason: str) -> None:
    _set_status(report, status, actor=actor, kind=Kind.JUDGE, subject=Subject.REPORT, reason=reason)


def answer(*, actor: User, message: ContactMessage, status: ContactStatus, reason: str) -> None:
    """Say what has become of a message; the answer itself is a mail of theirs."""
    _set_status(message, status, actor=actor, kind=Kind.ANSWER, subject=Subject.CONTACT, reason=reason)


@transaction.atomic
def _set_status(
    row: Report | ContactMessage, status: str, *, actor: User, kind: Kind, subject: Subject, reason: str
) -> None:
    now = type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)
    was, now.status = now.status, status
    if was != status:
        now.save(update_fields=["status"])
        details = {"was": was, "is": status}
        note_act(actor=actor, kind=kind, subject=subject, subject_id=now.pk, reason=reason, details=details)


def forget_what_was(person: User) -> None:
    """An account ends: of what staff did there remains that they did, not what stood there before."""
    acts = StaffAction.objects.filter(subject__in=[Subject.PROFILE, Subject.WALL], subject_id=person.pk)
    acts.update(details={})
