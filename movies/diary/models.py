import datetime
import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Visibility
from accounts.people.models import is_followed, not_blocked
from movies.catalog import title_order
from movies.catalog.models import Film

UNDO_FOR = datetime.timedelta(days=30)

Viewer = User | AnonymousUser


class Audience(models.TextChoices):
    """Who reads a review; unlike the record it belongs to, it may be for everybody where its wall is not."""

    ENTRY = "entry", _("Whoever sees the record")
    PUBLIC = "public", _("Everybody")
    OWNER = "owner", _("Only me")


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, owner: User) -> "EntryQuerySet":
        """What stands on `owner`'s wall, as they themselves see it."""
        return self.filter(**on_wall_of(owner))

    def seen_by(self, viewer: User | AnonymousUser) -> "EntryQuerySet":
        """The one definition of who sees what: an entry is never wider open than its wall; the deleted is gone, and what
        staff have hidden is its owner's alone. Of two people one of whom has blocked the other neither sees anything."""
        return self.filter(_shown_to(viewer), **STANDS)

    def reviews_read_by(self, viewer: User | AnonymousUser) -> "EntryQuerySet":
        """The one definition of who reads a review. It is never wider open than its owner says, and for nobody else where
        staff have hidden it. Whoever may read the review of an entry that they do not see is told the film, the words, whose
        they are and of which day, and nothing else that stands on it."""
        return self.filter(_read_by(viewer), **STANDS)

    def met_by(self, viewer: User | AnonymousUser) -> "EntryQuerySet":
        """Those of which `viewer` sees anything: `is_seen` says whether the entry itself, `is_read` whether its review."""
        return self.filter(_shown_to(viewer) | _read_by(viewer), **STANDS).telling(viewer)

    def telling(self, viewer: User | AnonymousUser) -> "EntryQuerySet":
        """With `is_seen` and `is_read`."""
        this = Entry.objects.filter(pk=OuterRef("pk"))
        return self.annotate(is_seen=Exists(this.seen_by(viewer)), is_read=Exists(this.reviews_read_by(viewer)))

    def standing(self) -> "EntryQuerySet":
        """What is neither deleted nor hidden: it is seen by whom its owner shows it to."""
        return self.filter(deleted_at=None, hidden_at=None)

    def deleted_lately(self, now: datetime.datetime) -> "EntryQuerySet":
        return self.filter(deleted_at__gt=now - UNDO_FOR)

    def restorable(self, now: datetime.datetime) -> "EntryQuerySet":
        """Also what stands already: the button may be pressed twice."""
        return self.deleted_lately(now) | self.filter(deleted_at=None)

    def beyond_undo(self, now: datetime.datetime) -> "EntryQuerySet":
        return self.filter(deleted_at__lte=now - UNDO_FOR)


def on_wall_of(owner: User, path: str = "") -> dict[str, Any]:
    """What stands on `owner`'s wall, as they themselves see it; `path` leads to the entries."""
    return {f"{path}owner": owner, f"{path}deleted_at": None}


STANDS: dict[str, Any] = {"deleted_at": None, "owner__is_active": True}


def _shown_to(viewer: Viewer) -> Q:
    open_to_all = Q(visibility=Visibility.PUBLIC, owner__wall_visibility=Visibility.PUBLIC, hidden_at=None)
    if not isinstance(viewer, User):
        return open_to_all
    open_to_followers = (
        is_followed(viewer, "owner")
        & ~Q(visibility=Visibility.PRIVATE)
        & ~Q(owner__wall_visibility=Visibility.PRIVATE)
        & Q(hidden_at=None)
    )
    return (open_to_all | open_to_followers | Q(owner=viewer)) & not_blocked(viewer, "owner")


def _read_by(viewer: Viewer) -> Q:
    for_all = Q(review_audience=Audience.PUBLIC, hidden_at=None)
    as_the_entry = Q(review_audience=Audience.ENTRY) & _shown_to(viewer)
    if not isinstance(viewer, User):
        return (for_all | as_the_entry) & ~Q(review="")
    return ((for_all & not_blocked(viewer, "owner")) | as_the_entry | Q(owner=viewer)) & ~Q(review="")


def wall_keys(film: Film) -> dict[str, datetime.date | str | None]:
    """What an entry copies of its film, to be sorted by. A wall by 日本公開日 shows a film that has none where the world saw
    it first, and the other way round."""
    return {
        "japan_on": film.japan_on or film.world_on,
        "world_on": film.world_on or film.japan_on,
        "title_ja_key": title_order.in_japanese(film.title_ja or film.original_title, film.title_kana),
        "title_en_key": title_order.in_english(film.title_en or film.original_title),
    }


def wall_index(name: str, key: F) -> models.Index:
    return models.Index(F("owner"), key.desc(nulls_last=True), F("id").desc(), name=name, condition=Q(deleted_at=None))


REVIEWED = Q(deleted_at=None) & ~Q(review="")


