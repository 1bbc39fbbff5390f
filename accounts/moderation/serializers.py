from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.moderation.models import Reason, Report, Subject
from accounts.people.fields import BioField
from accounts.people.serializers import AsTyped
from mymovie.rest.fields import Moment

LONGEST_TEXT = 1000


SPAM = {"reason": "spam", "text": "Nothing but links."}
PRETENCE = {"about": "profile", "reason": "pretence", "text": ""}
TOLD = {"reported_at": "2026-11-21T03:12:45Z"}


@extend_schema_serializer(
    examples=[
        OpenApiExample("Advertising", SPAM, request_only=True),
        OpenApiExample("Advertising, told of", SPAM | TOLD, response_only=True),
    ]
)
class ReportSerializer(serializers.Serializer):
    """What is wrong. Only staff read it; nobody else learns who has told them."""

    reason = serializers.ChoiceField(Reason.choices)
    text = AsTyped(BioField(max_length=LONGEST_TEXT), max_length=LONGEST_TEXT, allow_blank=True, default="")
    reported_at = Moment(read_only=True)

    def to_representation(self, report: Report) -> dict[str, Any]:
        return {"reason": report.reason, "text": report.text, "reported_at": report.reported_at}


@extend_schema_serializer(
    examples=[
        OpenApiExample("A false name", PRETENCE, request_only=True),
        OpenApiExample("A false name, told of", PRETENCE | TOLD, response_only=True),
    ]
)
class PersonReportSerializer(ReportSerializer):
    """The same of somebody: of what they say of themselves, or of what stands on their wall."""

    about = serializers.ChoiceField([Subject.PROFILE, Subject.WALL], default=Subject.PROFILE)

    def to_representation(self, report: Report) -> dict[str, Any]:
        return {"about": report.subject} | super().to_representation(report)
