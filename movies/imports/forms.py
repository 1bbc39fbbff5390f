"""What somebody says of their file where it does not say it itself."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from movies.catalog.dates import in_words
from movies.catalog.models import Film, Precision
from movies.diary.models import Audience
from movies.imports.formats import cells, plain
from movies.imports.formats.cells import Cells
from movies.imports.formats.rows import Options, RowRefused
from movies.imports.models import Batch

# What a part of a file holds, by the end of its name.
PARTS = {
    "watched": _("Films I have seen"),
    "history": _("Films I have seen"),
    "watchlist": _("Films I want to see"),
    "likes": _("Films I like"),
    "ratings": _("Films I have rated"),
    "list": _("A list of films"),
}
DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", re.ASCII)
ORDERS: dict[str, str | Promise] = {
    "mdy": _("Month, day, year"),
    "dmy": _("Day, month, year"),
    "ymd": _("Year, month, day"),
}
SCALES = {"100": _("0 to 100"), "10": _("Up to 10"), "5": _("Up to 5")}
NAMES_A_FILM = ("title", "original_title", "tmdb_id", "imdb_id")
UNUSED = ("", _("Not used"))

Choices = list[tuple[str, str | Promise]]


class Column(NamedTuple):
    """A column of the file: its heading, what stands in its first rows, and the question what it is."""

    heading: str
    values: list[str]
    field: forms.BoundField


class AnswerForm(forms.Form):
    """Only what is asked has a field."""

    part = forms.ChoiceField(label=_("What does this file hold?"), widget=forms.RadioSelect)
    date_order = forms.ChoiceField(label=_("How are its dates written?"), widget=forms.RadioSelect)
    scale = forms.ChoiceField(label=_("How high do its scores go?"), widget=forms.RadioSelect, choices=SCALES.items())

    def __init__(self, data: QueryDict | None = None, *, batch: Batch) -> None:
        super().__init__(data)
        asked = batch.questions
        self.preview: list[Mapping[str, str]] = asked.get("preview", [])
        self.headings = list(filter(None, dict.fromkeys(asked.get("columns", []))))
        self.asks_columns = "columns" in asked
        self._ask_part(asked.get("part", []))
        self._ask_date_order(is_asked="date_order" in asked)
        self._ask_columns()

    def _ask_part(self, names: Iterable[str]) -> None:
        choices: Choices = [(name, PARTS.get(name.rpartition(".")[2], name)) for name in names]
        self._offer("part", choices)

    def _ask_date_order(self, *, is_asked: bool) -> None:
        """With a date of the file's own, as each order reads it; an order that reads few of them is none."""
        dates = self._dates()
        choices: Choices = []
        if is_asked or (self.asks_columns and dates):
            read = {written: read_in_each_order(written) for written in dates}
            most_telling = max(read.values(), key=lambda days: (len(days), len(set(days.values()))), default={})
            example = next((written for written, days in read.items() if days is most_telling), "")
            choices = [
                (order, f"{label}: {example} = {most_telling[order]}" if order in most_telling else label)
                for order, label in ORDERS.items()
                if not dates or 2 * sum(order in days for days in read.values()) > len(read)
            ]
        self._offer("date_order", choices)
        if choices and self.asks_columns:
            self.initial["date_order"] = plain.date_order(dates) or choices[0][0]

    def _ask_columns(self) -> None:
        if not self.asks_columns:
            del self.fields["scale"]
            return
        guessed = {heading: name for name, heading in reversed(plain.guess(self.headings).items())}
        choices = [UNUSED, *((name, label) for name, (label, _names) in plain.FIELDS.items())]
        for number, heading in enumerate(self.headings):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=heading, choices=choices, required=False, initial=guessed.get(heading, "")
            )
        scored = next((heading for heading, name in guessed.items() if name == "score"), "")
        self.initial["scale"] = scale_of(self._values(scored))

    def _offer(self, name: str, choices: Choices) -> None:
        if choices:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def _values(self, heading: str) -> list[str]:
        return [value for row in self.preview if (value := str(row.get(heading) or "").strip())]

    def _dates(self) -> list[str]:
        values = (str(value or "").strip() for row in self.preview for value in row.values())
        return [value for value in values if DATE.fullmatch(value)]

    @property
    def columns(self) -> list[Column]:
        if not self.asks_columns:
            return []
        return [
            Column(heading, self._values(heading), self[f"column_{number}"])
            for number, heading in enumerate(self.headings)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if self.asks_columns:
            self.mapping = self._mapped(cleaned)
            if not any(name in self.mapping for name in NAMES_A_FILM):
                self.add_error(None, _("Say which column names the film: its title, or its number at TMDB or IMDb."))
        return cleaned

    def _mapped(self, cleaned: Mapping[str, Any]) -> dict[str, str]:
        mapping: dict[str, str] = {}
        for number, heading in enumerate(self.headings):
            if name := cleaned.get(f"column_{number}"):
                if name in mapping:
                    self.add_error(f"column_{number}", _("Another column is this already."))
                mapping.setdefault(name, heading)
        return mapping

    @property
    def answers(self) -> dict[str, Any]:
        told = {name: self.cleaned_data[name] for name in ("part", "date_order") if name in self.fields}
        return told | ({"columns": self.mapping | {"scale": self.cleaned_data["scale"]}} if self.asks_columns else {})


def read_in_each_order(written: str) -> dict[str, str]:
    """The day that a date would be, in words, by the orders in which it is one."""
    read = {}
    for order in ORDERS:
        try:
            day = cells.day(Cells({"day": written}), "day", Options(ZoneInfo("UTC"), date_order=order))
        except RowRefused:
            continue
        if day:
            read[order] = in_words(day, Precision.DAY)
    return read


def scale_of(scores: Iterable[str]) -> str:
    """The least of SCALES that holds all of these."""
    highest = max((float(score) for score in scores if re.fullmatch(r"\d+(\.\d+)?", score, re.ASCII)), default=100)
    return next((scale for scale in ("5", "10") if highest <= int(scale)), "100")


class ImportForm(forms.Form):
    overwrites = forms.BooleanField(label=_("Take the file’s word instead"), required=False)
    reviews_for = forms.ChoiceField(
        label=_("Who reads the imported reviews"), required=False, choices=[*reversed(Audience.choices)]
    )


class PickForm(forms.Form):
    """One film: ours, or one that only TMDB has."""

    film = forms.ModelChoiceField(Film.objects.select_related("merged_into"), required=False)
    tmdb_id = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("film")) == bool(cleaned.get("tmdb_id")):
            raise forms.ValidationError("neither, or both")
        return cleaned


class DoubtForm(forms.Form):
    """Which film in doubt is meant, and what is looked for to settle it."""

    q = forms.CharField(label=_("Another film"), required=False, max_length=200)
    at = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    after = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)
