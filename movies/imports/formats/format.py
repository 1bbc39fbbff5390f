"""What a format is: the tables and arrays that it comes as, alone or in an archive."""

import re
from dataclasses import dataclass
from re import Pattern

from movies.imports.formats.items import JsonPart
from movies.imports.formats.tables import Part


@dataclass(frozen=True)
class Member:
    """Files of an archive whose whole name is matched by `name`, and how each is read."""

    name: str
    part: Part | JsonPart

    def is_called(self, name: str) -> bool:
        return re.fullmatch(self.name, name) is not None


@dataclass(frozen=True)
class Format:
    """`language`: what its titles are written in, by default, "en" or "ja". `parts` may come alone; `members` come in an
    archive, in the order in which they are read, if a name in it matches each of `known_by`."""

    name: str
    label: str
    language: str
    parts: tuple[Part | JsonPart, ...]
    members: tuple[Member, ...] = ()
    known_by: tuple[str, ...] = ()

    def is_archive_with(self, names: list[str]) -> bool:
        return bool(self.known_by) and all(
            any(_whole(pattern).search(name) for name in names) for pattern in self.known_by
        )


def _whole(pattern: str) -> Pattern[str]:
    """In the archive's root, or in one folder that holds all of it."""
    return re.compile(rf"^(?:[^/]+/)?(?:{pattern})$")
