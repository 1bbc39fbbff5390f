"""What somebody writes about a film: the review with all that belongs to it, the private notes, the tags.

A form tells of each what it was shown. So what somebody has left untouched overwrites nothing, and what another window has
written meanwhile is lost to nobody.
"""

import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from movies.diary import tags
from movies.diary.models import Audience, Entry
from mymovie.unseen import without_unseen

UNITS = {
    "review": ("review", "has_spoilers", "review_audience"),
    "memo": ("memo",),
    "tags": ("tags",),
}
"""What is changed as one: nobody shows to all what they have not read."""


@dataclass(frozen=True)
class Words:
    """`values` are all of them, as they are to be; `changed` the units that were changed since they were shown, and `shown`
    the versions of what was shown."""

    values: dict[str, Any] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    shown: dict[str, str] = field(default_factory=dict)

    def columns(self, entry: Entry | None) -> dict[str, Any]:
        """What is to be written: all of it where nothing stands yet."""
        if entry is None:
            return words_of(None) | {name: value for name, value in self.values.items() if name in NOTHING}
        return {name: self.values[name] for unit in self.changed for name in UNITS[unit] if name in self.values}

    def clashes_with(self, entry: Entry) -> list[str]:
        """The units that somebody has changed here, and somebody else, otherwise, there."""
        return [
            unit
            for unit in sorted(self.changed)
            if version(unit, words_of(entry)) not in (self.shown.get(unit), version(unit, self.values))
        ]


NO_REVIEW: dict[str, Any] = {"review": "", "has_spoilers": False, "review_audience": Audience.ENTRY}
"""Where there is none yet, the form begins with one for whoever sees the record."""
NOTHING: dict[str, Any] = NO_REVIEW | {"memo": "", "tags": []}


def words_of(entry: Entry | None) -> dict[str, Any]:
    """As a form shows them."""
    if entry is None:
        return NOTHING | {"tags": []}
    said = {name: getattr(entry, name) for name in NOTHING}
    return said if entry.review else said | NO_REVIEW


def with_note(memo: str, note: str) -> str:
    """`memo`, and below it what was noted of the film before it was seen, unless it says that already."""
    return memo if note in memo else "\n\n".join(filter(None, [memo, note]))


def version(unit: str, values: dict[str, Any]) -> str:
    """The same for what a form cannot tell apart."""
    said = [_as_typed(name, values[name]) for name in UNITS[unit]]
    if unit == "review" and not said[0]:
        said = [""]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def _as_typed(name: str, value: Any) -> Any:
    match name:
        case "tags":
            return tags.split(tags.joined(value))
        case "review" | "memo":
            return tidy(value)
        case "review_audience":
            return str(value)
        case _:
            return value


def tidy(text: str) -> str:
    """Whatever machine it was typed on; the space that a paragraph begins with stays."""
    lines = [line.rstrip() for line in unicodedata.normalize("NFC", text).splitlines()]
    return without_unseen("\n".join(lines)).strip("\n")
