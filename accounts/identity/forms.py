from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.identity.models import Scope
from accounts.identity.tokens import LIFETIMES, USUAL_LIFETIME
from accounts.people import handles
from accounts.people.fields import DisplayNameField, HandleField


class WelcomeForm(forms.Form):
    handle = HandleField(
        label=_("Handle"),
        help_text=_("1 to 15 of a–z, 0–9 and _. It is the address of your wall."),
        error_messages={"required": _("Choose a handle.")},
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    display_name = DisplayNameField(
        label=_("Display name"),
        help_text=_("Up to 50 characters in any script. It stands above your wall."),
        error_messages={"required": _("Tell us what to call you.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "nickname"}),
    )

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if not handles.is_free(handle):
            raise ValidationError(handles.TAKEN, code="taken")
        return handle


def lifetimes() -> list[tuple[int | str, str]]:
    of_days = [(days, gettext("After %(days)d days") % {"days": days}) for days in LIFETIMES]
    return [*of_days, ("", gettext("Never"))]


class TokenForm(forms.Form):
    name = DisplayNameField(
        label=_("Name"),
        help_text=_("What you know it by, such as the script that it is for."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(label=_("It may"), choices=Scope.choices, widget=forms.RadioSelect, initial=Scope.READ)
    lifetime = forms.TypedChoiceField(
        label=_("It ends"), choices=lifetimes, coerce=int, empty_value=None, required=False, initial=USUAL_LIFETIME
    )
