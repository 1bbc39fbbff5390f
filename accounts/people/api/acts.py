"""What I do with people. Whom I may not know of is not there, as on the pages."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.people import circles, handles
from accounts.people.circles import PEOPLE_ON_A_PAGE
from accounts.people.limits import ACTS
from accounts.people.models import Block, Follow, User
from accounts.people.serializers import BetweenUsSerializer, MutingSerializer, PersonSerializer, between, person_said
from accounts.people.services import following
from mymovie.limits.services import spend
from mymovie.paging import page_after
from mymovie.rest.pages import place_after
from mymovie.rest.views import ApiViewSet


class Acts(ApiViewSet):
    """Not without end."""

    serializer_class: Any = PersonSerializer
    lookup_field = "handle"
    lookup_value_regex = handles.LOOSE

    def check_throttles(self, request: Request) -> None:
        super().check_throttles(request)
        if request.method not in SAFE_METHODS:
            spend(ACTS, who=f"person {request.user.pk}")

    def other(self, handle: str) -> User:
        person: User = get_object_or_404(circles.others_known_to(self.me), handle=handle.lower())
        return person

    def people(self, rows: QuerySet[Any], person: str) -> Response:
        """A page of those whom this column of the rows names, the latest first."""
        page, following = page_after(rows, "pk", place_after(self.request, int), PEOPLE_ON_A_PAGE)
        return self.page([person_said(getattr(row, person)) for row in page], following)


class Following(Acts):
    """Whom I follow. All of them stand at /people/{handle}/following, with my own handle."""

    serializer_class = BetweenUsSerializer

    @extend_schema(request=None)
    def update(self, request: Request, handle: str) -> Response:
        """Follow somebody, or ask to.

        Whose wall is for followers is asked; `follow` says which of the two it came to.
        """
        person = self.other(handle)
        try:
            following.follow(follower=self.me, followee=person)
        except following.OutOfSight as error:
            raise Http404 from error
        return Response(between(self.me, person))

    @extend_schema(request=MutingSerializer)
    def partial_update(self, request: Request, handle: str) -> Response:
        """Leave somebody out of my feed whom I follow, or take them in again.

        They are not told.
        """
        person = get_object_or_404(
            circles.others_known_to(self.me).filter(followers__follower=self.me), handle=handle.lower()
        )
        for is_muted in self.checked(MutingSerializer).values():
            following.mute(follower=self.me, followee=person, is_muted=is_muted)
        return Response(between(self.me, person))

    def destroy(self, request: Request, handle: str) -> Response:
        """Follow somebody no longer, or take back that I have asked to."""
        following.unfollow(follower=self.me, followee=self.other(handle))
        return Response(status=204)


class Followers(Acts):
    """Who follows me. All of them stand at /people/{handle}/followers, with my own handle."""

    def destroy(self, request: Request, handle: str) -> Response:
        """Have somebody follow me no longer.

        They are not told.
        """
        following.unfollow(follower=self.other(handle), followee=self.me)
        return Response(status=204)


class Requests(Acts):
    """Who asks to follow me."""

    def list(self, request: Request) -> Response:
        """Who asks to follow me."""
        return self.people(circles.asking(self.me), "follower")

    @extend_schema(request=None, responses=BetweenUsSerializer)
    def update(self, request: Request, handle: str) -> Response:
        """Let somebody follow me who has asked."""
        asked_or_follows = Exists(Follow.objects.filter(follower=OuterRef("pk"), followee=self.me))
        person = get_object_or_404(circles.others_known_to(self.me).filter(asked_or_follows), handle=handle.lower())
        following.accept(followee=self.me, follower=person)
        return Response(between(self.me, person))

    def destroy(self, request: Request, handle: str) -> Response:
        """Decline what somebody asks.

        Who follows me already goes on. They are not told.
        """
        following.decline(followee=self.me, follower=self.other(handle))
        return Response(status=204)


class Blocks(Acts):
    """Whom I have blocked: we see nothing of each other, and neither follows the other."""

    def list(self, request: Request) -> Response:
        """Whom I have blocked."""
        return self.people(circles.blocked_by(self.me), "blocked")

    @extend_schema(request=None, responses={204: None})
    def update(self, request: Request, handle: str) -> Response:
        """Block somebody.

        They are not told.
        """
        if not self.blocked.filter(handle=handle.lower()).exists():
            following.block(blocker=self.me, blocked=self.other(handle))
        return Response(status=204)

    def destroy(self, request: Request, handle: str) -> Response:
        """Block somebody no longer."""
        following.unblock(blocker=self.me, blocked=get_object_or_404(self.blocked, handle=handle.lower()))
        return Response(status=204)

    @property
    def blocked(self) -> QuerySet[User]:
        by_me = Exists(Block.objects.filter(blocker=self.me, blocked=OuterRef("pk")))
        return User.objects.filter(by_me, is_active=True)


class Muted(Acts):
    """Whom I follow, and my feed leaves out."""

    def list(self, request: Request) -> Response:
        """Whom my feed leaves out."""
        return self.people(circles.muted_by(self.me), "followee")
