"""The description of the API (OpenAPI 3.1): what DRF and drf-spectacular cannot read from the code by themselves."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import permissions, serializers

from mymovie.rest.problems import MEDIA_TYPE, TYPE
from mymovie.rest.views import IsSomebody

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A name for this request, new for each: sent again with it within 24 hours, it is done once, and answered "
    "the same.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of what was read; where it was changed since, the answer is 412 and nothing is done.",
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of what is known; where it still holds, 304."
)
FIELDS = OpenApiParameter(
    "fields", str, description="The fields wanted, with commas between and dots within: `id,film.title`. Without, all."
)
LANGUAGE = OpenApiParameter(
    "Accept-Language", str, OpenApiParameter.HEADER, description="`ja` or `en`: titles and problems. Without, Japanese."
)


class FieldProblem(serializers.Serializer):
    pointer = serializers.CharField(help_text="The place in what was sent, as a JSON pointer (RFC 6901).")
    code = serializers.CharField()
    detail = serializers.CharField()


SCORE: dict[str, Any] = {
    "type": "urn:mymovie:problem:invalid-input",
    "title": "Some of it cannot be accepted.",
    "status": 400,
    "request_id": "65b4c4d451cf4a3ab31a6e0e1baec5d8",
    "errors": [
        {"pointer": "/score", "code": "max_value", "detail": "Ensure this value is less than or equal to 100."},
    ],
}


class Problem(serializers.Serializer):
    """RFC 9457. Some kinds have members of their own beside these."""

    type = serializers.CharField(help_text="What happened, for programs; it never changes.")
    title = serializers.CharField(help_text="The same for people, in their language.")
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    request_id = serializers.CharField(help_text="Name it when you ask us about this.")
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]  # a name of the base class, too


# By status: a type that stands for it, and what it means.
SAID = {
    "400": ("invalid-input", "What was sent cannot be understood or accepted."),
    "401": ("not-signed-in", "Nobody is signed in, or the token does not hold."),
    "403": ("forbidden", "Not with these credentials."),
    "404": ("not-found", "There is nothing here that may be seen."),
    "406": ("not-acceptable", "Only JSON is given."),
    "409": ("still-running", "Something else stands in the way."),
    "412": ("changed-meanwhile", "It was changed since it was read."),
    "415": ("unsupported-media-type", "It was sent in a format that is not taken."),
    "422": ("idempotency-key-reused", "The Idempotency-Key belongs to another request."),
    "429": ("too-many-requests", "Too often; Retry-After says when again."),
    "503": ("unavailable", "Another service does not answer."),
}


class Operation(AutoSchema):
    """`also_answers`: on a view, further statuses by action."""

    view: Any

    def get_summary(self) -> str | None:
        said: str = super().get_description()
        return said.partition("\n")[0].rstrip(".") or None

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        said: str = super().get_description()
        return said.partition("\n")[2].strip()

    def get_override_parameters(self) -> list[Any]:
        parameters = [*super().get_override_parameters(), LANGUAGE]
        if self.method == "GET":
            parameters.append(IF_NONE_MATCH)
            if getattr(self.view, "serializer_class", None):
                parameters.append(FIELDS)
        if self.method == "POST":
            parameters.append(KEY)
        if self._is_versioned():
            parameters.append(IF_MATCH)
        return parameters

    def is_deprecated(self) -> bool:
        return bool(self.view.deprecation) or super().is_deprecated()

    def _is_versioned(self) -> bool:
        return self.method in ("PUT", "PATCH", "DELETE") and self.view.action in getattr(self.view, "versioned", ())

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        if self.method == "GET":
            bodies.setdefault("304", {"description": "It still holds."})
        for status in self._refusals():
            bodies.setdefault(status, self._problem(status))
        return dict(sorted(bodies.items()))

    def _refusals(self) -> list[str]:
        view, action = self.view, self.view.action
        refusals = ["400", "401", "406", "429"]
        if any(issubclass(one, IsSomebody) for one in view.permission_classes if isinstance(one, type)):
            refusals.append("403")
        if self.method not in permissions.SAFE_METHODS:
            refusals += ["403", "415"]
        if "{" in self.path:
            refusals.append("404")
        if self.method == "POST":
            refusals += ["409", "422"]
        if self._is_versioned():
            refusals.append("412")
        return refusals + [str(status) for status in getattr(view, "also_answers", {}).get(action, ())]

    def _problem(self, status: str) -> dict[str, Any]:
        kind, said = SAID[status]
        example = SCORE | {"type": TYPE + kind, "title": said, "status": int(status)}
        if status != "400":
            del example["errors"]
        schema = self.resolve_serializer(Problem, "response").ref
        return {"description": said, "content": {MEDIA_TYPE: {"schema": schema, "example": example}}}
