"""Nobody makes us ask an address of theirs. No part of the site connects to an address that somebody has given; who connects
to anything at all is named here, with what its address is made of."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.api import client_of
from tests.factories import BatchFactory, UserFactory

pytestmark = pytest.mark.django_db

ASKS = {
    "movies/catalog/tmdb/wire.py": "TMDB's own address, from settings, and numbers",
    "movies/sharing/fetching.py": "that of TMDB's images, from settings, and a path of one form; no redirect is followed",
    "accounts/identity/bearer.py": "the provider's, from settings",
    "accounts/identity/keys.py": "the provider's, from settings",
    "accounts/identity/provider.py": "the provider's, from settings",
    "accounts/mail/sns.py": "SNS's own, by one pattern; no redirect is followed",
}
SPEAK = {"httpx", "requests", "urllib.request", "http.client", "socket", "urllib3", "aiohttp", "smtplib", "ftplib",
         "authlib.integrations.django_client", "authlib.integrations.requests_client"}  # fmt: skip
"""And clients of AWS, whose addresses are AWS's, from settings."""
INSIDE = [
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:{port}/",
    "http://169.254.170.2/v2/credentials", "http://10.0.0.1/", "http://[::ffff:169.254.169.254]/", "http://0x7f000001:{port}/",
    "http://2130706433:{port}/", "http://127.1:{port}/", "http://0/", "file:///etc/passwd", "gopher://127.0.0.1:{port}/_x",
]  # fmt: skip


def imported(path: Path) -> set[str]:
    tree = ast.walk(ast.parse(path.read_text()))
    names = set()
    for node in tree:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_who_connects_to_anything_is_named_here() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for folder in ("movies", "accounts", "mymovie")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if any(name in SPEAK or name.partition(".")[0] in SPEAK for name in imported(path))
    }

    assert found == ASKS.keys()


def test_no_address_that_somebody_gives_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever people give one. What any of the site's ways out is told is noted; there is nothing to note."""
    asked: list[object] = []
    for way in ("httpx.Client.send", "requests.Session.send", "urllib.request.urlopen"):
        monkeypatch.setattr(way, lambda *args, **_: asked.append(args))
    user = UserFactory()
    browser, script = Client(), client_of(user)
    browser.force_login(user)
    batch = BatchFactory(owner=user)

    for address in (one.format(port=9) for one in INSIDE):
        browser.post("/settings/profile/", {"display_name": "x", "url": address})
        browser.get("/share/", {"url": address, "text": address})
        browser.get("/oembed/", {"url": address})
        browser.get("/search/", {"q": address})
        browser.get("/sign-in/", {"next": address})
        browser.post(f"/import/{batch.pk}/arrived/", {"name": address})
        browser.get("/about/", headers={"Referer": address, "X-Forwarded-Host": "127.0.0.1"})
        script.patch("/api/v1/me", {"url": address}, "application/json")
        script.post("/api/v1/imports", {"name": address, "url": address}, "application/json")

    assert asked == []
