"""Whatever can be read is read by everybody there is: it changes nothing, and says to caches and browsers what it must."""

import re
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.api import client_of
from tests.security import everywhere
from tests.security.conftest import IS_WHOLE, Tell
from tests.security.everywhere import changed, sums
from tests.security.roles import ROLES, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

METHODS = ("get", "head") if IS_WHOLE else ("get",)
ASKED_FOR = {"outbox_message", "movies_picture"}
"""A picture that nobody has painted yet is asked for by whoever looks at it."""
SAME_FOR_ALL = {"api:schema", "drawn_poster", "film_picture", "manifest", "offline", "service_worker"}
"""Whoever asks is answered the same, and is not looked up."""
BARE = {"offline", "unsubscribe"}
"""They show nothing that TMDB knows."""
THIRD_PARTIES = {"https://image.tmdb.org", "http://testserver"}
LOADED = re.compile(
    r'<(?:img|script|link|source|iframe|object|embed|video|audio)\b[^>]*?(?:src|srcset|href|data)="(https?://[^/"]+)'
)
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|<[^>]+\s(?:style|on\w+)=")


@dataclass
class Read:
    name: str
    answer: HttpResponse
    body: str
    tables: list[str]

    @property
    def is_page(self) -> bool:
        return self.answer.headers.get("Content-Type", "").startswith("text/html")


def everything(role: str) -> list[Read]:
    world = World.make()
    everywhere.fill(world)
    person, client = world.person(role), Client()
    if person:
        client.force_login(person)
    script = client_of(person) if person else client
    pages = everywhere.pages(world) | everywhere.staff(world)
    addresses = [(client, *one) for one in pages.items()] + [(script, *one) for one in everywhere.api(world).items()]
    found, before = [], sums()
    for asks, name, address in addresses:
        for method in METHODS:
            answer = getattr(asks, method)(address)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            after = sums()
            found.append(Read(name, answer, body.decode(errors="replace"), list(changed(before, after))))
            before = after
    return found


@pytest.mark.parametrize("role", ROLES if IS_WHOLE else ("anonymous", "owner", "staff"))
def test_whatever_is_read(role: str, tell: Tell) -> None:
    found = everything(role)
    tell(requests=len(found), tables=len(sums()))

    assert len(found) > 200
    changes_nothing_fails_nowhere_and_leads_nowhere_else(found)
    says_who_may_keep_it(found, role)
    forbids_what_is_not_ours_and_loads_from_nobody_else([one for one in found if one.is_page])


def changes_nothing_fails_nowhere_and_leads_nowhere_else(found: list[Read]) -> None:
    changes = {one.name: one.tables for one in found if set(one.tables) - ASKED_FOR}
    failed = [one.name for one in found if one.answer.status_code >= 500]
    led_away = [
        one.name
        for one in found
        if not one.answer.headers.get("Location", "/").startswith(("/", settings.OIDC_DOMAIN))
        or one.answer.headers.get("Location", "/").startswith(("//", "/\\"))
    ]

    assert (changes, failed, led_away) == ({}, [], [])


def says_who_may_keep_it(found: list[Read], role: str) -> None:
    cookies = {one.name for one in found if one.answer.cookies}
    kept = {one.name for one in found if "no-store" not in one.answer.headers.get("Cache-Control", "")}
    vary = {one.name for one in found if one.name in SAME_FOR_ALL and "Cookie" in one.answer.headers.get("Vary", "")}

    assert vary == set()
    if role == "anonymous":
        assert cookies == {"sign_in"}, "which remembers what it asked the provider"
    else:
        assert kept == SAME_FOR_ALL


def forbids_what_is_not_ours_and_loads_from_nobody_else(pages: list[Read]) -> None:
    policies = {one.name: one.answer.headers.get("Content-Security-Policy", "") for one in pages}
    lax = {name for name, policy in policies.items() if "unsafe" in policy or "default-src 'none'" not in policy}
    inline = {one.name: INLINE.findall(one.body) for one in pages if INLINE.search(one.body)}
    loaded = {place for one in pages for place in LOADED.findall(one.body)}
    framed = {one.name for one in pages if one.answer.headers.get("X-Frame-Options") != "DENY"}
    sniffed = {one.name for one in pages if one.answer.headers.get("X-Content-Type-Options") != "nosniff"}
    named = [one for one in pages if "<html" in one.body and one.name.partition(":")[0] not in {"admin", "api"}]
    unsaid = {one.name for one in named if "approved by TMDB" not in one.body}

    assert len(policies) > 40
    assert (lax, inline, framed, sniffed, unsaid) == (set(), {}, set(), set(), BARE)
    assert loaded <= THIRD_PARTIES
