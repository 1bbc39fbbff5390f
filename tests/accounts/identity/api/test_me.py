import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.identity import bearer, provider
from accounts.identity.api import me as api
from accounts.identity.proof import LATELY
from accounts.identity.serializers import CHANGEABLE, MeSerializer
from accounts.models import Follow, FormerHandle, User, Visibility
from accounts.people.limits import HANDLE_CHANGES
from accounts.people.models import DELETION_AFTER
from tests.api import client_of
from tests.factories import BlockFactory, FollowFactory, MailboxFactory, UserFactory
from tests.standins.oidc import ISSUER, OidcServer, id_token

pytestmark = pytest.mark.django_db

ME = "/api/v1/me"
JSON = "application/json"


@pytest.fixture
def hanako() -> User:
    return UserFactory(handle="hanako", display_name="花子", issuer=ISSUER, subject="subject-1")


@pytest.fixture
def script(hanako: User) -> Client:
    return client_of(hanako)


def app(settings: Settings, *, proved_ago: float = 0) -> Client:
    """Of whoever is subject-1 at the provider, where they proved so many seconds ago that it is them."""
    settings.OIDC_APP_CLIENT_IDS = ["app"]
    claims = {"aud": None, "token_use": "access", "client_id": "app", "auth_time": int(time.time() - proved_ago)}
    return Client(headers={"Authorization": f"Bearer {id_token(**claims)}", "Accept-Language": "en"})


def test_one_reads_what_is_ones_own(script: Client, hanako: User) -> None:
    MailboxFactory(user=hanako)
    User.objects.update(birth_date="1990-05-10", requests_count=2, films_shown=3, avatar_upload="x")

    mine = script.get(ME).json()

    assert mine.keys() == MeSerializer().fields.keys()
    expected = {"handle": "hanako", "birth_date": "1990-05-10", "requests_count": 2, "films_count": 3}
    assert expected.items() <= mine.items()
    assert (mine["gets_mail"], mine["avatar"], mine["avatar_is_pending"]) == (True, None, True)


def test_ones_own_numbers_count_whom_one_sees_oneself(script: Client, hanako: User) -> None:
    FollowFactory(followee=hanako, follower__wall_visibility=Visibility.PRIVATE)
    FollowFactory(follower=hanako)

    mine = script.get(ME).json()

    assert (mine["followers_count"], mine["following_count"]) == (1, 1)


def test_each_column_is_changed_by_itself(script: Client, hanako: User) -> None:
    changes = {
        "handle": "hana",
        "display_name": "はな",
        "bio": "一行\r\n二行",
        "url": "hanako.example",
        "birth_date": "1990-05-10",
        "shows_age": True,
        "language": "en",
        "time_zone": "Europe/Paris",
        "color_scheme": "dark",
        "wall_visibility": "followers",
        "default_visibility": "private",
        "shows_tags": True,
    }
    assert changes.keys() == set(CHANGEABLE)

    for name, value in changes.items():
        assert script.patch(ME, {name: value}, JSON).status_code == 200, name

    expected = changes | {"bio": "一行\n二行", "url": "https://hanako.example"}
    assert expected.items() <= script.get(ME).json().items()
    assert FormerHandle.objects.get().handle == "hanako"


def test_several_columns_are_changed_together_or_not_at_all(script: Client, hanako: User) -> None:
    UserFactory(handle="taken")

    answer = script.patch(ME, {"handle": "taken", "bio": "new"}, JSON)

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:mymovie:problem:handle-taken")
    hanako.refresh_from_db()
    assert (hanako.handle, hanako.bio) == ("hanako", "")
    assert script.patch(ME, {"handle": "@Free", "bio": "new"}, JSON).json()["handle"] == "free"


def test_a_wall_that_opens_lets_in_all_who_have_asked(script: Client, hanako: User) -> None:
    User.objects.update(wall_visibility=Visibility.FOLLOWERS)
    FollowFactory(followee=hanako, accepted_at=None)

    mine = script.patch(ME, {"wall_visibility": "public"}, JSON).json()

    assert (mine["followers_count"], mine["requests_count"]) == (1, 0)
    assert Follow.objects.get().accepted_at


