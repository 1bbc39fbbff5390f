import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from django.core.exceptions import BadRequest
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from movies.diary import films
from movies.diary.api.finding import find_film
from movies.imports import report, services
from movies.imports.models import Batch, Mention, Row
from movies.imports.serializers import (
    DoubtChoiceSerializer,
    DoubtSerializer,
    ExpectedImportSerializer,
    ImportAnswersSerializer,
    ImportInBriefSerializer,
    ImportOptionsSerializer,
    ImportRowSerializer,
    ImportSerializer,
    NewImportSerializer,
    questions_said,
    version_of,
)
from mymovie.paging import BadCursor, page_after
from mymovie.rest import problems, quotas
from mymovie.rest.conditional import require_unchanged
from mymovie.rest.fields import ID
from mymovie.rest.formats import JsonRenderer
from mymovie.rest.pages import place_after
from mymovie.rest.repeating import once
from mymovie.rest.views import ApiViewSet, versioned
from mymovie.uploads import StorageAway

PAGE_SIZE = 50
OUTCOME = OpenApiParameter("outcome", enum=Row.Outcome.values, description="Only rows that came to this.")


class NotNow(problems.Problem):
    """Also says in which state the import is."""

    status_code, kind = 409, "import-not-ready"
    title = _("This cannot be done with the import as it is now.")


class TooManyImports(problems.Problem):
    """Also says how many there may be."""

    status_code, kind = 409, "too-many-imports"
    title = _("So many imports are at work already. Wait for one to end.")


class NoFile(problems.Problem):
    status_code, kind, title = 409, "no-file", _("The file has not arrived. Send it first.")


class Csv(JsonRenderer):
    """What clients may ask for; the rows are sent as they are, and only problems are written by this."""

    media_type = "text/csv"
    format = "csv"


@contextlib.contextmanager
def as_it_is_now(batch: Batch) -> Iterator[None]:
    try:
        yield
    except services.WrongState as error:
        batch.refresh_from_db(fields=["state"])
        raise NotNow(state=batch.state) from error
    except (Batch.DoesNotExist, Mention.DoesNotExist) as error:  # dropped in this very moment
        raise Http404 from error


