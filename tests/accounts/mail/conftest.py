from collections.abc import Callable, Iterator

import httpx
import pytest
from django.core.cache import cache
from pytest_django import Settings

from tests.accounts.mail.signing import CERTIFICATE, CERTIFICATE_URL, SUBSCRIBE_URL, TOPIC

Answers = dict[str, Callable[[], httpx.Response]]


@pytest.fixture
def sns(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """SNS answers for its certificate and for confirmations, and nobody for anything else; says what was asked for."""
    settings.MAIL_EVENTS_TOPICS = [TOPIC]
    cache.clear()
    asked: list[str] = []

    def get(address: str, **_: object) -> httpx.Response:
        asked.append(address)
        if address not in (CERTIFICATE_URL, SUBSCRIBE_URL):
            raise httpx.ConnectError("nobody there")
        return httpx.Response(200, content=CERTIFICATE if address == CERTIFICATE_URL else b"<ok/>")

    monkeypatch.setattr(httpx, "get", get)
    yield asked
    cache.clear()
