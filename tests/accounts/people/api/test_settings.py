from io import BytesIO

import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone
from PIL import Image

from accounts.mail.models import Mailbox
from accounts.models import User
from accounts.people.api import settings as api
from accounts.people.limits import ADDRESS_OPENINGS
from tests.api import client_of
from tests.factories import MailboxFactory, UserFactory

pytestmark = pytest.mark.django_db

AVATAR, MAIL, REOPEN = "/api/v1/me/avatar", "/api/v1/me/mail", "/api/v1/me/mail/reopen"


@pytest.fixture
def hanako() -> User:
    return UserFactory(handle="hanako")


@pytest.fixture
def mailbox(hanako: User) -> Mailbox:
    return MailboxFactory(user=hanako, address="hanako@example.com")


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (90, 60)).save(file, "PNG")
    return file.getvalue()


def put_avatar(client: Client, content: bytes, name: str = "avatar") -> HttpResponse:
    body = encode_multipart(BOUNDARY, {name: SimpleUploadedFile("me.png", content)})
    return client.put(AVATAR, body, MULTIPART_CONTENT)


def test_a_picture_is_taken_to_be_painted(hanako: User) -> None:
    assert put_avatar(client_of(hanako), picture()).status_code == 202

    hanako.refresh_from_db()
    assert hanako.avatar_upload


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "empty"), (b"no picture", "not_a_picture"), (b"x" * (5 * 2**20 + 1), "too_large")]
)
def test_what_is_no_picture_of_ours_is_refused_clearly(hanako: User, content: bytes, code: str) -> None:
    answer = put_avatar(client_of(hanako), content)

    assert answer.status_code == 400
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/avatar", code)]


def test_a_picture_comes_as_a_file_and_in_no_other_way(hanako: User) -> None:
    script = client_of(hanako)

    assert put_avatar(script, picture(), name="other").status_code == 400
    assert script.put(AVATAR, {"avatar": "x"}, "application/json").status_code == 415
    assert script.put(AVATAR, b"broken", "multipart/form-data; boundary=x").status_code == 400
    assert script.put(AVATAR, b"broken", "multipart/form-data").status_code == 400


def test_a_storage_that_is_away_is_said(hanako: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="s3")

    monkeypatch.setattr("storages.backends.s3.S3Storage.save", away)

    answer = put_avatar(client_of(hanako), picture())

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:mymovie:problem:storage-away")
    assert answer.headers["Retry-After"] == "60"


def test_pictures_are_not_changed_without_end(hanako: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "AVATAR_CHANGES", api.AVATAR_CHANGES._replace(most=1))
    script = client_of(hanako)

    assert [put_avatar(script, picture()).status_code for _ in range(2)] == [202, 429]


def test_a_picture_is_taken_away(hanako: User) -> None:
    User.objects.update(avatar="a" * 32)
    script = client_of(hanako)

    assert [script.delete(AVATAR).status_code for _ in range(2)] == [204, 204]
    hanako.refresh_from_db()
    assert hanako.avatar == ""


def test_nobody_else_changes_a_picture(client: Client, hanako: User) -> None:
    User.objects.update(avatar="a" * 32)
    reader, stranger = client_of(hanako, "read"), client_of(UserFactory())

    assert [put_avatar(one, picture()).status_code for one in (client, reader)] == [401, 403]
    assert [one.delete(AVATAR).status_code for one in (client, reader, stranger)] == [401, 403, 204]
    hanako.refresh_from_db()
    assert (hanako.avatar, hanako.avatar_upload) == ("a" * 32, "")


def test_one_chooses_what_one_is_told(hanako: User, mailbox: Mailbox) -> None:
    script = client_of(hanako)
    read = script.get(MAIL)
    assert read.json() == {
        "state": "open",
        "wants_reminders": True,
        "wants_requests": True,
        "wants_followers": True,
    }

    answer = script.patch(
        MAIL, {"wants_requests": False}, "application/json", headers={"If-Match": read.headers["ETag"]}
    )

    assert answer.json() == read.json() | {"wants_requests": False}
    assert answer.headers["ETag"] != read.headers["ETag"]
    mailbox.refresh_from_db()
    assert (mailbox.wants_reminders, mailbox.wants_requests, mailbox.wants_followers) == (True, False, True)


def test_what_was_changed_meanwhile_is_not_overwritten(hanako: User, mailbox: Mailbox) -> None:
    script = client_of(hanako)
    known = {"If-Match": script.get(MAIL).headers["ETag"]}
    script.patch(MAIL, {"wants_followers": False}, "application/json")

    answer = script.patch(MAIL, {"wants_followers": True}, "application/json", headers=known)

    assert (answer.status_code, answer.json()["type"]) == (412, "urn:mymovie:problem:changed-meanwhile")
    mailbox.refresh_from_db()
    assert not mailbox.wants_followers


def test_the_address_is_told_nobody(hanako: User, mailbox: Mailbox) -> None:
    script = client_of(hanako)

    assert "example.com" not in (script.get(MAIL).content + script.get("/api/v1/me").content).decode()


def test_who_has_no_mailbox_may_choose_all_the_same(hanako: User) -> None:
    script = client_of(hanako)
    assert script.get(MAIL).json()["state"] == "no-address"
    assert not Mailbox.objects.exists(), "reading writes nothing"

    assert script.patch(MAIL, {"wants_followers": False}, "application/json").status_code == 200
    assert not hanako.mailbox.wants_followers


def test_the_state_cannot_be_chosen(hanako: User, mailbox: Mailbox) -> None:
    Mailbox.objects.update(bounced_at=timezone.now())

    answer = client_of(hanako).patch(MAIL, {"state": "open"}, "application/json")

    assert answer.json()["state"] == "bounced"


@pytest.mark.parametrize(("closed", "state"), [("bounced_at", "bounced"), ("complained_at", "unwanted")])
def test_a_closed_mailbox_is_said_and_opened_again(hanako: User, mailbox: Mailbox, closed: str, state: str) -> None:
    Mailbox.objects.update(**{closed: timezone.now()})
    script = client_of(hanako)
    assert script.get(MAIL).json()["state"] == state

    answers = [script.post(REOPEN, headers={"Idempotency-Key": "once"}) for _ in range(ADDRESS_OPENINGS.most + 2)]

    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].json()["state"] == "open"
    mailbox.refresh_from_db()
    assert mailbox.is_open


def test_a_mailbox_is_opened_again_a_few_times_a_day(hanako: User, mailbox: Mailbox) -> None:
    script = client_of(hanako)

    answers = [script.post(REOPEN).status_code for _ in range(ADDRESS_OPENINGS.most + 1)]

    assert answers == [200] * ADDRESS_OPENINGS.most + [429]


def test_nobody_else_chooses_what_one_is_told(client: Client, hanako: User, mailbox: Mailbox) -> None:
    Mailbox.objects.update(bounced_at=timezone.now())

    for one in (client, client_of(hanako, "read"), client_of(UserFactory())):
        one.patch(MAIL, {"wants_followers": False}, "application/json")
        one.post(REOPEN)

    assert [client.get(MAIL).status_code, client.post(REOPEN).status_code] == [401, 401]
    mailbox.refresh_from_db()
    assert mailbox.wants_followers
    assert mailbox.bounced_at
