"""A real Chromium at the real site. Whatever the test is about, its pages are watched."""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from infra.local import chromium
from tests.browser.person import Person
from tests.browser.watch import Watch
from tests.factories import UserFactory

# Playwright's event loop runs in the thread of the tests, where Django would take every query for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    arguments = ["--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": chromium.find(), "args": arguments}


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    return live_server.url


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "ja-JP",
        "timezone_id": settings.TIME_ZONE,
        "viewport": {"width": 1280, "height": 800},
        "reduced_motion": "reduce",
        "service_workers": "block",  # those of test_offline.py are let in: nobody else's requests are to be hidden behind one
    }


@pytest.fixture
def context(context: BrowserContext, site_url: str) -> Iterator[BrowserContext]:
    context.set_default_timeout(10_000)
    watch = Watch(context, site_url)
    yield context
    context.close()
    assert watch.faults == []


@pytest.fixture
def visitor(page: Page) -> Person:
    """Nobody whom the site knows."""
    return Person(page)


@pytest.fixture
def sign_in(context: BrowserContext, site_url: str) -> Callable[[User], None]:
    """The short way, for tests that are not about signing in."""
    return lambda user: give_session(context, user, site_url)


def give_session(context: BrowserContext, user: User, site_url: str) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site_url}])


@pytest.fixture
def another(
    browser: Browser, browser_context_args: dict[str, Any], site_url: str
) -> Iterator[Callable[[User], Person]]:
    """Somebody else at a browser of their own, at the same time; their pages are watched too."""
    with contextlib.ExitStack() as open_contexts:
        watches = []

        def enter(user: User) -> Person:
            context = open_contexts.enter_context(browser.new_context(**browser_context_args))
            context.set_default_timeout(10_000)
            watches.append(Watch(context, site_url))
            give_session(context, user, site_url)
            return Person(context.new_page(), user)

        yield enter
    assert [fault for watch in watches for fault in watch.faults] == []


@pytest.fixture
def hanako(page: Page, sign_in: Callable[[User], None]) -> Person:
    """Signed in, and known to the provider."""
    subject = json.loads(os.environ["DEMO_SUBJECTS"])["hanako"]
    user = UserFactory(issuer=settings.OIDC_ISSUER, subject=subject, handle="hanako", display_name="花子")
    sign_in(user)
    return Person(page, user)