class Imports(ApiViewSet):
    """Films that I bring from another film log. Nobody else sees them.

    A file is read, its films are looked for, and it is told what would come of each row; then it is imported, and can be
    taken back.
    """

    serializer_class = ImportSerializer
    lookup_value_regex = "[0-9]{1,18}"
    versioned = ("destroy",)
    also_answers = {"arrived": [503], "doubt": [503], "destroy": [409]}

    def count(self, request: Request) -> None:
        if self.action == "create":
            self.write_quota = quotas.IMPORT
        super().count(request)

    def get_serializer_class(self) -> Any:
        return ImportInBriefSerializer if self.action == "list" else super().get_serializer_class()

    @property
    def mine(self) -> QuerySet[Batch]:
        batches: QuerySet[Batch] = Batch.objects.of(self.me)
        return batches

    def my(self, pk: str) -> Batch:
        return get_object_or_404(self.mine, pk=pk)

    def list(self, request: Request) -> Response:
        """My imports, the latest first."""
        batches, following = page_after(self.mine, "id", place_after(request, int), PAGE_SIZE)
        return self.page(self.get_serializer(batches, many=True).data, following)

    def retrieve(self, request: Request, pk: str) -> Response:
        """One import: how far it is, and what comes of its rows."""
        return self.answer(self.my(pk))

    @extend_schema(request=NewImportSerializer, responses={201: ExpectedImportSerializer})
    def create(self, request: Request) -> Response:
        """Begin an import.

        Send the file where `upload` says, then say so by `/arrived`.
        """
        asked = self.checked(NewImportSerializer)
        with once(request) as keep:
            batch = self.expected(asked["name"])
            context = {**self.get_serializer_context(), "upload": services.upload_form(batch)}
            said = ExpectedImportSerializer(batch, context=context).data
            return keep(versioned(Response(said, status=201), version_of(batch)))

    def expected(self, name: str) -> Batch:
        try:
            return services.expect_file(owner=self.me, name=name)
        except services.TooManyImports as error:
            raise TooManyImports(most=services.MOST_EXPECTED) from error

    @transaction.atomic
    def destroy(self, request: Request, pk: str) -> Response:
        """Drop an import of which nothing stands on my wall."""
        batch = get_object_or_404(self.mine.select_for_update(of=["self"]), pk=pk)
        require_unchanged(request, version_of(batch))
        with as_it_is_now(batch):
            services.discard(batch=batch)
        return Response(status=204)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def arrived(self, request: Request, pk: str) -> Response:
        """Say that the file has been sent.

        Said again, nothing happens.
        """
        batch = self.my(pk)
        if batch.state == Batch.State.EXPECTED:
            batch = self.looked_for(batch)
        with once(request) as keep:
            return keep(self.answer(batch))

    def looked_for(self, batch: Batch) -> Batch:
        try:
            with as_it_is_now(batch):
                return services.file_arrived(batch=batch)
        except services.NoFile as error:
            raise NoFile from error
        except StorageAway as error:
            raise problems.Unavailable(headers={"Retry-After": "60"}) from error

    @extend_schema(request=ImportAnswersSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def answers(self, request: Request, pk: str) -> Response:
        """Answer what an import asks.

        It then goes on by itself.
        """
        batch = self.my(pk)
        questions = questions_said(batch)
        if questions is None:
            raise NotNow(state=batch.state)
        return self.done(batch, services.answer, answers=self.checked(ImportAnswersSerializer, questions=questions))

    @extend_schema(request=ImportOptionsSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"], url_path="import", url_name="import")
    def carry_out(self, request: Request, pk: str) -> Response:
        """Import what the dry run has shown.

        Rows that are doubtful or rejected are left where they are. One that was taken back is imported again; one that is
        done, where its word is to count for more.
        """
        asked = self.checked(ImportOptionsSerializer)
        return self.done(self.my(pk), services.import_batch, **asked)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take an import back.

        What I have changed since stays.
        """
        return self.done(self.my(pk), services.undo_import)

    @extend_schema(request=None, responses=ImportSerializer)
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """Start an import again that has failed, from where it stopped."""
        return self.done(self.my(pk), services.start_again)

    @extend_schema(parameters=[OUTCOME], responses=ImportRowSerializer(many=True))
    @action(detail=True, serializer_class=ImportRowSerializer)
    def rows(self, request: Request, pk: str) -> Response:
        """The rows of the file, and what comes of each."""
        outcome = request.query_params.get("outcome")
        if outcome is not None and outcome not in Row.Outcome.values:
            raise BadRequest("no such outcome")
        rows, following = report.rows_of(self.my(pk), outcome=outcome or "", after=number_after(request))
        return self.page(self.get_serializer(rows, many=True).data, following)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY})
    @action(
        detail=True,
        serializer_class=None,
        pagination_class=None,
        renderer_classes=[Csv, JsonRenderer],
        read_quota=quotas.IMPORT,
    )
    def rejects(self, request: Request, pk: str) -> StreamingHttpResponse:
        """The rows that were rejected, as a CSV.

        Mended, it can be imported as it is.
        """
        batch = self.my(pk)
        return StreamingHttpResponse(
            in_their_language(report.rejects_csv(batch)),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="mymovie-rejects-{batch.pk}.csv"'},
        )

    @extend_schema(responses=DoubtSerializer(many=True))
    @action(detail=True, serializer_class=DoubtSerializer)
    def doubts(self, request: Request, pk: str) -> Response:
        """The films of which nobody but me can say which they are."""
        mentions, following = report.doubts_of(self.my(pk), after=number_after(request))
        return self.page(self.get_serializer(mentions, many=True).data, following)

    @extend_schema(request=DoubtChoiceSerializer, responses=ImportSerializer)
    @action(detail=True, methods=["post"], url_path="doubts/(?P<mention>[0-9]{1,18})")
    def doubt(self, request: Request, pk: str, mention: str) -> Response:
        """Say which film is meant, or that it is left out.

        Later imports follow it.
        """
        asked = self.checked(DoubtChoiceSerializer)
        meant = get_object_or_404(Mention.objects.select_related("batch"), batch__in=self.mine, batch=pk, pk=mention)
        found = None if asked["leave_out"] else find_film(asked)
        with once(request) as keep, as_it_is_now(meant.batch):
            if found is None:
                services.leave_out(mention=meant)
            else:
                services.pick(mention=meant, film=films.made(found))
            return keep(self.answer(self.my(pk)))

    def done(self, batch: Batch, act: Callable[..., Batch], **how: Any) -> Response:
        with once(self.request) as keep, as_it_is_now(batch):
            return keep(self.answer(act(batch=batch, **how)))

    def answer(self, batch: Batch) -> Response:
        said = ImportSerializer(batch, context=self.get_serializer_context()).data
        return versioned(Response(said), version_of(batch))


def number_after(request: Request) -> int:
    """Where the page before has ended. Raises BadCursor."""
    written = request.query_params.get("after")
    if written is None:
        return 0
    if not ID.fullmatch(written):
        raise BadCursor(written)
    return int(written)


def in_their_language(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """In that of whoever asks, though they read it when their request has ended."""
    language = get_language()

    def told() -> Iterator[bytes]:
        with override(language):
            yield from pieces

    return told()
