import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from movies.catalog import tmdb
from movies.catalog.tmdb import reading
from movies.catalog.tmdb.facts import (
    Genre,
    Offer,
    OfferKind,
    Person,
    Release,
    ReleaseKind,
    Role,
    japan_release,
    world_release,
)

FIXTURES = Path(__file__).parents[2] / "fixtures" / "tmdb"


def body_of(name: str, **changes: object) -> dict[str, Any]:
    return {**json.loads((FIXTURES / f"{name}.json").read_text()), **changes}


def page_of(*items: dict[str, object]) -> dict[str, Any]:
    return {"page": 1, "results": [*items], "total_pages": 1, "total_results": len(items)}


def item(**changes: object) -> dict[str, object]:
    return {"id": 1, "title": "題", "original_title": "Title", "original_language": "en", **changes}


def release(day: str, kind: int, country: str = "JP") -> Release:
    return Release(country, ReleaseKind(kind), date.fromisoformat(day), certification="", note="")


class TestAFilm:
    def test_is_read_with_all_that_we_asked_for(self) -> None:
        film = reading.film_facts(body_of("movie_129"), language="ja-JP")

        assert (film.tmdb_id, film.imdb_id, film.wikidata_id) == (129, "tt0245429", "Q155653")
        assert (film.original_title, film.original_language, film.country) == ("千と千尋の神隠し", "ja", "JP")
        assert (film.title_ja, film.title_en) == ("千と千尋の神隠し", "Spirited Away")
        assert film.overview_ja == "トンネルのむこうは、不思議の町でした。"
        assert film.overview_en.startswith("A young girl wanders")
        assert film.runtime == 125
        assert film.genres == (Genre(16, "アニメーション"), Genre(10751, "ファミリー"), Genre(14, "ファンタジー"))
        assert not film.is_adult

    def test_names_each_director_once_and_the_cast_as_billed(self) -> None:
        film = reading.film_facts(body_of("movie_129"), language="ja-JP")

        assert film.directors == (Person(608, "Hayao Miyazaki", "宮崎駿", ""),)
        assert film.cast == (
            Role(Person(19587, "Rumi Hiiragi", "柊瑠美", ""), "Chihiro Ogino / Sen (voice)"),
            Role(Person(19588, "Miyu Irino", "入野自由", ""), "Haku (voice)"),
        )

    def test_has_each_release_once_with_its_certification_trimmed(self) -> None:
        film = reading.film_facts(body_of("movie_129"), language="ja-JP")

        assert [(each.country, each.kind, f"{each.released_on}") for each in film.releases] == [
            ("JP", ReleaseKind.PREMIERE, "2001-07-10"),
            ("JP", ReleaseKind.THEATRICAL, "2001-07-20"),
            ("JP", ReleaseKind.PHYSICAL, "2002-07-19"),
            ("US", ReleaseKind.LIMITED, "2002-09-20"),
        ]
        assert [each.certification for each in film.releases] == ["G", "G", "G", "PG"]
        assert film.releases[2].note == "DVD"

    def test_tells_what_else_it_is_called_japan_first_and_each_once(self) -> None:
        film = reading.film_facts(body_of("movie_129"), language="ja-JP")

        assert film.alternative_titles == ("千と千尋", "Sen and Chihiro's Spiriting Away", "Le Voyage de Chihiro")

    def test_is_called_first_as_in_japan_at_home_and_in_english(self) -> None:
        titles = [{"iso_3166_1": country, "title": country} for country in ("AA", "GB", "US", "FR", "JP")]
        body = body_of("movie_129", origin_country=["FR"], alternative_titles={"titles": [*titles, {"title": "-"}]})

        film = reading.film_facts(body, language="ja-JP")

        assert film.alternative_titles == ("JP", "FR", "US", "GB", "AA", "-")

    def test_tells_where_it_can_be_watched_in_japan_the_prominent_first(self) -> None:
        film = reading.film_facts(body_of("movie_129"), language="ja-JP")

        assert film.offers == (
            Offer(OfferKind.FLATRATE, 84, "U-NEXT", "/unext.jpg"),
            Offer(OfferKind.RENT, 84, "U-NEXT", "/unext.jpg"),
            Offer(OfferKind.RENT, 2, "Apple TV Store", "/apple.jpg"),
            Offer(OfferKind.BUY, 2, "Apple TV Store", "/apple.jpg"),
        )
        assert film.watch_link == "https://www.themoviedb.org/movie/129-spirited-away/watch?locale=JP"

    @pytest.mark.parametrize(
        "link",
        [
            "http://www.themoviedb.org/x",
            "https://evil.example/",
            "javascript:alert(1)",
            "https://www.themoviedb.org/a b",
            None,
            5,
        ],
    )
    def test_leads_nowhere_but_to_tmdb(self, link: object) -> None:
        body = body_of("movie_129", **{"watch/providers": {"results": {"JP": {"link": link}}}})

        assert reading.film_facts(body, language="ja-JP").watch_link == ""

    def test_comes_out_digitally_in_japan_on_the_first_such_day(self) -> None:
        days = [{"type": 4, "release_date": f"{day}T00:00:00.000Z"} for day in ("2026-12-05", "2026-12-04")]
        places = [{"iso_3166_1": "US", "release_dates": [{"type": 4, "release_date": "2026-01-01"}]}]
        body = body_of("movie_129", release_dates={"results": [{"iso_3166_1": "JP", "release_dates": days}, *places]})

        assert reading.film_facts(body, language="ja-JP").digital_on == date(2026, 12, 4)

    def test_of_japan_did_not_keep_japan_waiting(self) -> None:
        film = reading.film_facts(body_of("movie_129"), language="ja-JP")

        assert film.japan_on == film.world_on == date(2001, 7, 20)

    def test_from_abroad_came_to_japan_later(self) -> None:
        film = reading.film_facts(body_of("movie_550"), language="ja-JP")

        assert (film.world_on, film.japan_on) == (date(1999, 10, 15), date(1999, 12, 11))

    @pytest.mark.parametrize(("language", "poster"), [("ja-JP", "/japanese.jpg"), ("en-US", "/english.jpg")])
    def test_shows_the_first_poster_in_our_language(self, language: str, poster: str) -> None:
        film = reading.film_facts(body_of("movie_129"), language=language)

        assert film.poster_path == poster

    def test_without_a_poster_in_our_language_shows_tmdbs(self) -> None:
        film = reading.film_facts(body_of("movie_129"), language="fr-FR")

        assert film.poster_path == "/39wmItIWsg5sZMyRUHLkWBcuVCM.jpg"

    def test_without_a_japanese_translation_takes_the_title_that_tmdb_shows_in_japanese(self) -> None:
        film = reading.film_facts(body_of("movie_550"), language="ja-JP")

        assert (film.title_ja, film.title_en) == ("ファイト・クラブ", "Fight Club")

    def test_that_falls_back_to_its_original_title_has_no_japanese_one(self) -> None:
        film = reading.film_facts(body_of("movie_550", title="Fight Club"), language="ja-JP")

        assert film.title_ja == ""

    def test_with_an_empty_translated_title_is_called_as_in_the_original(self) -> None:
        translation = {"iso_639_1": "en", "iso_3166_1": "US", "data": {"title": "", "overview": "x"}}
        body = body_of("movie_129", translations={"translations": [translation]})

        assert reading.film_facts(body, language="ja-JP").title_en == "千と千尋の神隠し"

    def test_with_two_english_translations_takes_the_american(self) -> None:
        american = {"iso_639_1": "en", "iso_3166_1": "US", "data": {"title": "American"}}
        british = {"iso_639_1": "en", "iso_3166_1": "GB", "data": {"title": "British"}}
        body = body_of("movie_129", translations={"translations": [american, british]})

        assert reading.film_facts(body, language="ja-JP").title_en == "American"

    def test_of_which_nothing_is_known_but_its_name_is_read(self) -> None:
        film = reading.film_facts({"id": 7, "original_title": "無題"}, language="ja-JP")

        assert (film.imdb_id, film.wikidata_id, film.runtime, film.japan_on, film.world_on) == (None,) * 5
        assert (film.directors, film.cast, film.releases, film.genres) == ((),) * 4
        assert (film.alternative_titles, film.offers, film.watch_link, film.digital_on) == ((), (), "", None)
        assert (film.poster_path, film.country, film.title_ja, film.overview_ja) == ("",) * 4

    @pytest.mark.parametrize("runtime", [0, None, -5, True, 10**9, "125"])
    def test_with_no_credible_runtime_has_none(self, runtime: object) -> None:
        assert reading.film_facts(body_of("movie_129", runtime=runtime), language="ja-JP").runtime is None

    @pytest.mark.parametrize("imdb_id", ["", None, "nm0000001", "tt1", "tt0245429 "])
    def test_keeps_no_imdb_id_of_another_form(self, imdb_id: object) -> None:
        body = body_of("movie_129", imdb_id=imdb_id, external_ids={"imdb_id": imdb_id})

        assert reading.film_facts(body, language="ja-JP").imdb_id is None

    @pytest.mark.parametrize("path", ["//evil.example/x.jpg", "/a b.jpg", "x.jpg", "/../x.jpg?", "", None, 5])
    def test_keeps_no_image_path_of_another_form(self, path: object) -> None:
        body = body_of("movie_129", poster_path=path, images={})

        assert reading.film_facts(body, language="ja-JP").poster_path == ""

    @pytest.mark.parametrize("mark", ["adult", "softcore"])
    def test_marked_by_tmdb_is_adult(self, mark: str) -> None:
        assert reading.film_facts(body_of("movie_129", **{mark: True}), language="ja-JP").is_adult

    @pytest.mark.parametrize(
        "changes",
        [
            {"id": None},
            {"id": "129"},
            {"id": True},
            {"id": 2**31},
            {"original_title": None},
            {"original_title": " \x00 "},
            {"original_title": ["題"]},
            {"overview": 5},
            {"alternative_titles": {"titles": ["題"]}},
            {"alternative_titles": {"titles": [{"title": 5}]}},
            {"watch/providers": []},
            {"watch/providers": {"results": {"JP": {"rent": [{"provider_id": "2", "provider_name": "A"}]}}}},
            {"watch/providers": {"results": {"JP": {"rent": [{"provider_id": 2}]}}}},
            {"credits": []},
            {"credits": {"cast": {}}},
            {"credits": {"crew": ["Director"]}},
            {"genres": [16]},
            {"translations": "ja"},
            {"release_dates": {"results": {"JP": []}}},
        ],
    )
    def test_of_the_wrong_shape_is_invalid(self, changes: dict[str, object]) -> None:
        with pytest.raises(tmdb.Invalid):
            reading.film_facts(body_of("movie_129", **changes), language="ja-JP")


