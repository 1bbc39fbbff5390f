import datetime
from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from movies.catalog import tmdb
from movies.catalog.elsewhere import search_elsewhere
from movies.catalog.models import Film
from movies.catalog.search import Cursor as Rank
from movies.catalog.search import search_films
from movies.diary.api.finding import TmdbAway
from movies.diary.marks import marks_among
from movies.diary.models import Entry, EntryQuerySet
from movies.diary.reception import entries_of
from movies.diary.serializers import (
    FilmEntrySerializer,
    FilmPageSerializer,
    FilmSearchSerializer,
    FoundFilmSerializer,
    ReviewSerializer,
    TmdbFilmSerializer,
    TmdbSearchSerializer,
)
from mymovie.paging import page_after
from mymovie.rest import quotas
from mymovie.rest.pages import KeyPages, place_after
from mymovie.rest.views import OPEN, ApiViewSet

PEOPLE_ON_A_PAGE = 24
REVIEWS_ON_A_PAGE = 20


class NumberedPages(KeyPages):
    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return []  # the search itself declares its `page`


class FilmSearch(ApiViewSet):
    """Films by any of their titles."""

    serializer_class = FoundFilmSerializer
    permission_classes = OPEN
    read_quota = quotas.SEARCH
    also_answers = {"tmdb": [503]}

    @extend_schema(parameters=[FilmSearchSerializer])
    def list(self, request: Request) -> Response:
        """Our films by the words of a title.

        Those titled just so and the famous come first; then those with a title like it.
        """
        asked = self.asked(FilmSearchSerializer)
        after = Rank.read(request.query_params["after"]) if "after" in request.query_params else None
        found = search_films(asked["q"], year=asked.get("year"), after=after)
        return self.page(self.marked(found.films, found.films), found.after)

    @extend_schema(parameters=[TmdbSearchSerializer], responses=TmdbFilmSerializer(many=True))
    @action(detail=False, serializer_class=TmdbFilmSerializer, pagination_class=NumberedPages)
    def tmdb(self, request: Request) -> Response:
        """TMDB's films by the words of a title.

        Only those that our own search does not find. TMDB is asked while you wait: ask for our own films first.
        """
        asked = self.asked(TmdbSearchSerializer)
        try:
            found = search_elsewhere(asked["q"], year=asked.get("year"), page=asked["page"], language=get_language())
        except tmdb.TmdbError as error:
            raise TmdbAway(headers={"Retry-After": "60"}) from error
        results = self.marked(found.hits, [hit.film for hit in found.hits if hit.film])
        return Response({"results": results, "next": self.page_numbered(found.next_page)})

    def asked(self, kind: type[serializers.Serializer]) -> dict[str, Any]:
        asked = kind(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def marked(self, results: Any, films: Collection[Film]) -> Any:
        context = {**self.get_serializer_context(), "marks": marks_among(self.me, films)}
        return self.get_serializer_class()(results, many=True, context=context).data

    def page_numbered(self, page: int | None) -> str | None:
        query = self.request.query_params.dict() | {"page": str(page)}
        return f"{settings.SITE_URL}{self.request.path}?{urlencode(query)}" if page else None


def reviews_said(view: ApiViewSet, read: EntryQuerySet) -> tuple[Any, Any]:
    """A page of them, and the place of the next."""
    told = read.telling(view.me).select_related("film", "owner")
    after = place_after(view.request, datetime.datetime)
    reviews, following = page_after(told, "reviewed_at", after, REVIEWS_ON_A_PAGE)
    return ReviewSerializer(reviews, many=True).data, following


class Films(ApiViewSet):
    """What we know of films, and who has seen them."""

    serializer_class = FilmPageSerializer
    permission_classes = OPEN
    lookup_value_regex = "[0-9]{1,18}"

    def retrieve(self, request: Request, pk: str) -> Response:
        """What we know of a film, and what people think of it.

        Films are sometimes found to be one: asked for either, the answer tells of the one that is left, and its
        Content-Location is that one's address.
        """
        film = self.film(pk)
        response = Response(self.get_serializer(film).data)
        if film.pk != int(pk):
            response.headers["Content-Location"] = settings.SITE_URL + reverse("api:film-detail", args=[film.pk])
        return response

    @extend_schema(responses=FilmEntrySerializer(many=True))
    @action(detail=True, serializer_class=FilmEntrySerializer)
    def entries(self, request: Request, pk: str) -> Response:
        """Who has recorded a film, as far as I may see that; the latest first."""
        recorded = entries_of(self.film(pk), self.me).select_related("owner")
        entries, following = page_after(
            recorded, "recorded_at", place_after(request, datetime.datetime), PEOPLE_ON_A_PAGE
        )
        return self.page(self.get_serializer(entries, many=True).data, following)

    @extend_schema(responses=ReviewSerializer(many=True))
    @action(detail=True, serializer_class=ReviewSerializer)
    def reviews(self, request: Request, pk: str) -> Response:
        """What was written about a film, as far as I may read it; the latest first."""
        read = Entry.objects.reviews_read_by(self.me).filter(film=self.film(pk))
        return self.page(*reviews_said(self, read))

    def film(self, pk: str) -> Film:
        film: Film = get_object_or_404(Film.objects.select_related("merged_into"), pk=pk)
        return film.merged_into or film
