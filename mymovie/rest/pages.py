from typing import Any

from rest_framework.pagination import BasePagination
from rest_framework.request import Request

from mymovie.paging import Cursor


class KeyPages(BasePagination):
    """The shape of a list, for the API's documentation; the pages themselves are made by `mymovie.paging`."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "example": "https://mymovie.example/api/v1/entries?after=1994-12-03.52011",
                    "description": "The address of what follows; null where nothing does.",
                },
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {
                "name": "after",
                "in": "query",
                "required": False,
                "description": "The place where the page before has ended, as its `next` has it.",
                "schema": {"type": "string"},
            }
        ]


def place_after(request: Request, kind: type) -> Cursor | None:
    """Where the page before has ended, in a list by keys of this kind. Raises BadCursor."""
    written = request.query_params.get("after")
    return None if written is None else Cursor.read(written, kind)
