from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from movies.catalog.models import Film, ReleaseDate
from movies.releases.refusals import said


class CalendarFeed(models.Model):
    """That somebody has an address at which their calendar reads what they wait for. A new edition ends the old address."""

    owner = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    edition = models.PositiveIntegerField(default=1, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.owner_id}"


class Sheet(models.Model):
    """A file of coming releases, as distributors send them: one that staff uploaded, or that was dropped into the bucket."""

    class State(models.TextChoices):
        NEW = "new", _("waits")
        DONE = "done", _("done")
        FAILED = "failed", _("cannot be read")

    name = models.CharField(_("file"), max_length=200)
    stored_as = models.CharField(max_length=300)
    """Its key in the bucket; with `version`, what S3 says of its content, it is this very file."""
    version = models.CharField(max_length=100)
    uploaded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.NEW)
    error = models.CharField(_("error"), max_length=300, blank=True)
    """As `refusals` keeps it."""
    rows_done = models.PositiveIntegerField(_("rows"), default=0)
    outcomes = models.JSONField(_("outcomes"), default=dict, db_default={}, blank=True)
    """How many of those rows had which."""
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("file of coming releases")
        verbose_name_plural = _("files of coming releases")
        constraints = [
            models.UniqueConstraint(fields=["stored_as", "version"], name="sheet_once"),
            models.CheckConstraint(condition=Q(state__in=["new", "done", "failed"]), name="sheet_state_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_be_read_again(self) -> bool:
        """Some files are refused for what they are, whoever reads them."""
        return self.state == self.State.FAILED and not self.error.startswith(("too_large", "name_too_long"))


class SheetRow(models.Model):
    """What became of one row of a sheet."""

    class Outcome(models.TextChoices):
        NEW = "new", _("new")
        MOVED = "moved", _("moved")
        WITHDRAWN = "withdrawn", _("withdrawn")
        SAME = "same", _("as before")
        REFUSED = "refused", _("refused")

    sheet = models.ForeignKey(Sheet, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    """The line of the file on which it begins, the heading being line 1."""
    title = models.CharField(_("title"), max_length=500, blank=True)
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    """As `refusals` keeps it."""
    kind = models.PositiveSmallIntegerField(_("channel"), choices=ReleaseDate.Kind, null=True, blank=True)
    released_on = models.DateField(_("date"), null=True, blank=True)
    film = models.ForeignKey(Film, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("film"))

    class Meta:
        verbose_name = _("row")
        verbose_name_plural = _("rows")
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="sheet_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["new", "moved", "withdrawn", "same", "refused"]),
                name="sheet_row_outcome_known",
            ),
        ]
        indexes = [models.Index(F("sheet"), F("outcome"), F("number"), name="sheet_row_by_outcome")]

    def __str__(self) -> str:
        return f"{self.sheet_id}:{self.number}"

    @property
    def why(self) -> str:
        return said(self.reason)
