"""Which order of a wall a request asks for."""

from django.core.exceptions import BadRequest
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from movies.diary.wall import Arrangement, Dates, Order
from mymovie.paging import Cursor

ARRANGEMENT = [
    OpenApiParameter(
        "order", enum=Order.values, default=Order.RELEASE, description="What it is sorted by, latest or highest first."
    ),
    OpenApiParameter(
        "dates",
        enum=Dates.values,
        default=Dates.JAPAN,
        description="Whose release dates: Japan's or the world's first.",
    ),
]


def arrangement_of(request: Request) -> tuple[Arrangement, Cursor | None]:
    asked = request.query_params
    try:
        arrangement = Arrangement(Order(asked.get("order", Order.RELEASE)), Dates(asked.get("dates", Dates.JAPAN)))
    except ValueError as error:
        raise BadRequest("no such order") from error
    return arrangement, arrangement.read(asked["after"]) if "after" in asked else None
