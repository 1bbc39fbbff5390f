"""Who asks the API: by an access token of the provider, by a personal token, or by the session of whoever reads its docs."""

import datetime
from dataclasses import dataclass

import structlog
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.identity import bearer
from accounts.identity.models import Scope
from accounts.identity.provider import Unavailable
from accounts.identity.tokens import BEGINNING, token_called
from accounts.people.models import DELETION_AFTER, User
from mymovie.limits.services import Limit, client_address, spend
from mymovie.rest import problems
from mymovie.rest.credentials import Credentials

CHALLENGE = 'Bearer realm="MyMovie"'
FAILURES = Limit("bad tokens", 60, datetime.timedelta(minutes=1))

log = structlog.get_logger(__name__)


class BadToken(problems.Problem):
    status_code, kind, title = 401, "bad-token", _("This token does not hold, or no longer.")


class NoAccountYet(problems.Problem):
    status_code, kind, title = 403, "no-account-yet", _("You have no account yet: choose a handle first.")


class Suspended(problems.Problem):
    status_code, kind, title = 403, "suspended", _("This account was suspended.")


class Leaving(problems.Problem):
    """Also says when the account is gone."""

    status_code, kind, title = 403, "leaving", _("This account is to be deleted.")


@dataclass(frozen=True)
class SignedIn(Credentials):
    """By an access token; `access` is what that says."""

    access: bearer.Access | None = None


@dataclass(frozen=True)
class ByToken(Credentials):
    """By a personal token."""


class Bearer(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, Credentials] | None:
        scheme, _space, token = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer":
            return None
        secret = token.strip().decode("ascii", "replace")
        return self._personal(request, secret) if secret.startswith(BEGINNING) else self._access(request, secret)

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE

    def _personal(self, request: Request, secret: str) -> tuple[User, Credentials]:
        token = token_called(secret)
        if token is None:
            raise self._refusal(request)
        return token.owner, ByToken(may_write=token.scope == Scope.WRITE, counted_as=f"token {token.pk}")

    def _access(self, request: Request, secret: str) -> tuple[User | AnonymousUser, Credentials]:
        try:
            access = bearer.access_of(secret)
        except Unavailable as error:
            raise problems.Unavailable(headers={"Retry-After": "30"}) from error
        except bearer.Refused as error:
            log.info("api.token_refused", reason=str(error))
            raise self._refusal(request) from error
        user = User.objects.filter(issuer=access.issuer, subject=access.subject).first()
        problem = why_not(user)
        credentials = SignedIn(access=access, asker=f"identity {access.issuer} {access.subject}", problem=problem)
        return (AnonymousUser() if user is None or problem else user), credentials

    def _refusal(self, request: Request) -> BadToken:
        """Whoever tries many is told to stop, by Exceeded."""
        spend(FAILURES, who=f"address {client_address(request._request)}")
        return BadToken(headers={"WWW-Authenticate": f'{CHALLENGE}, error="invalid_token"'})


def why_not(user: User | None) -> problems.Problem | None:
    """Why whoever has proved who they are is nobody to us all the same."""
    if user is None:
        return NoAccountYet()
    if user.suspended_at or user.is_gone:
        return Suspended()
    if user.deletion_asked_at:
        return Leaving(gone_at=user.deletion_asked_at + DELETION_AFTER)
    return None


class SessionOfTheDocs(SessionAuthentication):
    """For whoever tries the API out in its documentation, which alone sends the session's token, with whatever it asks."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        if "X-CSRFToken" not in request.headers:
            return None
        return super().authenticate(request)


class BearerScheme(OpenApiAuthenticationExtension):
    """How the documentation tells of it."""

    target_class = Bearer
    name = ["accessToken", "personalToken"]

    def get_security_definition(self, auto_schema: object) -> list[dict[str, str]]:
        access = (
            "An access token of the sign-in provider, which /api/v1/auth/config names: authorization code with PKCE."
        )
        personal = "A personal token, made on the page of settings, for scripts of one's own."
        bearer = {"type": "http", "scheme": "bearer"}
        return [bearer | {"bearerFormat": "JWT", "description": access}, bearer | {"description": personal}]

    def get_security_requirement(self, auto_schema: object) -> list[dict[str, list[str]]]:
        return [{name: []} for name in self.name]


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = SessionOfTheDocs
    name = "docsSession"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        told = (
            "The session of whoever reads this documentation signed in; together with its token, and for nothing else."
        )
        return {"type": "apiKey", "in": "header", "name": "X-CSRFToken", "description": told}
