from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from movies.releases.addresses import CALENDARS
from movies.releases.serializers import CalendarSerializer
from mymovie.limits.services import spend
from mymovie.rest.repeating import once
from mymovie.rest.views import ApiViewSet
from mymovie.secret_addresses import CHANGES


class Calendar(ApiViewSet):
    """What I wait for, as a calendar."""

    serializer_class = CalendarSerializer
    pagination_class = None

    @action(detail=False, url_path="calendar")
    def calendar(self, request: Request) -> Response:
        """The address of my calendar; null until I make one."""
        return self.answer()

    @extend_schema(request=None, responses={201: CalendarSerializer})
    @calendar.mapping.post
    def make(self, request: Request) -> Response:
        """Make an address for my calendar; where there is one, it stays."""
        spend(CHANGES, who=f"person {self.me.pk}")
        with once(request) as keep:
            CALENDARS.make(owner=self.me)
            return keep(self.answer(status=201))

    @calendar.mapping.delete
    def end(self, request: Request) -> Response:
        """End the address of my calendar, for good."""
        CALENDARS.end(owner=self.me)
        return Response(status=204)

    @extend_schema(request=None, responses=CalendarSerializer)
    @action(detail=False, methods=["post"], url_path="calendar/renew")
    def renew(self, request: Request) -> Response:
        """Another address for my calendar, if there is one; that of before ends at once."""
        spend(CHANGES, who=f"person {self.me.pk}")
        with once(request) as keep:
            CALENDARS.renew(owner=self.me)
            return keep(self.answer())

    def answer(self, status: int = 200) -> Response:
        return Response({"address": CALENDARS.of(self.me) or None}, status=status)
