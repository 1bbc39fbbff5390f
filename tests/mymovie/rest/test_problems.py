"""Whatever goes wrong is a problem (RFC 9457), in the language of who asks, and never a fault of ours."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings as site
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import override
from pytest_django import Settings

from accounts.models import User
from mymovie.rest import problems
from tests.api import client_of
from tests.factories import EntryFactory, FilmFactory, UserFactory
from tests.security.api_table import ACTS, READABLE, TABLE
from tests.security.roles import World

pytestmark = pytest.mark.django_db

ENTRIES = "/api/v1/entries"


@pytest.fixture
def hanako() -> User:
    user: User = UserFactory(handle="hanako")
    return user


@pytest.fixture
def client(hanako: User) -> Client:
    return client_of(hanako)


def problem(answer: HttpResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert said.keys() >= {"type", "title", "status", "request_id"}
    assert said["type"].startswith("urn:mymovie:problem:")
    assert said["status"] == status
    assert re.fullmatch("[0-9a-f]{32}", said["request_id"])
    assert said["title"]
    return said


def unknown(client: Client, **headers: Any) -> HttpResponse:
    return client.get("/api/v1/nothing/here", **headers)


WRONG: dict[int, Callable[..., HttpResponse]] = {
    400: lambda client, **headers: client.get(f"{ENTRIES}?order=best", **headers),
    401: lambda client, **headers: Client().get(ENTRIES, **headers),
    403: lambda client, **headers: client.post("/api/v1/auth/stay", **headers),
    404: unknown,
    405: lambda client, **headers: client.put(ENTRIES, **headers),
    406: lambda client, **headers: client.get(ENTRIES, headers={**headers["headers"], "Accept": "text/html"}),
    413: lambda client, **headers: client.post(ENTRIES, b" " * 1_100_000, "application/json", **headers),
    415: lambda client, **headers: client.post(ENTRIES, "score=1", "application/x-www-form-urlencoded", **headers),
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("status", WRONG)
def test_every_problem_is_told_in_the_language_asked_for(client: Client, status: int, language: str) -> None:
    answer = WRONG[status](client, headers={"Accept-Language": language})

    said = problem(answer, status)
    with override(language):
        assert said["title"] in {str(title) for _kind, title in problems.KINDS.values()}
    assert answer.headers["Content-Language"] == language


UNKNOWN = ["/api/", "/api/v1", "/api/v1/", "/api/v2/entries", f"{ENTRIES}/", f"{ENTRIES}/x", f"{ENTRIES}/1x", f"{ENTRIES}/-1",
           f"{ENTRIES}/{'1' * 19}", f"{ENTRIES}/%00", f"{ENTRIES}/１", "/api/v1/people/a-b/wall", f"{ENTRIES}.json",
           "/api/v1/people/%E8%8A%B1/wall", "/api/v1/../admin", "/api//v1/entries", f"{ENTRIES}/1%0a"]  # fmt: skip


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
def test_an_address_that_does_not_exist_is_a_problem(client: Client, path: str, method: str) -> None:
    problem(getattr(client, method)(path), 404)


BODIES: dict[str, bytes] = {
    "nothing": b"",
    "a space": b" ",
    "not JSON": b"{",
    "half": b'{"film": "1',
    "two": b'{"film": "1"}{"film": "2"}',
    "a trailing comma": b'{"film": "1",}',
    "a comment": b'{"film": "1" /* x */}',
    "single quotes": b"{'film': '1'}",
    "NaN": b'{"film": "1", "score": NaN}',
    "Infinity": b'{"film": "1", "score": -Infinity}',
    "a lone surrogate": rb'{"film": "\ud800"}',
    "surrogates the wrong way round": rb'{"film": "\udc00\ud800"}',
    "a lone surrogate as bytes": b'{"film": "\xed\xa0\x80"}',
    "bytes that are not UTF-8": b'{"film": "\xff"}',
    "UTF-16": '{"film": "1"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"film": "1"}',
    "CP932": '{"film": "花"}'.encode("cp932"),
    "a NUL": b'{"film": "1"\0}',
    "NUL in a text": rb'{"film": "\u0000"}',
    "NUL in a name": rb'{"\u0000": 1}',
    "a list 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "a dictionary 100,000 deep": b'{"film":' * 100_000 + b"1" + b"}" * 100_000,
    "a film 900 deep": b'{"film":' + b"[" * 900 + b"]" * 900 + b"}",
    "null": b"null",
    "a number": b"1",
    "a text": b'"film"',
    "a list": b"[]",
    "a list of dictionaries": b'[{"film": "1"}]',
    "a number for a film": b'{"film": 1}',
    "a list for a film": b'{"film": ["1"]}',
    "a dictionary for a film": b'{"film": {"id": "1"}}',
    "a film below zero": b'{"film": "-1"}',
    "film zero": b'{"film": "0"}',
    "a film of many zeros": b'{"film": "000000"}',
    "a film that begins with zero": b'{"film": "01"}',
    "a huge film": b'{"film": "' + b"9" * 100_000 + b'"}',
    "Arabic digits": '{"film": "١٢"}'.encode(),
    "a huge number at TMDB": b'{"tmdb_id": ' + b"9" * 5000 + b"}",
    "a huge float": b'{"tmdb_id": 1e308}',
    "more than a float": b'{"tmdb_id": 1e400}',
    "half a number": b'{"tmdb_id": 1.5}',
    "a truth for a number": b'{"tmdb_id": true}',
    "two films": b'{"film": "1", "tmdb_id": 1}',
    "no film": b"{}",
    "a film of null": b'{"film": null}',
    "an unknown visibility": b'{"film": "1", "visibility": "all"}',
    "a list for a visibility": b'{"film": "1", "visibility": ["public"]}',
    "a score of 101": b'{"film": "1", "score": 101}',
    "a huge score": b'{"film": "1", "score": ' + b"9" * 400 + b"}",
    "a score in words": b'{"film": "1", "score": "90"}',
    "a score of true": b'{"film": "1", "score": true}',
    "the year 0": b'{"film": "1", "watched_on": "0000-01-01"}',
    "the year 1": b'{"film": "1", "watched_on": "0001-01-01"}',
    "the year 9999": b'{"film": "1", "watched_on": "9999-12-31"}',
    "the year 10000": b'{"film": "1", "watched_on": "10000-01-01"}',
    "the 30th of February": b'{"film": "1", "watched_on": "2024-02-30"}',
    "a moment for a day": b'{"film": "1", "watched_on": "2024-02-01T00:00:00Z"}',
    "a number for a day": b'{"film": "1", "watched_on": 20240201}',
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_what_cannot_be_understood_is_refused(client: Client, body: bytes) -> None:
    film = FilmFactory(pk=1)

    answer = client.post(ENTRIES, body, "application/json")

    assert problem(answer, 400)["type"].rpartition(":")[2] in {"bad-request", "invalid-input"}
    assert not film.entries.exists()


def test_of_two_members_of_one_name_the_last_counts(client: Client) -> None:
    entry = EntryFactory(owner=User.objects.get())

    answer = client.patch(f"{ENTRIES}/{entry.pk}", b'{"score": 1, "score": 2}', "application/json")

    assert answer.json()["score"] == 2


@pytest.mark.parametrize(("name", "method"), ACTS)
@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"1", b"{", b"[" * 100_000, rb'{"\ud800": 1}', b"\xff\xfe"])
def test_no_address_fails_for_what_it_is_sent(name: str, method: str, body: bytes) -> None:
    world, address = World.make(), TABLE[name]
    path = address.ask(name, "head", world.client("anonymous"), world).wsgi_request.path

    answer = getattr(world.script("owner"), method)(path, body, "application/json")

    assert answer.status_code < 500
    if answer.status_code >= 400:
        problem(answer, answer.status_code)


TYPES = {
    "": 415, "text/plain": 415, "application/xml": 415, "application/x-www-form-urlencoded": 415, "multipart/form-data": 415,
    "multipart/form-data; boundary=": 415, "application/vnd.api+json": 415, "json": 415, "/": 415, ";;;=": 415,
    "application/json; charset=cp932": 400, "application/json; charset=utf-16": 400, "application/json; charset=utf-7": 400,
    "application/json;" + "x" * 9000: 415, "\xff/\xff": 415,
}  # fmt: skip


@pytest.mark.parametrize("content_type", TYPES)
def test_only_json_in_utf_8_is_taken(client: Client, content_type: str) -> None:
    answer = client.post(ENTRIES, b'{"film": "none"}', content_type)

    problem(answer, TYPES[content_type])


ACCEPTS = {
    "application/json": 200, "*/*": 200, "application/*": 200, "text/html, application/json": 200,
    "application/json; q=0.1": 200, "application/json;q=x": 200, "application/problem+json, application/json": 200,
    "text/html": 406, "application/xml": 406, "text/*": 406, "application": 406, "x" * 9000: 406, ";;;": 406, "\xff": 406,
}  # fmt: skip


@pytest.mark.parametrize("accept", ACCEPTS)
def test_only_json_is_given(client: Client, accept: str) -> None:
    answer = client.get(ENTRIES, headers={"Accept": accept})

    assert answer.status_code == ACCEPTS[accept]
    if answer.status_code == 406:
        problem(answer, 406)


LENGTHS = ["", "abc", "-1", "0", "1", "999", "1_0", "１", "9" * 30, "1e3", "0x10"]


@pytest.mark.parametrize("length", LENGTHS)
def test_a_wrong_length_is_no_fault_of_ours(client: Client, length: str) -> None:
    stream = BytesIO(b'{"film": 1}')

    answer = client.generic(
        "POST", ENTRIES, b"x", "application/json", **{"CONTENT_LENGTH": length, "wsgi.input": stream}
    )

    assert answer.status_code in {400, 413}
    problem(answer, answer.status_code)


@pytest.mark.parametrize("method", ["FOO", "TRACE", "CONNECT", "PROPFIND", "X" * 5000])
def test_a_method_that_nobody_knows_is_refused(method: str) -> None:
    problem(Client().generic(method, "/api/v1/auth/config"), 405)


class Gone(BytesIO):
    def read(self, *_: Any) -> bytes:
        raise OSError("gone")


def test_somebody_who_hangs_up_is_no_fault_of_ours(client: Client) -> None:
    answer = client.generic("POST", ENTRIES, b"x", "application/json", **{"wsgi.input": Gone()})

    problem(answer, 400)


def test_a_host_that_is_not_ours_is_a_problem(client: Client) -> None:
    problem(client.get(ENTRIES, headers={"Host": "evil.example"}), 400)


def test_a_fault_of_ours_is_a_problem_too_and_tells_nothing_of_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("movies.diary.api.arranging.page_after", broken)
    client.raise_request_exception = False

    answer = client.get(ENTRIES)

    problem(answer, 500)
    assert b"hunter2" not in answer.content


@pytest.mark.parametrize("language", ["ja", "en"])
def test_while_we_are_closed_programs_are_told_so(settings: Settings, client: Client, language: str) -> None:
    settings.MAINTENANCE = True

    answer = client.get(ENTRIES, headers={"Accept-Language": language})

    with override(language):
        assert problem(answer, 503)["title"] == str(problems.KINDS[503][1])
    assert answer.headers["Retry-After"] == "600"


PLACES = ["", ".", "x", "1", "none", "none.", ".1", "none.x", "1.1.1", "\0", "\0.1", "9" * 5000, f"1.{'9' * 5000}", "NaN.1",
          "inf.1", "0001-01-01.1", "9999-12-31.1", "10000-01-01.1", "2024-02-30.1", "-1.-1", "1e5.1", "１.１", "none.１",
          "' OR 1=1 --.1", "%s.1", "00010101T000000000000.1", "99991231T235959999999.1", "\ud800".encode("utf-8", "surrogatepass")]  # fmt: skip


@pytest.mark.usefixtures("unlimited")
@pytest.mark.parametrize("name", READABLE)
def test_no_list_fails_for_a_place_that_it_never_gave_out(name: str) -> None:
    world, address = World.make(), TABLE[name]
    client = world.script("owner")
    path = address.ask(name, "get", client, world).wsgi_request.path

    for place in PLACES:
        for order in ("release", "score", "watched", "recorded"):
            answer = client.get(path, address.query | {"after": place, "order": order})
            assert answer.status_code in {200, 400, 403}, place
            if answer.status_code != 200:
                problem(answer, answer.status_code)


ORDERS = [
    "owner__subject",
    "-score",
    "film__search_text",
    "?",
    "pk",
    "score,id",
    "score; DROP TABLE x",
    "\0",
    "SCORE",
    "",
]


@pytest.mark.parametrize("name", ["order", "dates"])
@pytest.mark.parametrize("order", ORDERS)
def test_no_list_is_sorted_by_what_is_not_offered(client: Client, hanako: User, name: str, order: str) -> None:
    for path in (ENTRIES, f"/api/v1/people/{hanako.handle}/wall", f"/api/v1/people/{hanako.handle}/wall/sections"):
        problem(client.get(path, {name: order}), 400)


def test_the_languages_are_those_of_the_site() -> None:
    assert [code for code, _name in site.LANGUAGES] == ["ja", "en"]
