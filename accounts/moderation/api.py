"""Telling staff. What one may not see cannot be reported: 404, as for what is one's own."""

from typing import Any

from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.moderation import services
from accounts.moderation.models import Subject
from accounts.moderation.serializers import PersonReportSerializer
from accounts.people.circles import others_known_to
from accounts.people.models import User
from mymovie.limits.services import spend
from mymovie.rest.repeating import once
from mymovie.rest.views import ApiViewSet


class Reports(ApiViewSet):
    """What people tell staff of."""

    serializer_class: Any
    pagination_class = None

    def report(self, asked: dict[str, Any], subject: Subject, subject_id: int, person: User) -> Response:
        """`person` is whose it is."""
        spend(services.REPORTS, who=f"person {self.me.pk}")
        with once(self.request) as keep:
            told = services.report(reporter=self.me, subject=subject, subject_id=subject_id, person=person, **asked)
            return keep(Response(self.get_serializer(told).data, status=201))


class PersonReports(Reports):
    """Telling staff of somebody."""

    serializer_class = PersonReportSerializer

    def create(self, request: Request, handle: str) -> Response:
        """Tell staff of somebody.

        Told again before anybody has looked, it is the same report, with the newer reason and words.
        """
        person = get_object_or_404(others_known_to(self.me), handle=handle.lower())
        asked = self.checked(PersonReportSerializer)
        subject = Subject(asked.pop("about"))
        if subject == Subject.WALL:
            get_object_or_404(User.objects.with_wall_open_to(self.me), pk=person.pk)
        return self.report(asked, subject, person.pk, person)
