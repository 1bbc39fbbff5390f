"""Classes of bugs that are caught once, for every test."""

import os
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.test import Client
from django.test.testcases import LiveServerThread
from django.utils.translation import override
from pytest_django import DjangoDbBlocker

from movies.diary import open_wall
from movies.diary.views import wall_shells
from mymovie import messages
from mymovie.limits import services as limits
from tests.live_server import AttentiveServer

pytest_plugins = ["tests.standins.oidc", "tests.standins.queues", "tests.standins.ses", "tests.standins.tmdb"]


def pytest_configure() -> None:
    """Words are built; static files are served as they lie, so that no test waits until they are gathered and hashed."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        messages.build()
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    LiveServerThread.server_class = AttentiveServer


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A page that a browser left in the middle may still hold a connection, and so the database that is to be dropped. The
    one that tests have had is of no use for saying so: it may have been ended itself."""
    yield
    with django_db_blocker.unblock():
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            others = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
            cursor.execute(others, [connection.settings_dict["NAME"]])


@pytest.fixture(autouse=True)
def _no_page_of_another_site() -> None:
    """What a process renders once holds its site's address, which tests in a browser set to that of their own server."""
    for kept in (wall_shells.shell, wall_shells._above, open_wall._sections, open_wall._met):
        kept.cache_clear()


@pytest.fixture(autouse=True)
def _nobody_is_served_any_more(request: pytest.FixtureRequest) -> Iterator[None]:
    """A page that a browser left in the middle still reads the tables, which are emptied after this."""
    if "live_server" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db")
    server = request.getfixturevalue("live_server").thread.httpd
    yield
    assert server.is_at_rest(within=20), "the test left a connection to the live server open"


FORM = re.compile(r"<form\b.*?</form>", re.S)


@pytest.fixture(autouse=True)
def _no_list_without_an_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice of rows in no order is another one each time."""
    slice_or_item = QuerySet.__getitem__

    def checked(queryset: QuerySet, key: Any) -> Any:
        is_slice = isinstance(key, slice) and queryset._result_cache is None
        if is_slice and not queryset.ordered and not queryset.query.is_empty():
            pytest.fail(f"unordered slice of {queryset.model.__name__}")  # an assert would print the rows, by a slice
        return slice_or_item(queryset, key)

    monkeypatch.setattr(QuerySet, "__getitem__", checked)


@pytest.fixture(autouse=True)
def _no_broken_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page leaks a template's own marks, and every form that changes something carries a token or a stamp."""
    request: Callable[..., HttpResponse] = Client.request

    def checked(client: Client, **environ: Any) -> HttpResponse:
        response = request(client, **environ)
        if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
            page = response.content.decode()
            assert "{{" not in page, "a template's variable stands in the page"
            assert "{%" not in page, "a template's tag stands in the page"
            for form in FORM.findall(page):
                if 'method="post"' in form.lower() and 'action="http' not in form:  # none of ours goes elsewhere
                    has_proof = "csrfmiddlewaretoken" in form or 'name="stamp"' in form
                    assert has_proof, f"a form without a token: {form[:200]}"
        return response

    monkeypatch.setattr(Client, "request", checked)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Neither an answer in the cache, nor the language of the last page."""
    cache.clear()
    with override("ja"):
        yield


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time that somebody does something is their first: for tests that ask more often than anybody may."""
    monkeypatch.setattr(limits, "COUNT", limits.COUNT.replace("limits_count.n + 1", "1"))
