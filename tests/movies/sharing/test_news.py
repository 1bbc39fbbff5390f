"""RSS as readers read it: whole, in order, and only what its reader may see."""

import datetime
import io
import logging
import re
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.people.services.profile import change_person
from movies.sharing.addresses import FEEDS
from movies.sharing.views import feeds
from tests.factories import EntryFactory, FilmFactory, FollowFactory, UserFactory
from tests.movies.releases.test_calendars import is_ours

pytestmark = pytest.mark.django_db


@pytest.fixture
def hanako() -> User:
    return UserFactory(handle="hanako", display_name="花子")


def items(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    assert (root.tag, root.attrib["version"]) == ("rss", "2.0")
    channel = root.find("channel")
    assert channel is not None
    assert all(channel.findtext(name) for name in ("title", "link", "description"))
    return [{part.tag: part.text or "" for part in item} for item in channel.findall("item")]


def path_of(address: str) -> str:
    return address.removeprefix(settings.SITE_URL)


def test_a_wall_tells_its_films_newest_first_with_both_titles_and_scores(client: Client, hanako: User) -> None:
    film = FilmFactory(title_ja="七人の侍", title_en="Seven Samurai", world_on="1954-04-26", world_precision="day")
    now = timezone.now()
    EntryFactory(owner=hanako, film=film, score=92, recorded_at=now)
    EntryFactory(owner=hanako, score=None, recorded_at=now - datetime.timedelta(days=1))

    first, second = items(client, "/@hanako/rss/")

    assert first["title"] == "七人の侍 / Seven Samurai (1954) — 92"
    assert first["link"].startswith(settings.SITE_URL)
    assert 'src="http://testserver/posters/' in first["description"]
    assert second["guid"] != first["guid"]
    assert items(client, "/en/@hanako/rss/")[0]["title"].startswith("Seven Samurai / 七人の侍")


def test_what_is_not_for_everybody_stands_in_no_wall_s_feed(client: Client, hanako: User) -> None:
    for hidden in (
        {"visibility": "private"},
        {"visibility": "followers"},
        {"hidden_at": timezone.now()},
        {"deleted_at": timezone.now()},
    ):
        EntryFactory(owner=hanako, film__original_title="Secret", memo="Secret", **hidden)
    words = {"review": "Secret", "review_audience": "owner", "memo": "Secret", "tags": ["Secret"]}
    EntryFactory(owner=hanako, film__original_title="Ran", **words)

    answer = client.get("/@hanako/rss/")

    assert b"Ran" in answer.content
    assert b"Secret" not in answer.content


@pytest.mark.parametrize("visibility", ["followers", "private"])
def test_a_wall_that_is_not_for_everybody_has_none(client: Client, visibility: str) -> None:
    owner = UserFactory(wall_visibility=visibility)
    client.force_login(owner)

    assert client.get(f"/@{owner.handle}/rss/").status_code == 404


def test_what_has_not_changed_is_not_sent_again(client: Client, hanako: User) -> None:
    entry = EntryFactory(owner=hanako, score=50)
    first = client.get("/@hanako/rss/")
    headers = {"If-None-Match": first.headers["ETag"]}

    assert first.headers["Last-Modified"]
    assert client.get("/@hanako/rss/", headers=headers).status_code == 304
    entry.score = 60
    entry.save()
    assert client.get("/@hanako/rss/", headers=headers).status_code == 200


def test_no_title_breaks_it_or_runs_in_it(client: Client, hanako: User) -> None:
    EntryFactory(owner=hanako, film__original_title="\x0b]]><script>alert(1)</script>&\ufffe")

    (item,) = items(client, "/@hanako/rss/")

    assert item["title"].startswith("]]><script>alert(1)</script>&")
    assert "<script" not in item["description"]


def test_it_has_an_end(client: Client, hanako: User) -> None:
    for _ in range(52):
        EntryFactory(owner=hanako)

    assert len(items(client, "/@hanako/rss/")) == 50


def test_ones_feed_is_read_at_a_secret_address_as_one_may_read_it(client: Client, hanako: User) -> None:
    taro = UserFactory(handle="taro", display_name="太郎")
    FollowFactory(follower=hanako, followee=taro, last_entry_at=timezone.now())
    EntryFactory(owner=taro, film__original_title="Ran", visibility="followers", score=80)
    EntryFactory(owner=taro, film__original_title="Secret", visibility="private")
    FEEDS.make(owner=hanako)
    address = path_of(FEEDS.of(hanako))

    (item,) = items(client, address)

    assert item["title"] == "太郎: Ran — 80"
    assert "hanako" not in address
    assert client.get(address).headers["Cache-Control"] == "private, no-cache"


def test_a_new_address_ends_the_old_one_and_so_does_leaving(client: Client, hanako: User) -> None:
    FEEDS.make(owner=hanako)
    old = path_of(FEEDS.of(hanako))
    FEEDS.renew(owner=hanako)
    new = path_of(FEEDS.of(hanako))

    assert [client.get(address).status_code for address in (old, new, "/news/nonsense.rss")] == [404, 200, 404]
    FEEDS.end(owner=hanako)
    assert client.get(new).status_code == 404
    FEEDS.make(owner=hanako)
    another = path_of(FEEDS.of(hanako))
    assert another not in (old, new)


def test_the_address_is_made_renewed_and_ended_in_the_settings(client: Client, hanako: User) -> None:
    client.force_login(hanako)
    client.post("/settings/feed/make/")
    first = re.search(r"/news/[^\"]+\.rss", client.get("/settings/feed/").content.decode())
    client.post("/settings/feed/renew/")
    second = re.search(r"/news/[^\"]+\.rss", client.get("/settings/feed/").content.decode())
    client.post("/settings/feed/end/")

    assert first
    assert second
    assert first[0] != second[0]
    assert "/news/" not in client.get("/settings/feed/").content.decode()


def test_an_empty_wall_says_its_owners_new_name(client: Client) -> None:
    owner = UserFactory(handle="jiro", display_name="二郎")
    etag = client.get("/@jiro/rss/").headers["ETag"]

    change_person(person=owner, changes={"display_name": "じろう"})

    answer = client.get("/@jiro/rss/", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "じろう" in answer.content.decode()


def test_the_secret_address_is_never_written_down(
    client: Client, hanako: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    handler = next(handler for handler in logging.getLogger().handlers if is_ours(handler))
    monkeypatch.setattr(handler, "stream", written)
    monkeypatch.setattr(feeds, "READINGS", feeds.READINGS._replace(most=1))
    FEEDS.make(owner=hanako)
    address = path_of(FEEDS.of(hanako))

    answers = [client.get(address), client.get(address), client.get(f"{address[:-5]}x.rss")]

    assert [answer.status_code for answer in answers] == [200, 429, 404]
    said = written.getvalue()
    for words in ("Too Many Requests", "Not Found"):
        assert f"{words}: /news/…" in said
    signed = address.removeprefix("/news/").removesuffix(".rss").split(".")[0]
    assert signed not in said
