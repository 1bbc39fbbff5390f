from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.identity import tasks
from accounts.identity.provider import Identity
from accounts.mail import services as mail
from accounts.mail.models import Kind
from accounts.models import User
from accounts.people.models import DELETION_AFTER
from accounts.people.services import following
from mymovie.folding import search_text


class IdentityError(Exception):
    pass


class Deactivated(IdentityError):
    pass


class Leaving(IdentityError):
    """Their account is to be deleted, and they may still take that back."""

    def __init__(self, user: User) -> None:
        super().__init__(user.pk)
        self.user = user


class HandleTaken(IdentityError):
    """Somebody was quicker, between the form's look and ours."""


def recognise(*, identity: Identity) -> User | None:
    """The person of this identity, staff if the provider says so now; None for a newcomer.

    Raises Deactivated, Leaving.
    """
    user = User.objects.filter(issuer=identity.issuer, subject=identity.subject).first()
    if user is None:
        return None
    if user.suspended_at or user.is_gone:
        raise Deactivated(user.pk)
    mail.keep_address(user=user, address=identity.email)
    if user.deletion_asked_at:
        raise Leaving(user)
    if user.is_staff != identity.is_staff:
        user.is_staff = identity.is_staff
        user.save(update_fields=["is_staff"])
    return user


def join(*, identity: Identity, handle: str, display_name: str, language: str) -> User:
    """The newcomer's account; asked twice at once, the first one made. Raises HandleTaken, Deactivated, Leaving."""
    try:
        with transaction.atomic():
            newcomer: User = User.objects.create(
                issuer=identity.issuer,
                subject=identity.subject,
                is_staff=identity.is_staff,
                handle=handle,
                display_name=display_name,
                search_text=search_text(handle, display_name),
                language=language,
            )
            mail.keep_address(user=newcomer, address=identity.email)
            return newcomer
    except IntegrityError as error:
        if user := recognise(identity=identity):
            return user
        raise HandleTaken(handle) from error


@transaction.atomic
def leave(*, user: User) -> None:
    """Hide them at once, end their sessions, and begin the time after which the account is gone; safe to repeat."""
    now = following.lock_with_those_around(user)
    now.is_active = False
    now.deletion_asked_at = now.deletion_asked_at or timezone.now()
    now.sessions_ended += 1
    now.save(update_fields=["is_active", "deletion_asked_at", "sessions_ended"])
    following.recount_around(person=now)
    asked_at = now.deletion_asked_at.isoformat()
    mail.notify(
        task=tasks.mail_leaving,
        recipient_id=now.pk,
        kind=Kind.LEAVING,
        key=f"leaving {asked_at}",
        about={"asked_at": asked_at},
        not_after=now.deletion_asked_at + DELETION_AFTER,
    )


@transaction.atomic
def stay(*, user: User) -> User:
    """Take that back. Raises Deactivated where staff have shut them out meanwhile, or it is too late."""
    try:
        now = following.lock_with_those_around(user)
    except User.DoesNotExist as error:
        raise Deactivated(user.pk) from error
    if now.suspended_at or now.is_gone:
        raise Deactivated(now.pk)
    now.is_active, now.deletion_asked_at = True, None
    now.save(update_fields=["is_active", "deletion_asked_at"])
    following.recount_around(person=now)
    return now
