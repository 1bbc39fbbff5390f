"""What the server tells the worker and the installed app."""

import json

import pytest
from django.test import Client
from PIL import Image

from infra.icons import FOLDER, ICONS
from mymovie.offline import worker
from tests.factories import EntryFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_worker_is_asked_for_anew_at_each_visit_and_only_sent_when_it_changed(client: Client) -> None:
    first = client.get("/service-worker.js")

    again = client.get("/service-worker.js", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert first.headers["Content-Type"].startswith("text/javascript")
    assert again.status_code == 304


def test_another_release_is_another_worker(client: Client, settings) -> None:
    worker.script.cache_clear()
    first = client.get("/service-worker.js").content
    settings.RELEASE = "the-next-one"
    worker.script.cache_clear()

    assert client.get("/service-worker.js").content != first
    worker.script.cache_clear()


def test_the_worker_may_ask_for_posters_and_pages_may_not(client: Client) -> None:
    policy = client.get("/service-worker.js").headers["Content-Security-Policy"]

    assert "connect-src 'self' https://image.tmdb.org;" in f"{policy};"
    assert "connect-src 'self';" in f"{client.get('/about/').headers['Content-Security-Policy']};"
    assert "worker-src 'self'" in client.get("/about/").headers["Content-Security-Policy"]


def test_the_worker_does_not_tell_where_staff_work(client: Client, settings) -> None:
    assert settings.STAFF_PATH.strip("/") not in json.dumps(worker.facts())


def test_without_a_worker_no_page_starts_one_and_the_old_one_leaves(client: Client, settings) -> None:
    settings.SERVICE_WORKER = False

    assert b"js/offline.js" not in client.get("/about/").content
    assert b"unregister" in client.get("/service-worker.js").content


@pytest.mark.parametrize(("prefix", "language"), [("", "ja"), ("/en", "en")])
def test_the_manifest_speaks_the_language_of_the_page(client: Client, prefix: str, language: str) -> None:
    page = client.get(f"{prefix}/about/").content.decode()
    manifest = client.get(f"{prefix}/manifest.webmanifest").json()

    assert f'<link rel="manifest" href="{prefix}/manifest.webmanifest">' in page
    assert manifest["lang"] == language
    assert manifest["id"] == "/"
    assert manifest["start_url"] == f"{prefix}/"
    assert [shortcut["url"] for shortcut in manifest["shortcuts"]] == [
        f"{prefix}/{at}" for at in ("search/", "", "feed/")
    ]
    assert manifest["share_target"]["action"] == "/share/"


@pytest.mark.parametrize("name", ICONS)
def test_icons_are_as_they_are_drawn(name: str) -> None:
    with Image.open(FOLDER / name) as kept:
        drawn = ICONS[name]()
        assert kept.size == drawn.size
        assert kept.convert("RGBA").tobytes() == drawn.tobytes()


def test_a_page_tells_whose_it_is_and_no_two_sessions_share_a_shelf(client: Client) -> None:
    hanako = UserFactory(handle="hanako")
    assert client.get("/about/").headers["Offline-Shelf"] == "nobody"
    client.force_login(hanako)
    first = client.get("/@hanako/").headers["Offline-Shelf"]
    elsewhere = Client()
    elsewhere.force_login(hanako)

    assert client.get("/about/").headers["Offline-Shelf"] == first
    assert elsewhere.get("/about/").headers["Offline-Shelf"] not in {first, "nobody"}
    assert client.session.session_key not in first


def test_only_pages_that_people_look_at_again_are_kept(client: Client) -> None:
    entry = EntryFactory(owner__handle="hanako")
    client.force_login(entry.owner)
    kept = ["/@hanako/", "/@hanako/?order=score", "/@hanako/?recorded=1", entry.film.get_absolute_url(), "/about/"]
    others = [
        "/@hanako/?deleted=1",
        "/settings/privacy/",
        "/settings/data/",
        f"/films/{entry.film.pk}/record/",
        "/search/?q=ran",
        "/feed/",
        "/people/",
        "/@nobody/",
        "/api/v1/docs",
        "/offline/",
    ]

    assert [path for path in kept if "Offline-Keep" not in client.get(path).headers] == []
    assert [path for path in others if "Offline-Keep" in client.get(path).headers] == []
    assert "Offline-Keep" not in client.get("/@hanako/", headers={"HX-Request": "true"}).headers
    assert "Offline-Keep" not in client.post("/@hanako/").headers


def test_a_copy_outlives_no_session(client: Client) -> None:
    client.force_login(UserFactory(handle="hanako"))
    session = client.session
    session.set_expiry(60 * 60)
    session.save()

    assert int(client.get("/@hanako/").headers["Offline-Keep"]) <= 60 * 60


def test_ones_own_wall_alone_stands_in_for_the_front_page(client: Client) -> None:
    UserFactory(handle="taro")
    client.force_login(UserFactory(handle="hanako"))

    assert client.get("/@hanako/").headers["Offline-Home"] == "1"
    assert client.get("/@hanako/?recorded=1").headers["Offline-Home"] == "1"
    assert "Offline-Home" not in client.get("/@hanako/?order=score").headers
    assert "Offline-Home" not in client.get("/@taro/").headers


def test_the_offline_page_is_the_same_for_everybody(client: Client) -> None:
    anonymous = client.get("/offline/").content
    client.force_login(UserFactory(color_scheme="dark"))

    answer = client.get("/offline/")

    assert answer.content == anonymous
    assert "Vary" not in answer.headers
    assert "Offline-Shelf" not in answer.headers
