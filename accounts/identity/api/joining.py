from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity import bearer, provider, services
from accounts.identity.authentication import BadToken, Leaving, NoAccountYet, SignedIn, Suspended, why_not
from accounts.identity.serializers import NewcomerSerializer, SignInSerializer, SuggestionSerializer
from accounts.models import User
from accounts.people import display_names, handles
from accounts.people.serializers import PersonSerializer
from mymovie.rest import problems, quotas
from mymovie.rest.repeating import once
from mymovie.rest.views import OPEN, ApiViewSet


class AccountExists(problems.Problem):
    status_code, kind, title = 409, "account-exists", _("You have an account already.")


class HandleTaken(problems.Problem):
    status_code, kind, title = 409, "handle-taken", handles.TAKEN


class NotLeaving(problems.Problem):
    status_code, kind, title = 409, "not-leaving", _("This account is not to be deleted.")


class ByAccessToken(BasePermission):
    """Whoever has proved to the provider who they are, be they nobody to us yet."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if isinstance(request.auth, SignedIn) and isinstance(request.auth.problem, Suspended):
            raise request.auth.problem  # also to who asks again for what was answered before that
        return isinstance(request.auth, SignedIn)


class Auth(ApiViewSet):
    """Signing in, and the first time that somebody does."""

    serializer_class = NewcomerSerializer
    permission_classes = [ByAccessToken]
    pagination_class = None
    write_quota = quotas.SIGN_IN
    also_answers = {"newcomer": [403, 409, 503], "join": [403, 503], "stay": [403]}

    @extend_schema(responses=SignInSerializer)
    @action(detail=False, permission_classes=OPEN, serializer_class=SignInSerializer)
    def config(self, request: Request) -> Response:
        """Where an app signs people in."""
        domain = settings.OIDC_DOMAIN
        return Response(
            {
                "issuer": settings.OIDC_ISSUER,
                "client_ids": settings.OIDC_APP_CLIENT_IDS,
                "scopes": ["openid", "profile", "email"],
                "authorization_endpoint": f"{domain}/oauth2/authorize",
                "token_endpoint": f"{domain}/oauth2/token",
                "revocation_endpoint": f"{domain}/oauth2/revoke",
                "end_session_endpoint": f"{domain}/logout",
            }
        )

    @extend_schema(responses=SuggestionSerializer)
    @action(detail=False, serializer_class=SuggestionSerializer, read_quota=quotas.SIGN_IN)
    def newcomer(self, request: Request) -> Response:
        """What I might be called here, who has no account yet."""
        name = self.identity().name
        return Response({"handle": handles.suggest(name), "display_name": display_names.suggest(name)})

    @extend_schema(request=NewcomerSerializer, responses={201: PersonSerializer})
    @newcomer.mapping.post
    def join(self, request: Request) -> Response:
        """Choose my handle, and with it begin my account."""
        identity = self.identity()
        asked = {"language": get_language()} | self.checked(NewcomerSerializer)
        with once(request) as keep:
            try:
                user = services.join(identity=identity, **asked)
            except services.HandleTaken as error:
                raise HandleTaken from error
            except services.Leaving as error:  # in another window
                raise why_not(error.user) or Suspended() from error
            except services.Deactivated as error:
                raise Suspended from error
            return keep(Response(PersonSerializer(user).data, status=201))

    def identity(self) -> provider.Identity:
        """Of whoever has none here yet, asked of the provider."""
        if not isinstance(self.credentials.problem, NoAccountYet):
            raise self.credentials.problem or AccountExists
        try:
            return bearer.identity_behind(self.credentials.access)
        except provider.Unavailable as error:
            raise problems.Unavailable(headers={"Retry-After": "30"}) from error
        except provider.SignInFailed as error:
            raise BadToken from error

    @extend_schema(request=None, responses=PersonSerializer)
    @action(detail=False, methods=["post"], serializer_class=PersonSerializer)
    def stay(self, request: Request) -> Response:
        """Take back that my account is to be deleted."""
        access = self.credentials.access
        with once(request) as keep:
            user = User.objects.filter(issuer=access.issuer, subject=access.subject).first()
            problem = why_not(user)
            if user is None or not isinstance(problem, Leaving):
                raise problem or NotLeaving
            try:
                stayed = services.stay(user=user)
            except services.Deactivated as error:
                raise Suspended from error
            return keep(Response(PersonSerializer(stayed).data))
