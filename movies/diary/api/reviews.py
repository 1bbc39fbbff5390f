from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from movies.diary.api.films import reviews_said
from movies.diary.models import Entry
from movies.diary.serializers import ReviewSerializer
from mymovie.rest.views import OPEN, ApiViewSet


class Reviews(ApiViewSet):
    """What somebody has written about films."""

    serializer_class = ReviewSerializer
    permission_classes = OPEN

    def list(self, request: Request, handle: str) -> Response:
        """Somebody's reviews, as far as I may read them; the latest first.

        Of somebody whose wall is closed to me, those that are for everybody.
        """
        read = Entry.objects.reviews_read_by(self.me).filter(owner__handle=handle.lower())
        if not User.objects.known_to(self.me).filter(handle=handle.lower()).exists() and not read.exists():
            raise Http404
        return self.page(*reviews_said(self, read))
