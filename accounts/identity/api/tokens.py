from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity import tokens
from accounts.identity.authentication import ByToken
from accounts.identity.models import Scope
from accounts.identity.serializers import MadeTokenSerializer, NewTokenSerializer, TokenSerializer
from accounts.people.limits import CHANGES
from mymovie.limits.services import spend
from mymovie.rest import problems
from mymovie.rest.repeating import once
from mymovie.rest.views import OWN, ApiViewSet


class SignInNeeded(problems.Problem):
    status_code, kind, title = 403, "sign-in-needed", _("Not by a personal token. Sign in for this.")


class TooManyTokens(problems.Problem):
    status_code, kind, title = 409, "too-many-tokens", _("You have as many tokens as can be. Revoke one first.")


class NotByToken(BasePermission):
    """A token that got out makes no others, and ends none."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if isinstance(request.auth, ByToken):
            raise SignInNeeded
        return True


class Tokens(ApiViewSet):
    """My personal tokens, for scripts of my own."""

    serializer_class = TokenSerializer
    permission_classes = [*OWN, NotByToken]
    lookup_value_regex = "[0-9]{1,18}"

    def list(self, request: Request) -> Response:
        """My tokens, the latest first; without the tokens themselves."""
        return self.page(self.get_serializer(tokens.tokens_of(self.me), many=True).data, None)

    @extend_schema(request=NewTokenSerializer, responses={201: MadeTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token.

        `token` is told this once: only the same request, sent again with its Idempotency-Key, is told it again.
        """
        asked = self.checked(NewTokenSerializer)
        spend(CHANGES, who=f"person {self.me.pk}")
        with once(request) as keep:
            try:
                made, secret = tokens.make_token(
                    owner=self.me,
                    name=asked["name"],
                    scope=Scope(asked["scope"]),
                    expires_at=tokens.end_of(asked["expires_in_days"]),
                )
            except tokens.TooManyTokens as error:
                raise TooManyTokens from error
            return keep(Response(MadeTokenSerializer(made, context={"secret": secret}).data, status=201))

    def destroy(self, request: Request, pk: str) -> Response:
        """Revoke a token.

        At once, and for good.
        """
        tokens.revoke_token(token=get_object_or_404(tokens.tokens_of(self.me), pk=pk))
        return Response(status=204)
