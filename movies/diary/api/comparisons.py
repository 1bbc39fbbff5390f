from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from movies.diary.comparison import Comparison
from movies.diary.serializers import CommonFilmSerializer, ComparisonSerializer
from mymovie.rest.pages import place_after
from mymovie.rest.views import OPEN, ApiViewSet


class Comparisons(ApiViewSet):
    """Two walls side by side, as far as I may see both."""

    serializer_class = CommonFilmSerializer
    permission_classes = OPEN

    def list(self, request: Request, handle: str, other: str) -> Response:
        """What two people have both seen, by the score of the first."""
        entries, following = self.comparison(handle, other).page(place_after(request, int))
        return self.page(self.get_serializer(entries, many=True).data, following)

    @extend_schema(responses=ComparisonSerializer)
    @action(detail=False, serializer_class=ComparisonSerializer, pagination_class=None)
    def summary(self, request: Request, handle: str, other: str) -> Response:
        """How near two people are: what divides them, and what each has loved that the other has not seen."""
        return Response(self.get_serializer(self.comparison(handle, other)).data)

    def comparison(self, handle: str, other: str) -> Comparison:
        handle, other = handle.lower(), other.lower()
        walls = User.objects.with_wall_open_to(self.me).in_bulk([handle, other], field_name="handle")
        if len(walls) < 2:
            raise Http404
        return Comparison(walls[handle], walls[other], self.me)
