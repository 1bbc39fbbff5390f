from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.people.models import Language, User

LONGEST = 300


class Category(models.TextChoices):
    QUESTION = "question", _("A question")
    FAULT = "fault", _("Something does not work")
    WISH = "wish", _("A wish or an opinion")


class Status(models.TextChoices):
    NEW = "new", _("New")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed without an answer")


class ContactMessage(models.Model):
    """What somebody wrote to us, signed in or not. `mailed_at`: when staff were told of it."""

    sender = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="contact_messages")
    category = models.CharField(_("what it is about"), max_length=8, choices=Category)
    email = models.EmailField(_("e-mail address"), max_length=254)
    text = models.CharField(_("message"), max_length=LONGEST)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.NEW)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    mailed_at = models.DateTimeField(_("mailed to staff"), null=True, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="contact_text_given"),
            models.CheckConstraint(condition=Q(category__in=Category.values), name="contact_category_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="contact_status_known"),
        ]
        indexes = [
            models.Index(F("status"), F("id").desc(), name="contact_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_category_display()}"
