"""From TMDB's JSON to facts.

Ids, names and the kinds of things must be right, or the answer is `Invalid`; all else may be missing or odd.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from movies.catalog.tmdb.answers import Json
from movies.catalog.tmdb.errors import Invalid
from movies.catalog.tmdb.facts import (
    Configuration,
    FilmFacts,
    FilmSummary,
    FindResult,
    Genre,
    Offer,
    OfferKind,
    Page,
    Person,
    Release,
    ReleaseKind,
    Role,
)

LAST_PAGE = 500  # TMDB counts further, but answers no further
LARGEST_ID = 2**31 - 1
YEARS = range(1870, 2200)  # anybody may write a date at TMDB

# Controls, lone surrogates and what turns the direction of the text around it; line breaks are kept for `prose`.
UNWANTED = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u202e\u2066-\u2069\ufeff]")
HOMES = (("ja", "JP"), ("en", "US"))


def film_page(body: Json) -> Page[FilmSummary]:
    return Page(
        number=_count(body.get("page")),
        results=tuple(_summaries(_objects(body, "results"))),
        pages=min(_count(body.get("total_pages")), LAST_PAGE),
        total=_count(body.get("total_results")),
    )


def changed_ids(body: Json) -> Page[int]:
    """Ids of films that somebody has changed; what is adult is not told apart, as TMDB does not know it of all."""
    return Page(
        number=_count(body.get("page")),
        results=tuple(_id(entry.get("id")) for entry in _objects(body, "results")),
        pages=min(_count(body.get("total_pages")), LAST_PAGE),
        total=_count(body.get("total_results")),
    )


def find_result(body: Json) -> FindResult:
    return FindResult(tuple(_summaries(_objects(body, "movie_results"))))


def film_facts(body: Json, *, language: str) -> FilmFacts:
    """Read a film with all that `Client.film` has appended to it."""
    spoken = language[:2]
    ids = _object(body, "external_ids")
    original_title = _required_line(body.get("original_title"))
    original_language = _code(body.get("original_language"))
    translations = _translations(body)
    titles = {language: line(data.get("title")) or original_title for language, data in translations.items()}
    titles.setdefault(original_language, original_title)
    title = line(body.get("title"))
    if title and title != original_title:  # TMDB falls back to the original
        titles[spoken] = title
    overviews = {language: prose(data.get("overview")) for language, data in translations.items()}
    overviews[spoken] = prose(body.get("overview")) or overviews.get(spoken, "")
    crew = _objects(_object(body, "credits"), "crew")
    watching = _object(_object(_object(body, "watch/providers"), "results"), "JP")
    return FilmFacts(
        tmdb_id=_id(body.get("id")),
        imdb_id=_shaped(r"tt[0-9]{5,10}", ids.get("imdb_id")) or _shaped(r"tt[0-9]{5,10}", body.get("imdb_id")),
        wikidata_id=_shaped(r"Q[1-9][0-9]{0,14}", ids.get("wikidata_id")),
        original_title=original_title,
        original_language=original_language,
        title_ja=titles.get("ja", ""),
        title_en=titles.get("en", ""),
        overview_ja=overviews.get("ja", ""),
        overview_en=overviews.get("en", ""),
        country=_country(body),
        runtime=_runtime(body.get("runtime")),
        genres=genres(body),
        directors=tuple(dict.fromkeys(_person(member) for member in crew if member.get("job") == "Director")),
        cast=_cast(_object(body, "credits")),
        poster_path=_poster(body, spoken),
        releases=releases(_object(body, "release_dates")),
        primary_release_on=_day(body.get("release_date")),
        is_adult=_is_adult(body),
        alternative_titles=_alternative_titles(body),
        offers=_offers(watching),
        watch_link=_shaped(r"https://www\.themoviedb\.org/[!-~]{1,170}", watching.get("link")) or "",
    )


def releases(body: Json) -> tuple[Release, ...]:
    """Each release once, in the order given; kinds and countries that are not of this world are left out."""
    found = (
        Release(
            country=country,
            kind=kind,
            released_on=released_on,
            certification=line(entry.get("certification")),
            note=line(entry.get("note"))[:200],
        )
        for place in _objects(body, "results")
        if (country := _shaped(r"[A-Z]{2}", place.get("iso_3166_1")))
        for entry in _objects(place, "release_dates")
        if (kind := _kind(entry.get("type"))) and (released_on := _day(entry.get("release_date")))
    )
    return tuple(dict.fromkeys(found))


def genres(body: Json) -> tuple[Genre, ...]:
    """A name may be "": TMDB has not translated each into every language."""
    return tuple(Genre(_id(genre.get("id")), line(genre.get("name"))) for genre in _objects(body, "genres"))


def configuration(body: Json) -> Configuration:
    images = _object(body, "images")
    return Configuration(
        images_url=_required_line(images.get("secure_base_url")),
        poster_sizes=tuple(map(line, _list(images, "poster_sizes"))),
        profile_sizes=tuple(map(line, _list(images, "profile_sizes"))),
    )


def line(value: object) -> str:
    return prose(value).replace("\n", " ")


def prose(value: object) -> str:
    """Text that PostgreSQL can store and a page can show, with its line breaks."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(f"text expected, not {type(value).__name__}")
    return UNWANTED.sub("", value.replace("\r\n", "\n").replace("\t", " ")).strip()


