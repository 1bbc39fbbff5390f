from django.db import IntegrityError, transaction

from accounts.identity.provider import Identity
from accounts.models import User
from mymovie.folding import search_text


class IdentityError(Exception):
    pass


class Deactivated(IdentityError):
    pass


class HandleTaken(IdentityError):
    """Somebody was quicker, between the form's look and ours."""


def recognise(*, identity: Identity) -> User | None:
    """The person of this identity, staff if the provider says so now; None for a newcomer. Raises Deactivated."""
    user = User.objects.filter(issuer=identity.issuer, subject=identity.subject).first()
    if user is None:
        return None
    if not user.is_active:
        raise Deactivated(user.pk)
    if user.is_staff != identity.is_staff:
        user.is_staff = identity.is_staff
        user.save(update_fields=["is_staff"])
    return user


def join(*, identity: Identity, handle: str, display_name: str, language: str) -> User:
    """The newcomer's account; asked twice at once, the first one made. Raises HandleTaken, Deactivated."""
    try:
        with transaction.atomic():
            return User.objects.create(
                issuer=identity.issuer,
                subject=identity.subject,
                is_staff=identity.is_staff,
                handle=handle,
                display_name=display_name,
                search_text=search_text(handle, display_name),
                language=language,
            )
    except IntegrityError as error:
        if user := recognise(identity=identity):
            return user
        raise HandleTaken(handle) from error
