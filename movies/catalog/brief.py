"""What lists say of a film, whatever holds its columns: the row of a model, or of a list that needs no more than these."""

import datetime
from collections import namedtuple

from django.utils.translation import get_language

from movies.catalog import posters


class InBrief:
    pk: int
    title_ja: str
    title_en: str
    original_title: str
    world_on: datetime.date | None
    world_precision: str
    japan_on: datetime.date | None
    japan_precision: str
    poster_path: str
    changed_at: datetime.datetime

    @property
    def title(self) -> str:
        return self.title_ja or self.original_title if get_language() == "ja" else self.title_en or self.original_title

    @property
    def year(self) -> int | None:
        known_on = self.world_on or self.japan_on
        return known_on.year if known_on else None

    @property
    def poster_version(self) -> str:
        """Changes whenever the drawn poster may: with the film's facts, and with the way we draw."""
        return f"{int(self.changed_at.timestamp()):x}{posters.EDITION}"


NAMES = "pk title_ja title_en original_title japan_on japan_precision world_on world_precision poster_path changed_at"
COLUMNS = NAMES.split()


class FilmRow(InBrief, namedtuple("FilmRow", COLUMNS)):  # type: ignore[misc]  # mypy reads literals only
    """A film in a list: half the cost of a model."""

    __slots__ = ()