def _summaries(entries: Iterable[Json]) -> Iterator[FilmSummary]:
    for entry in entries:
        if entry.get("media_type", "movie") == "movie" and not _is_adult(entry):
            title, original_title = line(entry.get("title")), line(entry.get("original_title"))
            yield FilmSummary(
                tmdb_id=_id(entry.get("id")),
                title=title or _required_line(original_title),
                original_title=original_title or title,
                original_language=_code(entry.get("original_language")),
                overview=prose(entry.get("overview")),
                released_on=_day(entry.get("release_date")),
                poster_path=_path(entry.get("poster_path")),
                genre_ids=tuple(map(_id, _list(entry, "genre_ids"))),
            )


def _translations(body: Json) -> dict[str, Json]:
    """By language; where a language has several, the one of its home country."""
    entries = _objects(_object(body, "translations"), "translations")
    at_home_last = sorted(entries, key=lambda entry: (entry.get("iso_639_1"), entry.get("iso_3166_1")) in HOMES)
    return {_code(entry.get("iso_639_1")): _object(entry, "data") for entry in at_home_last if entry.get("data")}


def _cast(credits: Json) -> tuple[Role, ...]:
    billed = sorted(_objects(credits, "cast"), key=lambda member: _count(member.get("order", 0)))
    return tuple(Role(_person(member), line(member.get("character"))) for member in billed)


def _person(member: Json) -> Person:
    return Person(
        tmdb_id=_id(member.get("id")),
        name=_required_line(member.get("name")),
        original_name=line(member.get("original_name")),
        profile_path=_path(member.get("profile_path")),
    )


def _alternative_titles(body: Json) -> tuple[str, ...]:
    countries = ("JP", _country(body), "US", "GB")
    entries = sorted(
        _objects(_object(body, "alternative_titles"), "titles"),
        key=lambda entry: (*countries, entry.get("iso_3166_1")).index(entry.get("iso_3166_1")),
    )
    return tuple(dict.fromkeys(filter(None, (line(entry.get("title"))[:500] for entry in entries))))


def _offers(watching: Json) -> tuple[Offer, ...]:
    offers = []
    for kind in OfferKind:
        entries = sorted(_objects(watching, kind), key=lambda entry: _count(entry.get("display_priority", 0)))
        offers += [
            Offer(
                kind=kind,
                provider_id=_id(entry.get("provider_id")),
                name=_required_line(entry.get("provider_name"))[:100],
                logo_path=_path(entry.get("logo_path")),
            )
            for entry in entries
        ]
    return tuple(dict.fromkeys(offers))


def _poster(body: Json, spoken: str) -> str:
    """The first poster in our language (TMDB orders them), or the one that TMDB shows."""
    posters = _objects(_object(body, "images"), "posters")
    ours = (_path(poster.get("file_path")) for poster in posters if poster.get("iso_639_1") == spoken)
    return next(filter(None, ours), "") or _path(body.get("poster_path"))


def _country(body: Json) -> str:
    producers = [country.get("iso_3166_1") for country in _objects(body, "production_countries")]
    shaped = (_shaped(r"[A-Z]{2}", country) for country in [*_list(body, "origin_country"), *producers])
    return next(filter(None, shaped), "") or ""


def _is_adult(body: Json) -> bool:
    """`softcore` marks erotic films that TMDB does not call adult."""
    return body.get("adult") is True or body.get("softcore") is True


def _kind(value: object) -> ReleaseKind | None:
    return next((kind for kind in ReleaseKind if kind == value), None)


def _day(value: object) -> date | None:
    """The day as written: TMDB's midnights are in no time zone."""
    try:
        day = date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and day.year in YEARS else None


def _runtime(value: object) -> int | None:
    return value if type(value) is int and 0 < value < 2**15 else None


def _path(value: object) -> str:
    return _shaped(r"/[\w.-]{1,150}", value) or ""


def _code(value: object) -> str:
    return _shaped(r"[a-z]{2,3}", value) or ""


def _shaped(pattern: str, value: object) -> str | None:
    return value if isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII) else None


def _required_line(value: object) -> str:
    if text := line(value):
        return text
    raise Invalid("a name or a title is missing")


def _id(value: object) -> int:
    if type(value) is int and 0 < value <= LARGEST_ID:  # True is an int, too
        return value
    raise Invalid("an id is missing")


def _count(value: object) -> int:
    if type(value) is int and value >= 0:
        return value
    raise Invalid("a number is missing")


def _object(body: Json, key: str) -> Json:
    value = body.get(key)
    if value is None:
        return {}
    if isinstance(value, dict):
        return value
    raise Invalid(f"{key} is not an object")


def _objects(body: Json, key: str) -> list[Json]:
    values = _list(body, key)
    objects = [value for value in values if isinstance(value, dict)]
    if len(objects) < len(values):
        raise Invalid(f"{key} holds something that is not an object")
    return objects


def _list(body: Json, key: str) -> list[object]:
    value = body.get(key)
    if value is None:
        return []
    if isinstance(value, list):
        return value
    raise Invalid(f"{key} is not a list")
