from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """Who may see a wall, or one film on it; the narrower of the two counts."""

    PUBLIC = "public", _("Everybody")
    FOLLOWERS = "followers", _("Followers")
    PRIVATE = "private", _("Only me")


class UserQuerySet(models.QuerySet["User"]):
    def with_wall_open_to(self, viewer: "User | AnonymousUser") -> "UserQuerySet":
        """Those whose wall `viewer` may see at all; what stands on it is for its own QuerySet to say."""
        open_to_all = Q(wall_visibility=Visibility.PUBLIC)
        if not isinstance(viewer, User):
            return self.filter(open_to_all, is_active=True)
        is_followed = Exists(Follow.objects.filter(follower=viewer, followee=OuterRef("pk"), accepted_at__isnull=False))
        open_to_followers = is_followed & Q(wall_visibility=Visibility.FOLLOWERS)
        return self.filter(open_to_all | open_to_followers | Q(pk=viewer.pk), is_active=True)

    def raise_wall_revision(self, owner_ids: Iterable[int], *, is_public: bool) -> None:
        """What these walls show has changed: no copy of them counts any more. Call it in the change's transaction.

        Strangers are told of what is public alone: else they could count and time what is not for them.
        """
        revisions = {"wall_revision": F("wall_revision") + 1}
        if is_public:
            revisions["public_revision"] = F("public_revision") + 1
        self.filter(pk__in=owner_ids).update(**revisions)


class User(AbstractBaseUser):
    """A person with a wall, known to us by the sign-in provider's (issuer, subject), never by an e-mail address."""

    password = None  # type: ignore[assignment]  # the provider keeps it; we never see one

    issuer = models.CharField(max_length=255, editable=False)
    subject = models.CharField(max_length=255, editable=False)
    handle = models.CharField(_("handle"), max_length=15, unique=True)
    display_name = models.CharField(_("display name"), max_length=50)
    wall_visibility = models.CharField(
        _("who may see the wall"), max_length=9, choices=Visibility, default=Visibility.PUBLIC
    )
    wall_revision = models.PositiveBigIntegerField(default=1, editable=False)
    public_revision = models.PositiveBigIntegerField(default=1, editable=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)

    objects: ClassVar = UserQuerySet.as_manager()

    USERNAME_FIELD = "handle"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="user_identity_unique"),
            models.CheckConstraint(condition=Q(handle__regex=r"^[a-z0-9_]{1,15}$"), name="user_handle_form"),
            models.CheckConstraint(condition=~Q(display_name=""), name="user_display_name_given"),
            models.CheckConstraint(
                condition=Q(wall_visibility__in=Visibility.values), name="user_wall_visibility_known"
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    def get_session_auth_hash(self) -> str:
        return salted_hmac("accounts.User", f"{self.issuer} {self.subject}", algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class Follow(models.Model):
    """`follower` reads what `followee` records; asked for until `accepted_at` is set."""

    follower = models.ForeignKey(User, models.CASCADE, related_name="following")
    followee = models.ForeignKey(User, models.CASCADE, related_name="followers")
    asked_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followee"], name="follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followee")), name="follow_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} → {self.followee_id}"
