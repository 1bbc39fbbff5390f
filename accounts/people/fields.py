import datetime
import re
import unicodedata
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.people import display_names, handles

LONGEST_BIO = 300
EARLIEST_BIRTH = datetime.date(1900, 1, 1)


class HandleField(forms.CharField):
    default_validators = [handles.validate]

    def to_python(self, value: Any) -> str:
        return handles.tidy(super().to_python(value) or "")


class DisplayNameField(forms.CharField):
    default_validators = [display_names.validate]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": display_names.LONGEST, **kwargs})

    def to_python(self, value: Any) -> str:
        return display_names.tidy(super().to_python(value) or "")


class BioField(forms.CharField):
    widget = forms.Textarea(attrs={"rows": 4})
    default_validators = [display_names.validate_text]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST_BIO, "required": False, **kwargs})

    def to_python(self, value: Any) -> str:
        lines = (super().to_python(value) or "").splitlines()  # a browser sends two characters for a line's end
        return unicodedata.normalize("NFC", "\n".join(lines))


def validate_web_address(address: str) -> None:
    """An address of the web that leads where it seems to. Raises ValidationError."""
    URLValidator(schemes=["http", "https"], message=_("This is no address of a web page."))(address)
    display_names.validate_text(address)
    if "@" in urlsplit(address).netloc:
        raise ValidationError(_("Leave out the name before the @: it hides where the address leads."), code="userinfo")


class WebAddressField(forms.CharField):
    """What begins without a scheme gets https."""

    widget = forms.URLInput
    default_validators = [validate_web_address]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 200, "required": False, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        # A browser refuses an address without a scheme, where we do not.
        return super().widget_attrs(widget) | {"type": "text", "inputmode": "url"}

    def to_python(self, value: Any) -> str:
        address = (super().to_python(value) or "").strip()
        if scheme := re.match(r"[a-z][a-z0-9+.-]*(?=://)", address, re.IGNORECASE):
            return address.replace(scheme[0], scheme[0].lower(), 1)
        return f"https://{address}" if address else ""


def validate_birth_date(day: datetime.date) -> None:
    if not EARLIEST_BIRTH <= day <= timezone.localdate():
        raise ValidationError(_("Nobody who can read this was born on that day."), code="impossible")


class BirthDateField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d")
    default_validators = [validate_birth_date]


def time_zones() -> list[tuple[str, str]]:
    """Those that are named by a place; Japan's first."""
    places = sorted(name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return [(name, name.replace("_", " ")) for name in dict.fromkeys(["Asia/Tokyo", "UTC", *places])]
