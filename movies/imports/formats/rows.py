"""What a file of another film log says, row by row."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

LONGEST_TITLE = 500


class FileRefused(Exception):
    """The file as a whole cannot be read. `code` is one of `refusals.WORDS`."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.code, self.about = code, about


class RowRefused(Exception):
    """A row cannot be taken: which column, and why (one of `refusals.WORDS`). What stands there is looked up by whoever
    catches it."""

    def __init__(self, code: str, column: str = "", about: str = "") -> None:
        super().__init__(code)
        self.code, self.column, self.about = code, column, about


@dataclass(frozen=True, slots=True)
class FilmNamed:
    """A film, as a file names it."""

    title: str = ""
    original_title: str = ""
    year: int | None = None
    year_slack: int = 0
    """How many years that may be off, where it is another kind of year than ours."""
    tmdb_id: int | None = None
    imdb_id: str = ""
    directors: tuple[str, ...] = ()
    address: str = ""
    """The film's page at the service; empty where only a viewing has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a row says of a film. A row may say several things at once; a watchlist's says `is_wished` alone."""

    film: FilmNamed
    is_seen: bool = False
    """That it was seen, once or more often, whenever that was."""
    is_viewing: bool = False
    """That the row is one time it was seen; implies `is_seen`."""
    watched_on: datetime.date | None = None
    is_again: bool = False
    """That it had been seen before that viewing."""
    viewing_key: str = ""
    """By which the service knows the viewing: rows with the same are about the same one."""
    score: int | None = None
    """0 to 100. Of a viewing, where the row is one; else of the film."""
    viewing_score: int | None = None
    """Of that viewing alone: the film itself need not have one."""
    review: str = ""
    has_spoilers: bool = False
    review_audience: str = ""
    """Who reads it, where the file says that in our words."""
    reviewed_at: datetime.datetime | None = None
    """When it was written, where the file tells that apart from `noted_at`, as those do that say who reads it; aware."""
    memo: str = ""
    """Words that were never public."""
    tags: tuple[str, ...] = ()
    is_liked: bool = False
    is_wished: bool = False
    list_name: str = ""
    """Of the list that the film stands on; such a row seldom says more."""
    list_description: str = ""
    list_position: int | None = None
    list_note: str = ""
    visibility: str = ""
    """Who may see it, where that is one of ours."""
    noted_at: datetime.datetime | None = None
    """When it was written down at the service; aware. A day alone is its noon, UTC."""


@dataclass(frozen=True, slots=True)
class Row:
    """`file` is its name within an archive, "" where it is alone; `line` the line on which it begins, the first being 1, or
    the number of the item in a JSON array; `part` names what read it (see `tables.Part`); `raw` are the file's own words."""

    file: str
    line: int
    part: str
    raw: Mapping[str, str]
    said: Said


@dataclass(frozen=True, slots=True)
class BadRow:
    file: str
    line: int
    part: str
    raw: Mapping[str, str]
    code: str
    column: str = ""
    value: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True)
class Options:
    """What the file does not say itself. Its owner's time zone tells on which day a moment fell."""

    zone: ZoneInfo
    part: str = ""
    """Which of the parts with the same heading it is (see `registry.Recognised.choices`)."""
    date_order: str = ""
    """"ymd", "mdy" or "dmy", where dates may be read in several ways."""
    list_name: str = ""
    """What a list is called whose file does not say it."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Of a plain CSV: the heading of each of its columns, by what we call it (see `plain.FIELDS`)."""
