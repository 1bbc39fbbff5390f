import datetime

from rest_framework.request import Request
from rest_framework.response import Response

from movies.diary.feed import feed
from movies.diary.serializers import FeedEntrySerializer
from mymovie.paging import BadCursor
from mymovie.rest.pages import place_after
from mymovie.rest.views import ApiViewSet


class Feed(ApiViewSet):
    """What those I follow have recorded."""

    serializer_class = FeedEntrySerializer

    def list(self, request: Request) -> Response:
        """The latest of those I follow."""
        after = place_after(request, datetime.datetime)
        if after and after.key is None:
            raise BadCursor(after)  # everything in a feed has its moment
        entries, following = feed(self.me, after)
        return self.page(self.get_serializer(entries, many=True).data, following)