class Entry(models.Model):
    """One film on one person's wall. Its viewings say when it was seen; without one, the day is unknown."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="entries")
    film = models.ForeignKey(Film, models.PROTECT, related_name="entries")
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True, validators=[MaxValueValidator(100)])
    visibility = models.CharField(max_length=9, choices=Visibility, default=Visibility.PUBLIC)
    review = models.TextField(_("review"), blank=True, db_default="")
    """Markdown; `reviews.rendered` makes it a page's."""
    has_spoilers = models.BooleanField(_("gives the story away"), default=False, db_default=False)
    review_audience = models.CharField(
        _("who reads the review"), max_length=6, choices=Audience, default=Audience.ENTRY, db_default=Audience.OWNER
    )
    """In the database its owner alone: so were those that came before there was a choice, and those that a server of the
    version before still writes."""
    reviewed_at = models.DateTimeField(_("review written"), null=True, blank=True)
    """When it was first written; None where nobody knows."""
    memo = models.TextField(_("private notes"), blank=True, db_default="")
    """Never leaves its owner."""
    tags = ArrayField(models.CharField(max_length=100), verbose_name=_("tags"), default=list, db_default=[], blank=True)
    is_liked = models.BooleanField(_("liked"), default=False, db_default=False)
    recorded_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(_("hidden by staff"), null=True, blank=True)

    # Copies of the keys that walls are sorted by, so that one index serves each order.
    japan_on = models.DateField(null=True, editable=False)
    world_on = models.DateField(null=True, editable=False)
    watched_on = models.DateField(null=True, editable=False)
    # The titles as `title_order` has them; null only until `sort_by_title` has come by.
    title_ja_key = models.CharField(max_length=200, null=True, editable=False, db_collation="C")
    title_en_key = models.CharField(max_length=200, null=True, editable=False, db_collation="C")

    former_wish: dict[str, Any] | None = None
    """The columns of the wish that recording it has ended just now, for whoever takes that back."""

    objects: ClassVar = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "film"], condition=Q(deleted_at=None), name="entry_once_on_a_wall"
            ),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="entry_score_0_to_100"),
            models.CheckConstraint(condition=Q(visibility__in=Visibility.values), name="entry_visibility_known"),
            models.CheckConstraint(
                condition=Q(review_audience__in=Audience.values), name="entry_review_audience_known"
            ),
        ]
        indexes = [
            wall_index("entry_wall_by_score", F("score")),
            wall_index("entry_wall_by_japan", F("japan_on")),
            wall_index("entry_wall_by_world", F("world_on")),
            wall_index("entry_wall_by_watched", F("watched_on")),
            wall_index("entry_wall_by_recorded", F("recorded_at")),
            wall_index("entry_wall_by_title_ja", F("title_ja_key")),
            wall_index("entry_wall_by_title_en", F("title_en_key")),
            models.Index(
                F("film"),
                F("recorded_at").desc(nulls_last=True),  # as pages are asked for; else no page can use it
                F("id").desc(),
                name="entry_of_film",
                condition=Q(deleted_at=None),
            ),
            models.Index(
                fields=["film", "owner"],
                include=["score"],
                name="entry_scores_of_film",
                condition=Q(deleted_at=None, hidden_at=None, visibility=Visibility.PUBLIC),
            ),
            models.Index(
                F("film"),
                F("reviewed_at").desc(nulls_last=True),
                F("id").desc(),
                name="entry_reviews_of_film",
                condition=REVIEWED,
            ),
            models.Index(
                F("owner"),
                F("reviewed_at").desc(nulls_last=True),
                F("id").desc(),
                name="entry_reviews_of_owner",
                condition=REVIEWED,
            ),
            models.Index(F("id"), name="entry_hidden", condition=Q(hidden_at__isnull=False)),
            models.Index(F("deleted_at"), name="entry_deleted", condition=Q(deleted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.film_id}"

    @property
    def is_for_all(self) -> bool:
        """Whether everybody may see it who may see its wall."""
        return self.visibility == Visibility.PUBLIC and not self.deleted_at and not self.hidden_at


class Viewing(models.Model):
    """One time a film was seen: a day as its owner says it (until they say otherwise, days are Japan's), or an unknown one."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="viewings", db_index=False)
    watched_on = models.DateField(null=True, blank=True)
    score = models.PositiveSmallIntegerField(_("score"), null=True, blank=True, validators=[MaxValueValidator(100)])
    """What was thought of it that time, where that was written down."""
    submission = models.UUIDField(default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # A form that is sent twice carries the same submission.
            models.UniqueConstraint(fields=["entry", "submission"], name="viewing_once_a_submission"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=100), name="viewing_score_0_to_100"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.watched_on}"


class Wish(models.Model):
    """A film that somebody wants to see, and what of its opening in Japan they want to be told. It is theirs alone."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="wishes", db_index=False)
    film = models.ForeignKey(Film, models.PROTECT, related_name="wishes", db_index=False)
    wished_at = models.DateTimeField(auto_now_add=True)
    reminds_of_cinema = models.BooleanField(_("when it opens in cinemas"), default=True)
    reminds_of_digital = models.BooleanField(_("when it comes out digitally"), default=False)
    reminds_a_week_before = models.BooleanField(_("a week before, too"), default=False)
    memo = models.TextField(_("private notes"), blank=True, default="", db_default="")
    known_cinema_on = models.DateField(null=True, editable=False)
    """The day of the opening as its owner knows it: where the film's differs, they are to be told."""
    known_digital_on = models.DateField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "film"], name="wish_once")]
        indexes = [
            models.Index(F("owner"), F("wished_at").desc(nulls_last=True), F("id").desc(), name="wish_of_owner"),
            models.Index(F("film"), F("id"), name="wish_of_film"),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.film_id}"


class FilmList(models.Model):
    """Films that somebody has put together, under a name. It is theirs alone."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="film_lists")
    name = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="film_list_once_a_name")]

    def __str__(self) -> str:
        return self.name


class FilmListItem(models.Model):
    film_list = models.ForeignKey(FilmList, models.CASCADE, related_name="items")
    film = models.ForeignKey(Film, models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    note = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["film_list", "film"], name="film_list_item_once")]
        indexes = [models.Index(F("film_list"), F("position"), F("id"), name="film_list_order")]

    def __str__(self) -> str:
        return f"{self.film_list_id} {self.film_id}"
