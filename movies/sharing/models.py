import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.people.models import Language
from movies.catalog.models import Film
from movies.diary.models import Entry
from movies.diary.wall import Dates, Order

POSTER_KEPT_FOR = datetime.timedelta(days=7)


class Picture(models.Model):
    """What was last painted of a wall, an entry or a film. A row whose subject is gone leads to its file until that is
    deleted, too."""

    class Kind(models.TextChoices):
        WALL = "wall", _("Wall")
        ENTRY = "entry", _("Entry")
        FILM = "film", _("Film")

    kind = models.CharField(max_length=5, choices=Kind)
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="pictures")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="pictures")
    film = models.ForeignKey(Film, models.SET_NULL, null=True, related_name="pictures")
    arrangement = models.CharField(max_length=30, blank=True)
    """Of a wall: its order and whose dates, as its address says them."""
    language = models.CharField(max_length=2, choices=Language)
    version = models.CharField(max_length=60)
    """What it shows, as `Seen.version` named it then."""
    stored_as = models.CharField(max_length=150)
    shows = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    """The entries whose posters hang on it."""
    painted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "arrangement", "language"], condition=Q(kind="wall"), name="picture_once_a_wall"
            ),
            models.UniqueConstraint(
                fields=["entry", "language"], condition=Q(kind="entry"), name="picture_once_an_entry"
            ),
            models.UniqueConstraint(fields=["film", "language"], condition=Q(kind="film"), name="picture_once_a_film"),
            models.CheckConstraint(condition=Q(kind__in=["wall", "entry", "film"]), name="picture_kind_known"),
        ]
        indexes = [models.Index(F("painted_at"), F("id"), name="picture_by_age")]

    def __str__(self) -> str:
        return self.stored_as


class WallPoster(models.Model):
    """A wall as a sheet to print, as its owner asked for it. It is theirs alone, and kept for POSTER_KEPT_FOR."""

    class State(models.TextChoices):
        WAITING = "waiting", _("being painted")
        READY = "ready", _("ready")
        FAILED = "failed", _("failed")

    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="wall_posters")
    order = models.CharField(_("order"), max_length=10, choices=Order, default=Order.RELEASE)
    dates = models.CharField(_("whose release date"), max_length=5, choices=Dates, default=Dates.JAPAN)
    is_whole = models.BooleanField(_("also what only I or my followers see"), default=False)
    language = models.CharField(max_length=2, choices=Language)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    films = models.PositiveIntegerField(default=0)
    """How many are on it, once it is ready."""
    stored_as = models.CharField(max_length=150, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "ready", "failed"]), name="wall_poster_state_known"
            ),
            models.CheckConstraint(condition=~Q(state="ready", stored_as=""), name="wall_poster_ready_has_a_file"),
        ]
        indexes = [models.Index(F("owner"), F("id").desc(), name="wall_poster_of_owner")]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def kept_until(self) -> datetime.datetime:
        return self.asked_at + POSTER_KEPT_FOR


class FeedAddress(models.Model):
    """That somebody has an address at which their feed can be read by a program. A new edition ends the old address."""

    owner = models.OneToOneField(User, models.CASCADE, related_name="feed_address")
    edition = models.PositiveIntegerField(default=1, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.owner_id}"
