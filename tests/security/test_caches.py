"""A cache stands before the site: nobody finds in it what was another's, nor what another wanted them to find."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import Mailbox, User
from infra.aws.copies import SESSION
from tests.factories import EntryFactory, FilmFactory, FilmListItemFactory, UserFactory
from tests.security import everywhere
from tests.security.conftest import IS_WHOLE, Tell
from tests.security.roles import World
from tests.standins import cdn
from tests.standins.cdn import Answer, Cdn, ask
from tests.standins.nginx import Copies, Nginx

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

VICTIMS = "zqvictimqz"
TAILS = [
    "x.css",
    "/x.css",
    ";x.css",
    "%2fx.css",
    "?x.css",
    "%3fx.css",
    "%00x.css",
    "..%2fx.css",
    "%0ax.js",
    "#x.png",
    "/",
    "%23/../x.css",
]
EVIL = "evil.example"
UNKEYED = {
    "X-Forwarded-Host": EVIL, "X-Forwarded-Server": EVIL, "X-Host": EVIL, "X-HTTP-Host-Override": EVIL,
    "Forwarded": f"host={EVIL};proto=http", "X-Forwarded-Proto": "http", "X-Forwarded-Scheme": "http",
    "X-Forwarded-Port": "4443", "X-Forwarded-Prefix": f"/{EVIL}", "X-Original-URL": f"/{EVIL}", "X-Rewrite-URL": f"/{EVIL}",
    "X-Forwarded-For": EVIL, "CloudFront-Forwarded-Proto": "http", "CloudFront-Viewer-Address": EVIL,
    "X-HTTP-Method-Override": "DELETE", "Referer": f"https://{EVIL}/", "Origin": f"https://{EVIL}", "Accept-Language": "en",
    "Cookie": f"django_language=en; session={EVIL}; messages={EVIL}; csrftoken={EVIL}", "User-Agent": EVIL, "Range": "bytes=0-1",
    "Accept": "application/json", "Content-Type": "text/html; charset=utf-16", "Content-Length": "7", "If-None-Match": "*",
    "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "HX-Target": EVIL, "HX-Current-URL": f"https://{EVIL}/",
    "HX-Boosted": "true", "HX-History-Restore-Request": "true", "X-Quick": "1", "Save-Data": "on", "Sec-Purpose": "prefetch",
    "X-Amzn-Trace-Id": f"Root={EVIL}", "Authorization": f"Bearer {EVIL}", "Accept-Charset": "utf-7", "Via": EVIL,
}  # fmt: skip
OF_A_PERSON = 60  # seconds, after which what was closed is closed everywhere


@pytest.fixture(autouse=True)
def _as_on_aws(settings: Settings) -> None:
    settings.SESSION_COOKIE_NAME = SESSION
    settings.SESSION_COOKIE_SECURE = settings.SECURE_SSL_REDIRECT = True
    settings.CLIENT_ADDRESS_HEADER = "HTTP_CLOUDFRONT_VIEWER_ADDRESS"


@pytest.fixture
def world() -> World:
    """Whose owner shows everything, and writes a word of their own wherever only they read it."""
    world = World.make()
    everywhere.fill(world)
    User.objects.filter(pk=world.owner.pk).update(wall_visibility="public")
    for entry in (world.entry, EntryFactory(owner=world.owner, film=FilmFactory(original_title="Ran"))):
        said = {"memo": f"{VICTIMS}memo", "review": f"{VICTIMS}review", "review_audience": "owner", "tags": [VICTIMS]}
        type(entry).objects.filter(pk=entry.pk).update(visibility="public", **said)
    Mailbox.objects.filter(pk=world.mailbox.pk).update(address=f"{VICTIMS}@example.com")
    FilmListItemFactory(film_list__owner=world.owner, film_list__name=f"{VICTIMS}list", note=f"{VICTIMS}note")
    return world


def session_of(person: User) -> dict[str, str]:
    client = Client()
    client.force_login(person)
    return {"Cookie": f"{SESSION}={client.cookies[SESSION].value}"}


def same(one: Answer, other: Answer) -> bool:
    return (one.status, one.body, one.headers.get("Location")) == (
        other.status,
        other.body,
        other.headers.get("Location"),
    )


@pytest.fixture
def nginx(live_server: LiveServer, tmp_path: Path) -> Iterator[Nginx]:
    if not shutil.which("nginx"):
        pytest.skip("no nginx on this machine: apt-get install nginx")
    with Nginx(tmp_path, site=live_server.url.removeprefix("http://"), host="testserver") as nginx:
        yield nginx


def test_what_a_victim_was_led_to_look_at_is_found_by_nobody_else(world: World, tell: Tell) -> None:
    lead_a_victim(Cdn(), world, tell)


def test_nor_is_it_found_in_a_cache_that_is_not_ours(nginx: Nginx, world: World, tell: Tell) -> None:
    lead_a_victim(nginx.empty(), world, tell)


def lead_a_victim(cache: Cdn | Copies, world: World, tell: Tell) -> None:
    victim = session_of(world.owner)
    others = {"nobody": {}, "stranger": session_of(UserFactory()), "nobody again": {}}
    if IS_WHOLE:
        others["nobody, of a part"] = {"HX-Request": "true"}
    theirs, found = 0, []

    for number, (name, address) in enumerate(everywhere.pages(world).items()):
        for tail in ["", *(TAILS if IS_WHOLE else [TAILS[number % len(TAILS)]])]:
            theirs += VICTIMS.encode() in cache.get(address + tail, victim).body
            for who, headers in others.items():
                answer = cache.get(address + tail, headers)
                is_anothers = who != "stranger" and name != "sign_in" and SESSION in answer.cookies
                if VICTIMS.encode() in answer.body or is_anothers:
                    found.append((name, tail, who))

    tell(requests=cache.asked, by_copies=cache.hits, of_the_victims=theirs)
    assert found == []
    assert theirs >= 8, "there was something to be found"
    assert cache.hits >= 20, "the cache keeps something"


def test_the_look_would_find_a_page_that_is_kept_for_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdn, "COOKIE", re.compile("no such cookie"))
    monkeypatch.setattr(Answer, "is_kept", True)
    monkeypatch.setattr(Answer, "lasts", 60)
    kept = Cdn()

    kept.get("/lists/", session_of(world.owner))

    assert VICTIMS.encode() in kept.get("/lists/").body


def test_a_cache_gives_a_visitor_what_the_site_would_whoever_came_before(world: World) -> None:
    cache, before = Cdn(), [session_of(person) for person in (world.owner, UserFactory(is_staff=True))]

    for address in everywhere.pages(world).values():
        for headers in before:
            for part in ({}, {"HX-Request": "true"}):
                cache.get(address, headers | part)

    assert [
        name
        for name, address in everywhere.pages(world).items()
        if (copy := cache.get(address)).is_kept and not same(copy, ask(address, {}))
    ] == []


def poisons(number: int) -> Iterator[tuple[str, str]]:
    each = list(UNKEYED.items())
    return iter(each if IS_WHOLE else each[number % 6 :: 6])


def test_nobody_puts_into_a_cache_what_another_asks_for(world: World, tell: Tell) -> None:
    poison(Cdn, world, tell)


def test_nor_into_a_cache_that_is_not_ours(nginx: Nginx, world: World, tell: Tell) -> None:
    poison(nginx.empty, world, tell)


def poison(empty: Callable[[], Cdn | Copies], world: World, tell: Tell) -> None:
    addresses = {name: address for name, address in everywhere.pages(world).items() if ask(address, SECURE).is_kept}
    addresses |= {"nothing": "/nothing-here/", "moved": world.entry.film.get_absolute_url().replace("ran", "x")}
    poisoned, evil, tries, by_copies = [], [], 0, 0

    for number, (name, address) in enumerate(addresses.items()):
        clean = empty().get(address)
        for header, value in poisons(number):
            cache, tries = empty(), tries + 1
            answer = cache.get(address, {header: value})
            if not same(cache.get(address), clean):
                poisoned.append((name, header))
            by_copies += cache.hits
            if EVIL.encode() in answer.body or EVIL in str(answer.headers) + answer.cookies:
                evil.append((name, header))

    tell(tries=tries, addresses=len(addresses), by_copies=by_copies)
    assert by_copies > tries / 4, "the cache keeps what they asked for"
    assert (poisoned, evil) == ([], [])
    assert len(addresses) > 20


SECURE = {"CloudFront-Forwarded-Proto": "https"}


def test_a_host_that_is_not_ours_is_answered_by_nothing_that_is_kept(world: World) -> None:
    answers = [
        ask(address, {**SECURE, "Host": host})
        for address in ("/", "/about/", f"/@{world.owner.handle}/", "/nothing-here/")
        for host in (EVIL, f"testserver@{EVIL}", f"testserver.{EVIL}", "testserver:evil", "", "a b")
    ]

    assert {answer.status for answer in answers} == {400}
    assert not [answer for answer in answers if answer.is_kept or EVIL.encode() in answer.body]


def test_no_copy_of_what_somebody_shows_outlasts_a_minute(world: World) -> None:
    theirs = {name: address for name, address in everywhere.pages(world).items() if "@owner" in address}
    answers = {name: ask(address, SECURE) for name, address in theirs.items()}

    assert {
        name: answer.lasts for name, answer in answers.items() if answer.is_kept and answer.lasts > OF_A_PERSON
    } == {}
    assert len([answer for answer in answers.values() if answer.is_kept]) >= 5
