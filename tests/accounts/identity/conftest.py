from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from django.http import HttpResponse
from django.test import Client

from infra.local.cognito import PASSWORD


class SignInForm(HTMLParser):
    """The one form of Cognito's page, with what it already holds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = given["action"]
        if tag == "input" and "name" in given:
            self.fields[given["name"]] = given.get("value", "")


@pytest.fixture
def answer_of_cognito() -> Callable[[str, str], str]:
    """Type a name and the password into the real local Cognito's page; where it sends the browser."""

    def answer(address: str, username: str) -> str:
        page = requests.get(address, timeout=10)
        form = SignInForm(page.text)
        filled = {**form.fields, "username": username, "password": PASSWORD}
        sent = requests.post(urljoin(address, form.action), filled, allow_redirects=False, timeout=10)
        return sent.headers["Location"]

    return answer


@pytest.fixture
def sign_in_as(client: Client, answer_of_cognito: Callable[[str, str], str]) -> Callable[..., HttpResponse]:
    """The whole way through the real local Cognito, up to our answer to its answer."""

    def sign_in(username: str, address: str = "/sign-in/") -> HttpResponse:
        back = urlsplit(answer_of_cognito(client.get(address).headers["Location"], username))
        return client.get(f"{back.path}?{back.query}")

    return sign_in
