"""What the API says of what people do with films, and what it takes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User, Visibility
from accounts.people.serializers import HANAKO, PersonSerializer, person_said
from movies.catalog.serializers import JAWS, FilmSerializer, film_said
from movies.diary.forms import validate_watched_on
from movies.diary.listing import EntryRow
from movies.diary.models import Entry
from mymovie.rest.conditional import digest
from mymovie.rest.fields import Id, Moment

ON_THE_WALL = {
    "id": "52011",
    "film": JAWS,
    "score": 92,
    "watched_on": "2026-11-20",
    "recorded_at": "2026-11-21T03:12:45Z",
    "visibility": "public",
}
SEEN = [{"id": "70334", "watched_on": "2019-08-02"}, {"id": "88120", "watched_on": "2026-11-20"}]


class ScoreField(serializers.IntegerField):
    """A whole number: neither "90" nor true is one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": 100, "allow_null": True, **kwargs})

    def to_internal_value(self, data: Any) -> int:
        if type(data) is not int:
            self.fail("invalid")
        return super().to_internal_value(data)


class DayWatchedField(serializers.DateField):
    def __init__(self, **kwargs: Any) -> None:
        always: dict[str, Any] = {"allow_null": True, "validators": [validate_watched_on]}
        super().__init__(**always | {"help_text": "null: a day nobody remembers."} | kwargs)


@extend_schema_serializer(examples=[OpenApiExample("Jaws on a wall", ON_THE_WALL)])
class WallEntrySerializer(serializers.Serializer):
    """A film on a wall."""

    id = Id()
    film = FilmSerializer()
    score = serializers.IntegerField(min_value=0, max_value=100, allow_null=True)
    watched_on = serializers.DateField(
        allow_null=True, help_text="The last day that it was seen on, where that is known."
    )
    recorded_at = Moment()
    visibility = serializers.ChoiceField(
        Visibility.choices,
        allow_null=True,
        help_text="Who may see it; only its owner is told. Never wider than the wall.",
    )

    def to_representation(self, entry: Any) -> dict[str, Any]:
        return entry_said(entry, self.context["request"].user)


def entry_said(entry: Entry | EntryRow, viewer: object) -> dict[str, Any]:
    return {
        "id": str(entry.pk),
        "film": film_said(entry.film),
        "score": entry.score,
        "watched_on": entry.watched_on,
        "recorded_at": entry.recorded_at,
        "visibility": entry.visibility if isinstance(viewer, User) and viewer.pk == entry.owner_id else None,
    }


@extend_schema_serializer(examples=[OpenApiExample("In a feed", ON_THE_WALL | {"owner": HANAKO, "visibility": None})])
class FeedEntrySerializer(WallEntrySerializer):
    """A film on somebody's wall, where it stands beside those of others."""

    owner = PersonSerializer()

    def to_representation(self, entry: Any) -> dict[str, Any]:
        return super().to_representation(entry) | {"owner": person_said(entry.owner)}


@extend_schema_serializer(examples=[OpenApiExample("Seen in November", SEEN[1])])
class ViewingSerializer(serializers.Serializer):
    """One time that a film was seen."""

    id = Id(source="pk", read_only=True)
    watched_on = DayWatchedField()


@extend_schema_serializer(examples=[OpenApiExample("Seen twice", ON_THE_WALL | {"owner": HANAKO, "viewings": SEEN})])
class EntrySerializer(FeedEntrySerializer):
    """One film on one wall."""

    viewings = ViewingSerializer(
        many=True, allow_null=True, help_text="Only its owner is told. Without any it was seen once, on an unknown day."
    )

    def to_representation(self, entry: Any) -> dict[str, Any]:
        is_mine = entry.owner_id == self.context["request"].user.pk
        viewings = entry.viewings.order_by("watched_on", "pk") if is_mine else []
        return super().to_representation(entry) | {
            "viewings": [{"id": str(one.pk), "watched_on": one.watched_on} for one in viewings] if is_mine else None
        }


def version_of(entry: Entry) -> str:
    return digest(entry.pk, entry.score, entry.visibility, entry.watched_on, entry.deleted_at)


class FilmToFind(serializers.Serializer):
    """Names a film by our id, or by TMDB's for one that we may not have yet."""

    film = Id(required=False)
    tmdb_id = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        if ("film" in asked) == ("tmdb_id" in asked):
            raise serializers.ValidationError(_("Name the film: either “film” or “tmdb_id”."), code="film")
        return asked


@extend_schema_serializer(
    examples=[
        OpenApiExample("Seen on a day", {"film": "1208", "score": 92, "watched_on": "2026-11-20"}, request_only=True),
        OpenApiExample("A film that only TMDB has so far", {"tmdb_id": 129, "score": None}, request_only=True),
    ]
)
class NewEntrySerializer(FilmToFind):
    """What is recorded. Without `visibility`, as its owner's settings have it."""

    score = ScoreField(required=False, default=None)
    watched_on = DayWatchedField(required=False, default=None)
    visibility = serializers.ChoiceField(Visibility.choices, required=False)


@extend_schema_serializer(examples=[OpenApiExample("Another score", {"score": 88}, request_only=True)])
class EntryChangesSerializer(serializers.Serializer):
    """What is to change; the rest stays."""

    score = ScoreField()
    visibility = serializers.ChoiceField(Visibility.choices)
