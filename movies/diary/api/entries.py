import datetime
import uuid
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Visibility
from movies.catalog.models import Film
from movies.diary import films, services
from movies.diary.api.arranging import ARRANGEMENT, asked_of, page_of, sifted
from movies.diary.api.finding import FilmUnknown, find_film
from movies.diary.models import Entry, Viewing
from movies.diary.serializers import (
    EntryChangesSerializer,
    EntrySerializer,
    NewEntrySerializer,
    ViewingSerializer,
    WallEntrySerializer,
    version_of,
)
from movies.diary.services import Seen
from movies.diary.wall import PAGE_SIZE
from movies.diary.words import NOTHING, Words
from mymovie.paging import page_after
from mymovie.rest import problems
from mymovie.rest.conditional import digest, require_unchanged
from mymovie.rest.pages import place_after
from mymovie.rest.repeating import once
from mymovie.rest.views import OPEN, ApiViewSet, versioned


class AlreadyRecorded(problems.Problem):
    """Names the entry."""

    status_code, kind, title = 409, "already-recorded", _("This film stands on your wall already.")


class RecordedAgain(problems.Problem):
    status_code, kind = 409, "recorded-again"
    title = _("You have recorded this film again since. Delete that entry to get this one back.")


class Entries(ApiViewSet):
    """My films, and those of others as far as I may see them."""

    serializer_class = EntrySerializer
    lookup_value_regex = "[0-9]{1,18}"
    versioned = ("partial_update", "destroy")
    also_answers = {"create": [404, 503]}

    def get_permissions(self) -> Any:
        return [one() for one in OPEN] if self.action == "retrieve" else super().get_permissions()

    def get_serializer_class(self) -> Any:
        return WallEntrySerializer if self.action in ("list", "deleted") else EntrySerializer

    @property
    def mine(self) -> Any:
        return Entry.objects.filter(owner=self.me).select_related("film", "owner")

    @extend_schema(parameters=ARRANGEMENT)
    def list(self, request: Request) -> Response:
        """My films, in one of five orders."""
        asked = asked_of(request)
        mine = sifted(Entry.objects.of(self.me), asked, is_own=True)
        entries, following = page_of(mine, asked)
        return self.page(self.get_serializer(entries, many=True).data, following)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One film on one wall."""
        seen = Entry.objects.seen_by(request.user).select_related("film", "owner")
        return self.answer(get_object_or_404(seen, pk=pk))

    @extend_schema(request=NewEntrySerializer, responses={201: EntrySerializer})
    def create(self, request: Request) -> Response:
        """Record a film.

        A film that only TMDB has so far is made. For one that stands on my wall already, the answer is 409 and names the
        entry.
        """
        asked = self.checked(NewEntrySerializer)
        found = find_film(asked)
        with once(request) as keep:
            film = films.made(found)
            standing = Entry.objects.of(self.me).filter(film=film).first()
            entry, is_new = (standing, False) if standing else self.log(film, asked)
            if not is_new:
                raise AlreadyRecorded(entry=str(entry.pk))
            return keep(self.answer(entry, status=201))

    def log(self, film: Film, asked: dict[str, Any]) -> tuple[Entry, bool]:
        visibility = Visibility(asked.get("visibility", self.me.default_visibility))
        seen = Seen(asked["watched_on"], uuid.uuid4())
        try:
            return services.log_film(
                owner=self.me, film=film, score=asked["score"], visibility=visibility, seen=seen, words=words_in(asked)
            )
        except Film.DoesNotExist as error:  # forgotten in this very moment
            raise FilmUnknown from error

    @extend_schema(request=EntryChangesSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what I say of a film on my wall."""
        changes = self.checked(EntryChangesSerializer)
        with transaction.atomic():
            entry = self.locked(pk)
            require_unchanged(request, version_of(entry))
            return self.answer(services.change_entry(entry=entry, changes=changes))

    @transaction.atomic
    def destroy(self, request: Request, pk: str) -> Response:
        """Take a film off my wall.

        It can be put back for 30 days.
        """
        entry = self.locked(pk)
        require_unchanged(request, version_of(entry))
        services.delete_entry(entry=entry)
        return Response(status=204)

    def locked(self, pk: str) -> Entry:
        standing = self.mine.filter(deleted_at=None).select_for_update(of=["self"])
        return get_object_or_404(standing, pk=pk)

    @extend_schema(request=None, responses={200: EntrySerializer})
    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        """Put a film back that I took off my wall."""
        with once(request) as keep:
            entry = get_object_or_404(self.mine.restorable(timezone.now()), pk=pk)
            try:
                services.restore_entry(entry=entry)
            except services.AlreadyOnTheWall as error:
                raise RecordedAgain from error
            return keep(self.answer(entry))

    @extend_schema(responses=WallEntrySerializer(many=True))
    @action(detail=False)
    def deleted(self, request: Request) -> Response:
        """What I took off my wall and can still put back."""
        after = place_after(request, datetime.datetime)
        entries, following = page_after(self.mine.deleted_lately(timezone.now()), "deleted_at", after, PAGE_SIZE)
        return self.page(self.get_serializer(entries, many=True).data, following)

    @extend_schema(request=ViewingSerializer, responses={201: ViewingSerializer})
    @action(detail=True, methods=["post"])
    def viewings(self, request: Request, pk: str) -> Response:
        """Say that I saw it again."""
        asked = self.checked(ViewingSerializer)
        with once(request) as keep:
            entry = self.locked(pk)
            viewing = services.see_again(entry=entry, seen=Seen(asked["watched_on"], uuid.uuid4()))
            return keep(viewing_said(viewing, status=201))

    def answer(self, entry: Entry, status: int = 200) -> Response:
        said = EntrySerializer(entry, context=self.get_serializer_context()).data
        # The version knows what only its owner is told, and nobody else can change it.
        version = version_of(entry) if entry.owner_id == self.me.pk else ""
        return versioned(Response(said, status=status), version)