class TestJapanRelease:
    def test_is_the_earliest_day_in_cinemas_at_large(self) -> None:
        releases = [release("2020-03-01", 3), release("2020-02-01", 3), release("2020-01-01", 2)]

        assert japan_release(releases) == date(2020, 2, 1)

    def test_is_else_the_earliest_in_a_few_cinemas(self) -> None:
        assert japan_release([release("2020-03-01", 2), release("2020-02-01", 2)]) == date(2020, 2, 1)

    def test_is_no_premiere_disc_stream_or_broadcast(self) -> None:
        assert japan_release([release("2020-01-01", kind) for kind in (1, 4, 5, 6)]) is None

    def test_is_not_that_of_another_country(self) -> None:
        assert japan_release([release("2020-01-01", 3, country="US")]) is None

    def test_reads_the_day_as_it_is_written(self) -> None:
        entry = {"release_date": "2001-07-20T23:59:59.000-12:00", "type": 3}
        body = {"results": [{"iso_3166_1": "JP", "release_dates": [entry]}]}

        assert japan_release(reading.releases(body)) == date(2001, 7, 20)


class TestWorldRelease:
    def test_is_the_earliest_in_any_cinema(self) -> None:
        releases = [release("2020-03-01", 3), release("2020-02-01", 2, "US"), release("2020-01-01", 1, "IT")]

        assert world_release(releases, primary_on=date(2020, 1, 1)) == date(2020, 2, 1)

    def test_is_else_the_one_that_tmdb_calls_the_films_own(self) -> None:
        assert world_release([release("2020-03-01", 4)], primary_on=date(2020, 3, 1)) == date(2020, 3, 1)


