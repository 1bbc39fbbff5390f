"""How the words of a mail are made: three templates a letter, in the language and the days of whoever reads it."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.mail import unsubscribing
from accounts.mail.models import SWITCHES, Kind, Notice

WHY = {
    Kind.REMINDER: _("You get this because you asked to be reminded of films that you wait for."),
    Kind.REQUEST: _("You get this because your wall is not for everybody, and somebody would like to follow you."),
    Kind.FOLLOWERS: _("You get this at most once a day, when somebody new follows you."),
    Kind.LEAVING: _("You get this because the deletion of your account was asked for."),
    Kind.CONTACT: _("You get this because you read what people write to us."),
}


@dataclass(frozen=True)
class Letter:
    """`html` is empty where a mail is text alone; an answer goes to `reply_to`, if it is given."""

    subject: str
    text: str
    html: str
    reply_to: str = ""


def write(name: str, context: dict[str, Any], *, language: str, time_zone: str = "Asia/Tokyo") -> Letter:
    """The letter of templates/mail/<name>.subject.txt, .txt and .html.

    `context` holds the `notice` that is answered: its kind and recipient are what the footer speaks of. Templates write
    addresses as {{ site }}{% url … %}.
    """
    notice: Notice = context["notice"]
    kind = Kind(notice.kind)
    with translation.override(language), timezone.override(time_zone):
        words = context | {
            "site": settings.SITE_URL,
            "language": language,
            "why": WHY[kind],
            "unsubscribe": address_to_unsubscribe(notice),
            "preferences": settings.SITE_URL + reverse("mail_settings"),
        }
        subject, text = (_plain(f"mail/{name}.{kind_of_file}", words) for kind_of_file in ("subject.txt", "txt"))
        html = get_template(f"mail/{name}.html").render(words)
    return Letter(" ".join(subject.split()), text, html)


def address_to_unsubscribe(notice: Notice) -> str:
    """Empty where the kind cannot be turned off."""
    kind = Kind(notice.kind)
    if kind not in SWITCHES or notice.recipient_id is None:
        return ""
    return unsubscribing.address(notice.recipient_id, kind)


def _plain(template: str, words: dict[str, Any]) -> str:
    """Text has no marks that would have to be escaped."""
    text: str = get_template(template).template.render(Context(words, autoescape=False))  # type: ignore[attr-defined]
    return text.strip() + "\n"
