import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Min, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now: datetime.datetime) -> "MessageQuerySet":
        return self.filter(dead_at=None, available_at__lte=now)

    def age(self) -> float:
        """For how many seconds that has been due which has been due longest; 0 when nothing is."""
        now = timezone.now()
        oldest = self.due(now).aggregate(oldest=Min("available_at"))["oldest"]
        return (now - oldest).total_seconds() if oldest else 0.0


class Message(models.Model):
    """A task that is still to be sent to its queue; the relay deletes it when the queue has it.

    One that the queue refuses again and again is dead: it waits for staff.
    """

    task = models.CharField(_("task"), max_length=100)
    queue = models.CharField(_("queue"), max_length=20)
    kwargs = models.JSONField(_("arguments"), default=dict)
    dedupe_key = models.CharField(max_length=100, null=True, unique=True)
    """As long as a message with this key waits, another with the same is left out."""
    trace_id = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    available_at = models.DateTimeField(_("not to be sent before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    dead_at = models.DateTimeField(_("given up"), null=True)

    objects: ClassVar = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message to a queue")
        verbose_name_plural = _("messages to queues")
        indexes = [
            models.Index(F("queue"), F("available_at"), F("id"), name="message_due_on_queue", condition=Q(dead_at=None))
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.task}"


class Run(models.Model):
    """One slot of one periodic job: the first worker to write it does the job, all others leave it alone."""

    job = models.CharField(_("job"), max_length=40)
    slot = models.DateTimeField(_("slot"))
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("periodic run")
        verbose_name_plural = _("periodic runs")
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="run_once_a_slot")]
        indexes = [models.Index(F("started_at").desc(), F("id").desc(), name="run_by_start")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M:%S}"
