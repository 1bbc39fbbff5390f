import datetime
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.people import circles, handles, search
from accounts.people.circles import PEOPLE_ON_A_PAGE
from accounts.people.models import Follow, User
from accounts.people.serializers import PersonSerializer, ProfileSerializer, person_said
from mymovie.paging import page_after
from mymovie.rest import quotas
from mymovie.rest.pages import place_after
from mymovie.rest.views import OPEN, ApiViewSet

WORDS = OpenApiParameter(
    "q", str, description="Words of a handle or a name; without, all whose walls are for everybody."
)


class People(ApiViewSet):
    """Whom I may know of. Others are not there."""

    serializer_class = PersonSerializer
    permission_classes = OPEN
    lookup_field = "handle"
    lookup_value_regex = handles.LOOSE

    def check_throttles(self, request: Request) -> None:
        if self.words:
            self.read_quota = quotas.SEARCH
        super().check_throttles(request)

    def get_serializer_class(self) -> Any:
        return ProfileSerializer if self.action == "retrieve" else PersonSerializer

    @property
    def words(self) -> str:
        asked: str = self.request.query_params.get("q", "") if self.action == "list" else ""
        return asked.strip()[: search.LONGEST_QUERY]

    @extend_schema(parameters=[WORDS])
    def list(self, request: Request) -> Response:
        """Find people.

        Whoever has exactly this handle comes first, then those whom most people follow. Without words these are the people
        whose walls are for everybody, the latest to record first.
        """
        people, following = search.people(self.words, viewer=self.me, after=request.query_params.get("after"))
        return self.page([person_said(person) for person in people], following)

    def retrieve(self, request: Request, handle: str) -> Response:
        """Somebody's profile."""
        person = get_object_or_404(User.objects.known_to(self.me), handle=handle.lower())
        is_open = User.objects.with_wall_open_to(self.me).filter(pk=person.pk).exists()
        return Response(ProfileSerializer(person, context={"request": request, "is_open": is_open}).data)

    @extend_schema(responses=PersonSerializer(many=True))
    @action(detail=True)
    def followers(self, request: Request, handle: str) -> Response:
        """Who follows somebody, the latest first."""
        return self.follows(handle, of=circles.followers_of, person="follower")

    @extend_schema(responses=PersonSerializer(many=True))
    @action(detail=True)
    def following(self, request: Request, handle: str) -> Response:
        """Whom somebody follows, the latest first."""
        return self.follows(handle, of=circles.followed_by, person="followee")

    def follows(self, handle: str, *, of: Callable[..., QuerySet[Follow]], person: str) -> Response:
        owner = get_object_or_404(User.objects.with_wall_open_to(self.me), handle=handle.lower())
        after = place_after(self.request, datetime.datetime)
        follows, following = page_after(of(owner, viewer=self.me), "accepted_at", after, PEOPLE_ON_A_PAGE)
        return self.page([person_said(getattr(follow, person)) for follow in follows], following)
