"""Through the real local Cognito."""

import json
import os
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[..., HttpResponse]


def known(username: str, **facts: object) -> User:
    subject = json.loads(os.environ["DEMO_SUBJECTS"])[username]
    return UserFactory(issuer=settings.OIDC_ISSUER, subject=subject, handle=username, **facts)


def signed_in(client: Client) -> User | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key) if key else None


@pytest.mark.parametrize(("address", "language"), [("/sign-in/", "ja"), ("/en/sign-in/", "en")])
def test_the_provider_is_asked_for_a_code_bound_to_this_session(client: Client, address: str, language: str) -> None:
    location = urlsplit(client.get(address).headers["Location"])

    asked = {name: values[0] for name, values in parse_qs(location.query).items()}
    assert f"{location.scheme}://{location.netloc}{location.path}" == f"{settings.OIDC_DOMAIN}/oauth2/authorize"
    assert asked["response_type"] == "code"
    assert asked["redirect_uri"] == f"{settings.SITE_URL}/sign-in/callback"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["code_challenge"]) == 43
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20
    assert asked["lang"] == language
    assert asked["scope"] == "openid profile email"


def test_who_came_by_localhost_signs_in_where_the_provider_sends_them_back_to(client: Client) -> None:
    begun = client.get("/en/sign-in/?next=/en/feed/", headers={"host": "localhost:8000"})

    assert begun.headers["Location"] == f"{settings.SITE_URL}/en/sign-in/?next=/en/feed/"
    assert not client.session.keys()


def test_two_sign_ins_share_no_secret(client: Client) -> None:
    first, second = (parse_qs(urlsplit(client.get("/sign-in/").headers["Location"]).query) for _ in range(2))

    assert first.keys() == second.keys()
    assert all(first[name] != second[name] for name in ["state", "nonce", "code_challenge"])


def test_a_newcomer_chooses_a_handle_and_is_signed_in(client: Client, sign_in_as: SignIn) -> None:
    answer = sign_in_as("newcomer")
    assert answer.headers["Location"] == "/welcome/"
    assert not User.objects.exists()

    answer = client.post("/welcome/", {"handle": "new_one", "display_name": "新人"})

    user = User.objects.get()
    assert answer.headers["Location"] == "/"
    assert (user.handle, user.display_name, user.issuer) == ("new_one", "新人", settings.OIDC_ISSUER)
    assert user.mailbox.address == "newcomer@example.com"
    assert signed_in(client) == user


def test_a_known_person_is_signed_in_with_a_new_session_key(client: Client, sign_in_as: SignIn) -> None:
    hanako = known("hanako")
    client.get("/sign-in/")
    key_before = client.session.session_key

    answer = sign_in_as("hanako")

    assert answer.headers["Location"] == "/"
    assert signed_in(client) == hanako
    assert client.session.session_key != key_before
    assert hanako.mailbox.address == "hanako@example.com"


def test_the_session_cookie_stays_out_of_scripts_and_foreign_posts(client: Client, sign_in_as: SignIn) -> None:
    known("hanako")

    cookie = sign_in_as("hanako").cookies[settings.SESSION_COOKIE_NAME]

    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == settings.SESSION_COOKIE_AGE


def test_an_unfinished_sign_in_is_soon_forgotten(client: Client) -> None:
    client.get("/sign-in/")

    assert client.session.get_expiry_age() <= 3600


def test_one_comes_back_to_where_one_was_in_the_language_one_read(sign_in_as: SignIn) -> None:
    known("hanako")

    answer = sign_in_as("hanako", "/en/sign-in/?next=/en/search/%3Fq%3Dalien")

    assert answer.headers["Location"] == "/en/search/?q=alien"


def test_an_english_newcomer_is_welcomed_in_english_and_then_led_on(client: Client, sign_in_as: SignIn) -> None:
    assert sign_in_as("newcomer", "/en/sign-in/?next=/en/about/").headers["Location"] == "/en/welcome/"

    answer = client.post("/en/welcome/", {"handle": "new_one", "display_name": "New"})

    assert answer.headers["Location"] == "/en/about/"


def test_nobody_is_led_away_from_the_site(sign_in_as: SignIn) -> None:
    known("hanako")

    assert sign_in_as("hanako", "/sign-in/?next=//evil.example/").headers["Location"] == "/"


def test_members_of_the_staff_group_are_staff(sign_in_as: SignIn) -> None:
    user = known("staff")

    sign_in_as("staff")

    user.refresh_from_db()
    assert user.is_staff


