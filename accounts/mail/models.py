"""Mail to people. This room lies below all others of `accounts`: it knows people by their rows alone."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a mail is about. The first three can be turned off, each by itself."""

    REMINDER = "reminder", _("A film that one waits for")
    REQUEST = "request", _("Somebody asks to follow")
    FOLLOWERS = "followers", _("New followers")
    CONTACT = "contact", _("A message to staff")
    LEAVING = "leaving", _("The account is to be deleted")


SWITCHES = {
    Kind.REMINDER: "wants_reminders",
    Kind.REQUEST: "wants_requests",
    Kind.FOLLOWERS: "wants_followers",
}
"""The columns of a mailbox that turn kinds on and off."""
BULK = frozenset({Kind.REMINDER, Kind.FOLLOWERS})
"""Kinds that go to very many at once, and so must not stand in the way of the others."""


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def open_for(self, kind: str) -> "MailboxQuerySet":
        """Those that may be written to of this kind."""
        wanted = {SWITCHES[Kind(kind)]: True} if kind in SWITCHES else {}
        return self.filter(bounced_at=None, complained_at=None, **wanted).exclude(address="")


class Mailbox(models.Model):
    """Where a person is written to, as the sign-in provider has verified it, and what they want to be told.

    A mailbox without an address is that of somebody whose provider names none: they are not written to.
    """

    user = models.OneToOneField("accounts.User", models.CASCADE, primary_key=True, related_name="mailbox")
    address = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    wants_reminders = models.BooleanField(_("reminders of films I wait for"), default=True)
    wants_requests = models.BooleanField(_("requests to follow me"), default=True)
    wants_followers = models.BooleanField(_("new followers, once a day"), default=True)
    followers_told_until = models.DateTimeField(default=timezone.now, editable=False)
    """Followers who came before this have been told of."""
    bounced_at = models.DateTimeField(_("mail came back"), null=True, blank=True)
    complained_at = models.DateTimeField(_("called our mail unwanted"), null=True, blank=True)

    objects: ClassVar = MailboxQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("address"), name="mailbox_address", condition=~Q(address=""))]

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def is_open(self) -> bool:
        return bool(self.address) and not self.bounced_at and not self.complained_at

    def wants(self, kind: str) -> bool:
        return kind not in SWITCHES or getattr(self, SWITCHES[Kind(kind)])


class State(models.TextChoices):
    NEW = "new", _("to be sent")
    CLAIMED = "claimed", _("being sent")
    SENT = "sent", _("sent")
    IN_DOUBT = "in_doubt", _("perhaps sent")
    DROPPED = "dropped", _("not sent, on purpose")
    REFUSED = "refused", _("refused by the mail service")


class NoticeQuerySet(models.QuerySet["Notice"]):
    def waiting(self) -> "NoticeQuerySet":
        return self.filter(state=State.NEW)


class Notice(models.Model):
    """One mail to one person, or to staff where `recipient` is nobody. It is claimed before it is sent: a worker that is
    killed in between leaves it in doubt, and never has it sent twice."""

    recipient = models.ForeignKey("accounts.User", models.CASCADE, null=True, related_name="notices")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    key = models.CharField(max_length=100)
    """What it says, in a word: nobody is told the same twice."""
    about = models.JSONField(default=dict)
    """Ids and days from which its text is written when it is sent."""
    task = models.CharField(max_length=100, blank=True, default="", db_default="", editable=False)
    """By which it is sent, now or once more."""
    not_after = models.DateTimeField(_("worthless after"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.NEW)
    why = models.CharField(_("why"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    claimed_at = models.DateTimeField(_("claimed"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    service_id = models.CharField(_("number at the mail service"), max_length=100, blank=True)

    objects: ClassVar = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [
            models.UniqueConstraint(fields=["recipient", "key"], name="notice_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="notice_kind_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="notice_state_known"),
        ]
        indexes = [
            models.Index(F("claimed_at"), name="notice_claimed", condition=Q(state="claimed")),
            models.Index(F("state"), F("id").desc(), name="notice_by_state"),
            models.Index(F("service_id"), name="notice_service_id", condition=~Q(service_id="")),
            models.Index(F("created_at"), name="notice_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.kind}"