class TestReleases:
    @pytest.mark.parametrize(
        "entry",
        [
            {"release_date": "", "type": 3},
            {"release_date": None, "type": 3},
            {"release_date": "2001-02-30T00:00:00.000Z", "type": 3},
            {"release_date": "0000-00-00", "type": 3},
            {"release_date": 20010720, "type": 3},
            {"release_date": "2001-07-20", "type": 7},
            {"release_date": "2001-07-20", "type": [3]},
            {"release_date": "2001-07-20"},
        ],
    )
    def test_that_cannot_be_read_are_left_out(self, entry: dict[str, object]) -> None:
        assert reading.releases({"results": [{"iso_3166_1": "JP", "release_dates": [entry]}]}) == ()

    @pytest.mark.parametrize("country", ["jp", "JPN", "", None, 5])
    def test_of_no_known_country_are_left_out(self, country: object) -> None:
        entry = {"release_date": "2001-07-20", "type": 3}

        assert reading.releases({"results": [{"iso_3166_1": country, "release_dates": [entry]}]}) == ()


class TestAList:
    def test_is_read_item_by_item(self) -> None:
        page = reading.film_page(
            body_of("films", page=1, results=body_of("films")["films"][:1], total_pages=3, total_results=58)
        )

        assert (page.number, page.pages, page.total) == (1, 3, 58)
        assert page.results == (
            tmdb.FilmSummary(
                tmdb_id=129,
                title="千と千尋の神隠し",
                original_title="千と千尋の神隠し",
                original_language="ja",
                overview="",
                released_on=date(2001, 7, 20),
                poster_path="/39wmItIWsg5sZMyRUHLkWBcuVCM.jpg",
                genre_ids=(16, 10751, 14),
            ),
        )

    @pytest.mark.parametrize("pages", [0, 1])
    def test_may_be_empty_and_says_so_in_two_ways(self, pages: int) -> None:
        page = reading.film_page({"page": 1, "results": [], "total_pages": pages, "total_results": 0})

        assert (page.results, page.pages, page.total) == ((), pages, 0)

    def test_ends_at_page_500_however_many_tmdb_counts(self) -> None:
        assert reading.film_page(page_of() | {"total_pages": 48_000}).pages == 500

    @pytest.mark.parametrize("hidden", [{"adult": True}, {"softcore": True}, {"media_type": "tv", "title": None}])
    def test_leaves_out_what_is_adult_or_no_film(self, hidden: dict[str, object]) -> None:
        page = reading.film_page(page_of(item(id=1), item(id=2, **hidden)))

        assert [film.tmdb_id for film in page.results] == [1]

    @pytest.mark.parametrize("day", ["", None, "2001", "2001-13-01", "soon", 2001])
    def test_holds_films_without_a_known_day(self, day: object) -> None:
        (film,) = reading.film_page(page_of(item(release_date=day))).results

        assert film.released_on is None

    @pytest.mark.parametrize(
        "body",
        [
            {},
            page_of() | {"results": {}},
            page_of() | {"results": ["film"]},
            page_of() | {"page": "1"},
            page_of() | {"total_pages": None},
            page_of(item(id=None)),
            page_of(item(title=None, original_title=None)),
            page_of(item(genre_ids=["drama"])),
        ],
    )
    def test_of_the_wrong_shape_is_invalid(self, body: dict[str, Any]) -> None:
        with pytest.raises(tmdb.Invalid):
            reading.film_page(body)


