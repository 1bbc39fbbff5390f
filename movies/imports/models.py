"""An import: a file that somebody brought, what it says, what that was taken to mean, and what came of it."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Audience, Entry


class BatchQuerySet(models.QuerySet["Batch"]):
    def of(self, owner: User) -> "BatchQuerySet":
        return self.filter(owner=owner)

    def at_work(self) -> "BatchQuerySet":
        """What a worker has to go on with."""
        return self.filter(state__in=Batch.AT_WORK)


class Batch(models.Model):
    """One file, from its upload to what it has made, and until that is taken back."""

    class State(models.TextChoices):
        EXPECTED = "expected", _("waits for its file")
        READING = "reading", _("is read")
        ASKING = "asking", _("has a question")
        MATCHING = "matching", _("looks for its films")
        WEIGHING = "weighing", _("compares with your wall")
        READY = "ready", _("can be imported")
        IMPORTING = "importing", _("is imported")
        DONE = "done", _("imported")
        UNDOING = "undoing", _("is taken back")
        UNDONE = "undone", _("taken back")
        FAILED = "failed", _("failed")

    AT_WORK = (State.READING, State.MATCHING, State.WEIGHING, State.IMPORTING, State.UNDOING)

    owner = models.ForeignKey(User, models.CASCADE, related_name="imports")
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.EXPECTED)
    name = models.CharField(_("file"), max_length=200, blank=True)
    stored_as = models.CharField(max_length=300, unique=True, editable=False)
    """Its key in the bucket; when all of its rows are here, the file is deleted there."""
    format = models.CharField(_("format"), max_length=20, blank=True)
    """Of `formats.registry.BY_NAME`."""
    questions = models.JSONField(default=dict, blank=True)
    """What the file does not say itself: `formats.registry.Recognised`, as far as somebody must be asked."""
    answers = models.JSONField(default=dict, blank=True)
    """Part, date_order and columns of `formats.rows.Options`."""
    overwrites = models.BooleanField(_("takes the file's word over mine"), default=False)
    reviews_for = models.CharField(
        _("who reads its reviews"), max_length=6, choices=Audience, default=Audience.OWNER, db_default=Audience.OWNER
    )
    """Where the file does not say it itself."""
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    step_done = models.PositiveBigIntegerField(default=0)
    """How much of the step that its state names is done: bytes while it is read, else films."""
    step_total = models.PositiveBigIntegerField(default=0)
    error = models.CharField(_("error"), max_length=40, blank=True)
    error_about = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    """How often it was woken without having gone on."""
    created_at = models.DateTimeField(_("brought"), auto_now_add=True)
    progress_at = models.DateTimeField(_("last went on"), auto_now_add=True)
    step_began_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        *("expected", "reading", "asking", "matching", "weighing", "ready", "importing", "done"),
                        *("undoing", "undone", "failed"),
                    ]
                ),
                name="batch_state_known",
            ),
            models.CheckConstraint(condition=Q(reviews_for__in=Audience.values), name="batch_reviews_for_known"),
        ]
        indexes = [
            models.Index(F("owner"), F("id").desc(), name="batch_of_owner"),
            models.Index(F("state"), F("progress_at"), name="batch_by_progress"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_at_work(self) -> bool:
        return self.state in self.AT_WORK


class Mention(models.Model):
    """A film, as a file names it, and which of ours that is. All rows that name it in the same way share it."""

    class State(models.TextChoices):
        NEW = "new", _("not yet looked for")
        ASKING = "asking", _("TMDB is to be asked")
        SURE = "sure", _("found")
        DOUBTFUL = "doubtful", _("doubtful")
        PICKED = "picked", _("chosen by you")
        LEFT_OUT = "left_out", _("left out")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="mentions")
    key = models.CharField(max_length=64)
    """A digest of `named`: what is remembered of a choice is remembered of it."""
    named = models.JSONField()
    """`formats.rows.FilmNamed`."""
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    film = models.ForeignKey(Film, models.SET_NULL, null=True, blank=True, related_name="+")
    candidates = models.JSONField(default=list, blank=True)
    """For whoever has to choose, the likeliest first: {"film": our id} or {"tmdb_id", "title", "original_title", "year",
    "poster_path"} of what only TMDB has."""
    reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "key"], name="mention_once_a_batch"),
            models.CheckConstraint(
                condition=Q(state__in=["new", "asking", "sure", "doubtful", "picked", "left_out"]),
                name="mention_state_known",
            ),
        ]
        indexes = [
            models.Index(F("batch"), F("state"), F("id"), name="mention_by_state"),
            models.Index(F("batch"), F("film"), name="mention_by_film"),
        ]

    def __str__(self) -> str:
        return str(self.named.get("title", ""))


class Row(models.Model):
    """What one row of the file says, and what came of it, or would."""

    class Outcome(models.TextChoices):
        WAITING = "waiting", _("not yet looked at")
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("already there")
        KEPT = "kept", _("you say otherwise")
        DOUBTFUL = "doubtful", _("doubtful")
        REJECTED = "rejected", _("rejected")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    """Its place among all rows of the file, or of all files of the archive, from 1."""
    file = models.CharField(_("file"), max_length=300, blank=True)
    line = models.PositiveIntegerField(_("line"))
    part = models.CharField(max_length=40)
    raw = models.JSONField(_("as it stands in the file"))
    said = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    """`formats.rows.Said` without its film; None for a row that cannot be read."""
    mention = models.ForeignKey(Mention, models.CASCADE, null=True, related_name="rows", db_index=False)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, default=Outcome.WAITING)
    is_done = models.BooleanField(default=False)
    """That what it says stands on the wall."""
    column = models.CharField(_("column"), max_length=200, blank=True)
    value = models.TextField(_("value"), blank=True)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    about = models.CharField(max_length=200, blank=True)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, blank=True, related_name="imported_rows")

    class Meta:
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["waiting", "new", "changed", "same", "kept", "doubtful", "rejected"]),
                name="import_row_outcome_known",
            ),
        ]
        indexes = [
            models.Index(F("batch"), F("outcome"), F("number"), name="import_row_by_outcome"),
            models.Index(F("mention"), F("number"), name="import_row_by_mention"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.file}:{self.line}"


class Change(models.Model):
    """What an import has written about one film: before and after, by name. So it can be told from what its owner has
    written since, and taken back."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="changes")
    film = models.ForeignKey(Film, models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="+")
    """None also where its owner has deleted it, so long ago that it is gone: not to be made anew either."""
    made_entry = models.BooleanField(default=False)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "film"], name="change_once_a_film")]
        indexes = [models.Index(F("entry"), F("id"), name="change_of_entry")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.film_id}"


class Pick(models.Model):
    """Which film somebody means when a file names it so; None: it is to be left out. Later imports follow it."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="picks")
    key = models.CharField(max_length=64)
    film = models.ForeignKey(Film, models.CASCADE, null=True, related_name="+")
    picked_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="pick_once")]

    def __str__(self) -> str:
        return self.key
