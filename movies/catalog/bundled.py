"""The catalogue that comes with the project: facts of some two thousand films, so that nobody starts with an empty site.

data/README.md tells what a line holds and where it comes from.
"""

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal, NotRequired, TypedDict

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from movies.catalog.facts import one_writer_at_a_time
from movies.catalog.models import Credit, Film, Genre, Person, Precision, ReleaseDate
from movies.catalog.openings import heed
from movies.catalog.titles import reading_of, search_text_of

FILE = Path(__file__).parent / "data" / "films.jsonl"

GENRES = [
    (12, "アドベンチャー", "Adventure"),
    (14, "ファンタジー", "Fantasy"),
    (16, "アニメーション", "Animation"),
    (18, "ドラマ", "Drama"),
    (27, "ホラー", "Horror"),
    (28, "アクション", "Action"),
    (35, "コメディ", "Comedy"),
    (36, "歴史", "History"),
    (37, "西部劇", "Western"),
    (53, "スリラー", "Thriller"),
    (80, "犯罪", "Crime"),
    (99, "ドキュメンタリー", "Documentary"),
    (878, "サイエンスフィクション", "Science Fiction"),
    (9648, "謎", "Mystery"),
    (10402, "音楽", "Music"),
    (10749, "ロマンス", "Romance"),
    (10751, "ファミリー", "Family"),
    (10752, "戦争", "War"),
    (10770, "テレビ映画", "TV Movie"),
]
IDS: tuple[Literal["imdb_id", "tmdb_id", "wikidata_id"], ...] = ("imdb_id", "tmdb_id", "wikidata_id")
PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


class Director(TypedDict):
    name: str
    name_ja: NotRequired[str]


class Line(TypedDict):
    imdb_id: str
    tmdb_id: NotRequired[int]
    wikidata_id: NotRequired[str]
    original_title: str
    original_language: NotRequired[str]
    title_ja: str
    title_kana: NotRequired[str]
    title_en: str
    country: NotRequired[str]
    world_on: str
    japan_on: NotRequired[str]
    runtime: NotRequired[int]
    genres: NotRequired[list[int]]
    directors: NotRequired[list[Director]]
    fame: NotRequired[int]
    unverified: NotRequired[list[str]]


@transaction.atomic
def load(file: Path, *, is_anew: bool = False) -> list[Film]:
    """Bring such a file into the database, unless this very one was the last to be, or it `is_anew`; what TMDB has told
    stays.

    Returns the films that were there before and have changed.
    """
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if _is_loaded(digest) and not is_anew:
        return []
    one_writer_at_a_time()
    lines = _lines(content)
    genres = [Genre(id=pk, name_ja=name_ja, name_en=name_en) for pk, name_ja, name_en in GENRES]
    Genre.objects.bulk_create(genres, update_conflicts=True, unique_fields=["id"], update_fields=["name_ja", "name_en"])
    filled = [(film, line) for film, line in _matched(lines) if film.facts_fetched_at is None]
    announced = _announced(film for film, _line in filled)
    changed = [film for film, line in filled if _fill(film, line, announced[film.pk])]
    updated = {film.pk for film in changed if film.pk}
    columns = [field.name for field in Film._meta.concrete_fields if not field.primary_key]
    Film.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=columns)
    parted = _set_genres(filled) | _set_directors(filled)
    Film.objects.filter(pk__in=parted).update(changed_at=timezone.now())  # drawn posters show both
    _remember(digest)
    return [film for film, _line in filled if film.pk in updated | parted]


def japan_day_of(film: Film) -> tuple[datetime.date | None, str]:
    """日本公開日 as the bundled catalogue has it, with its precision."""
    for _film, line in lines_of([film]):
        return _date(line.get("japan_on", ""))
    return None, ""


def lines_of(films: Iterable[Film]) -> list[tuple[Film, Line]]:
    """Those of `films` that the bundled catalogue has, with what it says of them; nobody else has the same line."""
    lines = _lines_by_id(FILE)
    found: dict[str, tuple[Film, Line]] = {}
    for film in films:
        ids = ((name, getattr(film, name)) for name in IDS)
        if line := next((lines[known_as] for known_as in ids if known_as in lines), None):
            found.setdefault(line["imdb_id"], (film, line))
    return list(found.values())


def fill_again(known: list[tuple[Film, Line]]) -> None:
    """Give films their bundled facts back, in the caller's transaction. The films' own columns are the caller's to save."""
    announced = _announced(film for film, _line in known)
    for film, line in known:
        film.imdb_id = line["imdb_id"] if film.imdb_id == line["imdb_id"] else None
        film.wikidata_id = film.wikidata_id if film.wikidata_id == line.get("wikidata_id") else None
        _fill(film, line, announced[film.pk])
    _set_genres(known)
    _set_directors(known)


@lru_cache(maxsize=1)
def _lines_by_id(file: Path) -> dict[tuple[str, str | int], Line]:
    """Read once: a file that announces hundreds of days asks for each of them, while nobody else may write films."""
    return {(name, line[name]): line for line in _lines(file.read_bytes()) for name in IDS if name in line}


def _lines(content: bytes) -> list[Line]:
    return [json.loads(line) for line in content.splitlines()]


