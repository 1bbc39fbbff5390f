"""Personal tokens: what lies in the database opens nothing, and what no longer holds is out at once."""

import datetime
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.identity import services
from accounts.identity.models import PersonalToken, Scope
from accounts.identity.tokens import FORM, MOST_TOKENS, TooManyTokens, make_token, revoke_token
from accounts.models import User
from accounts.moderation.services import lift, suspend
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

ENTRIES = "/api/v1/entries"


@pytest.fixture
def hanako() -> User:
    user: User = UserFactory()
    return user


def status_of(secret: str) -> int:
    return Client(headers={"Authorization": f"Bearer {secret}"}).get(ENTRIES).status_code


def test_only_a_digest_is_kept(hanako: User) -> None:
    row, secret = make_token(owner=hanako, name="script", scope=Scope.WRITE)

    (kept,) = PersonalToken.objects.values()

    assert FORM.fullmatch(secret)
    assert kept["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert not any(secret in str(value) or secret.removeprefix("mymovie_") in str(value) for value in kept.values())
    assert secret not in f"{row!r} {row}"


def test_what_lies_in_the_database_is_no_token(hanako: User) -> None:
    row, _secret = make_token(owner=hanako, name="script", scope=Scope.WRITE)

    for stolen in (row.digest, f"mymovie_{row.digest}", f"mymovie_{row.digest[:43]}", str(row.pk)):
        assert status_of(stolen) == 401


def test_no_two_tokens_are_alike(hanako: User) -> None:
    assert len({make_token(owner=hanako, name="x", scope=Scope.READ)[1] for _ in range(MOST_TOKENS)}) == MOST_TOKENS
    with pytest.raises(TooManyTokens):
        make_token(owner=hanako, name="x", scope=Scope.READ)


@pytest.mark.parametrize("change", [str.upper, str.swapcase, lambda s: s[:-1], lambda s: s + "A", lambda s: s[:-1] + "\x00",
                                    lambda s: s.replace("mymovie_", "MyMovie_"), lambda s: s[:20] + " " + s[20:]])  # fmt: skip
def test_nearly_is_not_enough(hanako: User, change: Callable[[str], str]) -> None:
    _row, secret = make_token(owner=hanako, name="script", scope=Scope.WRITE)

    assert status_of(change(secret)) == 401
    assert status_of(secret) == 200


def test_a_revoked_token_is_out_at_once(hanako: User) -> None:
    row, secret = make_token(owner=hanako, name="script", scope=Scope.WRITE)
    assert status_of(secret) == 200

    revoke_token(token=row)

    assert status_of(secret) == 401


def test_an_expired_token_is_out_to_the_second(hanako: User, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    ends = now + datetime.timedelta(hours=1)
    _row, secret = make_token(owner=hanako, name="script", scope=Scope.WRITE, expires_at=ends)

    for seconds, status in ((-1, 200), (0, 401), (1, 401)):
        moment = ends + datetime.timedelta(seconds=seconds)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert status_of(secret) == status


def test_the_token_of_whoever_is_shut_out_is_out_until_they_are_let_in_again(hanako: User) -> None:
    _row, secret = make_token(owner=hanako, name="script", scope=Scope.WRITE)
    staff = UserFactory(is_staff=True)

    suspend(actor=staff, person=hanako, reason="spam")
    assert status_of(secret) == 401

    lift(actor=staff, person=hanako, reason="a mistake")
    assert status_of(secret) == 200


def test_the_token_of_whoever_leaves_is_out_at_once(hanako: User) -> None:
    _row, secret = make_token(owner=hanako, name="script", scope=Scope.WRITE)

    services.leave(user=hanako)

    assert status_of(secret) == 401


def test_a_token_is_out_in_public_places_too(hanako: User) -> None:
    row, secret = make_token(owner=hanako, name="script", scope=Scope.WRITE)
    revoke_token(token=row)

    answer = Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/auth/config")

    assert answer.status_code == 401, "not silently nobody's"


@pytest.mark.django_db(transaction=True)
def test_no_more_are_made_at_once_than_there_may_be(hanako: User) -> None:
    def make(_: int) -> bool:
        try:
            make_token(owner=hanako, name="x", scope=Scope.READ)
        except TooManyTokens:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as crowd:
        made = list(crowd.map(make, range(24)))

    assert (made.count(True), PersonalToken.objects.count()) == (MOST_TOKENS, MOST_TOKENS)
