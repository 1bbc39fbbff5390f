import datetime

import pytest
from django.test import Client
from django.utils import timezone

from movies.catalog.models import Film
from movies.diary.models import Entry, Wish
from movies.diary.serializers import EntrySerializer, FeedEntrySerializer, WallEntrySerializer, entry_said
from tests.api import client_of
from tests.factories import (
    EntryFactory,
    FilmFactory,
    FollowFactory,
    UserFactory,
    ViewingFactory,
    WishFactory,
)
from tests.standins.tmdb import Response, TmdbServer

pytestmark = pytest.mark.django_db

JSON = "application/json"
ENTRIES = "/api/v1/entries"


def post(client: Client, body: object, **headers: str):
    return client.post(ENTRIES, body, content_type=JSON, headers=headers)


class TestRecording:
    def test_a_film_is_recorded_with_its_score_and_day(self) -> None:
        me, film = UserFactory(), FilmFactory()

        answer = post(client_of(me), {"film": str(film.pk), "score": 95, "watched_on": "2024-05-01"})

        assert answer.status_code == 201
        entry = Entry.objects.get(owner=me)
        assert (entry.film, entry.score, entry.watched_on) == (film, 95, datetime.date(2024, 5, 1))
        assert answer.json()["id"] == str(entry.pk)
        assert answer.json()["watched_on"] == "2024-05-01"
        assert [one["watched_on"] for one in answer.json()["viewings"]] == ["2024-05-01"]
        assert answer.headers["ETag"]

    def test_without_a_word_it_has_no_score_no_day_and_the_visibility_of_the_settings(self) -> None:
        me, film = UserFactory(default_visibility="followers"), FilmFactory()

        answer = post(client_of(me), {"film": str(film.pk)}).json()

        assert (answer["score"], answer["watched_on"], answer["visibility"]) == (None, None, "followers")
        assert answer["viewings"] == []

    def test_a_film_that_stands_on_the_wall_is_told_of_and_left_alone(self) -> None:
        entry = EntryFactory(score=10)

        answer = post(client_of(entry.owner), {"film": str(entry.film.pk), "score": 90})

        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:mymovie:problem:already-recorded"
        assert answer.json()["entry"] == str(entry.pk)
        entry.refresh_from_db()
        assert entry.score == 10

    def test_what_is_recorded_is_no_longer_waited_for(self) -> None:
        wish = WishFactory()

        post(client_of(wish.owner), {"film": str(wish.film.pk)})

        assert not Wish.objects.exists()

    def test_a_film_that_only_tmdb_has_is_made(self, tmdb_server: TmdbServer) -> None:
        answer = post(client_of(UserFactory()), {"tmdb_id": 129})

        assert answer.status_code == 201
        assert Film.objects.get(tmdb_id=129).entries.count() == 1

    def test_tmdb_that_does_not_answer_is_told_of(self, tmdb_server: TmdbServer) -> None:
        tmdb_server.always = Response(500)

        answer = post(client_of(UserFactory()), {"tmdb_id": 129})

        assert (answer.status_code, answer.json()["type"]) == (503, "urn:mymovie:problem:tmdb-away")
        assert answer.headers["Retry-After"]

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, ""),
            ({"film": "1", "tmdb_id": 1}, ""),
            ({"film": 1}, "/film"),
            ({"film": "1' OR 1=1"}, "/film"),
            ({"tmdb_id": 0}, "/tmdb_id"),
            ({"tmdb_id": 2**40}, "/tmdb_id"),
            ({"film": "1", "score": 101}, "/score"),
            ({"film": "1", "score": -1}, "/score"),
            ({"film": "1", "score": 9.5}, "/score"),
            ({"film": "1", "score": True}, "/score"),
            ({"film": "1", "score": "90"}, "/score"),
            ({"film": "1", "watched_on": "2999-01-01"}, "/watched_on"),
            ({"film": "1", "watched_on": "1700-01-01"}, "/watched_on"),
            ({"film": "1", "watched_on": "yesterday"}, "/watched_on"),
            ({"film": "1", "visibility": "friends"}, "/visibility"),
        ],
    )
    def test_what_cannot_be_is_refused_with_its_place(self, body: dict, pointer: str) -> None:
        answer = post(client_of(UserFactory()), body)

        assert (answer.status_code, answer.json()["type"]) == (400, "urn:mymovie:problem:invalid-input")
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
        assert not Entry.objects.exists()

    def test_an_unknown_film_is_not_found(self) -> None:
        assert post(client_of(UserFactory()), {"film": "999"}).json()["type"] == "urn:mymovie:problem:film-unknown"

    def test_a_merged_film_is_recorded_as_the_one_it_became(self) -> None:
        film = FilmFactory()
        merged = FilmFactory(merged_into=film)

        assert post(client_of(UserFactory()), {"film": str(merged.pk)}).json()["film"]["id"] == str(film.pk)

    def test_a_day_is_one_of_its_owners_days(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """When it is the 2nd in Kiritimati it is still the 1st in Tokyo."""
        noon = datetime.datetime(2026, 5, 1, 11, tzinfo=datetime.UTC)
        monkeypatch.setattr(timezone, "now", lambda: noon)
        tomorrow = {"film": str(FilmFactory().pk), "watched_on": "2026-05-02"}

        assert post(client_of(UserFactory(time_zone="Asia/Tokyo")), tomorrow).status_code == 400
        assert post(client_of(UserFactory(time_zone="Pacific/Kiritimati")), tomorrow).status_code == 201


class TestReading:
    @pytest.mark.parametrize("order", ["release", "score", "watched", "recorded", "title"])
    def test_my_films_come_in_each_order_page_by_page(self, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("movies.diary.api.arranging.PAGE_SIZE", 3)
        me = UserFactory()
        for number in range(10):
            film = FilmFactory(japan_on=datetime.date(2000 + number, 1, 1), japan_precision="year")
            EntryFactory(owner=me, film=film, score=number if number % 3 else None)
        client, address, ids = client_of(me), f"{ENTRIES}?order={order}", []

        while address:
            page = client.get(address).json()
            ids += [entry["id"] for entry in page["results"]]
            address = page["next"] and page["next"].removeprefix("http://testserver")

        assert len(ids) == len(set(ids)) == 10

    def test_a_list_costs_the_same_however_long(self, django_assert_num_queries) -> None:
        me = UserFactory()
        client = client_of(me)
        client.get(ENTRIES)  # notes that the token is used
        for count in (3, 30):
            EntryFactory.create_batch(count, owner=me)
            with django_assert_num_queries(3):  # who asks, how often, and what
                client.get(ENTRIES)

    def test_others_read_what_is_for_them_without_what_is_its_owners(self) -> None:
        entry = EntryFactory(visibility="followers")
        ViewingFactory(entry=entry)
        follower = FollowFactory(followee=entry.owner).follower

        said = client_of(follower).get(f"{ENTRIES}/{entry.pk}")

        assert said.status_code == 200
        assert (said.json()["visibility"], said.json()["viewings"]) == (None, None)
        assert said.json()["owner"]["handle"] == entry.owner.handle

    def test_a_strangers_row_answers_as_a_missing_one(self) -> None:
        entry, client = EntryFactory(visibility="private"), client_of(UserFactory())

        answers = [client.get(f"{ENTRIES}/{pk}") for pk in (entry.pk, 10**9)]

        assert [answer.status_code for answer in answers] == [404, 404]
        first, second = ({**answer.json(), "request_id": ""} for answer in answers)
        assert first == second

    def test_what_is_declared_is_what_is_said(self, rf) -> None:
        entry = EntryFactory()
        request = rf.get("/")
        request.user = entry.owner

        for kind in (WallEntrySerializer, FeedEntrySerializer, EntrySerializer):
            serializer = kind(entry, context={"request": request})
            assert list(serializer.data) == list(serializer.fields), kind
        assert list(entry_said(entry, entry.owner)["film"]) == list(WallEntrySerializer().fields["film"].fields)
        assert list(entry_said(entry, entry.owner)["film"]["poster"]) == list(
            WallEntrySerializer().fields["film"].fields["poster"].fields
        )


class TestChanging:
    def test_only_what_is_sent_changes(self) -> None:
        entry = EntryFactory(score=50, visibility="private")

        answer = client_of(entry.owner).patch(f"{ENTRIES}/{entry.pk}", {"score": None}, content_type=JSON)

        assert (answer.json()["score"], answer.json()["visibility"]) == (None, "private")

    def test_a_change_raises_the_revision_of_the_wall(self) -> None:
        entry = EntryFactory()
        before = entry.owner.wall_revision

        client_of(entry.owner).patch(f"{ENTRIES}/{entry.pk}", {"visibility": "private"}, content_type=JSON)

        entry.owner.refresh_from_db()
        assert entry.owner.wall_revision > before

    def test_what_was_changed_meanwhile_is_not_overwritten(self) -> None:
        entry = EntryFactory(score=1)
        client, address = client_of(entry.owner), f"{ENTRIES}/{entry.pk}"
        read = client.get(address).headers["ETag"]

        first = client.patch(address, {"score": 2}, content_type=JSON, headers={"If-Match": read})
        second = client.patch(address, {"score": 3}, content_type=JSON, headers={"If-Match": read})
        deleted = client.delete(address, headers={"If-Match": read})
        third = client.patch(address, {"score": 4}, content_type=JSON, headers={"If-Match": first.headers["ETag"]})

        assert [answer.status_code for answer in (first, second, deleted, third)] == [200, 412, 412, 200]

    def test_a_tag_read_in_one_language_and_few_fields_serves_in_another(self) -> None:
        entry = EntryFactory()
        client, address = client_of(entry.owner), f"{ENTRIES}/{entry.pk}"
        read = client.get(f"{address}?fields=score", headers={"Accept-Language": "ja"}).headers["ETag"]

        answer = client.patch(address, {"score": 2}, content_type=JSON, headers={"If-Match": read})

        assert answer.status_code == 200

    @pytest.mark.parametrize("method", ["patch", "delete"])
    def test_nobody_changes_what_is_anothers(self, method: str) -> None:
        entry = EntryFactory(score=50)
        address = f"{ENTRIES}/{entry.pk}"
        stranger, reader, nobody = client_of(UserFactory()), client_of(entry.owner, "read"), Client()

        statuses = [
            getattr(client, method)(address, {"score": 1}, content_type=JSON).status_code
            for client in (stranger, reader, nobody)
        ]

        assert statuses == [404, 403, 401]
        entry.refresh_from_db()
        assert (entry.score, entry.deleted_at) == (50, None)


class TestDeleting:
    def test_what_is_deleted_is_listed_and_can_be_put_back(self) -> None:
        entry = EntryFactory()
        client = client_of(entry.owner)

        assert client.delete(f"{ENTRIES}/{entry.pk}").status_code == 204
        assert client.get(f"{ENTRIES}/{entry.pk}").status_code == 404
        assert [one["id"] for one in client.get(f"{ENTRIES}/deleted").json()["results"]] == [str(entry.pk)]
        assert client.post(f"{ENTRIES}/{entry.pk}/restore").json()["id"] == str(entry.pk)
        assert Entry.objects.of(entry.owner).get() == entry

    def test_it_is_not_put_back_beside_a_newer_one(self) -> None:
        entry = EntryFactory(deleted_at=timezone.now())
        EntryFactory(owner=entry.owner, film=entry.film)

        answer = client_of(entry.owner).post(f"{ENTRIES}/{entry.pk}/restore")

        assert (answer.status_code, answer.json()["type"]) == (409, "urn:mymovie:problem:recorded-again")

    def test_a_stranger_puts_nothing_back(self) -> None:
        entry = EntryFactory(deleted_at=timezone.now())

        assert client_of(UserFactory()).post(f"{ENTRIES}/{entry.pk}/restore").status_code == 404


class TestViewings:
    def test_a_film_is_seen_again(self) -> None:
        entry = EntryFactory()
        client = client_of(entry.owner)

        answer = client.post(f"{ENTRIES}/{entry.pk}/viewings", {"watched_on": "2025-02-03"}, content_type=JSON)

        assert answer.status_code == 201
        viewings = client.get(f"{ENTRIES}/{entry.pk}").json()["viewings"]
        assert sorted(viewing["watched_on"] or "" for viewing in viewings) == ["", "2025-02-03"]
        entry.refresh_from_db()
        assert entry.watched_on == datetime.date(2025, 2, 3)

    def test_its_day_is_mended_and_it_is_taken_back(self) -> None:
        viewing = ViewingFactory(watched_on=datetime.date(2024, 1, 1))
        client, address = client_of(viewing.entry.owner), f"/api/v1/viewings/{viewing.pk}"
        read = client.get(address).headers["ETag"]

        mended = client.patch(address, {"watched_on": "2024-01-02"}, content_type=JSON, headers={"If-Match": read})
        stale = client.delete(address, headers={"If-Match": read})

        assert (mended.json()["watched_on"], stale.status_code) == ("2024-01-02", 412)
        assert client.delete(address).status_code == 204
        assert not viewing.entry.viewings.exists()

    @pytest.mark.parametrize("method", ["get", "patch", "delete"])
    def test_it_is_its_owners_alone(self, method: str) -> None:
        viewing = ViewingFactory()
        follower = FollowFactory(followee=viewing.entry.owner).follower

        answer = getattr(client_of(follower), method)(f"/api/v1/viewings/{viewing.pk}", {}, content_type=JSON)

        assert answer.status_code == 404


class TestWhatChangesInThisVeryMoment:
    """Between the look at a film or an entry and the lock on it."""

    def test_a_film_that_is_forgotten_is_unknown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        gone = FilmFactory()
        Film.objects.filter(pk=gone.pk).delete()
        monkeypatch.setattr("movies.diary.api.entries.find_film", lambda asked: gone)

        assert post(client_of(UserFactory()), {"film": str(gone.pk)}).json()["type"].endswith(":film-unknown")

    def test_a_film_that_is_merged_is_recorded_as_the_one_it_became(self, monkeypatch: pytest.MonkeyPatch) -> None:
        left, stale = FilmFactory(), FilmFactory()
        Film.objects.filter(pk=stale.pk).update(merged_into=left)
        monkeypatch.setattr("movies.diary.api.entries.find_film", lambda asked: stale)

        assert post(client_of(UserFactory()), {"film": str(stale.pk)}).json()["film"]["id"] == str(left.pk)


def test_the_tag_of_an_entry_tells_others_nothing_of_its_visibility() -> None:
    entry = EntryFactory(visibility="public")
    client = client_of(FollowFactory(followee=entry.owner).follower)
    before = client.get(f"{ENTRIES}/{entry.pk}").headers["ETag"]

    Entry.objects.update(visibility="followers")

    assert client.get(f"{ENTRIES}/{entry.pk}").headers["ETag"] == before
