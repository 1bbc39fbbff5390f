import datetime
from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, PositiveBigIntegerField, Q, QuerySet, When
from django.db.models.expressions import CombinedExpression
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

HANDLE_KEPT_FOR = datetime.timedelta(days=90)
DELETION_AFTER = datetime.timedelta(days=14)


class Visibility(models.TextChoices):
    """Who may see a wall, or one film on it; the narrower of the two counts."""

    PUBLIC = "public", _("Everybody")
    FOLLOWERS = "followers", _("Followers")
    PRIVATE = "private", _("Only me")


class ColorScheme(models.TextChoices):
    SYSTEM = "system", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Language(models.TextChoices):
    JAPANESE = "ja", "日本語"
    ENGLISH = "en", "English"


def raised_revision(*, is_public: bool | Q) -> dict[str, CombinedExpression | Case]:
    """The columns to assign where what a wall shows has changed; see `raise_wall_revision`."""
    raised: dict[str, CombinedExpression | Case] = {"wall_revision": F("wall_revision") + 1}
    if isinstance(is_public, Q):
        higher = When(is_public, then=F("public_revision") + 1)
        raised["public_revision"] = Case(higher, default="public_revision", output_field=PositiveBigIntegerField())
    elif is_public:
        raised["public_revision"] = F("public_revision") + 1
    return raised


FEW_FOLLOWED = 100
"""Of so many followees at most a feed asks each when they last recorded; whoever follows more is told."""
SLOT, FIRST_SLOT = datetime.timedelta(minutes=10), datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def slot_of(moment: datetime.datetime | None) -> datetime.datetime | None:
    """The beginning of the ten minutes in which it lies."""
    return moment and moment - (moment - FIRST_SLOT) % SLOT


WITH_FILMS_ON_SHOW = Q(wall_visibility="public", is_active=True, films_shown__gt=0)


