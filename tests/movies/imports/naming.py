"""Films as files name them, and as we have them, for tests."""

import datetime
from dataclasses import asdict

from movies.catalog.models import Film
from movies.catalog.titles import search_text_of
from movies.imports.formats.rows import FilmNamed
from movies.imports.models import Mention
from tests.factories import CreditFactory, FilmFactory


def mention(title: str = "", year: int | None = None, *, key: str = "", **said: object) -> Mention:
    return Mention(key=key, named=asdict(FilmNamed(title=title, year=year, **said)))


def film(title_en: str = "", year: int | None = None, *, directors: tuple[str, ...] = (), **facts: object) -> Film:
    """It came out in the middle of that year."""
    if year:
        facts |= {"world_on": datetime.date(year, 7, 1), "world_precision": "day"}
    titles = {"title_ja": "", "title_en": title_en, "original_title": title_en or facts.get("title_ja", "")} | facts
    others, reading = titles.get("alternative_titles", []), titles.get("title_kana", "")
    named = (titles["title_ja"], titles["original_title"], titles["title_en"], *others)
    made = FilmFactory(**titles, search_text=search_text_of(*named, reading=reading))
    for name in directors:
        CreditFactory(film=made, person__name=name)
    return made