def test_one_who_left_the_staff_group_is_staff_no_more(sign_in_as: SignIn) -> None:
    user = known("hanako", is_staff=True)

    sign_in_as("hanako")

    user.refresh_from_db()
    assert not user.is_staff


def test_a_new_member_of_staff_is_staff_from_the_first_day(client: Client, sign_in_as: SignIn) -> None:
    sign_in_as("staff")

    client.post("/welcome/", {"handle": "helper", "display_name": "Helper"})

    assert User.objects.get().is_staff


def test_a_deactivated_person_is_told_so_and_stays_out(client: Client, sign_in_as: SignIn) -> None:
    known("hanako", is_active=False, suspended_at=timezone.now())

    answer = sign_in_as("hanako")

    assert answer.status_code == 403
    assert answer.templates[0].name == "accounts/identity/sign_in_failed.html"
    assert signed_in(client) is None


def test_suspending_somebody_ends_the_sessions_that_are_open_and_a_page_says_so(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    User.objects.update(is_active=False, suspended_at=timezone.now())

    answer = client.get("/about/")

    assert answer.status_code == 403
    assert "このアカウントは停止中です" in answer.content.decode()
    assert client.get("/about/").status_code == 200
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("query", "leads_to"), [("", "/"), ("?next=/search/", "/search/"), ("?next=//evil.test", "/")])
def test_signing_in_while_signed_in_goes_on(client: Client, query: str, leads_to: str) -> None:
    client.force_login(UserFactory())

    assert client.get(f"/sign-in/{query}").headers["Location"] == leads_to


@pytest.mark.parametrize(("username", "hours"), [("staff", 8), ("hanako", 30 * 24)])
def test_staff_sign_in_anew_every_working_day(client: Client, sign_in_as: SignIn, username: str, hours: int) -> None:
    known(username)

    sign_in_as(username)

    assert client.session.get_expiry_age() == pytest.approx(hours * 60 * 60, abs=60)


def test_what_staff_do_does_not_make_their_day_longer(client: Client, sign_in_as: SignIn) -> None:
    known("staff")
    sign_in_as("staff")
    ends_at = client.session.get_expiry_date()

    client.post("/settings/display/", {"language": "ja", "time_zone": "UTC", "color_scheme": "dark"})

    assert client.session.get_expiry_date() == ends_at


@pytest.mark.parametrize(("address", "front"), [("/sign-out/", "/"), ("/en/sign-out/", "/en/")])
def test_signing_out_ends_our_session_and_the_providers(client: Client, address: str, front: str) -> None:
    client.force_login(UserFactory())

    answer = client.post(address)

    assert signed_in(client) is None
    at_provider = requests.get(answer.headers["Location"], allow_redirects=False, timeout=10)
    assert at_provider.status_code == 302
    assert at_provider.headers["Location"] == settings.SITE_URL + front


def test_a_link_does_not_sign_out(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)

    assert client.get("/sign-out/").status_code == 405
    assert signed_in(client) == user


def test_another_site_cannot_sign_one_out() -> None:
    user = UserFactory()
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    assert client.post("/sign-out/").status_code == 403
    assert signed_in(client) == user


def test_an_answer_counts_once(client: Client, answer_of_cognito: Callable[[str, str], str]) -> None:
    known("hanako")
    answer = urlsplit(answer_of_cognito(client.get("/sign-in/").headers["Location"], "hanako"))
    client.get(f"{answer.path}?{answer.query}")
    client.logout()

    again = client.get(f"{answer.path}?{answer.query}")

    assert again.status_code == 400
    assert signed_in(client) is None


def test_an_answer_to_another_session_is_refused(client: Client, answer_of_cognito: Callable[[str, str], str]) -> None:
    known("hanako")
    answer = urlsplit(answer_of_cognito(client.get("/sign-in/").headers["Location"], "hanako"))
    stranger = Client()
    stranger.get("/sign-in/")

    refused = stranger.get(f"{answer.path}?{answer.query}")

    assert refused.status_code == 400
    assert signed_in(stranger) is None


def test_a_code_is_worthless_without_the_verifier_of_its_session(
    client: Client, answer_of_cognito: Callable[[str, str], str]
) -> None:
    known("hanako")
    stolen = parse_qs(urlsplit(answer_of_cognito(client.get("/sign-in/").headers["Location"], "hanako")).query)
    thief = Client()
    asked = parse_qs(urlsplit(thief.get("/sign-in/").headers["Location"]).query)

    refused = thief.get("/sign-in/callback", {"code": stolen["code"][0], "state": asked["state"][0]})

    assert refused.status_code == 400
    assert signed_in(thief) is None