class Viewings(ApiViewSet):
    """The times that I saw a film."""

    serializer_class = ViewingSerializer
    lookup_value_regex = "[0-9]{1,18}"
    versioned = ("partial_update", "destroy")

    def retrieve(self, request: Request, pk: str) -> Response:
        """One time that I saw a film."""
        return viewing_said(get_object_or_404(self.mine, pk=pk))

    @transaction.atomic
    def partial_update(self, request: Request, pk: str) -> Response:
        """Say on which day it was."""
        changes = self.checked(ViewingSerializer)
        viewing = self.locked(pk)
        require_unchanged(request, version_of_viewing(viewing))
        if changes:
            services.redate_viewing(viewing=viewing, watched_on=changes["watched_on"])
        return viewing_said(viewing)

    @transaction.atomic
    def destroy(self, request: Request, pk: str) -> Response:
        """Say that it was not so."""
        viewing = self.locked(pk)
        require_unchanged(request, version_of_viewing(viewing))
        services.remove_viewing(viewing=viewing)
        return Response(status=204)

    @property
    def mine(self) -> QuerySet[Viewing]:
        return Viewing.objects.filter(entry__in=Entry.objects.of(self.me)).select_related("entry")

    def locked(self, pk: str) -> Viewing:
        """By its entry, as all do who change viewings."""
        services.lock(get_object_or_404(self.mine, pk=pk).entry)
        return get_object_or_404(self.mine, pk=pk)


def words_in(asked: dict[str, Any]) -> Words:
    """Of a film that is recorded for the first time."""
    return Words({name: asked.get(name, nothing) for name, nothing in NOTHING.items()})


def viewing_said(viewing: Viewing, status: int = 200) -> Response:
    said = {"id": str(viewing.pk), "watched_on": viewing.watched_on}
    return versioned(Response(said, status=status), version_of_viewing(viewing))


def version_of_viewing(viewing: Viewing) -> str:
    return digest(viewing.pk, viewing.watched_on)
