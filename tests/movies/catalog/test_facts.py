import dataclasses
import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from movies.catalog import tmdb
from movies.catalog.facts import LARGEST_CAST, take_facts
from movies.catalog.models import Credit, Film, Person, ReleaseDate, WatchOffer
from movies.catalog.search import search_films
from movies.catalog.titles import search_text_of
from tests.factories import CreditFactory, FilmFactory, GenreFactory, PersonFactory

MIYAZAKI = tmdb.Person(608, "Hayao Miyazaki", "宮崎駿", "")
HIIRAGI = tmdb.Person(19587, "Rumi Hiiragi", "柊瑠美", "")
IN_JAPAN = tmdb.Release("JP", tmdb.ReleaseKind.THEATRICAL, datetime.date(2001, 7, 20), "G", "")
IN_AMERICA = tmdb.Release("US", tmdb.ReleaseKind.LIMITED, datetime.date(2002, 9, 20), "PG", "")

INCLUDED = tmdb.Offer(tmdb.OfferKind.FLATRATE, 1, "Streams", "/streams.jpg")
RENTED = tmdb.Offer(tmdb.OfferKind.RENT, 2, "Rents", "")


def facts(**changes: object) -> tmdb.FilmFacts:
    spirited_away = tmdb.FilmFacts(
        tmdb_id=129,
        imdb_id="tt0245429",
        wikidata_id="Q155653",
        original_title="千と千尋の神隠し",
        original_language="ja",
        title_ja="千と千尋の神隠し",
        title_en="Spirited Away",
        overview_ja="トンネルのむこうは、不思議の町でした。",
        overview_en="A young girl wanders.",
        country="JP",
        runtime=125,
        genres=(tmdb.Genre(16, "アニメーション"),),
        directors=(MIYAZAKI,),
        cast=(tmdb.Role(HIIRAGI, "Chihiro"),),
        poster_path="/poster.jpg",
        releases=(IN_JAPAN, IN_AMERICA),
        primary_release_on=datetime.date(2001, 7, 20),
        is_adult=False,
    )
    return dataclasses.replace(spirited_away, **changes)


@pytest.mark.django_db
class TestAFilmUnknownToUs:
    def test_is_made_with_all_its_facts(self) -> None:
        film, is_changed = take_facts(facts())

        film.refresh_from_db()
        assert is_changed
        assert (film.tmdb_id, film.imdb_id, film.wikidata_id) == (129, "tt0245429", "Q155653")
        assert (film.title_ja, film.title_en, film.runtime) == ("千と千尋の神隠し", "Spirited Away", 125)
        assert (film.world_on, film.world_precision) == (datetime.date(2001, 7, 20), "day")
        assert (film.japan_on, film.japan_precision) == (datetime.date(2001, 7, 20), "day")
        assert [genre.name_ja for genre in film.genres.all()] == ["アニメーション"]
        assert [(credit.person.name_ja, credit.job, credit.character) for credit in film.credits.billed()] == [
            ("宮崎駿", "director", ""),
            ("柊瑠美", "cast", "Chihiro"),
        ]
        assert film.release_dates.count() == 2
        assert film.facts_fetched_at

    def test_is_found_by_what_else_it_is_called(self) -> None:
        film, _ = take_facts(facts(alternative_titles=("千尋の旅", "Chihiro's Journey")))

        assert search_films("千尋の旅").films == search_films("chihiros").films == [film]

    def test_remembers_only_what_it_is_called_by_other_words_and_no_more_than_fifty_of_it(self) -> None:
        same = ("SPIRITED AWAY!", "千と千尋の神隠し", "…", "Chihiro", "chihiro")
        many = tuple(f"Title {n}" for n in range(100))

        film, _ = take_facts(facts(alternative_titles=same + many))

        assert film.alternative_titles == ["Chihiro", *many[:49]]

    def test_is_searched_by_the_first_of_them_alone(self) -> None:
        film, _ = take_facts(facts(alternative_titles=tuple(f"{word} bathhouse" for word in "abcdefghijkl")))

        assert search_films("a bathhouse").films == [film]
        assert search_text_of("k bathhouse").strip() not in film.search_text

    def test_tells_where_it_can_be_watched(self) -> None:
        take_facts(facts(offers=(RENTED, INCLUDED), watch_link="https://www.themoviedb.org/movie/129/watch"))

        film = Film.objects.get()
        offers = film.watch_offers.order_by("position", "pk")
        assert [(offer.provider.name, offer.kind) for offer in offers] == [("Rents", "rent"), ("Streams", "flatrate")]
        assert film.watch_link == "https://www.themoviedb.org/movie/129/watch"

    def test_knows_its_first_digital_day_in_japan(self) -> None:
        digital = tmdb.Release("JP", tmdb.ReleaseKind.DIGITAL, datetime.date(2026, 12, 4), "", "")

        film, _ = take_facts(facts(releases=(IN_JAPAN, digital)))

        assert film.digital_on == digital.released_on

    def test_is_found_by_its_titles_at_once(self) -> None:
        film, _ = take_facts(facts())

        assert search_films("spirited").films == search_films("神隠し").films == [film]

    def test_in_kana_alone_reads_itself(self) -> None:
        film, _ = take_facts(facts(title_ja="タンポポ"))

        assert film.title_kana == "たんぽぽ"

    def test_without_any_date_has_none(self) -> None:
        film, _ = take_facts(facts(releases=(), primary_release_on=None))

        assert (film.world_on, film.world_precision, film.japan_on, film.japan_precision) == (None, "", None, "")

    def test_lists_no_more_of_its_cast_than_a_page_shows(self) -> None:
        crowd = tuple(tmdb.Role(tmdb.Person(n, f"Extra {n}", "", ""), "") for n in range(1, 60))

        film, _ = take_facts(facts(cast=crowd))

        assert film.credits.filter(job=Credit.Job.CAST).count() == LARGEST_CAST

    def test_may_have_one_person_direct_and_play_two_parts(self) -> None:
        film, _ = take_facts(facts(cast=(tmdb.Role(MIYAZAKI, "A pig"), tmdb.Role(MIYAZAKI, "A crow"))))

        assert [credit.character for credit in film.credits.billed()] == ["", "A pig", "A crow"]
        assert Person.objects.count() == 1