class TestText:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ("NUL\x00 and bell\x07", "NUL and bell"),
            ("lone \ud83d surrogate", "lone  surrogate"),
            ("\u202egnp.exe", "gnp.exe"),
            ("\u2066isolated\u2069", "isolated"),
            ("two\r\nlines\tand a tab", "two lines and a tab"),
            ("  進撃の巨人　前篇 \u3000", "進撃の巨人　前篇"),
            ("A & B -- <i>C</i>", "A & B -- <i>C</i>"),
            ("👨‍👩‍👧 ‏עברית", "👨‍👩‍👧 ‏עברית"),
            (None, ""),
        ],
    )
    def test_is_made_safe_and_else_left_as_it_is(self, written: str | None, kept: str) -> None:
        assert reading.line(written) == kept

    def test_keeps_the_line_breaks_of_prose(self) -> None:
        assert reading.prose("one\r\n\r\ntwo\x00") == "one\n\ntwo"


class TestImages:
    def test_lie_at_tmdb_by_size(self) -> None:
        assert tmdb.image_url("/a.jpg", "w342") == "https://image.tmdb.org/t/p/w342/a.jpg"

    def test_are_offered_in_several_widths(self) -> None:
        assert tmdb.srcset("/a.jpg", ("w92", "w154")) == (
            "https://image.tmdb.org/t/p/w92/a.jpg 92w, https://image.tmdb.org/t/p/w154/a.jpg 154w"
        )
