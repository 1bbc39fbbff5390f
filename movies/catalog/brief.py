"""What lists say of a film, whatever holds its columns: the row of a model, or of a list that needs no more than these."""

import datetime
from collections import namedtuple
from operator import attrgetter

from django.utils.text import slugify
from django.utils.translation import get_language

from movies.catalog import posters
from mymovie.addresses import address


class InBrief:
    pk: int
    title_ja: str
    title_en: str
    original_title: str
    original_language: str
    country: str
    world_on: datetime.date | None
    world_precision: str
    japan_on: datetime.date | None
    japan_precision: str
    poster_path: str
    changed_at: datetime.datetime

    def titles_in(self, language: str | None) -> tuple[str, str, str]:
        """Its title, the one to stand beneath it, "" when that would say the same again, and the language of that."""
        titles = [("ja", self.title_ja), ("en", self.title_en)]
        (_language, title), (other_language, other) = titles if language == "ja" else reversed(titles)
        title = title or self.original_title
        if not other:
            other, other_language = self.original_title, self.original_language
        return title, "" if other == title else other, other_language

    @property
    def title(self) -> str:
        return self.titles_in(get_language())[0]

    @property
    def other_title(self) -> str:
        return self.titles_in(get_language())[1]

    @property
    def other_title_language(self) -> str:
        return self.titles_in(get_language())[2]

    @property
    def slug(self) -> str:
        """Words for the address, the same in each language, and without meaning to us: the id finds the film."""
        return slugify(self.title_en or self.original_title, allow_unicode=True)[:80].strip("-_") or "film"

    def get_absolute_url(self) -> str:
        return address("film", pk=self.pk, slug=self.slug)

    @property
    def year(self) -> int | None:
        known_on = self.world_on or self.japan_on
        return known_on.year if known_on else None

    @property
    def poster_version(self) -> str:
        """Changes whenever the drawn poster may: with the film's facts, and with the way we draw."""
        return f"{int(self.changed_at.timestamp()):x}{posters.EDITION}"


NAMES = """pk title_ja title_en original_title original_language country japan_on japan_precision world_on world_precision
poster_path changed_at"""
COLUMNS = NAMES.split()


class FilmRow(InBrief, namedtuple("FilmRow", COLUMNS)):  # type: ignore[misc]  # mypy reads literals only
    """A film in a list: half the cost of a model."""

    __slots__ = ()


def row_of(film: InBrief) -> FilmRow:
    return film if isinstance(film, FilmRow) else FilmRow._make(_columns_of(film))


_columns_of = attrgetter(*COLUMNS)
