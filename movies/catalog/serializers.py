"""What the API says of films. Lists are long, so that what stands in them is put together by hand; the fields declare it."""

import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from movies.catalog import tmdb
from movies.catalog.brief import InBrief
from movies.catalog.models import Precision
from movies.catalog.tmdb.images import Size
from mymovie.rest.fields import Id

SIZES: tuple[Size, ...] = ("w185", "w342", "w500", "w780")

JAWS = {
    "id": "1208",
    "title": "JAWS／ジョーズ",
    "original_title": "Jaws",
    "year": 1975,
    "japan": {"on": "1975-12-06", "precision": "day"},
    "world": {"on": "1975-06-20", "precision": "day"},
    "poster": {"is_drawn": True} | dict.fromkeys(SIZES, "https://mymovie.example/posters/1208-68ff0a1c1.ja.svg"),
}


class KnownDaySerializer(serializers.Serializer):
    """A date as exactly as it is known: what is not known of it stands at 1."""

    on = serializers.DateField()
    precision = serializers.ChoiceField(Precision.choices, help_text="What of the date is known.")


class PosterSerializer(serializers.Serializer):
    """Addresses by width in pixels. A drawn poster is one SVG, which we draw for a film that has no picture."""

    is_drawn = serializers.BooleanField()
    w185 = serializers.URLField()
    w342 = serializers.URLField()
    w500 = serializers.URLField()
    w780 = serializers.URLField()


@extend_schema_serializer(examples=[OpenApiExample("Jaws", JAWS)])
class FilmSerializer(serializers.Serializer):
    """A film, as it stands in lists."""

    id = Id()
    title = serializers.CharField(help_text="In the language of Accept-Language, where it has a title in it.")
    original_title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    japan = KnownDaySerializer(allow_null=True, help_text="日本公開日: its first release in Japan's cinemas.")
    world = KnownDaySerializer(allow_null=True, help_text="Its first release in any cinema of the world.")
    poster = PosterSerializer()

    def to_representation(self, film: InBrief) -> dict[str, Any]:
        return film_said(film)


def film_said(film: InBrief) -> dict[str, Any]:
    return {
        "id": str(film.pk),
        "title": film.title,
        "original_title": film.original_title,
        "year": film.year,
        "japan": day_said(film.japan_on, film.japan_precision),
        "world": day_said(film.world_on, film.world_precision),
        "poster": poster_said(film),
    }


def day_said(on: datetime.date | None, precision: str) -> dict[str, Any] | None:
    return {"on": on, "precision": precision} if on else None


def poster_said(film: InBrief) -> dict[str, Any]:
    if film.poster_path:
        return {"is_drawn": False} | {size: tmdb.image_url(film.poster_path, size) for size in SIZES}
    drawn = settings.SITE_URL + reverse("drawn_poster", args=[film.pk, film.poster_version, get_language()])
    return {"is_drawn": True} | dict.fromkeys(SIZES, drawn)