BAD: list[dict[str, Any]] = [
    {"handle": "ab-c"},
    {"handle": "settings"},
    {"handle": "a" * 16},
    {"handle": None},
    {"display_name": ""},
    {"display_name": "\u200b"},
    {"display_name": "a" * 51},
    {"bio": "a" * 301},
    {"bio": "\x00"},
    {"bio": "\u202e"},
    {"bio": None},
    {"bio": ["a"]},
    {"url": "javascript:alert(1)"},
    {"url": "https://a@b.example"},
    {"url": "https://" + "a" * 200 + ".example"},
    {"birth_date": "1899-12-31"},
    {"birth_date": "9999-01-01"},
    {"birth_date": "10.5.1990"},
    {"shows_age": "perhaps"},
    {"language": "fr"},
    {"time_zone": "Mars/Base"},
    {"time_zone": ""},
    {"color_scheme": 7},
    {"wall_visibility": "all"},
    {"wall_visibility": None},
    {"default_visibility": {}},
]


@pytest.mark.parametrize("sent", BAD, ids=repr)
def test_bad_input_is_refused_clearly(script: Client, hanako: User, sent: dict[str, Any]) -> None:
    before = User.objects.values().get()

    answer = script.patch(ME, sent, JSON)

    assert (answer.status_code, answer.json()["type"]) == (400, "urn:mymovie:problem:invalid-input")
    (name,) = sent
    assert {error["pointer"] for error in answer.json()["errors"]} == {f"/{name}"}
    assert User.objects.values().get() == before


@pytest.mark.parametrize("sent", ["[]", '"x"', "null", "{", '{"bio": "\\ud800"}'])
def test_what_is_no_object_is_refused(script: Client, sent: str) -> None:
    assert script.patch(ME, sent, JSON).status_code == 400


def test_no_age_is_shown_without_a_birth_date(script: Client, hanako: User) -> None:
    answer = script.patch(ME, {"shows_age": True}, JSON)
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/birth_date"]

    script.patch(ME, {"shows_age": True, "birth_date": "1990-05-10"}, JSON)
    assert script.patch(ME, {"birth_date": None}, JSON).status_code == 400
    assert script.patch(ME, {"birth_date": None, "shows_age": False}, JSON).status_code == 200


def test_what_nobody_may_change_stays(script: Client, hanako: User) -> None:
    sent = {
        "id": "1",
        "is_staff": True,
        "issuer": "x",
        "films_count": 9,
        "followers_count": 9,
        "joined_at": "2020-01-01",
    }
    before = User.objects.values().get()

    assert script.patch(ME, sent, JSON).status_code == 200
    assert User.objects.values().get() == before


def test_what_was_changed_meanwhile_is_not_overwritten(script: Client, hanako: User) -> None:
    known = {"If-Match": script.get(ME).headers["ETag"]}
    first = script.patch(ME, {"bio": "first"}, JSON, headers=known)
    assert first.status_code == 200

    second = script.patch(ME, {"bio": "second"}, JSON, headers=known)

    assert (second.status_code, second.json()["type"]) == (412, "urn:mymovie:problem:changed-meanwhile")
    assert script.patch(ME, {"bio": "third"}, JSON, headers={"If-Match": first.headers["ETag"]}).status_code == 200


def test_what_others_do_does_not_stand_in_the_way_of_a_change(script: Client, hanako: User) -> None:
    known = {"If-Match": script.get(ME).headers["ETag"]}
    FollowFactory(followee=hanako)

    assert script.patch(ME, {"bio": "new"}, JSON, headers=known).status_code == 200


def test_handles_are_not_changed_without_end(script: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "HANDLE_CHANGES", api.HANDLE_CHANGES._replace(most=2))

    answers = [script.patch(ME, {"handle": f"hanako{number}"}, JSON).status_code for number in (0, 1, 1, 2)]

    assert answers == [200, 200, 200, 429], "to send it unchanged is no change"
    assert script.patch(ME, {"bio": "new"}, JSON).status_code == 200


