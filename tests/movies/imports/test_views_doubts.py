import re

import pytest

from movies.catalog.titles import search_text_of
from movies.imports.models import Mention
from tests.factories import BatchFactory, FilmFactory, MentionFactory, RowFactory, UserFactory
from tests.standins.tmdb import Response

ENGLISH = {"Accept-Language": "en"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(client):
    user = UserFactory(handle="hanako")
    client.force_login(user)
    return BatchFactory(owner=user, state="ready")


@pytest.fixture
def doubt(batch):
    def make(title="Ran", *candidates, **facts):
        named = {"title": title, "year": 1985, "directors": []}
        mention = MentionFactory(batch=batch, state="doubtful", named=named, candidates=list(candidates), **facts)
        RowFactory(batch=batch, mention=mention, outcome="doubtful", raw={"Name": title, "Rating": "4.5"}, line=7)
        return mention

    return make


def queue(client, batch, **query):
    return client.get(f"/en/import/{batch.pk}/doubts/", query)


def pick(client, mention, **film):
    return client.post(f"/import/{mention.batch_id}/doubts/{mention.pk}/pick/", film)


def test_a_film_in_doubt_stands_as_its_file_names_it_with_what_is_said_of_it(client, batch, doubt):
    film = FilmFactory(original_title="Ran", poster_path="/ran.jpg")
    doubt("Ran", {"film": film.pk}, {"tmdb_id": 5, "title": "Ran?", "year": 1999, "poster_path": ""})

    page = queue(client, batch).content.decode()

    assert re.search(r"<h1>\s*Ran\s*</h1>", page)
    assert re.search(rf'name="film"\s+value="{film.pk}"', page)
    assert re.search(r'name="tmdb_id"\s+value="5"', page)
    assert "Line 7" in page
    assert "4.5" in page


def test_after_a_choice_comes_the_next_one(client, batch, doubt):
    first, second = doubt("Ran"), doubt("Ikiru")
    film = FilmFactory()

    response = pick(client, first, film=film.pk)

    first.refresh_from_db()
    assert (first.state, first.film) == (Mention.State.PICKED, film)
    assert client.get(response.url).context["mention"] == second


def test_what_was_put_off_comes_again_in_the_end(client, batch, doubt):
    first, second = doubt("Ran"), doubt("Ikiru")

    assert queue(client, batch, after=first.pk).context["mention"] == second
    assert queue(client, batch, after=second.pk).url == f"/en/import/{batch.pk}/doubts/"


def test_what_was_just_chosen_can_be_chosen_anew(client, batch, doubt):
    first, _second = doubt("Ran"), doubt("Ikiru")
    page = client.get(pick(client, first, film=FilmFactory(original_title="Wrong").pk).url)
    assert "「Ran」は『Wrong』にしました。" in page.content.decode()
    right = FilmFactory()

    assert queue(client, batch, at=first.pk).context["mention"] == first
    pick(client, first, film=right.pk)

    first.refresh_from_db()
    assert first.film == right


def test_after_the_last_one_comes_the_import_itself(client, batch, doubt):
    last = doubt("Ran")

    response = client.post(f"/import/{batch.pk}/doubts/{last.pk}/leave-out/", follow=True)

    last.refresh_from_db()
    assert last.state == Mention.State.LEFT_OUT
    assert response.redirect_chain[-1][0] == f"/import/{batch.pk}/"


def test_another_film_is_looked_for_by_its_title(client, batch, doubt):
    mention = doubt("Ran")
    film = FilmFactory(original_title="Kagemusha", search_text=search_text_of("Kagemusha"))

    response = queue(client, batch, at=mention.pk, q="kagemusha")
    part = client.get(
        f"/en/import/{batch.pk}/doubts/", {"at": mention.pk, "q": "kagemusha"}, headers={"HX-Request": "true"}
    )

    assert response.context["films"] == [film]
    assert "<h1" not in part.content.decode()
    assert f'value="{film.pk}"' in part.content.decode()


def test_tmdb_is_asked_too_and_its_film_is_taken(client, batch, doubt, tmdb_server):
    mention = doubt("千と千尋")

    found = queue(client, batch, q="千と千尋の神隠し").context["hits"]
    pick(client, mention, tmdb_id=found[0].tmdb_id)

    mention.refresh_from_db()
    assert (mention.state, mention.film.tmdb_id) == (Mention.State.PICKED, 129)


def test_a_silent_tmdb_is_said_and_nothing_is_lost(client, batch, doubt, tmdb_server):
    mention = doubt("Ran")
    tmdb_server.always = Response(503)

    assert queue(client, batch, q="ran").context["trouble"]
    response = client.post(f"/en/import/{batch.pk}/doubts/{mention.pk}/pick/", {"tmdb_id": 129}, follow=True)

    assert response.context["mention"] == mention
    assert 'class="message error"' in response.content.decode()


def test_a_film_that_was_merged_is_the_one_that_it_became(client, doubt):
    film = FilmFactory()
    merged = FilmFactory(merged_into=film)
    mention = doubt("Ran")

    pick(client, mention, film=merged.pk)

    mention.refresh_from_db()
    assert mention.film == film


@pytest.mark.parametrize("film", [{}, {"film": "0"}, {"tmdb_id": "-1"}, {"tmdb_id": "9" * 20}])
def test_what_is_no_film_cannot_be_chosen(client, doubt, film):
    mention = doubt("Ran")

    assert pick(client, mention, **film).status_code == 400
    mention.refresh_from_db()
    assert mention.state == Mention.State.DOUBTFUL


def test_a_film_is_chosen_only_in_the_import_that_names_it(client, batch, doubt):
    mention, other = doubt("Ran"), BatchFactory(owner=batch.owner)

    response = client.post(f"/import/{other.pk}/doubts/{mention.pk}/pick/", {"film": FilmFactory().pk})

    assert response.status_code == 404


@pytest.mark.parametrize("after", ["x", "-1", "²", "9" * 30])
def test_a_place_that_no_queue_has_is_a_mistake(client, batch, doubt, after):
    doubt("Ran")

    assert queue(client, batch, after=after).status_code == 400


@pytest.mark.parametrize(("sent", "why"), [({}, "left_out"), ({"why": "not_a_film"}, "not_a_film")])
def test_what_is_left_out_says_why(client, batch, doubt, sent, why):
    left = doubt("Ran")
    row = RowFactory(batch=batch, mention=left, said={}, outcome="doubtful")

    client.post(f"/import/{batch.pk}/doubts/{left.pk}/leave-out/", sent)

    row.refresh_from_db()
    assert (row.outcome, row.reason) == ("rejected", why)
