"""Whatever is sent in whatever an address asks for, it is refused or taken: no page fails. The API has its own such tests in
tests/mymovie/rest and tests/fuzz."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.http import HttpResponse
from django.urls import NoReverseMatch, reverse

from tests.security import everywhere
from tests.security.conftest import IS_WHOLE, Tell
from tests.security.page_table import TABLE
from tests.security.roles import World
from tests.security.sending import Asked, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

ODD = {
    "NUL": "a\0b",
    "a line of a header": "x\r\nSet-Cookie: odd=1",
    "half a character": "a\ud800",
    "right to left": "\u202egnp.exe",
    "huge": "9" * 400,
    "beyond a bigint": str(2**63),
    "minus": "-1",
    "nothing": "",
    "the year 0": "0000-01-01",
    "the year 10000": "10000-01-01",
    "the 30th of February": "2024-02-30",
    "no number": "NaN",
    "more than a float": "1e400",
    "digits of others": "١２",
    "a statement": "' OR 1=1 --",
    "a pattern": "%s %(x)s %00 {0.__class__} \\",
    "deep": '{"a":' + "[" * 2000,
    "a place in a list": "9999-12-31T23:59:59.999999.9223372036854775808",
}
LONG = {"long": "あ" * 60_000, "deeper": "[" * 100_000}
HEADERS = (
    "Accept-Language", "Referer", "If-None-Match", "If-Modified-Since", "If-Match", "HX-Target", "HX-Current-URL",
    "HX-Trigger", "X-Quick", "Range", "Origin", "X-Forwarded-Host", "X-Forwarded-For", "X-Forwarded-Proto", "Forwarded",
    "X-Amzn-Trace-Id", "CloudFront-Viewer-Address", "Accept", "User-Agent", "Cookie", "X-HTTP-Method-Override",
)  # fmt: skip
INSTEAD = [0, 2**31, 2**63 - 1, 2**63, 10**30, "%00", "%ff", "..", "%E2%80%AE", "a" * 2000, "%0d%0aX:%20y", "0"]


def fault(answer: HttpResponse) -> str:
    """501 is oEmbed's word for a format that nobody speaks, 503 ours while TMDB cannot be asked."""
    error = getattr(answer, "exc_info", None)
    has_obeyed = "odd" in answer.cookies or "odd=1" in str(answer.headers)
    return repr(error[1])[:80] if error else "obeyed" if has_obeyed else "500" if answer.status_code == 500 else ""


def turns(number: int) -> list[dict[str, str]]:
    """Which odd values are sent. In the short form a third of them to each address, by turns."""
    values = list(ODD.items())
    return [dict([value]) for value in values] if IS_WHOLE else [dict(values[number % 3 :: 3])]


def filled(names: set[str], values: dict[str, str], usual: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """All names odd at once; and each of them alone, beside what is usual, as one that is wrong hides the others."""
    kinds = list(values)
    odd = {name: values[kinds[number % len(kinds)]] for number, name in enumerate(sorted(names))}
    yield ", ".join(kinds), odd
    for name, value in odd.items() if IS_WHOLE or usual else ():
        yield f"{name}: {value[:20]!r}", usual | {name: value}


# Django's own page of a row that is to be saved as a new one asks for the id of none.
STAFF = pytest.param("staff", marks=pytest.mark.ignore_template_errors)


@pytest.mark.parametrize("part", ["pages", STAFF])
def test_no_page_fails_for_what_it_is_sent(part: str, asked: Asked, tell: Tell) -> None:
    world = World.make()
    everywhere.fill(world)
    client = world.client("owner" if part == "pages" else "staff")
    client.raise_request_exception = False
    addresses = everywhere.pages(world) if part == "pages" else everywhere.staff(world)
    failed, number = set(), 0

    for place, (name, address) in enumerate(addresses.items()):
        usual = TABLE[name].data if name in TABLE else {}
        for method in ("get", "post"):
            asked.names = set(usual)
            send(client, method, address, usual)
            names = asked.names - {"csrfmiddlewaretoken"}
            for values in turns(place) if names else []:
                for kind, data in filled(names, values, usual if method == "post" else {}):
                    number += 1
                    answer = send(client, method, address, data)
                    if failure := fault(answer):
                        failed.add((name, method, kind, failure))

    tell(requests=number)
    assert failed == set()
    assert number > 80


def test_no_page_fails_for_what_is_longer_than_any_form() -> None:
    world = World.make()
    client = world.client("owner")
    client.raise_request_exception = False
    posts = {name: address for name, address in TABLE.items() if address.data}

    failed = [
        (name, kind)
        for name, address in posts.items()
        for kind, value in LONG.items()
        if fault(send(client, "post", reverse(name, kwargs=address.path(world)), dict.fromkeys(address.data, value)))
    ]

    assert failed == []
    assert len(posts) > 10


def test_no_page_fails_for_what_stands_in_a_header() -> None:
    world = World.make()
    client = world.client("owner")
    client.raise_request_exception = False
    values = [value.encode("utf-8", "surrogatepass").decode("latin-1") for value in ODD.values()]
    values = [value for value in values if not set(value) & {"\r", "\n", "\0"}]  # gunicorn lets none of them through

    failed = {
        (name, value[:20])
        for number, (name, address) in enumerate(everywhere.pages(world).items())
        for value in (values if IS_WHOLE else values[number % len(values) :][:1])
        for is_part in ("true", value)
        if fault(send(client, "get", address, {}, **{"HX-Request": is_part}, **dict.fromkeys(HEADERS, value)))
    }

    assert failed == set()


def test_no_page_fails_for_what_stands_in_its_address(tell: Tell) -> None:
    world = World.make()
    client = world.client("owner")
    client.raise_request_exception = False
    failed, number = set(), 0

    for name, address in TABLE.items():
        usual = address.path(world)
        for argument in usual:
            for value in INSTEAD if IS_WHOLE else INSTEAD[number % 3 :: 3]:
                try:
                    path = reverse(name, kwargs=usual | {argument: "0x" if isinstance(value, str) else value})
                except (NoReverseMatch, ValueError):
                    path = reverse(name, kwargs=usual).replace(quote(str(usual[argument])), str(value), 1)
                if isinstance(value, str):
                    path = path.replace("0x", value, 1)
                for method in ("get", "post"):
                    number += 1
                    answer = send(client, method, path, address.data if method == "post" else {})
                    if failure := fault(answer):
                        failed.add((name, argument, str(value)[:20], method, failure))

    tell(requests=number)
    assert failed == set()
    assert number > 150