def test_nobody_else_reads_or_changes_it(client: Client, hanako: User) -> None:
    before = User.objects.filter(pk=hanako.pk).values().get()
    stranger = client_of(UserFactory())

    assert client.get(ME).status_code == 401
    assert client.patch(ME, {"bio": "x"}, JSON).status_code == 401
    assert client_of(hanako, "read").patch(ME, {"bio": "x"}, JSON).status_code == 403
    assert stranger.patch(ME, {"bio": "x"}, JSON).json()["handle"] != "hanako"
    assert User.objects.filter(pk=hanako.pk).values().get() == before


def test_an_account_is_deleted_by_whoever_has_just_signed_in(
    settings: Settings, oidc: OidcServer, hanako: User
) -> None:
    BlockFactory(blocker=hanako)
    mine = app(settings)

    answer = mine.delete(ME)

    assert answer.status_code == 202
    hanako.refresh_from_db()
    assert not hanako.is_active
    gone_at = (hanako.deletion_asked_at + DELETION_AFTER).isoformat().replace("+00:00", "Z")
    assert answer.json() == {"gone_at": gone_at}
    again = mine.delete(ME)
    assert (again.status_code, again.json()["type"]) == (403, "urn:mymovie:problem:leaving")


def test_a_proof_that_is_old_or_none_at_all_deletes_nothing(
    settings: Settings, oidc: OidcServer, client: Client, hanako: User
) -> None:
    by_session = Client(headers={"X-CSRFToken": "x"})
    by_session.force_login(hanako)
    unproved = [app(settings, proved_ago=LATELY + 5), client_of(hanako), by_session]

    answers = [one.delete(ME) for one in unproved]

    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {
        (403, "urn:mymovie:problem:proof-needed")
    }
    assert client.delete(ME).status_code == 401
    assert client_of(hanako, "read").delete(ME).json()["type"] == "urn:mymovie:problem:read-only-token"
    hanako.refresh_from_db()
    assert hanako.is_active
    assert hanako.deletion_asked_at is None


def test_tokens_of_whoever_is_leaving_do_not_hold(script: Client, hanako: User) -> None:
    User.objects.update(is_active=False, deletion_asked_at=timezone.now())

    assert script.get(ME).status_code == 401


def test_a_change_that_comes_too_late_costs_no_change_of_handle(script: Client, hanako: User) -> None:
    for _ in range(HANDLE_CHANGES.most + 1):
        late = script.patch(ME, {"handle": "brandnew"}, "application/json", headers={"If-Match": '"stale"'})

    assert (late.status_code, script.patch(ME, {"handle": "brandnew"}, "application/json").status_code) == (412, 200)


class TestWhoeverHasNoAccount:
    @pytest.fixture
    def newcomer(self, settings: Settings, monkeypatch: pytest.MonkeyPatch, oidc: OidcServer, hanako: User) -> Client:
        client = app(settings)
        monkeypatch.setattr(
            bearer, "identity_behind", lambda access: provider.Identity(access.issuer, "new", "花", False)
        )
        User.objects.filter(pk=hanako.pk).update(subject="somebody else")
        return client

    def test_is_answered_for_themselves_alone(self, newcomer: Client) -> None:
        assert newcomer.get("/api/v1/auth/newcomer")["Cache-Control"] == "private, no-store"
        assert newcomer.get("/api/v1/people")["Cache-Control"] == "private, no-store"


def test_a_suspended_person_is_not_answered_as_before(settings: Settings, oidc: OidcServer, hanako: User) -> None:
    User.objects.filter(pk=hanako.pk).update(is_active=False, deletion_asked_at=timezone.now())
    client, key = app(settings), {"Idempotency-Key": "stay"}
    first = client.post("/api/v1/auth/stay", headers=key)

    User.objects.filter(pk=hanako.pk).update(is_active=False, suspended_at=timezone.now())

    assert (first.status_code, client.post("/api/v1/auth/stay", headers=key).status_code) == (200, 403)
