"""Films as the API tells of them, and how they are found."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User, Visibility
from movies.catalog.models import Credit, Film, Genre, WatchOffer, WatchProvider
from movies.catalog.titles import search_text_of
from movies.diary.serializers import FilmEntrySerializer, FilmPageSerializer, FoundFilmSerializer, TmdbFilmSerializer
from tests.api import client_of
from tests.factories import BlockFactory, CreditFactory, EntryFactory, FilmFactory, UserFactory, WishFactory
from tests.standins.tmdb import Response

pytestmark = pytest.mark.django_db

FILMS = "/api/v1/films"
KNOWN = {
    "title_ja": "エイリアン",
    "title_en": "Alien",
    "runtime": 117,
    "country": "GB",
    "tmdb_id": 348,
    "imdb_id": "tt0078748",
    "wikidata_id": "Q103569",
    "world_on": datetime.date(1979, 5, 25),
    "world_precision": "day",
    "japan_on": datetime.date(1979, 7, 21),
    "japan_precision": "day",
}


@pytest.fixture
def person() -> User:
    return UserFactory(handle="hanako")


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"Accept-Language": "en"})


def titled(title: str, **facts: object) -> Film:
    return FilmFactory(original_title=title, search_text=search_text_of(title), **facts)


def titles(client: Client, **query: object) -> list[str]:
    return [film["original_title"] for film in client.get(FILMS, query).json()["results"]]


def test_our_own_films_are_found_by_a_part_of_their_title(visitor: Client) -> None:
    titled("千と千尋の神隠し")
    titled("乱")

    assert titles(visitor, q="千尋") == ["千と千尋の神隠し"]


def test_the_year_narrows_the_search(visitor: Client) -> None:
    titled("Robin Hood", world_on=datetime.date(1973, 1, 1), world_precision="year")
    titled("Robin Hood", world_on=datetime.date(2010, 1, 1), world_precision="year")

    assert (len(titles(visitor, q="robin hood")), len(titles(visitor, q="robin hood", year=2010))) == (2, 1)


def test_what_is_mine_and_what_i_wait_for_is_marked(person: User) -> None:
    entry = EntryFactory(owner=person, film=titled("Alien"), score=90)
    EntryFactory(film=(wished := WishFactory(owner=person, film=titled("Alien"))).film)
    WishFactory(film=entry.film)

    found = {film["id"]: film for film in client_of(person).get(FILMS, {"q": "alien"}).json()["results"]}

    mine, waited_for = found[str(entry.film_id)], found[str(wished.film_id)]
    assert (mine["my_entry"], mine["is_wished"]) == ({"id": str(entry.pk), "score": 90}, False)
    assert (waited_for["my_entry"], waited_for["is_wished"]) == (None, True)


def test_a_visitor_is_told_of_nobodys_wishes(visitor: Client) -> None:
    entry = EntryFactory(film=titled("Alien"))
    WishFactory(film=entry.film)
    CreditFactory(film=entry.film, person__name="Ridley Scott")

    (found,) = visitor.get(FILMS, {"q": "alien"}).json()["results"]

    assert (found["my_entry"], found["is_wished"], found["directors"]) == (None, None, ["Ridley Scott"])
    assert found.keys() == FoundFilmSerializer().fields.keys()


def test_every_page_of_results_can_be_reached(visitor: Client) -> None:
    for _ in range(45):
        titled("Alien")
    seen, address = [], f"{FILMS}?q=alien"

    while address:
        page = visitor.get(address).json()
        seen += [film["id"] for film in page["results"]]
        address = page["next"]

    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({}, "/q"),
        ({"q": ""}, "/q"),
        ({"q": " "}, "/q"),
        ({"q": "x" * 201}, "/q"),
        ({"q": "\x00"}, "/q"),
        ({"q": "alien", "year": "x"}, "/year"),
        ({"q": "alien", "year": "1700"}, "/year"),
    ],
)
@pytest.mark.parametrize("address", [FILMS, f"{FILMS}/tmdb"])
def test_what_cannot_be_searched_is_refused_and_named(visitor: Client, address: str, query: dict, pointer: str) -> None:
    answer = visitor.get(address, query)

    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "🎬", "\u202e", "--", "の" * 200, "\ud800"])
def test_any_words_get_an_answer(visitor: Client, words: str) -> None:
    assert visitor.get(FILMS, {"q": words.encode("utf-8", "surrogatepass")}).status_code == 200


@pytest.mark.parametrize("after", ["", "x", "1.2", "999999.1.1"])
def test_a_place_that_no_search_gave_out_is_refused(visitor: Client, after: str) -> None:
    assert visitor.get(FILMS, {"q": "alien", "after": after}).status_code == 400


@pytest.mark.parametrize("count", [3, 30])
def test_a_search_costs_the_same_however_much_it_finds(person, visitor, count, django_assert_num_queries) -> None:
    mine = client_of(person)
    Film.objects.bulk_create(
        FilmFactory.build(original_title="Alien", search_text=search_text_of("Alien")) for _ in range(count)
    )
    likely = 4 if count < 20 else 0  # a page that is not full is filled with titles like it, in a transaction
    mine.get(FILMS)

    with django_assert_num_queries(3 + likely):  # the limit, the films, who directed them
        visitor.get(FILMS, {"q": "alien"})
    with django_assert_num_queries(6 + likely):  # … and the token, what is mine, what I wait for
        mine.get(FILMS, {"q": "alien"})


def test_tmdbs_films_stand_beside_ours(visitor: Client, tmdb_server) -> None:
    (hit,) = visitor.get(f"{FILMS}/tmdb", {"q": "千と千尋", "year": 2001}).json()["results"]

    assert (hit["tmdb_id"], hit["original_title"], hit["year"], hit["film"]) == (129, "千と千尋の神隠し", 2001, None)
    assert hit["poster"]["w185"].startswith("https://image.tmdb.org/t/p/w185/")
    assert hit.keys() == TmdbFilmSerializer().fields.keys()


def test_a_film_of_ours_that_only_tmdb_finds_is_our_own(person: User, tmdb_server) -> None:
    wish = WishFactory(owner=person, film=titled("The title that we know", tmdb_id=129))

    (hit,) = client_of(person).get(f"{FILMS}/tmdb", {"q": "千と千尋"}).json()["results"]

    assert (hit["film"]["id"], hit["film"]["is_wished"]) == (str(wish.film_id), True)


def test_every_page_of_tmdbs_results_can_be_reached(visitor: Client, tmdb_server) -> None:
    first = visitor.get(f"{FILMS}/tmdb", {"q": "e"}).json()

    second = visitor.get(first["next"]).json()

    assert second["results"]
    assert not {hit["tmdb_id"] for hit in first["results"]} & {hit["tmdb_id"] for hit in second["results"]}


@pytest.mark.parametrize("page", ["0", "501", "x", "-1", "²"])
def test_a_page_that_tmdb_does_not_have_is_refused(visitor: Client, tmdb_server, page: str) -> None:
    answer = visitor.get(f"{FILMS}/tmdb", {"q": "ran", "page": page})

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, "/page")


@pytest.mark.parametrize("fault", [Response(500), Response(429), Response(401), Response(body=b"<html>")])
def test_a_silent_tmdb_is_a_problem_of_its_own(visitor: Client, tmdb_server, fault: Response) -> None:
    tmdb_server.always = fault

    answer = visitor.get(f"{FILMS}/tmdb", {"q": "ran"})

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:mymovie:problem:tmdb-away")
    assert answer.headers["Retry-After"] == "60"


@pytest.fixture
def alien() -> Film:
    film = FilmFactory(original_title="Alien", overview_ja="宇宙", overview_en="Space", **KNOWN)
    film.watch_link = "https://www.themoviedb.org/movie/348-alien/watch?locale=JP"
    film.facts_fetched_at = datetime.datetime(2026, 11, 2, 19, 4, tzinfo=datetime.UTC)
    film.save()
    film.genres.add(Genre.objects.create(id=27, name_ja="ホラー", name_en="Horror"))
    CreditFactory(film=film, person__name="Ridley Scott", person__name_ja="リドリー・スコット")
    CreditFactory(film=film, person__name="Sigourney Weaver", job=Credit.Job.CAST, character="Ripley")
    provider = WatchProvider.objects.create(id=84, name="U-NEXT", logo_path="/unext.jpg")
    WatchOffer.objects.create(film=film, provider=provider, kind="flatrate")
    return film


def test_a_film_is_told_in_full(visitor: Client, alien: Film) -> None:
    said = visitor.get(f"{FILMS}/{alien.pk}").json()

    assert said.keys() == FilmPageSerializer().fields.keys()
    assert said | {"poster": ..., "reception": ...} == {
        "id": str(alien.pk),
        "title": "Alien",
        "original_title": "Alien",
        "title_ja": "エイリアン",
        "title_en": "Alien",
        "year": 1979,
        "overview": "Space",
        "runtime": 117,
        "country": "GB",
        "genres": [{"id": "27", "name": "Horror"}],
        "directors": ["Ridley Scott"],
        "cast": [{"name": "Sigourney Weaver", "character": "Ripley"}],
        "japan": {"on": "1979-07-21", "precision": "day"},
        "world": {"on": "1979-05-25", "precision": "day"},
        "digital_on": None,
        "days_japan_waited": 57,
        "tmdb_id": 348,
        "imdb_id": "tt0078748",
        "wikidata_id": "Q103569",
        "watch": {
            "attribution": "JustWatch",
            "link": alien.watch_link,
            "offers": [{"kind": "flatrate", "provider": "U-NEXT", "logo": "https://image.tmdb.org/t/p/w92/unext.jpg"}],
        },
        "facts_fetched_at": "2026-11-02T19:04:00Z",
        "is_dropped": False,
        "poster": ...,
        "reception": ...,
        "my_entry": None,
        "my_wish": None,
    }


def test_a_film_is_told_in_the_language_of_who_asks(visitor: Client, alien: Film) -> None:
    said = visitor.get(f"{FILMS}/{alien.pk}", headers={"Accept-Language": "ja"}).json()

    assert (said["title"], said["overview"], said["genres"][0]["name"], said["directors"]) == (
        "エイリアン",
        "宇宙",
        "ホラー",
        ["リドリー・スコット"],
    )


def test_what_is_not_known_of_a_film_is_null(visitor: Client) -> None:
    said = visitor.get(f"{FILMS}/{FilmFactory(dropped_at=timezone.now()).pk}").json()

    unknown = ("title_ja", "overview", "runtime", "country", "japan", "tmdb_id", "watch", "facts_fetched_at")
    assert {said[name] for name in unknown} == {None}
    assert said["is_dropped"]


def test_what_is_mine_of_a_film_stands_with_it(person: User, alien: Film) -> None:
    entry = EntryFactory(owner=person, film=alien, score=77, visibility=Visibility.PRIVATE)
    WishFactory(owner=person, film=alien, reminds_a_week_before=True)

    mine, others = (client_of(viewer).get(f"{FILMS}/{alien.pk}").json() for viewer in (person, UserFactory()))

    assert mine["my_entry"] == {"id": str(entry.pk), "score": 77}
    assert (mine["my_wish"]["reminds_of_cinema"], mine["my_wish"]["reminds_a_week_before"]) == (True, True)
    assert (others["my_entry"], others["my_wish"]) == (None, None)


def test_how_a_film_was_received_is_what_everybody_may_know(visitor: Client, alien: Film) -> None:
    for score in (100, 81, None):
        EntryFactory(film=alien, score=score)
    EntryFactory(film=alien, score=0, visibility=Visibility.PRIVATE)

    said = visitor.get(f"{FILMS}/{alien.pk}").json()["reception"]

    assert (said["recorded"], said["scored"], said["average"]) == (3, 2, 90)
    assert [(band["first"], band["count"]) for band in said["bands"]][:2] == [(90, 1), (80, 1)]


def test_a_film_that_was_merged_leads_to_the_one_that_is_left(visitor: Client, alien: Film) -> None:
    merged = FilmFactory(merged_into=alien)
    EntryFactory(film=alien)

    answer = visitor.get(f"{FILMS}/{merged.pk}")

    assert (answer.status_code, answer.json()["id"]) == (200, str(alien.pk))
    assert visitor.get(answer.headers["Content-Location"]).content == answer.content
    assert len(visitor.get(f"{FILMS}/{merged.pk}/entries").json()["results"]) == 1


@pytest.mark.parametrize("pk", ["0", "999999999999999999", "9999999999999999999", "x", "1208x"])
def test_a_film_that_is_not_there_is_not_found(visitor: Client, pk: str) -> None:
    assert [visitor.get(f"{FILMS}/{pk}{rest}").status_code for rest in ("", "/entries")] == [404, 404]


@pytest.mark.parametrize("count", [1, 30])
def test_a_film_costs_the_same_whatever_is_known_of_it(person, alien, count, django_assert_num_queries) -> None:
    for _ in range(count):
        CreditFactory(film=alien, job=Credit.Job.CAST)
        EntryFactory(film=alien)
    mine = client_of(person)
    mine.get(FILMS)

    with django_assert_num_queries(10):  # token and limit; the film, its genres, directors, cast, offers, reception, …
        said = mine.get(f"{FILMS}/{alien.pk}").json()  # … my entry, my wish

    assert len(said["cast"]) == min(count + 1, 20)


def test_who_recorded_a_film_is_told_as_far_as_one_may_see_it(person: User, visitor: Client, alien: Film) -> None:
    earlier = EntryFactory(film=alien, score=80, recorded_at=timezone.now() - datetime.timedelta(days=1))
    hidden = EntryFactory(film=alien, visibility=Visibility.PRIVATE)
    mine = EntryFactory(film=alien, owner=person, visibility=Visibility.PRIVATE)
    blocking = EntryFactory(film=alien, owner=BlockFactory(blocked=person).blocker)

    for_visitor = visitor.get(f"{FILMS}/{alien.pk}/entries").json()["results"]
    for_me = client_of(person).get(f"{FILMS}/{alien.pk}/entries").json()["results"]

    assert [entry["id"] for entry in for_visitor] == [str(blocking.pk), str(earlier.pk)]
    assert [(entry["id"], entry["visibility"]) for entry in for_me] == [
        (str(mine.pk), "private"),
        (str(earlier.pk), None),
    ]
    assert str(hidden.pk) not in {entry["id"] for entry in for_me}
    assert for_visitor[1]["owner"]["handle"] == earlier.owner.handle
    assert for_visitor[1].keys() == FilmEntrySerializer().fields.keys()


@pytest.mark.parametrize("count", [3, 30])
def test_who_recorded_a_film_costs_the_same_however_many(person, alien, count, django_assert_num_queries) -> None:
    for _ in range(count):
        EntryFactory(film=alien)
    mine = client_of(person)
    seen, address = [], f"{FILMS}/{alien.pk}/entries"
    mine.get(FILMS)

    while address:
        with django_assert_num_queries(4):  # token, limit, the film, the entries with their owners
            page = mine.get(address).json()
        seen += [entry["id"] for entry in page["results"]]
        address = page["next"]

    assert len(set(seen)) == len(seen) == count


@pytest.mark.parametrize("after", ["", "x", "20261101T000000000000.x"])
def test_a_place_that_no_list_gave_out_is_refused(visitor: Client, alien: Film, after: str) -> None:
    assert visitor.get(f"{FILMS}/{alien.pk}/entries", {"after": after}).status_code == 400


def test_who_knows_a_film_already_is_told_that_it_still_holds(visitor: Client, alien: Film) -> None:
    known = visitor.get(f"{FILMS}/{alien.pk}").headers["ETag"]

    assert visitor.get(f"{FILMS}/{alien.pk}", headers={"If-None-Match": known}).status_code == 304


def test_little_of_a_film_can_be_asked_for(visitor: Client, alien: Film) -> None:
    said = visitor.get(f"{FILMS}/{alien.pk}", {"fields": "title,reception.average,watch.offers.provider"}).json()

    assert said == {
        "title": "Alien",
        "reception": {"average": None},
        "watch": {"offers": [{"provider": "U-NEXT"}]},
    }
