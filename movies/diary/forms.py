import datetime
import uuid
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Visibility
from movies.catalog.dates import today_in_japan
from movies.catalog.openings import is_ahead_digitally, is_ahead_in_cinemas
from movies.diary import reviews, tags
from movies.diary.models import Audience, Entry, Wish
from movies.diary.services import Said, Seen
from movies.diary.words import UNITS, Words, tidy, version, words_of

FIRST_FILM = datetime.date(1888, 1, 1)


def validate_watched_on(day: datetime.date) -> None:
    """A day on which somebody can have seen a film. Raises ValidationError."""
    if day > timezone.localdate():
        raise ValidationError(_("This day is still to come."), code="future")
    if day < FIRST_FILM:
        raise ValidationError(_("There were no films yet."), code="before_film")


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date", "min": FIRST_FILM.isoformat()}, format="%Y-%m-%d")
    default_validators = [validate_watched_on]


class Watched(models.TextChoices):
    """When it was seen; for a film that stands on the wall already, whether it was seen again."""

    NOT_AGAIN = "", _("Not seen again")
    TODAY = "today", _("Today")
    DAY = "day", _("Another day")
    UNKNOWN = "unknown", _("Don’t know when")


def validate_words(text: str) -> None:
    """Raises ValidationError."""
    if len(text) > reviews.LONGEST:
        said = {"longest": f"{reviews.LONGEST:,}", "length": f"{len(text):,}"}
        message = _("At most %(longest)s characters fit; these are %(length)s.") % said
        raise ValidationError(message, code="too_long")


class WordsField(forms.CharField):
    """What is too long is said to be so by whoever asks, of what has been changed: imports bring longer ones."""

    widget = forms.Textarea(attrs={"rows": 8})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "strip": False, **kwargs})

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "")


