"""How sure the matching of imports is, how often wrong, and how fast, among 100,000 films. By hand:

.venv/bin/pytest -s tests/bench/matching.py

The bundled catalogue is there, and of the films in shared/data/scale beside the project only every other one, so that half
of what is named has no film of ours: whatever is sure of those is wrong.
"""

import gzip
import json
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import cycle, islice, pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection

from movies.catalog.models import Film
from movies.catalog.titles import search_text_of
from movies.imports.formats import registry
from movies.imports.formats.rows import FileRefused, FilmNamed, Options, Row
from movies.imports.likeness import lines
from movies.imports.matching import match, with_lines
from movies.imports.models import Mention
from mymovie.folding import indexable
from tests.factories import UserFactory

PROJECT = Path(__file__).resolve().parent.parent.parent
SHARED = next((folder / "shared" / "data" for folder in PROJECT.parents if (folder / "shared" / "data").is_dir()), None)
FILMS, CHUNK = 100_000, 1000

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(SHARED is None, reason="the titles lie in shared/data beside the project"),
]


@dataclass(frozen=True)
class Named:
    """`truth` is the film's number at IMDb, or at Wikidata where it has none there."""

    said: FilmNamed
    truth: str
    is_ours: bool


def test_matching() -> None:
    call_command("load_catalogue")
    named = films_of_the_world()
    add_to_ours(named)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"\n{Film.objects.count()} films")
    explain([each.said for each in named[:CHUNK]])

    print("by title and year")
    judge([each for each in named if each.said.year])
    print("by Japanese title and year")
    judge(bundled_in_japanese())
    for years in (-1, 1):
        print(f"with a year that is off by {years}")
        judge([off_by(years, each) for each in named if each.said.year][::10])
    for name, said in sorted(real_exports().items()):
        print(f"{name:14} {Counter(outcome(mention) for mention in matched(said, registry.BY_NAME[name].language))}")


def films_of_the_world() -> list[Named]:
    """Each by each title that it has. The bundled ones are all ours."""
    assert SHARED
    with gzip.open(SHARED / "scale" / "film_titles.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file]
    bundled = bundled_ids()
    named = {}
    for row in rows:
        if truth := row["imdb_id"] or row["wikidata_qid"]:
            year = row["year"] if row["year"] and row["year"] > 1873 else None
            is_ours = truth in bundled or zlib.crc32(truth.encode()) % 2 == 0
            named[truth, row["title"], year] = Named(FilmNamed(title=row["title"][:500], year=year), truth, is_ours)
    return list(named.values())


def bundled_ids() -> set[str]:
    return {known_as for film in Film.objects.all() for known_as in (film.imdb_id, film.wikidata_id) if known_as}


def bundled_in_japanese() -> list[Named]:
    films = Film.objects.exclude(title_ja="").exclude(world_on=None).filter(tmdb_id__isnull=False)
    return [Named(FilmNamed(title=film.title_ja, year=film.year), truth_of(film), True) for film in films]


def off_by(years: int, named: Named) -> Named:
    year = (named.said.year or 0) + years
    return Named(FilmNamed(title=named.said.title, year=year), named.truth, named.is_ours)


def add_to_ours(named: list[Named]) -> None:
    """And as many others as make up a hundred thousand, called as nobody calls them."""
    bundled = bundled_ids()
    films: dict[str, list[FilmNamed]] = defaultdict(list)
    for each in named:
        if each.is_ours and each.truth not in bundled:
            films[each.truth].append(each.said)
    missing = FILMS - len(films) - Film.objects.count()
    others = [
        FilmNamed(title=f"{one.said.title} {two.said.title}"[:500], year=one.said.year) for one, two in pairwise(named)
    ]
    Film.objects.bulk_create(made(truth, said) for truth, said in films.items())
    Film.objects.bulk_create(made("", [said]) for said in islice(cycle(others), missing))


def made(truth: str, said: list[FilmNamed]) -> Film:
    year = next((each.year for each in said if each.year), None)
    others = [each.title for each in said[1:]]
    return Film(
        imdb_id=truth if truth.startswith("tt") else None,
        wikidata_id=truth if truth.startswith("Q") else None,
        original_title=said[0].title,
        alternative_titles=others,
        world_on=date(year, 1, 1) if year else None,
        world_precision="year" if year else "",
        search_text=search_text_of(said[0].title, *others),
    )


def explain(named: list[FilmNamed]) -> None:
    titles = {indexable(line) for each in named for line in lines(each)}
    plan = with_lines(titles).explain(analyze=True)
    print("\n".join(line[:110] for line in plan.splitlines()))
    assert "film_by_whole_title" in plan


def judge(named: list[Named]) -> None:
    began = time.monotonic()
    mentions = matched([each.said for each in named], "en")
    took = time.monotonic() - began
    counts: Counter[str] = Counter()
    wrong = []
    for each, mention in zip(named, mentions, strict=True):
        is_wrong = mention.film is not None and truth_of(mention.film) != each.truth and each.truth not in ids(mention)
        if is_wrong:
            wrong.append(f"    {each.said.title} ({each.said.year}, {each.truth}) -> {described(mention.film)}")
        where = "ours" if each.is_ours else "not ours"
        counts[f"{where}: {'WRONG' if is_wrong else outcome(mention)}"] += 1
    for what, count in sorted(counts.items()):
        print(f"  {count:6} {what}")
    print("\n".join(wrong[:40]))
    print(f"  {len(named)} in {took:.1f} s: {took / len(named) * 10_000:.1f} s for 10,000")


def matched(said: Iterable[FilmNamed], language: str) -> list[Mention]:
    mentions = [Mention(key=str(number), named=asdict(each)) for number, each in enumerate(said)]
    owner = UserFactory()
    for start in range(0, len(mentions), CHUNK):
        match(owner, mentions[start : start + CHUNK], language=language)
    return mentions


def outcome(mention: Mention) -> str:
    return "sure" if mention.state == Mention.State.SURE else mention.reason


def truth_of(film: Film) -> str:
    return film.imdb_id or film.wikidata_id or ""


def ids(mention: Mention) -> set[str | None]:
    return {mention.film.imdb_id, mention.film.wikidata_id} if mention.film else set()


def described(film: Film) -> str:
    return f"{film.title_en or film.original_title} ({film.year}, {truth_of(film)})"


def real_exports() -> dict[str, list[FilmNamed]]:
    """What each film is called in files of each format, once."""
    assert SHARED
    named: dict[str, dict[FilmNamed, None]] = defaultdict(dict)
    for path in sorted((SHARED / "exports").rglob("*.*")):
        for name, said in films_in(path):
            named[name][said] = None
    return {name: list(films) for name, films in named.items()}


def films_in(path: Path) -> Iterator[tuple[str, FilmNamed]]:
    with path.open("rb") as file:
        try:
            known = registry.recognise(file)
            if known.asks_columns:
                return
            options = Options(
                zone=ZoneInfo("Asia/Tokyo"),
                part=known.choices[0] if known.choices else "",
                date_order=known.date_order or "mdy",
            )
            for row in registry.read(file, known.format, options):
                if isinstance(row, Row):
                    yield known.format, row.said.film
        except FileRefused:
            return
