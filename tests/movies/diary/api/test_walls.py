import datetime

import pytest
from django.test import Client

from tests.api import client_of
from tests.factories import BlockFactory, EntryFactory, FilmFactory, FollowFactory, UserFactory, ViewingFactory

pytestmark = pytest.mark.django_db

WALL = "/api/v1/people/owner/wall"


@pytest.fixture
def owner():
    return UserFactory(handle="owner")


def titles(answer) -> list[str]:
    return [entry["film"]["original_title"] for entry in answer.json()["results"]]


class TestAWall:
    def test_shows_each_what_they_may_see(self, owner) -> None:
        for visibility in ("public", "followers", "private"):
            EntryFactory(owner=owner, visibility=visibility, film=FilmFactory(original_title=visibility))
        follower = FollowFactory(followee=owner).follower
        blocked = BlockFactory(blocker=owner).blocked

        assert titles(Client().get(WALL)) == ["public"]
        assert set(titles(client_of(follower).get(WALL))) == {"public", "followers"}
        assert len(titles(client_of(owner).get(WALL))) == 3
        assert client_of(blocked).get(WALL).status_code == 404

    @pytest.mark.parametrize("visibility", ["followers", "private"])
    def test_that_is_not_open_answers_as_nobodys(self, owner, visibility: str) -> None:
        owner.wall_visibility = visibility
        owner.save()

        answer, missing = Client().get(WALL), Client().get("/api/v1/people/nobody/wall")

        assert answer.status_code == missing.status_code == 404
        assert answer.json() | {"request_id": ""} == missing.json() | {"request_id": ""}

    def test_is_sorted_by_the_dates_that_are_asked_for(self, owner) -> None:
        def film(title: str, japan: int, world: int):
            return FilmFactory(
                original_title=title,
                japan_on=datetime.date(japan, 1, 1),
                japan_precision="day",
                world_on=datetime.date(world, 1, 1),
                world_precision="day",
            )

        for title, japan, world in (("waited", 1980, 1950), ("at once", 1970, 1970)):
            EntryFactory(owner=owner, film=film(title, japan, world))

        assert titles(Client().get(WALL)) == ["waited", "at once"]
        assert titles(Client().get(f"{WALL}?dates=world")) == ["at once", "waited"]

    @pytest.mark.parametrize(
        "query",
        [
            "order=owner__subject",
            "order=",
            "dates=xx",
            "after=1",
            "after=%00",
            "after=..",
            "order=title&after=%2D%00.1",
            "direction=up",
            "genre=x",
            "score=9",
            "decade=1991",
            "genre=",
            "again=",
        ],
    )
    def test_knows_no_other_order_or_place(self, owner, query: str) -> None:
        assert Client().get(f"{WALL}?{query}").status_code == 400

    def test_costs_the_same_however_long(self, owner, django_assert_num_queries) -> None:
        for count in (3, 30):
            EntryFactory.create_batch(count, owner=owner)
            with django_assert_num_queries(3):  # how often, whose, and what
                Client().get(WALL)

    def test_is_found_by_its_handle_in_any_case(self, owner) -> None:
        assert Client().get("/api/v1/people/OWNER/wall").status_code == 200


class TestItsTag:
    def test_is_its_revision_and_costs_one_look(self, owner, django_assert_num_queries) -> None:
        EntryFactory(owner=owner)
        tag = Client().get(WALL).headers["ETag"]

        with django_assert_num_queries(2):  # how often, and whose
            answer = Client().get(WALL, headers={"If-None-Match": tag})

        assert answer.status_code == 304
        assert answer.headers["ETag"] == tag
        assert "Accept-Language" in answer.headers["Vary"]

    def test_changes_for_strangers_with_what_they_see_alone(self, owner) -> None:
        client = client_of(owner)
        film = FilmFactory()
        for_strangers, for_owner = Client().get(WALL).headers["ETag"], client.get(WALL).headers["ETag"]

        body = {"film": str(film.pk), "visibility": "private"}
        client.post("/api/v1/entries", body, content_type="application/json")

        assert Client().get(WALL).headers["ETag"] == for_strangers
        assert client.get(WALL).headers["ETag"] != for_owner

    def test_is_another_in_another_language_and_with_fewer_fields(self, owner) -> None:
        EntryFactory(owner=owner)

        tags = {
            Client().get(f"{WALL}{query}", headers={"Accept-Language": language}).headers["ETag"]
            for query in ("", "?fields=id")
            for language in ("ja", "en")
        }

        assert len(tags) >= 3


def test_the_sections_of_a_wall_lead_into_it(owner) -> None:
    for year in (1994, 1995, 2003):
        film = FilmFactory(japan_on=datetime.date(year, 6, 1), japan_precision="day", original_title=str(year))
        EntryFactory(owner=owner, film=film)

    sections = Client().get(f"{WALL}/sections").json()

    assert [(one["section"], one["count"]) for one in sections] == [(2000, 1), (1990, 2)]
    assert titles(Client().get(f"{WALL}?after={sections[1]['after']}")) == ["1995", "1994"]


class TestWhatItIsSiftedBy:
    def test_is_as_on_its_page(self, owner) -> None:
        for title, year, score in (("old", 1985, 90), ("good", 1994, 95), ("bad", 1995, 20), ("better", 1996, 99)):
            film = FilmFactory(japan_on=datetime.date(year, 6, 1), japan_precision="day", original_title=title)
            EntryFactory(owner=owner, film=film, score=score)

        assert titles(Client().get(f"{WALL}?decade=1990&score=90-&direction=asc")) == ["good", "better"]
        english = {"Accept-Language": "en"}
        sections = Client().get(f"{WALL}/sections?order=title&score=90-", headers=english).json()
        assert [(one["section"], one["count"]) for one in sections] == [("b", 1), ("g", 1), ("o", 1)]
        from_good = f"{WALL}?order=title&score=90-&after={sections[1]['after']}"
        assert titles(Client().get(from_good, headers=english)) == ["good", "old"]

    @pytest.mark.parametrize("query", ["tag=x", "again=1"])
    @pytest.mark.parametrize("address", [WALL, f"{WALL}/sections"])
    def test_is_nothing_that_is_its_owners_to_know(self, owner, query: str, address: str) -> None:
        ViewingFactory.create_batch(2, entry=EntryFactory(owner=owner, tags=["x"]))
        follower = FollowFactory(followee=owner).follower

        for client in (Client(), client_of(follower)):
            assert client.get(f"{address}?{query}").status_code == 400
        assert client_of(owner).get(f"{address}?{query}").status_code == 200


def test_a_wall_page_by_page_upwards_has_each_film_once(owner, monkeypatch) -> None:
    monkeypatch.setattr("movies.diary.api.arranging.PAGE_SIZE", 2)
    for score in (None, 70, 70, 30, None, 90, 0):
        EntryFactory(owner=owner, score=score)
    scores, address = [], f"{WALL}?order=score&direction=asc"

    while address:
        page = Client().get(address).json()
        scores += [entry["score"] for entry in page["results"]]
        address = page["next"]

    assert scores == [0, 30, 70, 70, 90, None, None]
