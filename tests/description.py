"""The API as it describes itself at this moment, made from the code."""

import re
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator


@cache
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return, no-untyped-call]


def taken(path: str, method: str) -> set[str]:
    """The names of what may be sent there."""
    for template, operations in document()["paths"].items():
        if method in operations and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            body = operations[method].get("requestBody", {}).get("content", {}).get("application/json", {})
            return set(_resolved(body.get("schema", {})).get("properties", {}))
    raise LookupError(path)


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    resolved: dict[str, Any] = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return resolved
