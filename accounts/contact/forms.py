import datetime
import unicodedata
from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.core.validators import EmailValidator, MaxLengthValidator, RegexValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.contact.models import LONGEST, Category
from accounts.people.display_names import validate_text
from accounts.people.models import User

STAMP_GOOD_FOR = datetime.timedelta(days=1)

signer = TimestampSigner(salt="accounts.contact.stamp")


def validate_domain(address: str) -> None:
    """The domain can be written in a mail's head. Raises ValidationError."""
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError as error:
        raise ValidationError(EmailValidator.message, code="invalid") from error


class AddressField(forms.EmailField):
    """What can be answered by mail: no quoted names, in which an address could hide more than itself."""

    default_validators = [
        *forms.EmailField.default_validators,
        RegexValidator('"', inverse_match=True),
        validate_domain,
    ]


class MessageField(forms.CharField):
    """Counted as it is read: the end of a line is one character, however the browser sends it.

    The browser is not told the limit: it counts in other units, and would cut off what is pasted without a word.
    """

    widget = forms.Textarea(attrs={"rows": 8})
    default_validators = [
        validate_text,
        MaxLengthValidator(LONGEST, _("Up to %(limit_value)d characters, please. These are %(show_value)d.")),
    ]

    def to_python(self, value: Any) -> str:
        lines = (super().to_python(value) or "").replace("\t", " ").splitlines()
        return unicodedata.normalize("NFC", "\n".join(lines))


class ContactForm(forms.Form):
    category = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Category.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one.")},
    )
    email = AddressField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("We answer to it, and use it for nothing else."),
        error_messages={
            "required": _("Without it we cannot answer you."),
            "invalid": _("This is no e-mail address. One looks like name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    text = MessageField(
        label=_("Message"),
        help_text=_("Up to 300 characters."),
        error_messages={"required": _("Write something first.")},
    )

    def __init__(self, data: QueryDict | None, *, user: User | AnonymousUser) -> None:
        super().__init__(data, label_suffix="")
        self.writer = str(user.pk or "anybody")

    @property
    def stamp(self) -> str:
        """A new one, whatever the one that was sent is worth."""
        return signer.sign(self.writer)

    @property
    def is_by_a_robot(self) -> bool:
        """It has filled in what people do not see."""
        return bool(self.data.get("left_empty"))

    def clean(self) -> dict[str, Any]:
        try:
            is_theirs = signer.unsign(self.data.get("stamp", ""), max_age=STAMP_GOOD_FOR) == self.writer
        except BadSignature:
            is_theirs = False
        if not is_theirs:
            raise ValidationError(
                _(
                    "This page had been open too long, or you have signed in or out since. Your words are still here: "
                    "please send them once more."
                ),
                code="stamp",
            )
        return super().clean() or {}