@pytest.mark.django_db
class TestAFilmWeKnow:
    def test_stays_the_same_film_and_says_so_when_nothing_changed(self) -> None:
        film, _ = take_facts(facts())

        again, is_changed = take_facts(facts())

        assert (again, is_changed) == (film, False)
        assert again.facts_fetched_at > film.facts_fetched_at
        assert Film.objects.get().changed_at == film.changed_at

    @pytest.mark.parametrize(
        "change",
        [
            {"title_ja": "千と千尋"},
            {"poster_path": "/other.jpg"},
            {"releases": (IN_JAPAN,)},
            {"genres": ()},
            {"directors": (HIIRAGI,)},
            {"cast": ()},
        ],
    )
    def test_says_so_when_a_fact_changed(self, change: dict[str, object]) -> None:
        film, _ = take_facts(facts())

        _again, is_changed = take_facts(facts(**change))

        assert is_changed
        assert Film.objects.get().changed_at > film.changed_at

    @pytest.mark.parametrize("known_by", [{"tmdb_id": 129}, {"imdb_id": "tt0245429"}, {"wikidata_id": "Q155653"}])
    def test_is_known_by_any_of_its_ids(self, known_by: dict[str, object]) -> None:
        bundled = FilmFactory(**known_by)

        film, _ = take_facts(facts())

        assert film == bundled
        assert (film.tmdb_id, film.imdb_id, film.wikidata_id) == (129, "tt0245429", "Q155653")

    def test_gives_up_a_wrong_tmdb_id_of_the_bundled_catalogue(self) -> None:
        bundled = FilmFactory(tmdb_id=1, imdb_id="tt0245429")

        film, _ = take_facts(facts())

        assert (film, film.tmdb_id) == (bundled, 129)

    def test_goes_on_under_a_new_id_when_tmdb_has_dropped_the_old_one(self) -> None:
        dropped, _ = take_facts(facts(tmdb_id=1))
        Film.objects.update(dropped_at=dropped.facts_fetched_at)

        film, _ = take_facts(facts())

        assert (film, film.tmdb_id, film.dropped_at) == (dropped, 129, None)

    def test_keeps_an_id_that_another_film_of_tmdb_claims_as_well(self) -> None:
        first, _ = take_facts(facts())

        second, _ = take_facts(facts(tmdb_id=130))

        first.refresh_from_db()
        assert second != first
        assert (first.imdb_id, first.wikidata_id) == ("tt0245429", "Q155653")
        assert (second.imdb_id, second.wikidata_id) == (None, None)

    def test_without_other_ids_is_not_taken_for_each_film_without_them(self) -> None:
        other = FilmFactory()

        film, _ = take_facts(facts(imdb_id=None, wikidata_id=None))

        assert film != other

    def test_follows_tmdb_in_where_it_can_be_watched(self) -> None:
        take_facts(facts(offers=(RENTED, INCLUDED)))
        renamed = dataclasses.replace(INCLUDED, name="Streams on")

        _film, is_changed = take_facts(facts(offers=(renamed,)))

        offer = WatchOffer.objects.get()
        assert (offer.provider.name, offer.kind) == ("Streams on", "flatrate")
        assert not is_changed  # no wall shows it

    def test_no_longer_coming_out_digitally_has_no_such_day(self) -> None:
        digital = tmdb.Release("JP", tmdb.ReleaseKind.DIGITAL, datetime.date(2026, 12, 4), "", "")
        take_facts(facts(releases=(digital,)))

        film, is_changed = take_facts(facts(releases=()))

        assert (film.digital_on, is_changed) == (None, True)

    def test_is_called_otherwise_without_its_walls_being_told(self) -> None:
        take_facts(facts())

        film, is_changed = take_facts(facts(alternative_titles=("Chihiro's Journey",)))

        assert not is_changed
        assert search_films("chihiros journey").films == [film]

    def test_keeps_what_tmdb_does_not_know(self) -> None:
        FilmFactory(
            tmdb_id=129,
            title_ja="千と千尋の神隠し",
            title_en="Spirited Away",
            runtime=124,
            japan_on=datetime.date(2001, 7, 1),
            japan_precision="month",
            fame=9,
        )

        film, _ = take_facts(facts(title_ja="", title_en="", runtime=None, releases=()))

        assert (film.title_ja, film.title_en, film.runtime, film.fame) == ("千と千尋の神隠し", "Spirited Away", 124, 9)
        assert (film.japan_on, film.japan_precision) == (datetime.date(2001, 7, 1), "month")

    def test_keeps_its_reading_while_its_title_is_the_same_but_for_points(self) -> None:
        FilmFactory(tmdb_id=129, title_ja="千と千尋の 神隠し!", title_kana="せんとちひろのかみかくし")

        kept, _ = take_facts(facts())
        assert kept.title_kana == "せんとちひろのかみかくし"

        lost, _ = take_facts(facts(title_ja="別の題"))
        assert lost.title_kana == ""

    def test_is_verified_by_tmdb_where_tmdb_knows(self) -> None:
        FilmFactory(tmdb_id=129, title_ja="千と千尋", unverified=["title_ja", "title_kana", "directors"])

        film, _ = take_facts(facts())

        assert film.unverified == ["title_kana"]

    def test_swaps_releases_and_keeps_those_that_stay(self) -> None:
        film, _ = take_facts(facts(releases=(IN_JAPAN,)))
        stays = ReleaseDate.objects.get()

        take_facts(facts(releases=(IN_JAPAN, IN_AMERICA)))
        assert film.release_dates.count() == 2

        take_facts(facts(releases=(IN_JAPAN,)))
        assert ReleaseDate.objects.get() == stays


