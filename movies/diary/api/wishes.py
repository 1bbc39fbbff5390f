import datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from movies.catalog.dates import today_in_japan
from movies.catalog.models import Film
from movies.diary import films, wishing
from movies.diary.api.finding import FilmUnknown, find_film
from movies.diary.models import Wish
from movies.diary.serializers import NewWishSerializer, RemindersSerializer, WishSerializer, version_of_wish
from movies.diary.watchlist import Order, Place, by_day_added, by_opening
from mymovie.limits.services import spend
from mymovie.rest import problems
from mymovie.rest.conditional import require_unchanged
from mymovie.rest.pages import place_after
from mymovie.rest.repeating import once
from mymovie.rest.views import ApiViewSet, versioned

ORDER = OpenApiParameter(
    "order",
    enum=Order.values,
    default=Order.OPENING,
    description="What opens next comes first, then what has no day, then what opened last; or what was added last.",
)


class WatchlistFull(problems.Problem):
    """Also says how many films it holds."""

    status_code, kind, title = 409, "watchlist-full", _("Your watchlist is full. Take a film off first.")


class Watchlist(ApiViewSet):
    """What I want to see. Nobody else sees it."""

    serializer_class = WishSerializer
    lookup_url_kwarg = "film"
    lookup_value_regex = "[0-9]{1,18}"
    versioned = ("partial_update", "destroy")
    also_answers = {"create": [404, 503]}

    @extend_schema(parameters=[ORDER])
    def list(self, request: Request) -> Response:
        """My watchlist, in one of two orders."""
        wishes: list[Wish]
        following: object
        match request.query_params.get("order", Order.OPENING):
            case Order.OPENING:
                after = request.query_params.get("after")
                place = None if after is None else Place.read(after)
                wishes, following = by_opening(self.me, place, today_in_japan())
            case Order.ADDED:
                wishes, following = by_day_added(self.me, place_after(request, datetime.datetime))
            case _:
                raise BadRequest("no such order")
        return self.page(self.get_serializer(wishes, many=True).data, following)

    def retrieve(self, request: Request, film: str) -> Response:
        """A film that I wait for, by the film's id."""
        return self.answer(get_object_or_404(self.wishes_for(film)))

    @extend_schema(request=NewWishSerializer, responses={200: WishSerializer, 201: WishSerializer})
    def create(self, request: Request) -> Response:
        """Put a film on my watchlist.

        A film that only TMDB has so far is made. For one that stands there already the answer is 200, and the reminders
        are as this request has them.
        """
        spend(wishing.ACTS, who=f"person {self.me.pk}")
        asked = self.checked(NewWishSerializer)
        found = find_film(asked)
        reminders = {name: asked[name] for name in wishing.REMINDERS if name in asked}
        with once(request) as keep:
            film = films.made(found)
            is_new = not Wish.objects.filter(owner=self.me, film=film).exists()
            wish = self.wish(film)
            return keep(self.answer(self.reminding(wish, reminders), status=201 if is_new else 200))

    @extend_schema(request=RemindersSerializer)
    def partial_update(self, request: Request, film: str) -> Response:
        """Say of what I want to be told."""
        spend(wishing.ACTS, who=f"person {self.me.pk}")
        changes = self.checked(RemindersSerializer)
        with transaction.atomic():
            wish = get_object_or_404(self.wishes_for(film).select_for_update(of=["self"], no_key=True))
            require_unchanged(request, version_of_wish(wish))
            return self.answer(self.reminding(wish, changes))

    def destroy(self, request: Request, film: str) -> Response:
        """Take a film off my watchlist."""
        spend(wishing.ACTS, who=f"person {self.me.pk}")
        found = get_object_or_404(Film, pk=film)
        with transaction.atomic():
            wish = self.wishes_for(film).select_for_update(of=["self"], no_key=True).first()
            if wish:
                require_unchanged(request, version_of_wish(wish))
            wishing.unwish(owner=self.me, film=found)
        return Response(status=204)

    def wish(self, film: Film) -> Wish:
        try:
            return wishing.wish(owner=self.me, film=film)
        except Film.DoesNotExist as error:  # forgotten in this very moment
            raise FilmUnknown from error
        except wishing.TooManyWishes as error:
            raise WatchlistFull(most=wishing.MOST_WISHES) from error

    def reminding(self, wish: Wish, changes: dict[str, Any]) -> Wish:
        if changes:
            wishing.change_reminders(wish=wish, changes=changes)
        for name, is_wanted in changes.items():
            setattr(wish, name, is_wanted)
        return wish

    def wishes_for(self, film: str) -> QuerySet[Wish]:
        """Mine of this film, or of the one that it was merged into."""
        left = Film.objects.filter(pk=film).values(left=Coalesce("merged_into", "pk"))
        return Wish.objects.filter(owner=self.me, film__in=left).select_related("film")

    def answer(self, wish: Wish, status: int = 200) -> Response:
        return versioned(Response(self.get_serializer(wish).data, status=status), version_of_wish(wish))
