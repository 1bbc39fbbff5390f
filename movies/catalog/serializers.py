"""What the API says of films. Lists are long, so that what stands in them is put together by hand; the fields declare it."""

import datetime
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from movies.catalog import tmdb
from movies.catalog.brief import FilmRow, InBrief, row_of
from movies.catalog.elsewhere import Hit
from movies.catalog.models import Credit, Film, Genre, Precision, WatchOffer
from movies.catalog.openings import days_japan_waited
from movies.catalog.tmdb.images import Size
from mymovie.rest.fields import Id, Moment

SIZES: tuple[Size, ...] = ("w185", "w342", "w500", "w780")
LARGEST_CAST = 20

JAWS = {
    "id": "1208",
    "title": "JAWS／ジョーズ",
    "original_title": "Jaws",
    "year": 1975,
    "japan": {"on": "1975-12-06", "precision": "day"},
    "world": {"on": "1975-06-20", "precision": "day"},
    "poster": {"is_drawn": True} | dict.fromkeys(SIZES, "https://mymovie.example/posters/1208-68ff0a1c1.ja.svg"),
}
SPIRITED_AWAY = {
    "tmdb_id": 129,
    "title": "千と千尋の神隠し",
    "original_title": "千と千尋の神隠し",
    "year": 2001,
    "poster": {"is_drawn": False} | {size: tmdb.image_url("/39wmItIWsg5sZMyRUHLkWBcuVCM.jpg", size) for size in SIZES},
}
FACTS_OF_JAWS = JAWS | {
    "title_ja": "JAWS／ジョーズ",
    "title_en": "Jaws",
    "overview": "平和な海水浴場に、巨大なホホジロザメが現れる。",
    "runtime": 124,
    "country": "US",
    "genres": [{"id": "27", "name": "ホラー"}],
    "directors": ["スティーヴン・スピルバーグ"],
    "cast": [{"name": "ロイ・シャイダー", "character": "Martin Brody"}],
    "digital_on": None,
    "days_japan_waited": 169,
    "tmdb_id": 578,
    "imdb_id": "tt0073195",
    "wikidata_id": "Q189505",
    "watch": {
        "attribution": "JustWatch",
        "link": "https://www.themoviedb.org/movie/578-jaws/watch?locale=JP",
        "offers": [
            {
                "kind": "rent",
                "provider": "Apple TV",
                "logo": "https://image.tmdb.org/t/p/w92/9ghgSC0MA082EL6HLCW3GalykFD.jpg",
            }
        ],
    },
    "facts_fetched_at": "2026-11-02T19:04:11Z",
    "is_dropped": False,
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

    def to_representation(self, film: Any) -> dict[str, Any]:
        return film_said(film)


def film_said(film: InBrief) -> dict[str, Any]:
    """Of the same facts the same is said, wherever the film stands; nobody may write into it."""
    return _film_said(row_of(film), get_language() or "", settings.SITE_URL)


@lru_cache(maxsize=8_000)
def _film_said(film: FilmRow, language: str, site: str) -> dict[str, Any]:
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
        return picture_said(film.poster_path)
    drawn = settings.SITE_URL + reverse("drawn_poster", args=[film.pk, film.poster_version, get_language()])
    return {"is_drawn": True} | dict.fromkeys(SIZES, drawn)


def picture_said(path: str) -> dict[str, Any]:
    return {"is_drawn": False} | {size: tmdb.image_url(path, size) for size in SIZES}


class GenreSerializer(serializers.Serializer):
    id = Id()
    name = serializers.CharField()


class RoleSerializer(serializers.Serializer):
    name = serializers.CharField()
    character = serializers.CharField(allow_null=True)


class OfferSerializer(serializers.Serializer):
    """That a provider has a film in Japan, and how."""

    kind = serializers.ChoiceField(WatchOffer.Kind.choices)
    provider = serializers.CharField()
    logo = serializers.URLField(allow_null=True)


class WhereToWatchSerializer(serializers.Serializer):
    attribution = serializers.CharField(help_text="Whose data it is; name it wherever you show them.")
    link = serializers.URLField(help_text="TMDB's page of the offers.")
    offers = OfferSerializer(many=True)


@extend_schema_serializer(examples=[OpenApiExample("Jaws", FACTS_OF_JAWS)])
class FilmFactsSerializer(FilmSerializer):
    """What we know of a film."""

    title_ja = serializers.CharField(allow_null=True)
    title_en = serializers.CharField(allow_null=True)
    overview = serializers.CharField(
        allow_null=True, help_text="In the language of Accept-Language, or else in the other."
    )
    runtime = serializers.IntegerField(allow_null=True, help_text="Minutes.")
    country = serializers.CharField(allow_null=True, help_text="Two letters (ISO 3166-1).")
    genres = GenreSerializer(many=True)
    directors = serializers.ListField(child=serializers.CharField())
    cast = RoleSerializer(many=True, help_text=f"The first {LARGEST_CAST} of it.")
    digital_on = serializers.DateField(allow_null=True, help_text="Its first digital release in Japan.")
    days_japan_waited = serializers.IntegerField(
        allow_null=True, help_text="From the world's first day to Japan's, where both are known and Japan's is later."
    )
    tmdb_id = serializers.IntegerField(allow_null=True)
    imdb_id = serializers.CharField(allow_null=True)
    wikidata_id = serializers.CharField(allow_null=True)
    watch = WhereToWatchSerializer(allow_null=True, help_text="Where to watch it in Japan.")
    facts_fetched_at = Moment(allow_null=True, help_text="When TMDB told us most of this.")
    is_dropped = serializers.BooleanField(help_text="Whether TMDB no longer has it.")

    def to_representation(self, film: Film) -> dict[str, Any]:
        billed = film.credits.billed()
        return film_said(film) | {
            "title_ja": film.title_ja or None,
            "title_en": film.title_en or None,
            "overview": film.overview or None,
            "runtime": film.runtime,
            "country": film.country or None,
            "genres": [genre_said(genre) for genre in film.genres.order_by("pk")],
            "directors": [credit.person.local_name for credit in billed.filter(job=Credit.Job.DIRECTOR)],
            "cast": [role_said(credit) for credit in billed.filter(job=Credit.Job.CAST)[:LARGEST_CAST]],
            "digital_on": film.digital_on,
            "days_japan_waited": days_japan_waited(film),
            "tmdb_id": film.tmdb_id,
            "imdb_id": film.imdb_id,
            "wikidata_id": film.wikidata_id,
            "watch": watch_said(film) if film.watch_link else None,
            "facts_fetched_at": film.facts_fetched_at,
            "is_dropped": film.dropped_at is not None,
        }


def genre_said(genre: Genre) -> dict[str, Any]:
    return {"id": str(genre.pk), "name": genre.name}


def role_said(credit: Credit) -> dict[str, Any]:
    return {"name": credit.person.local_name, "character": credit.character or None}


def watch_said(film: Film) -> dict[str, Any] | None:
    offers = film.watch_offers.select_related("provider").order_by("position", "pk")
    said = [offer_said(offer) for offer in offers]
    return {"attribution": "JustWatch", "link": film.watch_link, "offers": said} if said else None


def offer_said(offer: WatchOffer) -> dict[str, Any]:
    logo = offer.provider.logo_path
    return {
        "kind": offer.kind,
        "provider": offer.provider.name,
        "logo": tmdb.image_url(logo, "w92") if logo else None,
    }


@extend_schema_serializer(examples=[OpenApiExample("Spirited Away", SPIRITED_AWAY)])
class HitSerializer(serializers.Serializer):
    """A film that TMDB has."""

    tmdb_id = serializers.IntegerField()
    title = serializers.CharField()
    original_title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    poster = PosterSerializer(allow_null=True)

    def to_representation(self, hit: Hit) -> dict[str, Any]:
        return {
            "tmdb_id": hit.tmdb_id,
            "title": hit.title,
            "original_title": hit.facts.original_title,
            "year": hit.year,
            "poster": picture_said(hit.poster_path) if hit.poster_path else None,
        }