@pytest.mark.django_db
class TestPeople:
    @pytest.mark.parametrize("name", ["Hayao Miyazaki", "宮崎駿"])
    def test_of_the_bundled_catalogue_get_their_tmdb_id_with_all_their_films(self, name: str) -> None:
        director = PersonFactory(name=name)
        CreditFactory(film=FilmFactory(tmdb_id=129), person=director)
        other_film = CreditFactory(person=director).film

        take_facts(facts(cast=()))

        assert Person.objects.get().tmdb_id == 608
        assert [credit.person.name for credit in other_film.credits.billed()] == ["Hayao Miyazaki"]

    def test_of_the_bundled_catalogue_whom_tmdb_does_not_name_leave_the_film(self) -> None:
        nobody = CreditFactory(film=FilmFactory(tmdb_id=129), person=PersonFactory(name="Nobody")).person

        take_facts(facts())

        assert not Person.objects.filter(pk=nobody.pk).exists()

    def test_are_shared_between_films(self) -> None:
        take_facts(facts())
        take_facts(facts(tmdb_id=128, imdb_id=None, wikidata_id=None))

        assert Person.objects.filter(tmdb_id=608).count() == 1

    def test_follow_tmdb_in_their_names(self) -> None:
        take_facts(facts())

        take_facts(facts(directors=(dataclasses.replace(MIYAZAKI, name="Miyazaki Hayao"),)))

        assert Person.objects.get(tmdb_id=608).name == "Miyazaki Hayao"

    def test_keep_their_japanese_name_when_tmdb_has_only_a_latin_one(self) -> None:
        take_facts(facts())

        take_facts(facts(directors=(dataclasses.replace(MIYAZAKI, original_name="Hayao Miyazaki"),)))

        assert Person.objects.get(tmdb_id=608).name_ja == "宮崎駿"


@pytest.mark.django_db
def test_a_genre_we_have_keeps_its_names() -> None:
    GenreFactory(id=16, name_ja="アニメ", name_en="Animation")

    film, _ = take_facts(facts())

    assert [(genre.name_ja, genre.name_en) for genre in film.genres.all()] == [("アニメ", "Animation")]


@pytest.mark.django_db(transaction=True)
def test_facts_taken_by_several_at_once_make_one_film() -> None:
    def take(tmdb_id: int) -> int:
        try:
            return take_facts(facts(tmdb_id=tmdb_id, imdb_id=None, wikidata_id=None))[0].pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        films = set(pool.map(take, [1, 2] * 6))

    assert films == set(Film.objects.values_list("pk", flat=True))
    assert (len(films), Person.objects.count(), Credit.objects.count()) == (2, 2, 4)


@pytest.mark.django_db
def test_a_japanese_release_that_tmdb_takes_back_is_gone() -> None:
    take_facts(facts())

    film, is_changed = take_facts(facts(releases=(IN_AMERICA,)))

    assert is_changed
    assert (film.japan_on, film.japan_precision) == (None, "")


@pytest.mark.django_db
def test_a_japanese_release_that_tmdb_never_knew_stays() -> None:
    FilmFactory(tmdb_id=129, japan_on=datetime.date(2001, 7, 20), japan_precision="day")

    film, _is_changed = take_facts(facts(releases=(IN_AMERICA,)))

    assert film.japan_on == datetime.date(2001, 7, 20)
