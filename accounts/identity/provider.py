"""The sign-in provider, by OpenID Connect: where to send people, and who comes back. No rows, no pages."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import requests
from authlib.integrations.django_client import DjangoIntegration, DjangoOAuth2App, OAuthError
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from joserfc.errors import JoseError

from accounts.identity.keys import PATIENCE, KeysAway, key_set

CLOCK_SKEW = 30
LONGEST_ADDRESS = 254


class SignInFailed(Exception):
    """Nobody came back with proof of who they are. Says why, without anything secret."""


class NotSetUp(SignInFailed):
    pass


class Unavailable(SignInFailed):
    """The provider is down, slow, or does not accept us: nothing that the person did."""


class Cancelled(SignInFailed):
    """The person turned back at the provider's page."""


class Refused(SignInFailed):
    """An answer that is old, used, or not to a question of this session; or a token that does not hold."""


MEANINGS = {"access_denied": Cancelled, "mismatching_state": Refused, "invalid_grant": Refused}


@dataclass(frozen=True)
class Identity:
    """What the provider vouches for. A person is (issuer, subject), never the address, which may become somebody else's;
    the name is only a suggestion; `proved_at` is when they last proved who they are, in seconds since 1970, 0 where that
    is not said."""

    issuer: str
    subject: str
    name: str
    is_staff: bool
    proved_at: int = 0
    email: str = ""
    """Empty where the provider has verified none."""


class Flow(DjangoIntegration):
    """What a session remembers between leaving for the provider and coming back: per state, so per tab."""

    def get_state_data(self, session: Any, state: str | None) -> dict[str, Any] | None:
        self._clear_session_state(session)  # Authlib itself drops the expired only after it has believed them
        return super().get_state_data(session, state)


class Client(DjangoOAuth2App):
    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:
        """Authlib forces it for an unknown key id."""
        try:
            return key_set(anew=force)
        except KeysAway as error:
            raise Unavailable("no key set") from error


def begin(request: HttpRequest, *, is_again: bool = False, **memo: str) -> str:
    """The address at the provider to send them to. `recall` finds `memo` again when they come back; `is_again` asks for
    the proof anew, also of whom the provider still knows."""
    client = _client()
    anew = {"prompt": "login"} if is_again else {}
    asked = client.create_authorization_url(_callback(), lang=translation.get_language(), **anew)
    client.save_authorize_data(request, redirect_uri=_callback(), memo=memo, **asked)
    return asked["url"]


def recall(request: HttpRequest) -> dict[str, str]:
    """The memo of the sign-in that this request answers; empty when there is none."""
    asked = _flow.get_state_data(request.session, request.GET.get("state"))
    return asked["memo"] if asked else {}


def finish(request: HttpRequest) -> Identity:
    """Who came back. Raises SignInFailed."""
    client = _client()
    if not recall(request):
        raise Refused("mismatching_state")
    if not request.GET.get("code") and not request.GET.get("error"):
        raise Refused("no code")
    try:
        token = client.authorize_access_token(request, claims_options=_claims_wanted(), leeway=CLOCK_SKEW)
    except OAuthError as error:
        raise MEANINGS.get(error.error, Unavailable)(error.error) from error
    except JoseError as error:
        raise Refused(error.error) from error
    except (requests.RequestException, ValueError) as error:
        raise Unavailable(type(error).__name__) from error
    if "userinfo" not in token:
        raise Unavailable("no id token")
    return identity_of(token["userinfo"])


def sign_out_address() -> str:
    """Ends the provider's session, then leads back to our front page in the language of now."""
    back = settings.SITE_URL + reverse("home")
    query = urlencode({"client_id": settings.OIDC_CLIENT_ID, "logout_uri": back})
    return f"{settings.OIDC_DOMAIN}/logout?{query}"


def is_set_up() -> bool:
    return bool(settings.OIDC_ISSUER and settings.OIDC_DOMAIN and settings.OIDC_CLIENT_ID)


def _client() -> Client:
    if not is_set_up():
        raise NotSetUp("no provider")
    return Client(
        _flow,
        _flow.name,
        client_id=settings.OIDC_CLIENT_ID,
        client_secret=settings.OIDC_CLIENT_SECRET,
        authorize_url=f"{settings.OIDC_DOMAIN}/oauth2/authorize",
        access_token_url=f"{settings.OIDC_DOMAIN}/oauth2/token",
        client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": PATIENCE},
        id_token_signing_alg_values_supported=["RS256"],
    )


_flow = Flow("oidc")


def _callback() -> str:
    """The one address that the provider knows, in whichever language the person reads."""
    with translation.override(settings.LANGUAGE_CODE):
        return settings.SITE_URL + reverse("sign_in_callback")


def _claims_wanted() -> dict[str, dict[str, Any]]:
    """Beyond what Authlib checks by itself: signature, times, and the nonce of this session."""
    return {
        "iss": {"essential": True, "value": settings.OIDC_ISSUER},
        "aud": {"essential": True, "value": settings.OIDC_CLIENT_ID},
        "sub": {"essential": True},
        "token_use": {"essential": True, "value": "id"},
    }


def identity_of(claims: dict[str, Any]) -> Identity:
    groups = claims.get("cognito:groups")
    name = claims.get("name")
    proved_at = claims.get("auth_time")
    return Identity(
        issuer=claims["iss"],
        subject=claims["sub"],
        name=name if isinstance(name, str) else "",
        is_staff=isinstance(groups, list) and settings.STAFF_GROUP in groups,
        proved_at=proved_at if isinstance(proved_at, int) else 0,
        email=_verified_address(claims),
    )


def _verified_address(claims: dict[str, Any]) -> str:
    address = claims.get("email")
    is_verified = claims.get("email_verified") in (True, "true")  # a string where an attribute is mapped from elsewhere
    if not is_verified or not isinstance(address, str) or len(address) > LONGEST_ADDRESS:
        return ""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address
