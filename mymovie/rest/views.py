"""What all views of the API have in common: language and days of who asks, limits, entity tags, sparse answers."""

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.http import http_date
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from mymovie.caching import REVALIDATED, allow_copies, asks_nobody
from mymovie.limits.services import Exceeded, Spent
from mymovie.rest import fields, quotas
from mymovie.rest.conditional import is_known, tag_of
from mymovie.rest.languages import language_of
from mymovie.rest.pages import KeyPages
from mymovie.rest.problems import BadRequestProblem, ReadOnlyToken
from mymovie.rest.repeating import AnsweredBefore, answered_before


class IsSomebody(permissions.BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        if problem := getattr(request.auth, "problem", None):
            raise problem
        return request.user.is_authenticated


class MayWrite(permissions.BasePermission):
    """Not by a token that may only read."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method not in permissions.SAFE_METHODS and not getattr(request.auth, "may_write", True):
            raise ReadOnlyToken
        return True


OPEN: list[Any] = [MayWrite]  # to everybody
OWN: list[Any] = [IsSomebody, MayWrite]


@dataclass(frozen=True)
class Deprecation:
    """That an address is to go: from when on it is not to be used by anything new, and when it may be gone."""

    since: datetime.date
    until: datetime.date

    def headers(self) -> dict[str, str]:
        """RFC 9745, RFC 8594."""
        return {"Deprecation": f"@{_midnight(self.since)}", "Sunset": http_date(_midnight(self.until))}


def _midnight(day: datetime.date) -> int:
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())


class ApiViewSet(GenericViewSet):
    """`read_quota`, `write_quota`: what is counted, by kind of method. A handler's docstring is its summary, and then its
    description, in the API's documentation."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    permission_classes = OWN
    pagination_class: type[KeyPages] | None = KeyPages
    read_quota, write_quota = quotas.READ, quotas.WRITE
    deprecation: Deprecation | None = None
    spent: list[Spent]
    wanted: fields.Wanted

    @property
    def me(self) -> Any:
        """Who asks."""
        return self.request.user

    @property
    def credentials(self) -> Any:
        """By what they do; None for a session, and for nobody."""
        return self.request.auth

    @asks_nobody  # of the session, which is the pages' affair
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        language = language_of(request)
        with translation.override(language):
            response = self._answer(request, *args, **kwargs)
            if isinstance(response, Response):
                response.render()
        response.headers["Content-Language"] = language
        patch_vary_headers(response, ["Accept-Language", "Authorization"])
        return self._tagged(request, response)

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.spent, self.wanted = [], {}
        try:
            return super().dispatch(request, *args, **kwargs)
        except AnsweredBefore as before:  # in this very moment, by the same request
            return before.answer

    def _tagged(self, request: HttpRequest, response: Any) -> HttpResponseBase:
        version = getattr(response, "version", "")
        is_read = request.method in ("GET", "HEAD") and response.status_code in (200, 304)
        if response.streaming or not (is_read or version):
            return response
        if "ETag" not in response.headers:
            response.headers["ETag"] = tag_of(response.content, version)
        if not is_read:
            return response
        if self.credentials is None:  # be it that whoever has them is nobody to us
            allow_copies(response, **REVALIDATED)
        if is_known(request, response.headers["ETag"]):
            response.status_code, response.content = 304, b""
            del response.headers["Content-Type"]
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not request.content_type.lower().startswith("multipart/"):
            self._read(request._request)
        super().initial(request, *args, **kwargs)
        if request.user.is_authenticated:
            timezone.activate(ZoneInfo(request.user.time_zone))
        if request.method == "POST" and (before := answered_before(request)):
            raise AnsweredBefore(before)
        if request.method in permissions.SAFE_METHODS:
            self.wanted = fields.wanted_of(request, self._represented())

    def _read(self, request: HttpRequest) -> None:
        """Once, as far as DATA_UPLOAD_MAX_MEMORY_SIZE lets it."""
        try:
            request.body  # noqa: B018
        except (UnreadablePostError, ValueError) as error:  # they hung up, or their Content-Length is no number
            raise BadRequestProblem from error

    def _represented(self) -> serializers.BaseSerializer | None:
        return self.get_serializer() if self.serializer_class else None

    def check_permissions(self, request: Request) -> None:
        """Who is refused is counted, too."""
        try:
            super().check_permissions(request)
        except Exception:
            self.count(request)
            raise

    def check_throttles(self, request: Request) -> None:
        self.count(request)

    def count(self, request: Request) -> None:
        quota = self.read_quota if request.method in permissions.SAFE_METHODS else self.write_quota
        try:
            self.spent = quota.spend(request)
        except Exceeded as error:
            self.spent = error.spent
            raise

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, AnsweredBefore):
            raise exc
        response: Response = super().handle_exception(exc)
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(response, Response) and self.wanted and response.status_code == 200:
            is_page = isinstance(response.data, dict) and response.data.keys() == {"results", "next"}
            said = response.data["results"] if is_page else response.data
            said = fields.only(self.wanted, said)
            response.data = response.data | {"results": said} if is_page else said
        response = super().finalize_response(request, response, *args, **kwargs)
        told = quotas.headers(self.spent) if self.spent else {}
        for name, value in (told | (self.deprecation.headers() if self.deprecation else {})).items():
            response.headers[name] = value
        return response

    def checked(self, kind: type[serializers.Serializer], **context: Any) -> dict[str, Any]:
        """What was sent, as this kind of serializer understands it. Raises ValidationError."""
        asked = kind(
            data=self.request.data,
            partial=self.request.method == "PATCH",
            context={**self.get_serializer_context(), **context},
        )
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def unchanged(self, etag: str) -> Response | None:
        """What is answered to who knows that already, by this tag, before it is looked up."""
        return Response(headers={"ETag": etag}) if is_known(self.request._request, etag) else None

    def page(self, results: list[Any], following: object | None) -> Response:
        """Part of a list, and where it goes on."""
        return Response({"results": results, "next": self.address_of(following) if following else None})

    def address_of(self, place: object) -> str:
        query = self.request.query_params.dict() | {"after": str(place)}
        return f"{settings.SITE_URL}{self.request.path}?{urlencode(query)}"


def versioned(response: Response, version: str) -> Response:
    """Of a row that can be changed: its entity tag begins with this."""
    response.version = version  # type: ignore[attr-defined]
    return response
