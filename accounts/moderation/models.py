from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import User


class Subject(models.TextChoices):
    """What can be reported, and what staff can act upon."""

    ENTRY = "entry", _("An entry")
    PROFILE = "profile", _("A profile")
    WALL = "wall", _("A wall")
    FILM = "film", _("A film")
    CONTACT = "contact", _("A message")
    REPORT = "report", _("A report")


class Reason(models.TextChoices):
    ABUSE = "abuse", _("It insults or threatens somebody")
    IMPERSONATION = "pretence", _("It pretends to be somebody else")
    SPAM = "spam", _("It is advertising")
    ILLEGAL = "illegal", _("It is against the law")
    OTHER = "other", _("Something else")


class Status(models.TextChoices):
    NEW = "new", _("New")
    UPHELD = "upheld", _("Acted upon")
    DISMISSED = "dismissed", _("Nothing to be done")


class Report(models.Model):
    """Somebody tells staff of something on the site. `subject_id`: the entry's id where it is one, else the person's."""

    reporter = models.ForeignKey(User, models.CASCADE, related_name="reports")
    subject = models.CharField(_("what it is about"), max_length=8, choices=Subject)
    subject_id = models.PositiveBigIntegerField()
    person = models.ForeignKey(User, models.CASCADE, verbose_name=_("whose it is"), related_name="reports_about")
    reason = models.CharField(_("reason"), max_length=8, choices=Reason)
    text = models.CharField(_("in your words"), max_length=1000, blank=True)
    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.NEW)
    reported_at = models.DateTimeField(_("reported"), auto_now_add=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=[Subject.ENTRY, Subject.PROFILE, Subject.WALL]), name="report_subject_known"
            ),
            models.CheckConstraint(condition=Q(reason__in=Reason.values), name="report_reason_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="report_status_known"),
            # Pressed twice, or once more before anybody has looked, it is the same report.
            models.UniqueConstraint(
                fields=["reporter", "subject", "subject_id"], condition=Q(status=Status.NEW), name="report_once"
            ),
        ]
        indexes = [
            models.Index(F("status"), F("id").desc(), name="report_by_status"),
            models.Index(F("subject"), F("subject_id"), name="report_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_subject_display()}"


class StaffAction(models.Model):
    """What staff have done, by whom, when and why. Written once, never changed, kept when those it speaks of are gone."""

    class Kind(models.TextChoices):
        SUSPEND = "suspend", _("suspended a person")
        LIFT = "lift", _("lifted a suspension")
        CLEAN = "clean", _("changed a profile")
        HIDE = "hide", _("hid an entry")
        SHOW = "show", _("showed an entry again")
        MERGE = "merge", _("merged two films")
        REFRESH = "refresh", _("refreshed a film from TMDB")
        WITHDRAW = "withdraw", _("withdrew a distributor’s date")
        JUDGE = "judge", _("judged a report")
        ANSWER = "answer", _("handled a message")

    actor = models.ForeignKey(User, models.SET_NULL, null=True, verbose_name=_("who"), related_name="staff_actions")
    actor_handle = models.CharField(max_length=15)
    kind = models.CharField(_("did what"), max_length=8, choices=Kind)
    subject = models.CharField(_("to what"), max_length=8, choices=Subject)
    subject_id = models.PositiveBigIntegerField(_("number"))
    reason = models.CharField(_("why"), max_length=1000)
    details = models.JSONField(_("details"), default=dict, blank=True)
    acted_at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("staff action")
        verbose_name_plural = _("staff actions")
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="staff_action_reason_given"),
            models.CheckConstraint(condition=Q(subject__in=Subject.values), name="staff_action_subject_known"),
        ]
        indexes = [models.Index(F("subject"), F("subject_id"), name="staff_action_on_subject")]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_kind_display()}"
