"""The address by which somebody turns off one kind of mail without signing in: it stands in every mail of that kind."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from accounts.mail.models import SWITCHES, Kind

_signer = Signer(salt="accounts.mail.unsubscribe")


def address(user_pk: int, kind: Kind) -> str:
    """Good for ever: a mail may be years old. Opened by hand or posted to by a mail program (RFC 8058)."""
    return settings.SITE_URL + reverse("unsubscribe", args=[_signer.sign_object([user_pk, kind.value])])


def read(token: str) -> tuple[int, Kind]:
    """Whose mail, and of which kind. Raises BadSignature."""
    user_pk, kind = _signer.unsign_object(token)
    if kind not in SWITCHES:
        raise BadSignature(kind)
    return user_pk, Kind(kind)
