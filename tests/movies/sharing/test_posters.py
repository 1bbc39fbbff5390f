"""One's wall as a sheet to print: asked for, painted, downloaded, and forgotten."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import User
from movies.sharing import jobs, keeping
from movies.sharing.models import POSTER_KEPT_FOR, WallPoster
from mymovie.outbox.models import Message
from tests.factories import EntryFactory, UserFactory

pytestmark = pytest.mark.django_db

ASKED = {"order": "score", "dates": "jp"}


@pytest.fixture
def hanako(client: Client) -> User:
    owner: User = UserFactory(handle="hanako", display_name="花子", wall_visibility="private")
    EntryFactory(owner=owner, score=90)
    EntryFactory(owner=owner, score=80, visibility="private")
    client.force_login(owner)
    return owner


def painted(client: Client, **asked: str) -> WallPoster:
    client.post("/settings/poster/", ASKED | asked)
    poster = WallPoster.objects.get()
    jobs.paint_poster(poster.pk)
    poster.refresh_from_db()
    return poster


def test_a_poster_is_asked_for_painted_and_downloaded(client: Client, hanako: User) -> None:
    answer = client.post("/settings/poster/", ASKED)
    poster = WallPoster.objects.get()
    assert (answer.status_code, poster.state) == (302, "waiting")
    assert 'hx-trigger="every 3s"' in client.get("/settings/poster/").content.decode()
    assert client.get(f"/settings/poster/{poster.pk}/").status_code == 404

    jobs.paint_poster(poster.pk)
    poster.refresh_from_db()
    file = client.get(f"/settings/poster/{poster.pk}/")

    assert (poster.state, poster.films) == ("ready", 1)
    assert file.headers["Content-Type"] == "application/pdf"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="mymovie-hanako-')
    assert file.headers["Cache-Control"] == "private, no-store"
    assert b"".join(file).startswith(b"%PDF")  # type: ignore[arg-type]
    page = client.get("/settings/poster/").content.decode()
    assert f"/settings/poster/{poster.pk}/" in page
    assert "hx-trigger" not in page


def test_what_only_its_owner_sees_is_on_it_where_they_want_it(client: Client, hanako: User) -> None:
    assert painted(client, is_whole="on").films == 2


def test_pressed_twice_there_is_one_and_done_twice_there_is_one_file(client: Client, hanako: User) -> None:
    client.post("/settings/poster/", ASKED)
    poster = painted(client)
    name = poster.stored_as

    jobs.paint_poster(poster.pk)
    poster.refresh_from_db()

    assert Message.objects.filter(task="movies.sharing.tasks.paint_poster").count() == 1
    assert poster.stored_as == name


def test_five_a_day_are_enough(client: Client, hanako: User) -> None:
    answers = [client.post("/settings/poster/", ASKED).status_code for _ in range(6)]

    assert answers == [302] * 5 + [429]


@pytest.mark.parametrize("wrong", [{"order": "nonsense"}, {"dates": "mars"}, {"order": ""}])
def test_what_is_no_order_is_refused(client: Client, hanako: User, wrong: dict[str, str]) -> None:
    assert client.post("/settings/poster/", ASKED | wrong).status_code == 400
    assert not WallPoster.objects.exists()


def test_it_is_nobody_elses(client: Client, hanako: User) -> None:
    poster = painted(client)
    stranger = Client()
    assert stranger.get(f"/settings/poster/{poster.pk}/").status_code == 302
    stranger.force_login(UserFactory())
    assert stranger.get(f"/settings/poster/{poster.pk}/").status_code == 404


def test_a_failure_is_told(client: Client, hanako: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "LONGEST_SHEET", -1.0)

    poster = painted(client)

    assert poster.state == "failed"
    assert client.get("/settings/poster/").status_code == 200


@pytest.mark.parametrize("end", ["time", "account"])
def test_its_file_goes_with_its_time_and_with_its_owner(client: Client, hanako: User, end: str) -> None:
    poster = painted(client)
    assert default_storage.exists(poster.stored_as)

    if end == "time":
        WallPoster.objects.update(asked_at=timezone.now() - POSTER_KEPT_FOR)
        keeping.forget_old()
    else:
        hanako.entries.all().delete()
        hanako.delete()
        keeping.look_over_pictures()

    assert not WallPoster.objects.exists()
    assert not default_storage.exists(poster.stored_as)


def test_an_empty_wall_has_a_poster_too(client: Client) -> None:
    client.force_login(UserFactory())

    assert painted(client).state == "ready"
