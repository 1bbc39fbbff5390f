"""My picture, and what I am told by mail."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.mail import services as mail
from accounts.mail.models import Mailbox
from accounts.people.limits import ADDRESS_OPENINGS, AVATAR_CHANGES, CHANGES
from accounts.people.serializers import MailSerializer, NewAvatarSerializer, version_of_mail
from accounts.people.services import avatars
from mymovie.limits.services import spend
from mymovie.rest import problems, quotas
from mymovie.rest.conditional import require_unchanged
from mymovie.rest.repeating import once
from mymovie.rest.views import ApiViewSet, versioned


class StorageAway(problems.Problem):
    status_code, kind = 503, "storage-away"
    title = _("Pictures cannot be stored just now. Please try again in a minute.")


class MyAvatar(ApiViewSet):
    """My picture."""

    serializer_class = NewAvatarSerializer
    parser_classes = [MultiPartParser]
    write_quota = quotas.IMPORT
    pagination_class = None
    also_answers = {"update": [503]}

    @extend_schema(responses={202: None})
    def update(self, request: Request) -> Response:
        """Use another picture.

        PNG, JPEG, WebP or AVIF, of 5 MB and 20 megapixels at most. Its middle is cut out; what else the file tells is
        dropped. It is painted in a moment: until then, or where it turns out to be unreadable, /me has the one before.
        """
        asked = self.checked(NewAvatarSerializer)
        spend(AVATAR_CHANGES, who=f"person {self.me.pk}")
        try:
            avatars.change_avatar(user=self.me, file=asked["avatar"])
        except avatars.StorageAway as error:
            raise StorageAway(headers={"Retry-After": "60"}) from error
        return Response(status=202)

    def destroy(self, request: Request) -> Response:
        """Have no picture."""
        avatars.remove_avatar(user=self.me)
        return Response(status=204)


class MyMail(ApiViewSet):
    """What I am told by mail."""

    serializer_class = MailSerializer
    pagination_class = None
    versioned = ("partial_update",)

    def retrieve(self, request: Request) -> Response:
        """What I am told by mail."""
        return mailbox_said(self.mailbox())

    def partial_update(self, request: Request) -> Response:
        """Choose what I am told by mail.

        It holds for what is on its way, too.
        """
        switches = self.checked(MailSerializer)
        spend(CHANGES, who=f"person {self.me.pk}")
        with transaction.atomic():
            require_unchanged(request, version_of_mail(self.mailbox(is_locked=True)))
            mail.choose(user_pk=self.me.pk, switches=switches)
            return mailbox_said(self.mailbox())

    @extend_schema(request=None)
    def reopen(self, request: Request) -> Response:
        """Have you write to my address again.

        For when mail came back, or was called unwanted by mistake.
        """
        spend(ADDRESS_OPENINGS, who=f"person {self.me.pk}")
        with once(request) as keep:
            mail.use_again(user_pk=self.me.pk)
            return keep(mailbox_said(self.mailbox()))

    def mailbox(self, *, is_locked: bool = False) -> Mailbox:
        mine = Mailbox.objects.filter(pk=self.me.pk)
        found: Mailbox | None = (mine.select_for_update(no_key=True) if is_locked else mine).first()
        return found or Mailbox(pk=self.me.pk)


def mailbox_said(mailbox: Mailbox) -> Response:
    return versioned(Response(MailSerializer(mailbox).data), version_of_mail(mailbox))
