"""What TMDB really sent, kept beside the project and not in it: every body of a kind that we read is read right."""

import json
from pathlib import Path
from typing import Any

import pytest

from movies.catalog import tmdb
from movies.catalog.tmdb import reading
from movies.catalog.tmdb.answers import Answer, understand

PROJECT = Path(__file__).parents[3]
FOLDERS = (
    folder / "shared" / "data" / "tmdb" for folder in PROJECT.parents if (folder / "shared" / "data" / "tmdb").is_dir()
)
DATA = next(FOLDERS, None)

if DATA is None:
    pytest.skip("the recorded answers lie in shared/data/tmdb beside the project", allow_module_level=True)


def recorded(*patterns: str) -> list[Any]:
    paths = sorted(path for pattern in patterns for path in DATA.glob(pattern))
    assert paths, f"nothing recorded as {patterns}"
    return [pytest.param(json.loads(path.read_text()), id=path.stem[:60]) for path in paths]


def days(body: dict[str, Any], country: str, kind: int) -> list[str]:
    return sorted(
        each["release_date"][:10]
        for place in body["results"]
        if place["iso_3166_1"] == country
        for each in place["release_dates"]
        if each["type"] == kind
    )


def shown(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The films among `items` that may be shown."""
    return [
        item for item in items if "title" in item and not item.get("adult", False) and not item.get("softcore", False)
    ]


def assert_same_film(film: tmdb.FilmSummary, item: dict[str, Any]) -> None:
    assert film.tmdb_id == item["id"]
    assert film.title == item["title"].strip()
    assert film.original_title == item["original_title"].strip()
    assert film.original_language == item["original_language"]
    assert film.overview.split() == item["overview"].split()
    assert (f"{film.released_on}" if film.released_on else "") == item.get("release_date", "")
    assert film.poster_path == (item.get("poster_path") or "")
    assert list(film.genre_ids) == item.get("genre_ids", [])


@pytest.mark.parametrize(
    "body",
    recorded(
        *(
            f"recorded/{kind}/*.json"
            for kind in ("search_movie", "search_empty", "movie_upcoming", "movie_now_playing", "movie_popular",
                         "movie_top_rated", "discover_movie")
        ),
        "constructed/search_movie_*.json",
        "constructed/movie_now_playing_*.json",
    ),
)  # fmt: skip
def test_a_list(body: dict[str, Any]) -> None:
    page = reading.film_page(body)

    assert (page.number, page.total) == (body["page"], body["total_results"])
    assert page.pages == (500 if body["total_pages"] > 500 else body["total_pages"])
    for film, item in zip(page.results, shown(body["results"]), strict=True):
        assert_same_film(film, item)


@pytest.mark.parametrize("body", recorded("recorded/find/*.json"))
def test_a_find(body: dict[str, Any]) -> None:
    films = reading.find_result(body).films

    for film, item in zip(films, shown(body["movie_results"]), strict=True):
        assert_same_film(film, item)


@pytest.mark.parametrize("body", recorded("recorded/movie_details/*.json", "constructed/movie_129_*.json"))
def test_a_film(body: dict[str, Any]) -> None:
    film = reading.film_facts(body, language="ja-JP")

    assert film.tmdb_id == body["id"]
    assert film.imdb_id == body["imdb_id"]
    assert film.wikidata_id == body.get("external_ids", {}).get("wikidata_id")
    assert film.original_title == body["original_title"]
    assert film.original_language == body["original_language"]
    assert film.runtime == (body["runtime"] or None)
    assert film.overview_ja.split() == body["overview"].split()
    assert [(genre.tmdb_id, genre.name) for genre in film.genres] == [(g["id"], g["name"]) for g in body["genres"]]
    assert f"{film.primary_release_on}" == body["release_date"]
    assert film.is_adult is (body["adult"] or body.get("softcore", False))


@pytest.mark.parametrize("body", recorded("recorded/movie_details/*.json", "constructed/movie_129_*.json"))
def test_the_people_of_a_film(body: dict[str, Any]) -> None:
    credits = body.get("credits", {"cast": [], "crew": []})

    film = reading.film_facts(body, language="ja-JP")

    assert {person.tmdb_id for person in film.directors} == {
        member["id"] for member in credits["crew"] if member["job"] == "Director"
    }
    assert [role.character for role in film.cast] == [
        member["character"].strip() for member in sorted(credits["cast"], key=lambda member: member["order"])
    ]
    assert {(role.person.name, role.person.profile_path) for role in film.cast} == {
        (member["name"].strip(), member["profile_path"] or "") for member in credits["cast"]
    }


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(each.values[0].get("release_dates", each.values[0]), id=each.id)
        for each in recorded(
            "recorded/movie_release_dates/*.json", "recorded/movie_details/*.json", "constructed/movie_129_*"
        )
        if "release_dates" in each.values[0] or "results" in each.values[0]
    ],
)
def test_the_release_dates_of_a_film(body: dict[str, Any]) -> None:
    releases = reading.releases(body)

    assert {
        (each.country, each.kind.value, f"{each.released_on}", each.note, each.certification) for each in releases
    } == {
        (
            place["iso_3166_1"],
            each["type"],
            each["release_date"][:10],
            each.get("note", "").strip(),
            each["certification"].strip(),
        )
        for place in body["results"]
        for each in place["release_dates"]
    }
    japanese = days(body, "JP", 3) or days(body, "JP", 2) or ["None"]
    assert f"{tmdb.japan_release(releases)}" == japanese[0]
    anywhere = [day for place in body["results"] for kind in (2, 3) for day in days(body, place["iso_3166_1"], kind)]
    assert f"{tmdb.world_release(releases, primary_on=None)}" == min(anywhere)


@pytest.mark.parametrize(
    ("file", "japan_on", "world_on"),
    [
        ("recorded/movie_details/php-tmdb__Movie_movie.json", "2002-03-02", "2001-12-18"),
        ("recorded/movie_details/movie_550__append*.json", "1999-12-11", "1999-10-15"),
        ("constructed/movie_129_ja_full_append.json", "2001-07-20", "2001-07-20"),
    ],
)
def test_when_a_film_came_out(file: str, japan_on: str, world_on: str) -> None:
    (path,) = DATA.glob(file)

    film = reading.film_facts(json.loads(path.read_text()), language="ja-JP")

    assert (f"{film.japan_on}", f"{film.world_on}") == (japan_on, world_on)


@pytest.mark.parametrize("body", recorded("recorded/movie_alternative_titles/*.json"))
def test_what_else_a_film_is_called(body: dict[str, Any]) -> None:
    film = reading.film_facts({"id": 1, "original_title": "X", "alternative_titles": body}, language="ja-JP")

    assert set(film.alternative_titles) == {each["title"].strip() for each in body["titles"]}


@pytest.mark.parametrize("body", recorded("recorded/movie_watch_providers/movie_*.json"))
def test_where_a_film_can_be_watched(body: dict[str, Any]) -> None:
    film = reading.film_facts({"id": 1, "original_title": "X", "watch/providers": body}, language="ja-JP")

    japan = body["results"].get("JP", {})
    assert {(str(offer.kind), offer.provider_id, offer.name, offer.logo_path) for offer in film.offers} == {
        (kind, each["provider_id"], each["provider_name"].strip(), each["logo_path"])
        for kind in japan
        if kind != "link"
        for each in japan[kind]
    }
    assert film.watch_link == japan.get("link", "")


@pytest.mark.parametrize("body", recorded("recorded/movie_changes/movie_changes__*.json"))
def test_a_page_of_changes(body: dict[str, Any]) -> None:
    page = reading.changed_ids(body)

    assert list(page.results) == [each["id"] for each in body["results"]]
    assert page.total == body["total_results"]


@pytest.mark.parametrize("body", recorded("recorded/movie_translations/*.json"))
def test_the_translations_of_a_film(body: dict[str, Any]) -> None:
    film = reading.film_facts(
        {"id": 1, "original_title": "Original", "original_language": "xx", "translations": body}, language="ja-JP"
    )

    for language, title, overview in (("ja", film.title_ja, film.overview_ja), ("en", film.title_en, film.overview_en)):
        country = {"ja": "JP", "en": "US"}[language]
        data = [
            each["data"]
            for each in body["translations"]
            if (each["iso_639_1"], each["iso_3166_1"]) == (language, country)
        ]
        assert [title] == ([each["title"] or "Original" for each in data] or [""])
        assert [overview.split()] == ([each["overview"].split() for each in data] or [[]])


@pytest.mark.parametrize("body", recorded("recorded/genre_movie_list/*.json"))
def test_the_genres(body: dict[str, Any]) -> None:
    assert {genre.tmdb_id: genre.name for genre in reading.genres(body)} == {
        genre["id"]: genre["name"] for genre in body["genres"]
    }


@pytest.mark.parametrize("body", recorded("recorded/configuration/*.json"))
def test_the_configuration(body: dict[str, Any]) -> None:
    configuration = reading.configuration(body)

    assert configuration.images_url == body["images"]["secure_base_url"]
    assert list(configuration.poster_sizes) == body["images"]["poster_sizes"]
    assert list(configuration.profile_sizes) == body["images"]["profile_sizes"]


KINDS = {
    400: tmdb.Invalid,
    401: tmdb.BadKey,
    404: tmdb.NotFound,
    422: tmdb.Invalid,
    429: tmdb.RateLimited,
    500: tmdb.Unavailable,
    502: tmdb.Unavailable,
    503: tmdb.Unavailable,
    504: tmdb.Unavailable,
}


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.stem)
        for path in sorted([*DATA.glob("recorded/error_*/*.json"), *DATA.glob("constructed/error_*")])
    ],
)
def test_an_error(path: Path) -> None:
    named = path.name if path.parent.name == "constructed" else path.parent.name
    status = int(named.split("_")[1].removesuffix(".json"))

    with pytest.raises(tmdb.TmdbError) as caught:
        understand(Answer(status, retry_after="", body=path.read_bytes()), now=0)

    assert type(caught.value) is KINDS[status]
