from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.moderation.models import Reason
from accounts.people.fields import BioField


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is wrong with it"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what is wrong with it.")},
    )
    text = BioField(
        label=_("In your words"),
        max_length=1000,
        help_text=_("If you like, up to 1,000 characters. Only staff read it."),
    )
