import base64
import hashlib
import json
import os
import re
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.conf import settings

from accounts.identity.bearer import CLAIMS, access_of, identity_behind
from infra.local.cognito import PASSWORD, UserPool

CALLBACK = "mymovie://signed-in"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def pool() -> UserPool:
    return UserPool(os.environ["AWS_ENDPOINT_URL"])


def test_a_site_that_moved_to_another_port_is_the_same_client_with_new_addresses() -> None:
    before = pool().client("a site that moves", "http://127.0.0.1:8000")

    after = pool().client("a site that moves", "http://127.0.0.1:8123")

    assert after == before
    known = pool().cognito.describe_user_pool_client(UserPoolId=pool().pool_id, ClientId=after.client_id)[
        "UserPoolClient"
    ]
    assert known["CallbackURLs"] == ["http://127.0.0.1:8123/sign-in/callback"]
    assert known["LogoutURLs"] == ["http://127.0.0.1:8123/", "http://127.0.0.1:8123/en/"]


def test_people_are_made_once() -> None:
    told = json.loads(os.environ["DEMO_SUBJECTS"])

    again = pool().subjects()

    assert again == told
    assert again.keys() == {"hanako", "taro", "himitsu", "newcomer", "staff"}


def test_apps_are_one_client_without_a_secret() -> None:
    app = pool().app()

    assert [app.client_id] == settings.OIDC_APP_CLIENT_IDS
    assert app.secret == ""


def test_an_access_token_of_an_app_says_all_that_the_api_asks_of_one() -> None:
    token = access_token(username="newcomer")

    access = access_of(token)
    identity = identity_behind(access)

    assert access.subject == json.loads(os.environ["DEMO_SUBJECTS"])["newcomer"]
    assert access.proved_at > 0
    assert (identity.name, identity.email) == ("Newcomer", "newcomer@example.com")
    assert {*CLAIMS, "auth_time"} <= jwt.decode(token, options={"verify_signature": False}).keys()


@pytest.mark.parametrize("verifier", [{}, {"code_verifier": "of somebody who has seen the code go by"}])
def test_a_code_is_worth_nothing_without_the_verifier(verifier: dict[str, str]) -> None:
    code = code_for("newcomer", challenge=challenge_of(secrets.token_urlsafe(32)))

    answer = exchange(code, **verifier)

    assert answer == {"error": "invalid_grant"} | {"error_description": answer["error_description"]}


def access_token(username: str) -> str:
    verifier = secrets.token_urlsafe(32)
    code = code_for(username, challenge=challenge_of(verifier))
    return str(exchange(code, code_verifier=verifier)["access_token"])


def challenge_of(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def code_for(username: str, challenge: str) -> str:
    """What the page for signing in leads back to the app with."""
    asked = {"client_id": pool().app().client_id, "redirect_uri": CALLBACK, "response_type": "code"}
    asked |= {"scope": "openid profile email", "code_challenge": challenge, "code_challenge_method": "S256"}
    page = requests.get(f"{settings.OIDC_DOMAIN}/oauth2/authorize", asked, timeout=5)
    form = dict(HIDDEN.findall(page.text)) | {"username": username, "password": PASSWORD}
    back = requests.post(f"{settings.OIDC_DOMAIN}/login", form, allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith(f"{CALLBACK}?")
    return parse_qs(urlsplit(back).query)["code"][0]


def exchange(code: str, **verifier: str) -> dict[str, Any]:
    asked = {"grant_type": "authorization_code", "client_id": pool().app().client_id, "redirect_uri": CALLBACK}
    answer = requests.post(f"{settings.OIDC_DOMAIN}/oauth2/token", asked | {"code": code} | verifier, timeout=5)
    return dict(answer.json())