def _is_loaded(digest: str) -> bool:
    """The last file's digest is the comment on the table of films: it is copied, restored and dropped with it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT obj_description(%s::regclass, 'pg_class') = %s AND EXISTS (SELECT FROM {_TABLE})",  # noqa: S608
            [_TABLE, digest],
        )
        return bool(cursor.fetchone()[0])


def _remember(digest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE {_TABLE} IS %s", [digest])


_TABLE = Film._meta.db_table


def _matched(lines: Iterable[Line]) -> list[tuple[Film, Line]]:
    """Each line with its film, or a new one; an id that another film holds is left to it."""
    lines = list(lines)
    known: dict[object, Film] = {}
    wanted = Q()
    for name in IDS:
        wanted |= Q(**{f"{name}__in": [line[name] for line in lines if name in line]})
    for film in Film.objects.filter(wanted):
        known |= {film.wikidata_id: film, film.tmdb_id: film, film.imdb_id: film}
    known.pop(None, None)
    matched = []
    for line in lines:
        ids = {name: line.get(name) for name in IDS}
        film = next((known[known_as] for known_as in ids.values() if known_as in known), None) or Film()
        for name, known_as in ids.items():
            if known_as is not None and known.setdefault(known_as, film) is film and getattr(film, name) is None:
                setattr(film, name, known_as)
        matched.append((film, line))
    return matched


def _announced(films: Iterable[Film]) -> defaultdict[int, list[ReleaseDate]]:
    """What distributors say, by the films' keys."""
    releases = ReleaseDate.objects.filter(
        film__in=[film.pk for film in films if film.pk], source=ReleaseDate.Source.DISTRIBUTOR
    )
    announced = defaultdict(list)
    for release in releases:
        announced[release.film_id].append(release)
    return announced


def _fill(film: Film, line: Line, announced: list[ReleaseDate]) -> bool:
    """Whether that changed the film."""
    world_on, world_precision = _date(line["world_on"])
    japan_on, japan_precision = _date(line.get("japan_on", ""))
    title_kana = line.get("title_kana") or reading_of(line["title_ja"])
    facts = {
        "original_title": line["original_title"],
        "original_language": line.get("original_language", ""),
        "title_ja": line["title_ja"],
        "title_en": line["title_en"],
        "title_kana": title_kana,
        "country": line.get("country", ""),
        "runtime": line.get("runtime"),
        "world_on": world_on,
        "world_precision": world_precision,
        "japan_on": japan_on,
        "japan_precision": japan_precision,
        "fame": line.get("fame", 0),
        "unverified": line.get("unverified", []),
        "search_text": search_text_of(line["title_ja"], line["original_title"], line["title_en"], reading=title_kana),
    }
    was = {name: getattr(film, name) for name in facts}
    for name, fact in facts.items():
        setattr(film, name, fact)
    heed(film, announced)
    return film.pk is None or any(getattr(film, name) != fact for name, fact in was.items())


def _date(written: str) -> tuple[datetime.date | None, str]:
    """What stands in the data is as long as it is known: a year, a month of it, or a day."""
    if not written:
        return None, ""
    return datetime.date.fromisoformat(f"{written}-01-01"[:10]), PRECISIONS[len(written)]


def _set_genres(filled: list[tuple[Film, Line]]) -> set[int]:
    """The films whose genres changed, by their keys."""
    wanted = {(film.pk, genre) for film, line in filled for genre in line.get("genres", [])}
    rows = Film.genres.through.objects.filter(film__in=[film.pk for film, _line in filled])
    kept = {(film, genre): pk for pk, film, genre in rows.values_list("pk", "film_id", "genre_id")}
    rows.filter(pk__in=[pk for pair, pk in kept.items() if pair not in wanted]).delete()
    rows.bulk_create(rows.model(film_id=film, genre_id=genre) for film, genre in sorted(wanted - kept.keys()))
    return {film for film, _genre in wanted ^ kept.keys()}


def _set_directors(filled: list[tuple[Film, Line]]) -> set[int]:
    """The films whose directors changed, by their keys. Directors of one name are one person here; the catalogue names
    nobody twice."""
    names = {
        director["name"]: director.get("name_ja", "")
        for _film, line in filled
        for director in line.get("directors", [])
    }
    directors = Person.objects.filter(name__in=names, credits__job=Credit.Job.DIRECTOR)
    people = {person.name: person for person in directors.distinct().order_by("-pk")}
    new = [Person(name=name, name_ja=name_ja) for name, name_ja in names.items() if name not in people]
    people |= {person.name: person for person in Person.objects.bulk_create(new)}

    credits = Credit.objects.filter(film__in=[film.pk for film, _line in filled])
    kept = defaultdict(list)
    for film, name in credits.order_by("film", "position", "pk").values_list("film_id", "person__name"):
        kept[film].append(name)
    wanted = {film.pk: [director["name"] for director in line.get("directors", [])] for film, line in filled}
    changed = {film: directed_by for film, directed_by in wanted.items() if directed_by != kept[film]}
    credits.filter(film__in=changed).delete()
    Credit.objects.bulk_create(
        Credit(film_id=film, person=people[name], job=Credit.Job.DIRECTOR, position=position)
        for film, directed_by in changed.items()
        for position, name in enumerate(directed_by)
    )
    return set(changed)
