import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.identity.models import PersonalToken, Scope
from accounts.identity.tokens import MOST_TOKENS, make_token, token_called
from accounts.identity.views import tokens as views
from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/settings/tokens/"
NEW = {"name": "backup", "scope": "read", "lifetime": "90"}


@pytest.fixture
def hanako(client: Client) -> User:
    hanako = UserFactory(handle="hanako")
    client.force_login(hanako)
    return hanako


def test_a_token_is_made_and_shown_once(client: Client, hanako: User) -> None:
    answer = client.post(PAGE, NEW)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    (secret,) = re.findall(r'value="(mymovie_[^"]+)"', answer.content.decode())
    made = token_called(secret)
    assert made
    assert (made.owner, made.name, made.scope) == (hanako, "backup", Scope.READ)
    assert "mymovie_" not in client.get(PAGE).content.decode()
    assert secret not in str(dict(client.session))


@pytest.mark.parametrize(("lifetime", "days"), [("30", 30), ("90", 90), ("365", 365)])
def test_a_token_ends_by_itself(client: Client, hanako: User, lifetime: str, days: int) -> None:
    client.post(PAGE, NEW | {"lifetime": lifetime})

    made = PersonalToken.objects.get()
    assert made.expires_at
    assert round((made.expires_at - timezone.now()).total_seconds() / 86400) == days


def test_a_token_may_hold_without_end(client: Client, hanako: User) -> None:
    client.post(PAGE, NEW | {"lifetime": ""})

    assert PersonalToken.objects.get().expires_at is None


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 51}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "\u200b"}, "name"),
        ({"scope": "admin"}, "scope"),
        ({"scope": ""}, "scope"),
        ({"lifetime": "31"}, "lifetime"),
        ({"lifetime": "x"}, "lifetime"),
    ],
)
def test_bad_input_is_refused_clearly(client: Client, hanako: User, sent: dict[str, str], name: str) -> None:
    answer = client.post(PAGE, NEW | sent)

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [name]
    assert not PersonalToken.objects.exists()


def test_nobody_has_tokens_without_end(client: Client, hanako: User) -> None:
    for number in range(MOST_TOKENS):
        make_token(owner=hanako, name=f"{number}", scope=Scope.READ)

    answer = client.post(PAGE, NEW)

    assert answer.status_code == 400
    assert answer.context["form"].non_field_errors()
    assert PersonalToken.objects.count() == MOST_TOKENS


def test_tokens_are_not_made_without_end(client: Client, hanako: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "CHANGES", views.CHANGES._replace(most=1))

    answers = [client.post(PAGE, NEW) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 429]
    assert int(answers[1].headers["Retry-After"]) > 0
    assert 'value="backup"' in answers[1].content.decode(), "what was typed is still there"


def test_what_is_known_of_each_token_is_listed(client: Client, hanako: User) -> None:
    make_token(owner=hanako, name="<b>old</b>", scope=Scope.READ, expires_at=timezone.now())
    make_token(owner=hanako, name="new", scope=Scope.WRITE)
    make_token(owner=UserFactory(), name="of somebody else", scope=Scope.READ)

    page = client.get(f"/en{PAGE}").content.decode()

    assert page.index("new") < page.index("&lt;b&gt;old")
    assert "Read and change" in page
    assert "never used" in page
    assert "without end" in page
    assert "ended on" in page
    assert "of somebody else" not in page


def test_a_token_is_revoked_at_once(client: Client, hanako: User) -> None:
    made, secret = make_token(owner=hanako, name="backup", scope=Scope.READ)

    answer = client.post(f"{PAGE}{made.pk}/revoke/")

    assert answer.headers["Location"] == PAGE
    assert token_called(secret) is None
    assert client.post(f"{PAGE}{made.pk}/revoke/").status_code == 404


def test_nobody_else_revokes_it(client: Client, hanako: User) -> None:
    theirs, secret = make_token(owner=UserFactory(), name="theirs", scope=Scope.READ)

    assert client.post(f"{PAGE}{theirs.pk}/revoke/").status_code == 404
    assert Client().post(f"{PAGE}{theirs.pk}/revoke/").headers["Location"].startswith("/sign-in/")
    assert token_called(secret)


def test_a_visitor_makes_none(client: Client) -> None:
    assert client.get(PAGE).headers["Location"] == f"/sign-in/?next={PAGE}"
    assert client.post(PAGE, NEW).status_code == 302
    assert not PersonalToken.objects.exists()
