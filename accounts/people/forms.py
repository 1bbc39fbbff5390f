from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from accounts.mail.models import Mailbox
from accounts.people import handles
from accounts.people.avatars import validate_avatar
from accounts.people.fields import (
    BioField,
    BirthDateField,
    DisplayNameField,
    HandleField,
    WebAddressField,
    time_zones,
)
from accounts.people.models import ColorScheme, Language, User, Visibility


class PersonForm(forms.Form):
    """Some columns of one person; `changes` are those that were changed since the form was shown, so that what another
    window has changed meanwhile stays."""

    def __init__(self, *, person: User, **kwargs: Any) -> None:
        self.person, self.row = person, self.row_of(person)
        super().__init__(**kwargs | {"initial": {name: getattr(self.row, name) for name in self.base_fields}})
        for field in self.fields.values():
            field.show_hidden_initial = True

    def row_of(self, person: User) -> Model:
        return person

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class ProfileForm(PersonForm):
    display_name = DisplayNameField(label=_("Display name"), help_text=_("Up to 50 characters, in any script."))
    bio = BioField(label=_("About you"), help_text=_("Up to 300 characters."))
    url = WebAddressField(label=_("Web address"), help_text=_("One page of yours, http or https."))
    birth_date = BirthDateField(
        label=_("Birth date"), required=False, help_text=_("Never shown to anybody, and never sent anywhere.")
    )
    shows_age = forms.BooleanField(
        label=_("Show how old I was"),
        required=False,
        help_text=_(
            "Cards on your wall then say how old you were when the film opened and when you saw it. Whoever compares "
            "many of them can work out your birthday."
        ),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("shows_age") and not cleaned.get("birth_date") and "birth_date" not in self.errors:
            self.add_error("birth_date", _("Without it we do not know how old you were."))
        return cleaned


class AvatarForm(forms.Form):
    avatar = forms.FileField(
        label=_("Picture"),
        help_text=_("PNG, JPEG, WebP or AVIF, up to 5 MB. We cut out the middle, and drop what else the file tells."),
        validators=[validate_avatar],
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp,image/avif"}),
    )


class PrivacyForm(PersonForm):
    wall_visibility = forms.ChoiceField(
        label=_("Who may see my wall"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "A wall for followers takes requests, which you answer. A private wall answers as if it did not exist."
        ),
    )
    default_visibility = forms.ChoiceField(
        label=_("Who may see what I record"),
        choices=Visibility.choices,
        widget=forms.RadioSelect,
        help_text=_("What the form for a new record begins with. No record is ever wider open than the wall."),
    )
    shows_tags = forms.BooleanField(
        label=_("Show my tags"),
        required=False,
        help_text=_("Whoever sees a record then sees its tags, and can sort by them. Without it they are yours alone."),
    )


class DisplayForm(PersonForm):
    language = forms.ChoiceField(
        label=_("Language"),
        choices=Language.choices,
        help_text=_("Where you land when you sign in, and our mail to you."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zones, help_text=_("When your day ends, and the next one begins.")
    )
    color_scheme = forms.ChoiceField(label=_("Colours"), choices=ColorScheme.choices, widget=forms.RadioSelect)


class MailForm(PersonForm):
    wants_reminders = forms.BooleanField(label=_("Reminders of films I wait for"), required=False)
    wants_requests = forms.BooleanField(label=_("Requests to follow me"), required=False)
    wants_followers = forms.BooleanField(
        label=_("New followers"), required=False, help_text=_("Once a day at most, at nine in the morning.")
    )

    def row_of(self, person: User) -> Mailbox:
        return Mailbox.objects.filter(pk=person.pk).first() or Mailbox(pk=person.pk)


class HandleForm(PersonForm):
    handle = HandleField(
        label=_("Handle"),
        help_text=_("Letters a to z, digits and _, at most 15. The old one leads to you for 90 days."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_handle(self) -> str:
        handle: str = self.cleaned_data["handle"]
        if not handles.is_free(handle, owner=self.person):
            raise ValidationError(handles.TAKEN, code="taken")
        return handle