class TagsField(forms.CharField):
    """Tags in a line."""

    def prepare_value(self, value: Any) -> Any:
        return tags.joined(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return tags.split(super().to_python(value) or "")


class ReviewForm(forms.Form):
    """What is looked at before it is saved."""

    review = WordsField(validators=[validate_words])


class SharedFields(dict[str, forms.Field]):
    """The same for all forms: one that changes a field copies it first. Django copies them all, which takes as long as to
    read what was sent."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> dict[str, forms.Field]:
        return dict(self)


class RecordForm(forms.Form):
    """What somebody says of a film. As with the settings, only those words are written that were changed since the form was
    shown; `shown` tells what that was."""

    score = forms.IntegerField(
        label=_("Score"),
        required=False,
        min_value=0,
        max_value=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "placeholder": "–"}),
        error_messages={
            "invalid": _("A score is a whole number from 0 to 100, or nothing."),
            "min_value": _("A score is a whole number from 0 to 100, or nothing."),
            "max_value": _("A score is a whole number from 0 to 100, or nothing."),
        },
    )
    watched = forms.ChoiceField(label=_("Watched"), widget=forms.RadioSelect, choices=Watched.choices[1:])
    watched_on = DayField(label=_("Day watched"), required=False)
    visibility = forms.ChoiceField(label=_("Who may see it"), choices=Visibility.choices, required=False)
    """Not asked in the quick dialog: what another window has closed meanwhile stays closed."""
    review = WordsField(label=_("Review"))
    has_spoilers = forms.BooleanField(label=_("It gives the story away"), required=False)
    review_audience = forms.ChoiceField(label=_("Who reads the review"), required=False, choices=Audience.choices)
    memo = WordsField(label=_("Private notes"), widget=forms.Textarea(attrs={"rows": 3}))
    tags = TagsField(
        label=_("Tags"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "list": "my-tags"})
    )
    shown = forms.CharField(required=False, widget=forms.TextInput(attrs={"hidden": True, "autocomplete": "off"}))
    """No hidden input, so that a draft can keep it; see words.js."""
    stays = forms.MultipleChoiceField(required=False, choices=[(unit, unit) for unit in UNITS])
    """What is to stay as another window has written it; see the page that asks."""
    submission = forms.UUIDField(widget=forms.HiddenInput)
    is_again = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None, *, owner: User, entry: Entry | None = None, typed: QueryDict | None = None
    ) -> None:
        """`entry`: what stands on the wall already; `typed`: what was typed before and comes back by the address.

        The form remembers whether there was an entry when it was shown: sent twice, its second copy finds what the first
        has made, and still speaks of the first viewing.
        """
        initial = {
            "score": entry and entry.score,
            "visibility": entry.visibility if entry else owner.default_visibility,
            "watched": Watched.NOT_AGAIN if entry else Watched.TODAY,
            "submission": uuid.uuid4,
            "is_again": entry is not None,
            "shown": versions_of(entry) if entry else VERSIONS_OF_NOTHING,
            **words_of(entry),
        }
        super().__init__(data, initial=initial | (typed.dict() if typed else {}))
        self.owner, self.is_first = owner, entry is None
        if owner.wall_visibility != Visibility.PUBLIC:
            whoever_sees_the_wall = (Visibility.PUBLIC, _("Whoever may see my wall"))
            self._own("visibility").choices = [whoever_sees_the_wall, *Visibility.choices[1:]]
        self.is_of_what_stands = self["is_again"].value() in (True, "True")
        if self.is_of_what_stands:
            watched = self._own("watched")
            watched.choices = Watched.choices
            watched.required = False
            watched.label = _("Seen again")

    def _own(self, name: str) -> Any:
        field = self.fields[name] = deepcopy(self.fields[name])
        return field

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("watched") == Watched.DAY and not cleaned.get("watched_on") and "watched_on" not in self.errors:
            self.add_error("watched_on", _("Choose the day."))
        if cleaned.get("watched") != Watched.DAY:
            self.errors.pop("watched_on", None)
        written = UNITS if self.is_first else self.words.changed
        for name in [name for name in written if name in cleaned]:
            try:
                _VALIDATORS[name](cleaned[name])
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned

    def clean_review_audience(self) -> str:
        audience: str = self.cleaned_data["review_audience"] or self.initial["review_audience"]
        return audience

    @cached_property
    def words(self) -> Words:
        """Of a form that was shown nothing, as that of a server of the version before, what is empty was not changed."""
        values = {
            name: self.cleaned_data[name] for names in UNITS.values() for name in names if name in self.cleaned_data
        }
        shown = dict(zip(UNITS, self.cleaned_data.get("shown", "").split("."), strict=False))
        shown = dict(zip(UNITS, VERSIONS_OF_NOTHING.split("."), strict=True)) | {
            unit: told for unit, told in shown.items() if told
        }
        changed = {
            unit
            for unit, names in UNITS.items()
            if unit not in self.cleaned_data.get("stays", [])
            and all(name in values for name in names)
            and version(unit, values) != shown[unit]
        }
        return Words(values, frozenset(changed), shown)

    def data_shown(self, entry: Entry) -> QueryDict:
        """What was typed, for a form that shows what stands there now: sent once more, it overrules that."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["shown"] = versions_of(entry)
        data.pop("stays", None)
        return data

    @property
    def has_words(self) -> bool:
        """Whether anything stands in the part that is closed else."""
        said = [self[name].value() for name in ("review", "memo", "tags")]
        return any(said) or any(name in self.errors for names in UNITS.values() for name in names)

    @property
    def fill(self) -> int:
        """How full the stars are, in percent, while anything at all may be typed as a score."""
        typed = str(self["score"].value())
        return min(int(typed), 100) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0

    def said(self) -> Said:
        return Said(self.owner, self.cleaned_data["score"], self.visibility_said(), self.seen(), self.words)

    def visibility_said(self) -> Visibility | None:
        said = self.cleaned_data["visibility"]
        return Visibility(said) if said else None

    def seen(self) -> Seen | None:
        watched = self.cleaned_data["watched"]
        if watched == Watched.NOT_AGAIN:
            return None
        days = {Watched.TODAY: timezone.localdate(), Watched.DAY: self.cleaned_data.get("watched_on")}
        return Seen(days.get(watched), self.cleaned_data["submission"], is_again=self.cleaned_data["is_again"])


RecordForm.base_fields = SharedFields(RecordForm.base_fields)
_VALIDATORS: dict[str, Callable[[Any], None]] = {
    "review": validate_words,
    "memo": validate_words,
    "tags": tags.validate,
}


def versions_of(entry: Entry | None) -> str:
    return ".".join(version(unit, words_of(entry)) for unit in UNITS)


VERSIONS_OF_NOTHING = versions_of(None)


class FormerScoreForm(forms.Form):
    """How a film stood before a change, and which viewing came with that."""

    score = forms.IntegerField(required=False, min_value=0, max_value=100)
    submission = forms.UUIDField()


class ViewingForm(forms.Form):
    watched_on = DayField(label=_("Day watched"), required=False)


class RemindersForm(forms.Form):
    """What of a film's opening somebody wants to be told, as far as that is still ahead. As with the settings, `changes`
    are those that were made since the form was shown, so that what another window has changed meanwhile stays."""

    reminds_of_cinema = forms.BooleanField(label=_("When it opens in cinemas in Japan"), required=False)
    reminds_of_digital = forms.BooleanField(label=_("When it comes out digitally"), required=False)
    reminds_a_week_before = forms.BooleanField(label=_("A week before, too"), required=False)

    def __init__(self, data: QueryDict | None = None, *, wish: Wish) -> None:
        super().__init__(data, initial={name: getattr(wish, name) for name in self.base_fields})
        today = today_in_japan()
        if not is_ahead_in_cinemas(wish.film, today):
            del self.fields["reminds_of_cinema"]
        if not is_ahead_digitally(wish.film, today):
            del self.fields["reminds_of_digital"]
        if len(self.fields) == 1:
            self.fields.clear()
        for field in self.fields.values():
            field.show_hidden_initial = True

    @property
    def changes(self) -> dict[str, bool]:
        return {name: self.cleaned_data[name] for name in self.changed_data}


class FilmSearchForm(forms.Form):
    q = forms.CharField(label=_("Title"), required=False, max_length=200)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1888, max_value=2100)
