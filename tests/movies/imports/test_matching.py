"""Which of our films a mention means: better none than a wrong one."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from movies.catalog.models import ReleaseDate
from movies.imports import refusals
from movies.imports.likeness import is_telling, said_twice
from movies.imports.matching import candidates_for, match
from movies.imports.models import Mention, Pick
from tests.factories import CreditFactory, UserFactory
from tests.movies.imports.naming import film, mention
from tests.standins.tmdb import TmdbServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return UserFactory()


@pytest.fixture
def settle(owner: User):
    def settled(title="", year=None, *, language="", **said) -> Mention:
        given = mention(title, year, **said)
        match(owner, [given], language=language)
        assert not given.reason or refusals.said(given.reason)
        return given

    return settled


def sure(given: Mention):
    assert given.state == Mention.State.SURE, given.reason
    assert (given.reason, given.candidates) == ("", [])
    return given.film


def why_doubtful(given: Mention) -> str:
    assert (given.state, given.film) == (Mention.State.DOUBTFUL, None)
    return given.reason


def offered(given: Mention) -> list[int]:
    return [candidate["film"] for candidate in given.candidates]


class TestByTitleAndYear:
    @pytest.mark.parametrize(
        "title", ["Spirited Away", "SPIRITED  AWAY!", "千と千尋の神隠し", "千と 千尋の神隠し", "Le Voyage de Chihiro"]
    )
    def test_any_title_and_the_year_are_enough(self, title, settle) -> None:
        spirited_away = film(
            "Spirited Away",
            2001,
            title_ja="千と千尋の神隠し",
            original_title="千と千尋の神隠し",
            alternative_titles=["Le Voyage de Chihiro"],
        )

        assert sure(settle(title, 2001)) == spirited_away

    def test_how_a_title_is_read_is_no_title_but_worth_offering(self, settle) -> None:
        kokoro = film(title_ja="心", title_kana="こころ", year=1955)

        given = settle("こころ", 1955)

        assert why_doubtful(given) == "no_such_film"
        assert offered(given) == [kokoro.pk]

    def test_of_remakes_the_year_tells(self, settle) -> None:
        films = {year: film("Suspiria", year) for year in (1977, 2018)}

        assert sure(settle("Suspiria", 2018)) == films[2018]
        assert sure(settle("Suspiria", 1977)) == films[1977]

    def test_no_part_of_a_title_is_a_title(self, settle) -> None:
        film("Dune", 2021)
        film("Rocky", 1976)

        assert why_doubtful(settle("Dune: Part Two", 2021)) == "no_such_film"
        assert why_doubtful(settle("Rocky II", 1976)) == "no_such_film"

    def test_roman_numerals_of_any_width_are_the_same_and_other_numbers_are_not(self, settle) -> None:
        second = film("Gladiator II", 2024, title_ja="グラディエーターII 英雄を呼ぶ声")

        assert sure(settle("グラディエーターⅡ　英雄を呼ぶ声", 2024)) == second
        assert why_doubtful(settle("Gladiator III", 2024)) == "no_such_film"

    def test_two_of_the_same_title_and_year_are_for_their_owner_to_tell_apart(self, settle) -> None:
        films = [film("Black Rain", 1989, fame=fame) for fame in (1, 9)]

        given = settle("Black Rain", 1989)

        assert why_doubtful(given) == "several_films"
        assert offered(given) == [films[1].pk, films[0].pk]

    def test_without_a_year_nothing_is_sure(self, settle) -> None:
        amelie = film("Amélie", 2001)

        given = settle("Amelie")

        assert why_doubtful(given) == "no_year"
        assert offered(given) == [amelie.pk]

    def test_a_title_of_nothing_but_signs_cannot_be_looked_for(self, settle) -> None:
        film("!!!", 2001, original_title="!!!")

        assert why_doubtful(settle("!!!", 2001)) == "unfindable_title"

    def test_the_likeliest_of_those_of_other_years_is_offered_first(self, settle) -> None:
        films = {year: film("Carrie", year) for year in (1952, 1976, 2013)}

        given = settle("Carrie", 1979)

        assert why_doubtful(given) == "year_differs"
        assert offered(given) == [films[year].pk for year in (1976, 1952, 2013)]

    def test_an_original_title_that_is_another_contradicts(self, settle) -> None:
        film("Inferno", 2016, original_language="en")

        assert why_doubtful(settle("Inferno", 2016, original_title="Inferno di Dante")) == "no_such_film"

    def test_an_original_title_in_other_letters_does_not(self, settle) -> None:
        spirited_away = film("Spirited Away", 2001, original_title="千と千尋の神隠し", original_language="ja")

        assert sure(settle("Spirited Away", 2001, original_title="Sen to Chihiro no kamikakushi")) == spirited_away

    def test_what_was_merged_is_found_by_its_own_title(self, settle) -> None:
        kept = film("The Raid", 2011)
        film("Serbuan maut", 2011, merged_into=kept)

        assert sure(settle("Serbuan maut", 2011)) == kept


class TestAYear:
    def test_of_its_first_showing_at_a_festival_is_a_films_too(self, settle) -> None:
        burning = film("Late Arrival", 2019)
        ReleaseDate.objects.create(film=burning, country="US", kind=1, released_on=datetime.date(2018, 9, 1))

        assert sure(settle("Late Arrival", 2018)) == burning
        assert sure(settle("Late Arrival", 2019)) == burning

    def test_of_showing_it_anew_is_none_of_its_years(self, settle) -> None:
        thing = film("The Thing", 1982)
        ReleaseDate.objects.create(film=thing, country="US", kind=3, released_on=datetime.date(2011, 10, 1))

        assert why_doubtful(settle("The Thing", 2011)) == "year_differs"

    def test_of_its_opening_in_japan_counts_beside_its_japanese_title_in_a_table_of_anyones_own(self, settle) -> None:
        guilty = film("Guilty", 2018, title_ja="ギルティ", japan_on=datetime.date(2020, 2, 1), japan_precision="day")

        assert sure(settle("ギルティ", 2020)) == guilty
        assert why_doubtful(settle("ギルティ", 2020, language="en")) == "year_differs"
        assert why_doubtful(settle("ギルティ", 2020, language="ja", year_slack=1)) == "year_differs"
        assert why_doubtful(settle("Guilty", 2020)) == "year_differs"

    @pytest.mark.parametrize("year", [1994, 1996])
    def test_off_by_one_is_not_enough(self, year, settle) -> None:
        film("Heat", 1995)

        assert why_doubtful(settle("Heat", year)) == "year_differs"

    @pytest.mark.parametrize("year", [2013, 2015])
    def test_off_by_one_will_do_where_hardly_two_films_are_called_so(self, year, settle) -> None:
        pigeon = film("A Pigeon Sat on a Branch Reflecting on Existence", 2014)

        assert sure(settle("A Pigeon Sat on a Branch Reflecting on Existence", year)) == pigeon

    def test_off_by_one_will_not_do_even_then_where_another_is_near(self, settle) -> None:
        for year in (2009, 2012):
            film("The Girl with the Dragon Tattoo", year)

        assert why_doubtful(settle("The Girl with the Dragon Tattoo", 2010)) == "year_differs"

    def test_off_by_two_never_will(self, settle) -> None:
        film("A Pigeon Sat on a Branch Reflecting on Existence", 2014)

        given = settle("A Pigeon Sat on a Branch Reflecting on Existence", 2016)

        assert why_doubtful(given) == "year_differs"

    def test_of_production_is_doubtful_where_a_neighbouring_one_has_a_film_of_that_title(self, settle) -> None:
        for year in (2017, 2018):
            film(title_ja="君の膵臓をたべたい", year=year)

        assert why_doubtful(settle("君の膵臓をたべたい", 2017, year_slack=1)) == "several_films"

    def test_of_production_may_be_that_of_the_release(self, settle) -> None:
        brutalist = film("The Brutalist", 2024, title_ja="ブルータリスト")

        assert sure(settle("ブルータリスト", 2024, year_slack=1)) == brutalist

    def test_of_production_before_that_of_the_release_is_not_enough_by_itself(self, settle) -> None:
        film(title_ja="君の膵臓をたべたい", year=2018)

        assert why_doubtful(settle("君の膵臓をたべたい", 2017, year_slack=1)) == "year_differs"

    def test_that_we_do_not_know_is_not_agreed_with(self, settle) -> None:
        film("Undated")

        assert why_doubtful(settle("Undated", 2001)) == "year_differs"


class TestDirectors:
    def test_tell_two_of_the_same_title_and_year_apart(self, settle) -> None:
        film("Black Rain", 1989, directors=("Ridley Scott",))
        imamura = film("Black Rain", 1989, directors=("Shohei Imamura",))

        assert sure(settle("Black Rain", 1989, directors=("Shōhei Imamura",))) == imamura

    @pytest.mark.parametrize("name", ["Hayao Miyazaki", "MIYAZAKI Hayao", "宮﨑駿", "宮﨑 駿"])
    def test_are_told_by_either_script_in_either_order(self, name, settle) -> None:
        wanted = film("Twin", 2001)
        film("Twin", 2001, directors=("Somebody Else",))
        CreditFactory(film=wanted, person__name="Hayao Miyazaki", person__name_ja="宮﨑駿")

        assert sure(settle("Twin", 2001, directors=(name,))) == wanted

    def test_one_that_agrees_is_enough(self, settle) -> None:
        fargo = film("Fargo", 1996, directors=("Joel Coen",))

        assert sure(settle("Fargo", 1996, directors=("Ethan Coen", "Joel Coen"))) == fargo

    def test_that_differ_make_it_doubtful(self, settle) -> None:
        scott = film("Black Rain", 1989, directors=("Ridley Scott",))

        given = settle("Black Rain", 1989, directors=("Shohei Imamura",))

        assert why_doubtful(given) == "directors_differ"
        assert offered(given) == [scott.pk]

    def test_in_other_letters_contradict_nothing(self, settle) -> None:
        rain = film("Black Rain", 1989, directors=("Shohei Imamura",))

        assert sure(settle("Black Rain", 1989, directors=("今村昌平",))) == rain

    def test_of_a_family_contradict_nothing(self, settle) -> None:
        matrix = film("The Matrix", 1999, directors=("Lana Wachowski", "Lilly Wachowski"))

        assert sure(settle("The Matrix", 1999, directors=("The Wachowski Brothers",))) == matrix

    def test_that_agree_bear_a_year_off_by_one_but_not_by_two(self, settle) -> None:
        heat = film("Heat", 1995, directors=("Michael Mann",))

        assert sure(settle("Heat", 1996, directors=("Michael Mann",))) == heat
        assert why_doubtful(settle("Heat", 1997, directors=("Michael Mann",))) == "year_differs"


class TestBothScriptsAtOnce:
    @pytest.mark.parametrize("title", ["Michael／マイケル", "BETTER MAN/ベター・マン", "ベター・マン／Better Man"])
    def test_a_title_that_says_itself_twice_has_two_halves(self, title) -> None:
        assert len(said_twice(title)) == 2

    @pytest.mark.parametrize(
        "title",
        [
            "スター・ウォーズ／最後のジェダイ",
            "ハン・ソロ／スター・ウォーズ・ストーリー",
            "Face/Off",
            "フェイス/オフ",
            "IT／イット “それ”が見えたら、終わり。",
            "V/H/S",
            "Michael",
        ],
    )
    def test_others_have_none(self, title) -> None:
        assert said_twice(title) == frozenset()

    def test_either_half_is_enough(self, settle) -> None:
        michael = film("Michael", 2026)

        assert sure(settle("Michael／マイケル", 2026)) == michael

    def test_a_film_with_another_japanese_title_is_another_film(self, settle) -> None:
        film("One Piece", 2000, title_ja="ワンピース")

        assert why_doubtful(settle("ONE PIECE／エピソード", 2000)) == "no_such_film"

    def test_the_first_of_a_series_is_not_taken_for_its_sequel(self, settle) -> None:
        film("Star Wars", 2017, title_ja="スター・ウォーズ")

        assert why_doubtful(settle("スター・ウォーズ／最後のジェダイ", 2017)) == "no_such_film"


class TestByIds:
    @pytest.mark.parametrize(
        "ids", [{"tmdb_id": 129}, {"imdb_id": "tt0245429"}, {"tmdb_id": 129, "imdb_id": "tt0245429"}]
    )
    def test_an_id_of_ours_is_enough(self, ids, settle) -> None:
        spirited_away = film("Spirited Away", 2001, tmdb_id=129, imdb_id="tt0245429")

        assert sure(settle(**ids)) == spirited_away
        assert sure(settle("Chihiros Reise ins Zauberland", 2001, **ids)) == spirited_away
        assert sure(settle("Spirited Away", 2019, **ids)) == spirited_away

    def test_an_id_of_a_film_that_was_merged_leads_to_the_one_that_is_kept(self, settle) -> None:
        kept = film("Spirited Away", 2001, tmdb_id=129)
        film("Spirited Away", 2001, tmdb_id=130, merged_into=kept)

        assert sure(settle("Spirited Away", 2001, tmdb_id=130)) == kept

    def test_that_lead_to_two_films_are_doubtful(self, settle) -> None:
        films = [film("One", 2001, tmdb_id=1), film("Two", 2001, imdb_id="tt0000002")]

        given = settle("One", 2001, tmdb_id=1, imdb_id="tt0000002")

        assert why_doubtful(given) == "id_disagrees"
        assert offered(given) == [each.pk for each in films]

    def test_a_film_of_another_title_and_another_time_is_not_the_one(self, settle) -> None:
        """A series may have that number."""
        film("The Man from Nowhere", 1968, tmdb_id=60622)

        assert why_doubtful(settle("Fargo", 2014, tmdb_id=60622)) == "id_disagrees"

    def test_nor_is_one_of_another_title_where_no_year_is_given(self, settle) -> None:
        mirror = film("Mirror", 1975, tmdb_id=1396)

        assert why_doubtful(settle("Breaking Bad", tmdb_id=1396)) == "id_disagrees"
        assert sure(settle("The Mirror", tmdb_id=1396)) == mirror
        assert sure(settle(tmdb_id=1396)) == mirror

    def test_a_film_whose_other_id_differs_has_to_agree_in_title_and_year(self, settle) -> None:
        fargo = film("Fargo", 1996, tmdb_id=275, imdb_id="tt0116282")

        assert sure(settle("Fargo", 1996, tmdb_id=275, imdb_id="tt0000001")) == fargo
        assert why_doubtful(settle("Fargo", 2014, tmdb_id=275, imdb_id="tt0000001")) == "id_disagrees"
        assert why_doubtful(settle(tmdb_id=275, imdb_id="tt0000001")) == "id_disagrees"

    def test_an_id_that_nobody_has_leaves_title_and_year(self, settle) -> None:
        fargo = film("Fargo", 1996, imdb_id="tt0116282")

        assert sure(settle("Fargo", 1996, tmdb_id=275)) == fargo

    def test_a_film_with_another_such_id_is_another_film(self, settle) -> None:
        film("Fargo", 1996, tmdb_id=275)

        assert why_doubtful(settle("Fargo", 1996, tmdb_id=276)) == "no_such_film"

    def test_an_id_that_nobody_has_tells_nothing_by_itself(self, settle) -> None:
        assert why_doubtful(settle(tmdb_id=276)) == "unknown_id"


class TestAPick:
    def test_is_followed_whatever_the_file_says(self, owner: User) -> None:
        film("Heat", 1995)
        other = film("Heat", 1986)
        Pick.objects.create(owner=owner, key="heat", film=other)
        given = mention("Heat", 1995, key="heat")

        match(owner, [given], language="en")

        assert (given.state, given.film) == (Mention.State.PICKED, other)

    def test_of_a_film_that_was_merged_leads_to_the_one_that_is_kept(self, owner: User) -> None:
        kept = film("Heat", 1995)
        Pick.objects.create(owner=owner, key="heat", film=film("Heat", 1995, merged_into=kept))
        given = mention("Heat", 1995, key="heat")

        match(owner, [given], language="en")

        assert given.film == kept

    def test_may_be_to_leave_it_out(self, owner: User) -> None:
        film("Heat", 1995)
        Pick.objects.create(owner=owner, key="heat", film=None)
        given = mention("Heat", 1995, key="heat")

        match(owner, [given], language="en")

        assert (given.state, given.film) == (Mention.State.LEFT_OUT, None)

    def test_of_somebody_else_is_theirs(self, owner: User) -> None:
        heat = film("Heat", 1995)
        Pick.objects.create(owner=UserFactory(), key="heat", film=film("Heat", 1986))
        given = mention("Heat", 1995, key="heat")

        match(owner, [given], language="en")

        assert sure(given) == heat


@pytest.mark.usefixtures("tmdb_server")
class TestWhereTmdbCanBeAsked:
    @pytest.mark.parametrize(
        ("said", "reason"),
        [
            ({"title": "Nobody Has This", "year": 2001}, "no_such_film"),
            ({"title": "Heat"}, "no_year"),
            ({"title": "Heat", "year": 1996}, "year_differs"),
            ({"title": "Heat", "year": 1995, "directors": ("Somebody Else",)}, "directors_differ"),
            ({"tmdb_id": 5}, "unknown_id"),
            ({"title": "!!!", "imdb_id": "tt0000005"}, "unfindable_title"),
        ],
    )
    def test_it_is_to_be(self, said, reason, settle, tmdb_server: TmdbServer) -> None:
        film("Heat", 1995, directors=("Michael Mann",))

        given = settle(**said)

        assert (given.state, given.reason) == (Mention.State.ASKING, reason)
        assert tmdb_server.calls == []

    def test_it_cannot_tell_two_films_of_ours_apart(self, settle) -> None:
        film("Twin", 2001)
        film("Twin", 2001)

        assert why_doubtful(settle("Twin", 2001)) == "several_films"

    def test_it_is_not_bothered_with_what_is_sure(self, settle) -> None:
        heat = film("Heat", 1995)

        assert sure(settle("Heat", 1995)) == heat

    def test_a_title_that_hardly_two_films_have_is_better_asked_for_where_the_year_is_off(self, settle) -> None:
        film("A Pigeon Sat on a Branch Reflecting on Existence", 2014)

        assert settle("A Pigeon Sat on a Branch Reflecting on Existence", 2015).state == Mention.State.ASKING


class TestManyAtOnce:
    def test_cost_as_many_questions_as_one(self, owner: User) -> None:
        films = [film(f"Film {n}", 2001, tmdb_id=n, directors=(f"Director {n}",)) for n in range(1, 21)]
        given = [mention(f"Film {n}", 2001, key=f"{n}") for n in range(1, 21)]
        given += [mention(f"Film {n}", 2001, key=f"id {n}", tmdb_id=n) for n in range(1, 21)]

        with CaptureQueriesContext(
            connection,
        ) as queries:
            match(owner, given, language="en")

        assert [each.film for each in given] == films * 2
        assert len(queries) == 5  # picks, ids, titles, first releases, directors

    def test_of_nothing_are_nothing(self, owner: User) -> None:
        match(owner, [], language="en")

    def test_nothing_is_saved(self, owner: User) -> None:
        match(owner, [mention("Film", 2001)], language="en")

        assert not Mention.objects.exists()


class TestCandidates:
    def test_begin_with_those_that_were_kept_and_go_on_with_what_the_search_finds(self, settle) -> None:
        other = film("Solaris", 2002)
        older = film("Solaris", 1972)
        part = film("Solaris Rising", 1990)
        given = settle("Solaris", 1972 + 5)

        found = candidates_for(given)

        assert found == [older, other, part]
        assert found[0].directing == []

    def test_are_no_more_than_can_be_looked_through(self, settle) -> None:
        for year in range(1950, 1962):
            film("Hamlet", year)

        given = settle("Hamlet", 1990)

        assert len(given.candidates) == len(candidates_for(given)) == 8

    def test_leave_out_what_is_gone_and_follow_what_was_merged(self, settle) -> None:
        kept, merged, gone = film("Kept", 2001), film("Hamlet", 1990), film("Hamlet", 1970)
        given = settle("Hamlet", 1980)
        gone.delete()
        merged.merged_into = kept
        merged.save()

        assert candidates_for(given) == [kept]


@pytest.mark.parametrize("title", ["The Girl with the Dragon Tattoo", "Bad Times at the El Royale"])
def test_four_words_tell(title) -> None:
    assert is_telling(title)


@pytest.mark.parametrize(
    "title", ["Heat", "The Wind in the Willows", "君の膵臓をたべたい", "The Man of the House", "a b c d 君"]
)
def test_fewer_do_not_nor_do_japanese_titles(title) -> None:
    assert not is_telling(title)


def test_a_short_title_that_was_only_given_abroad_needs_more_than_a_year(settle) -> None:
    """Two films of 1989 are called Black Rain."""
    imamura = film("Black Rain", 1989, title_ja="黒い雨", original_title="黒い雨", original_language="ja")

    assert why_doubtful(settle("Black Rain", 1989)) == "other_title"
    assert sure(settle("Black Rain", 1989, original_title="黒い雨")) == imamura
    assert sure(settle("黒い雨", 1989)) == imamura


def test_a_short_title_given_abroad_to_a_film_known_everywhere_is_enough(settle) -> None:
    ran = film("Ran", 1985, title_ja="乱", original_title="乱", original_language="ja", fame=2)

    assert sure(settle("Ran", 1985)) == ran


def test_a_short_title_that_a_film_has_besides_needs_more_than_a_year(settle) -> None:
    """Three films of 2022 are called Pinocchio."""
    film("Guillermo del Toro's Pinocchio", 2022, alternative_titles=["Pinocchio"], fame=20)

    assert why_doubtful(settle("Pinocchio", 2022)) == "other_title"
