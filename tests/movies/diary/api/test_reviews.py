import pytest
from django.test import Client

from movies.diary.models import Entry
from tests.api import client_of
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db

JSON = "application/json"
WORDS = {"review": "**Rain**.", "memo": "zqmemozq", "tags": ["zqtagzq"], "score": 37}


def test_words_are_recorded_with_a_film_and_changed() -> None:
    me, film = UserFactory(), FilmFactory()
    client = client_of(me)
    made = client.post(
        "/api/v1/entries", {"film": str(film.pk), "review": "Rain.\r\n", "tags": ["4K", "４Ｋ"], "memo": "m"}, JSON
    ).json()
    assert (made["review"], made["review_audience"], made["tags"], made["memo"]) == ("Rain.", "entry", ["4K"], "m")
    assert made["reviewed_at"]

    changed = client.patch(
        f"/api/v1/entries/{made['id']}", {"review_audience": "public", "has_spoilers": True}, JSON
    ).json()

    assert (changed["review"], changed["review_audience"], changed["has_spoilers"]) == ("Rain.", "public", True)


def test_a_first_review_is_for_whoever_sees_the_entry() -> None:
    entry = EntryFactory(review_audience="owner")

    client_of(entry.owner).patch(f"/api/v1/entries/{entry.pk}", {"review": "Rain."}, JSON)

    assert Entry.objects.values_list("review", "review_audience").get() == ("Rain.", "entry")


@pytest.mark.parametrize(
    "refused",
    [
        {"review": "x" * 20_001},
        {"review": None},
        {"tags": ["x" * 51]},
        {"tags": "4K"},
        {"review_audience": "all"},
        {"memo": 7},
    ],
)
def test_what_is_no_such_word_is_refused(refused) -> None:
    entry = EntryFactory(review="Rain.")

    answer = client_of(entry.owner).patch(f"/api/v1/entries/{entry.pk}", refused, JSON)

    if refused != {"memo": 7}:  # a number is taken for its figures, as everywhere
        assert answer.status_code == 400
    assert Entry.objects.get().review == "Rain."


def test_others_are_told_what_is_for_them() -> None:
    entry, follower = EntryFactory(**WORDS, visibility="followers", review_audience="entry"), UserFactory()
    FollowFactory(follower=follower, followee=entry.owner)

    said = client_of(follower).get(f"/api/v1/entries/{entry.pk}").json()

    assert (said["review"], said["has_spoilers"]) == ("**Rain**.", False)
    assert (said["memo"], said["tags"], said["review_audience"]) == (None, None, None)
    entry.owner.shows_tags = True
    entry.owner.save()
    Entry.objects.update(review_audience="owner")
    said = client_of(follower).get(f"/api/v1/entries/{entry.pk}").json()
    assert (said["review"], said["tags"], said["reviewed_at"]) == (None, ["zqtagzq"], None)


@pytest.mark.parametrize("of", ["film", "person"])
def test_of_a_narrower_entry_a_review_for_all_is_all_that_is_said(of: str) -> None:
    entry = EntryFactory(**WORDS, visibility="private", review_audience="public", owner__wall_visibility="private")
    EntryFactory(owner=entry.owner, film__original_title="zqfilmzq", review="Mine.", review_audience="entry")
    address = f"films/{entry.film_id}" if of == "film" else f"people/{entry.owner.handle}"

    answer = Client().get(f"/api/v1/{address}/reviews")

    (said,) = answer.json()["results"]
    assert (said["review"], said["score"], said["film"]["id"]) == ("**Rain**.", None, str(entry.film_id))
    assert "zq" not in answer.content.decode()
    assert Client().get(f"/api/v1/entries/{entry.pk}").status_code == 404


def test_whoever_is_not_there_has_no_reviews() -> None:
    private = UserFactory(wall_visibility="private")

    assert Client().get(f"/api/v1/people/{private.handle}/reviews").status_code == 404
    assert Client().get("/api/v1/people/nobody/reviews").status_code == 404
    assert Client().get(f"/api/v1/people/{UserFactory().handle}/reviews").json() == {"results": [], "next": None}


def test_a_change_of_words_is_a_new_version() -> None:
    entry = EntryFactory(**WORDS)
    client, address = client_of(entry.owner), f"/api/v1/entries/{entry.pk}"
    etag = client.get(address).headers["ETag"]
    client.patch(address, {"memo": "other"}, JSON)

    assert client.patch(address, {"review": "x"}, JSON, headers={"If-Match": etag}).status_code == 412
