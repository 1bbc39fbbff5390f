"""What a film's own page tells of it beyond its row: it comes along in the statement that finds the film."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet

from movies.catalog.facts import LARGEST_CAST
from movies.catalog.models import Credit, Film, Genre, ReleaseDate, WatchOffer
from mymovie.alongside import alongside, rebuilt


@dataclass(frozen=True)
class Facts:
    directors: list[Credit]
    cast: list[Credit]
    genres: list[Genre]
    releases: list[ReleaseDate]
    """By their days."""
    offers: list[WatchOffer]


def with_facts(films: QuerySet[Film]) -> QuerySet[Any]:
    """`facts_of` reads them."""
    this = OuterRef("pk")
    credits = Credit.objects.filter(film=this).billed()
    genres = Genre.objects.filter(films=this).order_by("pk")
    releases = ReleaseDate.objects.filter(film=this).order_by("released_on", "kind", "pk")
    offers = WatchOffer.objects.filter(film=this).order_by("position", "pk")
    return films.annotate(
        said_credits=alongside(credits, "id", "job", "character", "person__id", "person__name", "person__name_ja"),
        said_genres=alongside(genres, "id", "name_ja", "name_en"),
        said_releases=alongside(releases, "id", "country", "kind", "released_on", "note"),
        said_offers=alongside(offers, "id", "kind", "provider__id", "provider__name", "provider__logo_path"),
    )


def facts_of(film: Any) -> Facts:
    credits = rebuilt(Credit, film.said_credits)
    return Facts(
        directors=[credit for credit in credits if credit.job == Credit.Job.DIRECTOR],
        cast=[credit for credit in credits if credit.job == Credit.Job.CAST][:LARGEST_CAST],
        genres=rebuilt(Genre, film.said_genres),
        releases=rebuilt(ReleaseDate, film.said_releases),
        offers=rebuilt(WatchOffer, film.said_offers),
    )
