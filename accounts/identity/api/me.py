import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.identity import services
from accounts.identity.api.joining import HandleTaken
from accounts.identity.authentication import SignedIn
from accounts.identity.proof import LATELY
from accounts.identity.serializers import (
    LeavingSerializer,
    MeSerializer,
    MyChangesSerializer,
    require_birth_date,
    version_of,
)
from accounts.people import circles
from accounts.people.limits import CHANGES, HANDLE_CHANGES
from accounts.people.models import User
from accounts.people.services import following, profile
from mymovie.limits.services import spend
from mymovie.rest import problems
from mymovie.rest.conditional import require_unchanged
from mymovie.rest.views import ApiViewSet, versioned


class ProofNeeded(problems.Problem):
    status_code, kind, title = 403, "proof-needed", _("Sign in once more to prove that it is you.")


class Me(ApiViewSet):
    """My account."""

    serializer_class = MeSerializer
    pagination_class = None
    versioned = ("partial_update",)
    also_answers = {"partial_update": [409]}

    def retrieve(self, request: Request) -> Response:
        """Everything of mine but my films."""
        return my_own(self.me)

    @extend_schema(request=MyChangesSerializer)
    def partial_update(self, request: Request) -> Response:
        """Change what I say of myself, who may see it, and how I want the site.

        A handle that somebody else has, or had in the last 90 days, is answered by 409.
        """
        changes = self.checked(MyChangesSerializer)
        if changes.get("handle") == self.me.handle:
            del changes["handle"]
        require_unchanged(request, version_of(self.me))  # before it costs one of the few changes of a day
        for limit, is_spent in ((HANDLE_CHANGES, "handle" in changes), (CHANGES, bool(changes.keys() - {"handle"}))):
            if is_spent:
                spend(limit, who=f"person {self.me.pk}")
        with transaction.atomic():
            me = self.locked(changes)
            require_unchanged(request, version_of(me))
            require_birth_date(me, changes)
            change(me, changes)
        return my_own(me)

    def locked(self, changes: dict[str, Any]) -> User:
        """With all whom it concerns, in the order in which everybody locks them."""
        if "wall_visibility" in changes:
            return following.lock_with_those_around(self.me)
        (me,) = User.objects.in_one_order([self.me])
        return me

    @extend_schema(responses={202: LeavingSerializer})
    def destroy(self, request: Request) -> Response:
        """Have my account deleted.

        It is hidden at once and gone after 14 days; until then /auth/stay takes it back. Only by the access token of
        somebody who has signed in within the last ten minutes: ask the provider with `prompt=login`.
        """
        if not has_proved_lately(self.credentials):
            raise ProofNeeded
        services.leave(user=self.me)
        self.me.refresh_from_db()
        return Response(LeavingSerializer(self.me).data, status=202)


def change(me: User, changes: dict[str, Any]) -> None:
    handle = changes.pop("handle", me.handle)
    if changes:
        profile.change_person(person=me, changes=changes)
    try:
        profile.change_handle(person=me, handle=handle)
    except profile.HandleTaken as error:
        raise HandleTaken from error


def has_proved_lately(credentials: object) -> bool:
    access = credentials.access if isinstance(credentials, SignedIn) else None
    return access is not None and access.proved_at >= time.time() - LATELY


def my_own(me: User) -> Response:
    circles.count_for_its_owner(me)
    return versioned(Response(MeSerializer(me).data), version_of(me))
