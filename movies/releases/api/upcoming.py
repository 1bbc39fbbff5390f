import datetime

from django.core.exceptions import BadRequest
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from movies.catalog.dates import today_in_japan
from movies.diary.marks import wished_among
from movies.releases.reminders import Channel
from movies.releases.serializers import ComingDaySerializer
from movies.releases.upcoming import page_of_days
from mymovie.rest.pages import place_after
from mymovie.rest.views import OPEN, ApiViewSet

BY = OpenApiParameter("by", enum=Channel.values, default=Channel.CINEMA, description="In cinemas, or digitally.")


class Upcoming(ApiViewSet):
    """What comes out in Japan."""

    serializer_class = ComingDaySerializer
    permission_classes = OPEN

    @extend_schema(parameters=[BY])
    def list(self, request: Request) -> Response:
        """What comes out in Japan from today on, day by day, about eight weeks to a page."""
        try:
            channel = Channel(request.query_params.get("by", Channel.CINEMA))
        except ValueError as error:
            raise BadRequest("no such way to come out") from error
        days, following = page_of_days(channel, place_after(request, datetime.date), today_in_japan())
        wished = wished_among(self.me, [film for day in days for film in day.films])
        context = {**self.get_serializer_context(), "wished": wished}
        return self.page([ComingDaySerializer(day, context=context).data for day in days], following)
