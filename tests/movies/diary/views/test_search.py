import pytest

from movies.catalog.titles import search_text_of
from tests.factories import CreditFactory, EntryFactory, FilmFactory, UserFactory
from tests.standins.tmdb import Response

pytestmark = pytest.mark.django_db


def film(title, **facts):
    return FilmFactory(original_title=title, search_text=search_text_of(title), **facts)


def found(client, **query):
    return [film.original_title for film in client.get("/search/", query).context["films"]]


def test_our_own_films_are_found_by_a_part_of_their_title(client):
    film("千と千尋の神隠し")
    film("乱")

    assert found(client, q="千尋") == ["千と千尋の神隠し"]


def test_a_result_says_who_directed_it_and_when(client):
    credit = CreditFactory(film=film("Ran", world_on="1985-01-01", world_precision="year"), person__name="Kurosawa")

    page = client.get("/search/", {"q": "ran"}).content.decode()

    assert credit.person.name in page
    assert "1985" in page


def test_the_year_narrows_the_search(client):
    film("Robin Hood", world_on="1973-01-01", world_precision="year")
    film("Robin Hood", world_on="2010-01-01", world_precision="year")

    assert len(found(client, q="robin hood")) == 2
    assert len(found(client, q="robin hood", year="2010")) == 1


def test_every_page_of_results_can_be_reached(client):
    for _ in range(45):
        film("Alien")
    seen, address = [], "/search/?q=alien"

    while address:
        page = client.get(address)
        seen += [film.pk for film in page.context["films"]]
        address = page.context["next"]

    assert len(seen) == len(set(seen)) == 45


@pytest.mark.parametrize(
    "query", ["", " ", "%", "_", "\\", "'", '"', "\x00", "x" * 1000, "🎬", "\u202e", "--", "&", "の" * 300, "\ud800"]
)
def test_any_words_get_an_answer(client, query):
    film("Alien")

    assert client.get("/search/", {"q": query.encode("utf-8", "surrogatepass")}).status_code in (200, 400)


@pytest.mark.parametrize("query", [{"year": "x"}, {"year": "99999999999"}, {"after": "x"}, {"year": "1700"}])
def test_what_cannot_be_searched_is_refused_clearly_and_kept(client, query):
    response = client.get("/search/", {"q": "alien", **query})

    assert response.status_code == 400
    if "year" in query:
        assert query["year"] in response.content.decode()


def test_what_i_have_recorded_is_marked(client):
    entry = EntryFactory(film=film("Ran"))
    EntryFactory(film=film("Ran again"))
    client.force_login(entry.owner)

    assert client.get("/search/", {"q": "ran"}).context["mine"] == {entry.film_id: entry}


def test_htmx_gets_the_results_alone(client):
    film("Ran")

    page = client.get("/search/", {"q": "ran"}, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in page
    assert "Ran" in page


@pytest.mark.parametrize("count", [30, 1000])
def test_a_page_of_results_costs_the_same_queries_however_many_there_are(client, count, django_assert_num_queries):
    films = [FilmFactory.build(original_title="Alien", search_text=search_text_of("Alien")) for _ in range(count)]
    type(films[0]).objects.bulk_create(films)
    client.force_login(UserFactory())
    client.get("/about/")  # the first page of a session writes its token

    # Session with person, the films, who directed them, which are mine, which I wait for.
    with django_assert_num_queries(5):
        client.get("/search/", {"q": "alien"})


def test_without_a_token_tmdb_is_not_spoken_of(client):
    assert client.get("/search/", {"q": "ran"}).context["tmdb_address"] == ""


def test_tmdbs_films_come_by_an_address_of_their_own(client, tmdb_server):
    page = client.get("/search/", {"q": "千と千尋", "year": "2001"})
    assert tmdb_server.calls == []  # our own are never kept waiting

    hits = client.get(page.context["tmdb_address"]).context["hits"]

    assert [hit.title for hit in hits] == ["千と千尋の神隠し"]


def test_a_film_that_our_own_search_found_is_not_shown_twice(client, tmdb_server):
    film("千と千尋の神隠し", tmdb_id=129)

    assert client.get("/search/tmdb/", {"q": "千と千尋"}).context["hits"] == []


def test_a_film_of_ours_that_only_tmdb_finds_is_our_own(client, tmdb_server):
    own = film("The title that we know", tmdb_id=129)

    hits = client.get("/search/tmdb/", {"q": "千と千尋"}).context["hits"]

    assert [hit.film for hit in hits] == [own]


@pytest.mark.parametrize("fault", [Response(500), Response(429), Response(401), Response(body=b"<html>")])
def test_when_tmdb_does_not_answer_one_line_says_so(client, tmdb_server, fault):
    tmdb_server.always = fault

    response = client.get("/search/tmdb/", {"q": "ran"}, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert "TMDB" in response.content.decode()
    assert response.context["trouble"]


def test_every_page_of_tmdbs_results_can_be_reached(client, tmdb_server):
    first = client.get("/search/tmdb/", {"q": "e"})

    second = client.get(first.context["next"])

    assert second.context["hits"]
    assert not {hit.tmdb_id for hit in first.context["hits"]} & {hit.tmdb_id for hit in second.context["hits"]}


@pytest.mark.parametrize("page", ["0", "501", "x", "-1", "²"])
def test_a_page_that_tmdb_does_not_have_is_refused(client, tmdb_server, page):
    assert client.get("/search/tmdb/", {"q": "ran", "page": page}).status_code == 400
