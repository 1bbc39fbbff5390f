"""Access tokens of the sign-in provider, as apps send them. No rows.

Cognito's have no audience: whose app one was made for stands in `client_id`. What a token says of keys and algorithms itself
is not listened to.
"""

import re
from dataclasses import dataclass
from typing import Any

import jwt
import requests
from django.conf import settings

from accounts.identity.keys import PATIENCE, KeysAway, key_set
from accounts.identity.provider import CLOCK_SKEW, Identity, Refused, Unavailable, identity_of

LONGEST = 8192  # characters; Cognito's have about 1,100, and groups make them longer
FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")  # libraries pass over what is not Base64
SUBJECT = re.compile(r"[\x20-\x7e]{1,255}")  # OpenID Connect Core, 2
CLAIMS = ["iss", "sub", "exp", "iat", "token_use", "client_id"]


@dataclass(frozen=True)
class Access:
    """`proved_at`: when its person last proved who they are, in seconds since 1970."""

    issuer: str
    subject: str
    proved_at: int
    token: str


def access_of(token: str) -> Access:
    """What a token says, if it holds. Raises Refused, or Unavailable where it cannot be told."""
    claims = _claims(token)
    if claims["token_use"] != "access" or claims["client_id"] not in settings.OIDC_APP_CLIENT_IDS:  # noqa: S105
        raise Refused("not for us")
    if not SUBJECT.fullmatch(claims["sub"]):
        raise Refused("no subject")
    proved_at = claims.get("auth_time")
    return Access(
        issuer=claims["iss"],
        subject=claims["sub"],
        proved_at=proved_at if isinstance(proved_at, int) else 0,
        token=token,
    )


def identity_behind(access: Access) -> Identity:
    """Name and address of whoever the token was given to, asked of the provider. Raises SignInFailed."""
    try:
        response = requests.get(
            f"{settings.OIDC_DOMAIN}/oauth2/userInfo",
            headers={"Authorization": f"Bearer {access.token}"},
            timeout=PATIENCE,
        )
        claims = response.json() if response.ok else None
    except (requests.RequestException, ValueError) as error:
        raise Unavailable(type(error).__name__) from error
    if response.status_code in (400, 401, 403):
        raise Refused("userInfo")
    if not isinstance(claims, dict):
        raise Unavailable("userInfo")
    if claims.get("sub") != access.subject:  # OpenID Connect Core, 5.3.4
        raise Refused("userInfo of somebody else")
    return identity_of(claims | {"iss": access.issuer, "auth_time": access.proved_at})


def _claims(token: str) -> dict[str, Any]:
    if len(token) > LONGEST or not FORM.fullmatch(token):
        raise Refused("no token")
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(kid),
            algorithms=["RS256"],
            issuer=settings.OIDC_ISSUER,
            leeway=CLOCK_SKEW,
            options={"require": CLAIMS, "verify_aud": False},
        )
    except (jwt.PyJWTError, ValueError, OverflowError) as error:
        raise Refused(type(error).__name__) from error
    return claims


def _key(kid: object) -> jwt.PyJWK:
    """Raises Refused for a key that the provider does not have."""
    if not isinstance(kid, str):
        raise Refused("no key named")
    try:
        for anew in (False, True):
            for key in key_set(anew=anew)["keys"]:
                if key.get("kid") == kid and key.get("kty") == "RSA":
                    return jwt.PyJWK(key, algorithm="RS256")
    except KeysAway as error:
        raise Unavailable("no key set") from error
    raise Refused("unknown key")
