from typing import Any

from rest_framework.pagination import BasePagination


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
