from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.moderation.api import Reports
from accounts.moderation.models import Subject
from accounts.moderation.serializers import ReportSerializer
from movies.diary.models import Entry


class EntryReports(Reports):
    """Telling staff of an entry."""

    serializer_class = ReportSerializer

    def create(self, request: Request, pk: str) -> Response:
        """Tell staff of a film on somebody's wall.

        Told again before anybody has looked, it is the same report, with the newer reason and words.
        """
        others = Entry.objects.met_by(self.me).exclude(owner=self.me).select_related("owner")
        entry = get_object_or_404(others, pk=pk)
        return self.report(self.checked(ReportSerializer), Subject.ENTRY, entry.pk, entry.owner)
