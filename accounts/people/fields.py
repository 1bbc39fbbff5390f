from typing import Any

from django import forms

from accounts.people import display_names, handles


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
