from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from movies.diary.export import DOWNLOADS, archive_of, name_of_archive
from movies.diary.letterboxd_export import letterboxd_of
from mymovie.limits.services import spend
from mymovie.rest import problems, quotas
from mymovie.rest.formats import JsonRenderer
from mymovie.rest.views import ApiViewSet
from mymovie.uploads import StorageAway


class Zip(JsonRenderer):
    """What clients may ask for; the archive is sent as it is, and only problems are written by this."""

    media_type = "application/zip"
    format = "zip"


class Csv(Zip):
    media_type = "text/csv"
    format = "csv"


class Data(ApiViewSet):
    """What is mine."""

    renderer_classes = [Zip, JsonRenderer]
    pagination_class = None
    read_quota = quotas.IMPORT
    also_answers = {"export": [503]}

    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=False)
    def export(self, request: Request) -> FileResponse:
        """Everything of mine, as a ZIP of JSON and CSV."""
        spend(DOWNLOADS, who=f"person {self.me.pk}")
        try:
            archive = archive_of(self.me)
        except StorageAway as error:
            raise problems.Unavailable(headers={"Retry-After": "60"}) from error
        return FileResponse(archive, as_attachment=True, filename=name_of_archive(self.me), content_type=Zip.media_type)

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.BINARY, (200, "application/zip"): OpenApiTypes.BINARY})
    @action(detail=False, url_path="export/letterboxd", renderer_classes=[Csv, Zip, JsonRenderer])
    def letterboxd(self, request: Request) -> FileResponse:
        """My records as CSV that Letterboxd takes in; where that is more than the 1 MB that it takes at once, a ZIP of
        several."""
        spend(DOWNLOADS, who=f"person {self.me.pk}")
        file, name, content_type = letterboxd_of(self.me)
        return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)
