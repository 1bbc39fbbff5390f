"""Personal tokens: made, shown once, found by their digest. A token holds 256 random bits, so that a plain digest will do."""

import datetime
import hashlib
import re
import secrets

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.identity.models import PersonalToken, Scope
from accounts.people.models import User

BEGINNING = "mymovie_"
FORM = re.compile(rf"{BEGINNING}[A-Za-z0-9_-]{{43}}")
MOST_TOKENS = 20
LIFETIMES = (30, 90, 365)  # days
USUAL_LIFETIME = 90
NOTED_AGAIN_AFTER = datetime.timedelta(hours=1)


class TokenError(Exception):
    pass


class TooManyTokens(TokenError):
    pass


@transaction.atomic
def make_token(
    *, owner: User, name: str, scope: Scope, expires_at: datetime.datetime | None = None
) -> tuple[PersonalToken, str]:
    """The row, and the token itself, which nobody can read again. Raises TooManyTokens."""
    User.objects.in_one_order([owner])  # else two at once each miss the other's
    if PersonalToken.objects.filter(owner=owner).count() >= MOST_TOKENS:
        raise TooManyTokens(owner.pk)
    secret = BEGINNING + secrets.token_urlsafe(32)
    made = PersonalToken.objects.create(
        owner=owner, name=name, scope=scope, digest=_digest(secret), expires_at=expires_at
    )
    return made, secret


def tokens_of(owner: User) -> QuerySet[PersonalToken]:
    """The latest first."""
    return PersonalToken.objects.filter(owner=owner).order_by("-pk")


def end_of(lifetime: int | None) -> datetime.datetime | None:
    """Of a token that is made now, and lives for so many days, or without end."""
    return timezone.now() + datetime.timedelta(days=lifetime) if lifetime else None


def revoke_token(*, token: PersonalToken) -> None:
    """At once, and for good; safe to repeat."""
    token.delete()


def token_called(secret: str) -> PersonalToken | None:
    """The row of a token that still holds, with its owner."""
    if not FORM.fullmatch(secret):
        return None
    now = timezone.now()
    holding = PersonalToken.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now), owner__is_active=True)
    token = holding.select_related("owner").filter(digest=_digest(secret)).first()
    if token and (token.used_at is None or token.used_at < now - NOTED_AGAIN_AFTER):
        PersonalToken.objects.filter(pk=token.pk).update(used_at=now)
    return token


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
