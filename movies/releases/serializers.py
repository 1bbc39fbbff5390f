"""What the API says of coming films."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from movies.catalog.models import Film
from movies.catalog.serializers import JAWS, FilmSerializer, film_said
from movies.releases.upcoming import Day

SOON = JAWS | {"is_wished": True}


@extend_schema_serializer(examples=[OpenApiExample("Jaws, back in cinemas", SOON)])
class ComingFilmSerializer(FilmSerializer):
    """A film that is to come out; `wished`, the films that its reader waits for, comes by the context."""

    is_wished = serializers.BooleanField(
        allow_null=True, help_text="Whether I wait for it; null where nobody is signed in."
    )

    def to_representation(self, film: Film) -> dict[str, Any]:
        is_wished = film.pk in self.context["wished"] if self.context["request"].user.is_authenticated else None
        return film_said(film) | {"is_wished": is_wished}


@extend_schema_serializer(examples=[OpenApiExample("A day in December", {"on": "2026-12-04", "films": [SOON]})])
class ComingDaySerializer(serializers.Serializer):
    """A day, and what comes out in Japan on it."""

    on = serializers.DateField()
    films = ComingFilmSerializer(many=True)

    def to_representation(self, day: Day) -> dict[str, Any]:
        films = ComingFilmSerializer(day.films, many=True, context=self.context)
        return {"on": day.on, "films": films.data}


@extend_schema_serializer(
    examples=[OpenApiExample("An address", {"address": "https://mymovie.example/calendar/WzEsMV0.3pLr-8Qx.ics"})]
)
class CalendarSerializer(serializers.Serializer):
    """Where calendar programs read what I wait for. Whoever has the address can read it."""

    address = serializers.URLField(allow_null=True)