class UserQuerySet(models.QuerySet["User"]):
    def known_to(self, viewer: "User | AnonymousUser") -> "UserQuerySet":
        """Those of whom `viewer` may know that they exist: for all others they answer as nobody.

        A private wall hides its owner, but not from those whom the owner follows, or has asked to: they must be able to
        tell who reads them.
        """
        shown = ~Q(wall_visibility=Visibility.PRIVATE)
        if not isinstance(viewer, User):
            return self.filter(shown, is_active=True)
        follows_me = Exists(Follow.objects.filter(follower=OuterRef("pk"), followee=viewer))
        return self.filter(shown | follows_me | Q(pk=viewer.pk), not_blocked(viewer, "pk"), is_active=True)

    def with_wall_open_to(self, viewer: "User | AnonymousUser") -> "UserQuerySet":
        """Those whose wall `viewer` may see at all; what stands on it is for its own QuerySet to say."""
        open_to_all = Q(wall_visibility=Visibility.PUBLIC)
        if not isinstance(viewer, User):
            return self.filter(open_to_all, is_active=True)
        open_to_followers = is_followed(viewer, "pk") & Q(wall_visibility=Visibility.FOLLOWERS)
        return self.filter(open_to_all | open_to_followers | Q(pk=viewer.pk), not_blocked(viewer, "pk"), is_active=True)

    def telling_openness_to(self, viewer: "User | AnonymousUser") -> "QuerySet[Any]":
        """With `is_open`: whether `viewer` may see what is on their wall."""
        return self.annotate(is_open=Exists(User.objects.with_wall_open_to(viewer).filter(pk=OuterRef("pk"))))

    def with_films_on_show(self, viewer: "User | AnonymousUser") -> "UserQuerySet":
        """Those whose wall is for everybody, and has films on it."""
        shown = self.filter(WITH_FILMS_ON_SHOW)
        return shown.filter(not_blocked(viewer, "pk")) if isinstance(viewer, User) else shown

    def in_one_order(self, people: Iterable["User"]) -> list["User"]:
        """These people's rows as they are now, locked, always in the same order: two at once wait, and neither for the
        other."""
        pks = [person.pk for person in people]
        return list(self.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk"))

    def raise_wall_revision(self, owner_ids: Iterable[int], *, is_public: bool | Q, **also: object) -> None:
        """What these walls show has changed: no copy of them counts any more. Call it in the change's transaction.

        Strangers are told of what they see alone: else they could count and time what is not for them. `is_public` says
        whether they see it, or of which walls they do. `also`: other columns to assign in the same statement.
        """
        self.filter(pk__in=owner_ids).update(**raised_revision(is_public=is_public), **also)

    def raise_revision_of_films(self, owner_ids: Iterable[int], *, is_public: bool) -> None:
        """The same of what stands on these walls, which strangers see where the wall is open to them."""
        self.raise_wall_revision(owner_ids, is_public=is_public and Q(wall_visibility=Visibility.PUBLIC))


class User(AbstractBaseUser):
    """A person with a wall, known to us by the sign-in provider's (issuer, subject), never by an e-mail address."""

    password = None  # type: ignore[assignment]  # the provider keeps it; we never see one

    issuer = models.CharField(max_length=255, editable=False)
    subject = models.CharField(max_length=255, editable=False)

    handle = models.CharField(_("handle"), max_length=15, unique=True)
    display_name = models.CharField(_("display name"), max_length=50)
    bio = models.CharField(_("about you"), max_length=300, blank=True)
    url = models.URLField(_("web address"), max_length=200, blank=True)
    search_text = models.TextField(editable=False, blank=True)
    avatar_upload = models.CharField(max_length=100, blank=True, editable=False)
    """The file that was uploaded, as long as its pictures are still to be made."""
    avatar = models.CharField(max_length=100, blank=True, editable=False)
    """What the names of the pictures made of it begin with."""
    avatar_is_unreadable = models.BooleanField(default=False, editable=False)
    """The last upload looked like a picture, and was none when it came to be painted."""

    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    shows_age = models.BooleanField(_("show how old I was"), default=False)

    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.JAPANESE)
    time_zone = models.CharField(_("time zone"), max_length=40, default="Asia/Tokyo")
    color_scheme = models.CharField(_("colours"), max_length=6, choices=ColorScheme, default=ColorScheme.SYSTEM)

    wall_visibility = models.CharField(
        _("who may see the wall"), max_length=9, choices=Visibility, default=Visibility.PUBLIC
    )
    default_visibility = models.CharField(
        _("who may see what I record"), max_length=9, choices=Visibility, default=Visibility.PUBLIC
    )
    shows_tags = models.BooleanField(_("show my tags"), default=False, db_default=False)
    wall_revision = models.PositiveBigIntegerField(default=1, editable=False)
    public_revision = models.PositiveBigIntegerField(default=1, editable=False)
    films_shown = models.PositiveIntegerField(default=0, editable=False)
    """How many films stand on the wall for everybody, and when the last of them was recorded."""
    last_shown_at = models.DateTimeField(null=True, editable=False)
    last_entry_at = models.DateTimeField(null=True, editable=False)
    """When they last recorded what followers may see."""
    followers_count = models.PositiveIntegerField(default=0, editable=False)
    following_count = models.PositiveIntegerField(default=0, editable=False)
    requests_count = models.PositiveIntegerField(default=0, editable=False)
    """How many ask to follow."""

    is_active = models.BooleanField(_("active"), default=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)
    deletion_asked_at = models.DateTimeField(_("asked to be deleted"), null=True, blank=True)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    """How often all sessions were ended; each carries the number it began with."""
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
            models.CheckConstraint(condition=Q(url="") | Q(url__regex=r"^https?://"), name="user_url_of_the_web"),
            models.CheckConstraint(
                condition=Q(wall_visibility__in=Visibility.values), name="user_wall_visibility_known"
            ),
            models.CheckConstraint(
                condition=Q(default_visibility__in=Visibility.values), name="user_default_visibility_known"
            ),
            models.CheckConstraint(condition=Q(language__in=Language.values), name="user_language_known"),
            models.CheckConstraint(condition=Q(color_scheme__in=ColorScheme.values), name="user_color_scheme_known"),
            models.CheckConstraint(
                condition=Q(is_active=True, suspended_at=None, deletion_asked_at=None)
                | (Q(is_active=False) & (Q(suspended_at__isnull=False) | Q(deletion_asked_at__isnull=False))),
                name="user_active_unless_suspended_or_leaving",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="user_search_text"),
            models.Index(
                F("last_shown_at").desc(nulls_last=True),
                F("id").desc(),
                name="user_with_films_on_show",
                condition=WITH_FILMS_ON_SHOW,
            ),
            models.Index(F("id"), name="user_random_wall", condition=WITH_FILMS_ON_SHOW),
            models.Index(F("id"), name="user_with_open_wall", condition=Q(wall_visibility="public", is_active=True)),
            models.Index(F("id"), name="user_suspended", condition=Q(suspended_at__isnull=False)),
            models.Index(F("id"), name="user_avatar_to_paint", condition=~Q(avatar_upload="")),
            models.Index(F("deletion_asked_at"), name="user_leaving", condition=Q(deletion_asked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"@{self.handle}"

    @property
    def is_gone(self) -> bool:
        """Their time to take the deletion back is over; whatever is still there ends with the next run of the job."""
        return self.deletion_asked_at is not None and self.deletion_asked_at <= timezone.now() - DELETION_AFTER

    def get_session_auth_hash(self) -> str:
        """Sessions begun before `sessions_ended` rose are over; those from before there was such a number go on."""
        ended = f" {self.sessions_ended}" if self.sessions_ended else ""
        return salted_hmac("accounts.User", f"{self.issuer} {self.subject}{ended}", algorithm="sha256").hexdigest()

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        return self.is_active and self.is_staff

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and self.is_staff


class FormerHandle(models.Model):
    """A handle that its owner has given up: it leads to them, and is nobody else's, for HANDLE_KEPT_FOR."""

    handle = models.CharField(max_length=15, unique=True)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="former_handles")
    kept_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"@{self.handle}"


class Follow(models.Model):
    """`follower` reads what `followee` records; asked for until `accepted_at` is set."""

    follower = models.ForeignKey(User, models.CASCADE, related_name="following", db_index=False)
    followee = models.ForeignKey(User, models.CASCADE, related_name="followers", db_index=False)
    asked_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    is_muted = models.BooleanField(default=False)
    """Followed still, but gone from the follower's feed."""
    last_entry_at = models.DateTimeField(null=True, blank=True, editable=False)
    """The slot of the followee's own `last_entry_at`, kept up where the follower follows many: their feed finds by it whom
    to ask. Who records ten films one after another is written down with such followers once, not ten times with each. None
    with all others, who ask the followee."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followee"], name="follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followee")), name="follow_not_oneself"),
        ]
        indexes = [
            models.Index(
                F("follower"),
                F("last_entry_at").desc(nulls_last=True),
                F("id").desc(),
                name="follow_in_feed",
                condition=Q(accepted_at__isnull=False, is_muted=False),
            ),
            models.Index(
                F("followee"), F("last_entry_at"), name="follow_told", condition=Q(last_entry_at__isnull=False)
            ),
            models.Index(
                F("follower"),
                F("followee"),
                name="follow_asking",
                condition=Q(last_entry_at=None, accepted_at__isnull=False, is_muted=False),
            ),
            models.Index(F("follower"), F("accepted_at").desc(nulls_last=True), F("id").desc(), name="follow_out"),
            models.Index(F("followee"), F("accepted_at").desc(nulls_last=True), F("id").desc(), name="follow_in"),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} → {self.followee_id}"


class Block(models.Model):
    """Neither of the two sees the other anywhere; `blocker` wanted it so."""

    blocker = models.ForeignKey(User, models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(User, models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="block_not_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} ⊘ {self.blocked_id}"


def is_followed(viewer: User, person: str) -> Exists:
    """Whether `viewer` follows the one that this column names, and may."""
    return Exists(Follow.objects.filter(follower=viewer, followee=OuterRef(person), accepted_at__isnull=False))


def not_blocked(viewer: User, person: str) -> Q:
    """Neither has `viewer` blocked the one that this column names, nor the other way round."""
    # By lists rather than by asking of each row: PostgreSQL expects one row only of a condition that asks, and then sorts
    # whole walls instead of walking their index.
    by_viewer = Block.objects.filter(blocker=viewer).values("blocked")
    by_them = Block.objects.filter(blocked=viewer).values("blocker")
    return ~Q(**{f"{person}__in": by_viewer}) & ~Q(**{f"{person}__in": by_them})
