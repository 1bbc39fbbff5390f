"""What answers are made of, and how little of it a client may ask for."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from mymovie.rest.problems import BadRequestProblem

ID = re.compile("[1-9][0-9]{0,17}")

Wanted = dict[str, "Wanted | None"]
"""The names of members, each with those wanted of it; None, where it is wanted whole."""


@extend_schema_field(OpenApiTypes.STR)
class Id(serializers.Field):
    """The name of a row: a text without meaning for clients."""

    default_error_messages = {"invalid": _("This is no id that we have given out.")}

    def to_representation(self, value: int) -> str:
        return str(value)

    def to_internal_value(self, data: Any) -> int:
        if not (isinstance(data, str) and ID.fullmatch(data)):
            self.fail("invalid")
        return int(data)


class Switch(serializers.BooleanField):
    """On or off: neither 1 nor "yes" is one."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Moment(serializers.DateTimeField):
    """In UTC, whoever asks."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"default_timezone": datetime.UTC, **kwargs})


def wanted_of(request: Request, serializer: serializers.BaseSerializer | None) -> Wanted:
    """What `?fields=` asks for, as in "id,film.title"; empty where it asks for nothing, and everything is wanted."""
    asked = request.query_params.get("fields", "")
    wanted: Wanted = {}
    for name in filter(None, asked.split(",")):
        require_known(name, serializer)
        *path, last = name.split(".")
        inner: Wanted | None = wanted
        for part in path:
            inner = inner.setdefault(part, {}) if inner is not None else None
        if inner is not None:
            inner[last] = None
    return wanted


def require_known(name: str, at: Any) -> None:
    for part in name.split("."):
        at = known(at).get(part)
        if at is None:
            raise BadRequestProblem(_("There is no field “%(name)s” here.") % {"name": name[:60]})


def known(at: Any) -> Mapping[str, Any]:
    at = getattr(at, "child", at)
    return at.fields if isinstance(at, serializers.Serializer) else {}


def only(wanted: Wanted, said: Any) -> Any:
    match said:
        case dict():
            return {
                name: said[name] if inner is None else only(inner, said[name])
                for name, inner in wanted.items()
                if name in said
            }
        case list():
            return [only(wanted, item) for item in said]
        case _:
            return said
