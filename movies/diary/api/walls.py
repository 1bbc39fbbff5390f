from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from movies.diary import open_wall
from movies.diary.api.arranging import ARRANGEMENT, asked_of, page_of, sifted
from movies.diary.models import Entry, EntryQuerySet
from movies.diary.open_wall import OpenWall
from movies.diary.serializers import WallEntrySerializer
from movies.diary.wall import Wall
from movies.diary.wall_address import Asked
from mymovie.rest.views import OPEN, ApiViewSet


@extend_schema_serializer(
    examples=[OpenApiExample("The nineties", {"section": 1990, "count": 41, "after": "2000-01-01.0"})]
)
class SectionSerializer(serializers.Serializer):
    """A part of a wall, and the place in its list where it begins."""

    section = serializers.JSONField(
        help_text="The first score of a band, the first year of a decade, the first day of a month, the character that "
        "titles are filed under; null for films without it."
    )
    count = serializers.IntegerField()
    after = serializers.CharField()


class Walls(ApiViewSet):
    """Somebody's films, as far as I may see them."""

    serializer_class = WallEntrySerializer
    permission_classes = OPEN

    @extend_schema(parameters=ARRANGEMENT)
    def list(self, request: Request, handle: str) -> HttpResponseBase:
        """Somebody's films, in one of five orders."""
        asked = asked_of(request)
        owner = self.owner(handle)
        is_plain = self.me.is_anonymous and not asked.sieve
        seen = None if is_plain else self.sifted(owner, asked)  # also refuses what may not be sifted by
        etag = self.etag(owner)
        if etag and (unchanged := self.unchanged(etag)):
            return unchanged
        if seen is None:
            entries, following = OpenWall(owner, asked.arrangement).rows(asked.after)
        else:
            entries, following = page_of(seen, asked)
        response = self.page(self.get_serializer(entries, many=True).data, following)
        if etag:
            response.headers["ETag"] = etag
        return response

    @extend_schema(parameters=ARRANGEMENT, responses=SectionSerializer(many=True))
    @action(detail=False, pagination_class=None, serializer_class=SectionSerializer)
    def sections(self, request: Request, handle: str) -> Response:
        """The decades, bands of scores or months of a wall, with the place where each begins."""
        owner = self.owner(handle)
        asked = asked_of(request)
        with timezone.override(ZoneInfo(owner.time_zone)):  # whose days these are
            wall = Wall(self.sifted(owner, asked), asked.arrangement)
            stops = [
                {"section": stop.section, "count": stop.count, "after": str(stop.start)} for stop in wall.sections.stops
            ]
        return Response(stops)

    def owner(self, handle: str) -> User:
        if self.me.is_authenticated:
            return get_object_or_404(User.objects.with_wall_open_to(self.me), handle=handle.lower())
        owner: User = open_wall.owner_called(handle.lower())
        if not owner.is_open:  # type: ignore[attr-defined]
            raise Http404
        return owner

    def sifted(self, owner: User, asked: Asked) -> EntryQuerySet:
        seen = Entry.objects.filter(owner=owner).seen_by(self.me)
        return sifted(seen, asked, is_own=owner == self.me, shows_tags=owner.shows_tags)

    def etag(self, owner: User) -> str | None:
        """The wall's revision: for strangers that of what they see, for its owner that of all. Between the two it is
        another for each, and the answer itself has to tell."""
        viewer = self.me
        if viewer.is_authenticated and viewer != owner:
            return None
        revision = f"o{owner.wall_revision}" if viewer.is_authenticated else f"s{owner.public_revision}"
        fields = self.request.query_params.get("fields", "")
        said = f"{owner.pk}-{revision}-{get_language()}-{settings.RELEASE}"
        return f'W/"{said}"' if not fields else None
