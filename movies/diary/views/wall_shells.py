"""A stranger's page of a wall is the same for all walls but for a few words. It is rendered once, by the same templates as
any other, with holes where these go; then a wall costs what its films cost."""

import re
from dataclasses import replace
from functools import cache, lru_cache
from typing import Any, cast
from urllib.parse import quote_plus

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import resolve, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.models import User, Visibility
from movies.diary.heads import description_of_wall, head_of_wall
from movies.diary.open_wall import OpenWall
from movies.diary.sifting import Sieve
from movies.diary.wall import Arrangement, Dates, Order
from movies.diary.wall_address import Asked, Density
from movies.templatetags.walls import films, rail
from mymovie.heads import Head, in_one_line

TO_CHOOSE_FROM = {"orders": Order, "dates": Dates, "densities": Density}
SAYS_THE_SAME_IN_ANY_ADDRESS = re.compile(r"[\w.-]+", re.ASCII)

HOLE = re.compile("zz(handle|name|said|revision|above|rail|films|next|after)zz")
"""What stands for a value until it is there: letters alone, which mean the same in text, in attributes and in addresses."""


class Hole(SafeString):
    def __new__(cls, name: str) -> "Hole":
        return super().__new__(cls, f"zz{name}zz")


def is_for(asked: Asked) -> bool:
    after = str(asked.after) if asked.after else "-"
    is_sifted = bool(asked.sieve) or asked.is_choosing
    return not is_sifted and asked.density != Density.LIST and bool(SAYS_THE_SAME_IN_ANY_ADDRESS.fullmatch(after))


def filled(owner: User, asked: Asked, wall: OpenWall, path: str) -> str:
    """`path`: the wall's own."""
    page = wall.page(asked.after, in_rows=True)
    values = {
        "handle": owner.handle,
        "name": escape(owner.display_name),
        "said": escape(in_one_line(description_of_wall(owner))),
        "revision": str(owner.public_revision),
        "above": above(owner, wall.count),
        "rail": rail(wall, page, asked, path),
        "films": films(page, asked, owner, is_own=False, is_more=False),
        "next": quote_plus(str(page.next)),
        "after": str(asked.after),
    }
    text, names = shell(asked.arrangement, asked.density, bool(asked.after), bool(page.next), get_language() or "")
    return "".join(
        [part for literal, name in zip(text, names, strict=True) for part in (literal, values.get(name, ""))]
    )


@cache
def shell(
    arrangement: Arrangement, density: Density, is_deep: bool, goes_on: bool, language: str
) -> tuple[list[str], list[str]]:
    """The page's text between its holes, and the name of the one after each part; "" after the last."""
    nobody = User(handle=Hole("handle"), display_name=Hole("name"), wall_visibility=Visibility.PUBLIC)
    nobody.public_revision = Hole("revision")
    head = cast(Head, head_of_wall(nobody, arrangement))
    asked = Asked(arrangement, density, after=Hole("after") if is_deep else None)  # type: ignore[arg-type]
    request = asked_by_a_stranger(reverse("wall", args=[nobody.handle]), asked.query)
    request.resolver_match = resolve(request.path)
    context = {
        "sharing": replace(head, description=Hole("said")),
        "owner": nobody,
        "asked": asked,
        "arrangement": arrangement,
        "no_sieve": Sieve(),
        "count": 1,
        "wall": {"count": 1},
        "arranging": arranging(asked, request.path),
        "page": {"next": Hole("next") if goes_on else None},
        **{name: Hole(name) for name in ("above", "rail", "films")},
    }
    parts = HOLE.split(render_to_string("movies/diary/wall.html", context, request))
    return parts[::2], [*parts[1::2], ""]


def asked_by_a_stranger(path: str, query: str) -> HttpRequest:
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.META = {"QUERY_STRING": query}
    request.user = AnonymousUser()
    return request


def arranging(asked: Asked, path: str) -> SafeString:
    """The links to the same wall otherwise, of one that nothing is left out of."""
    text = _arranging(asked.arrangement, asked.density, get_language() or "")
    return mark_safe(text.replace(Hole("path"), path))  # noqa: S308  # both are markup already


@lru_cache(maxsize=500)
def _arranging(arrangement: Arrangement, density: Density, language: str) -> str:
    context = {"asked": Asked(arrangement, density), "arrangement": arrangement, **TO_CHOOSE_FROM}
    request = asked_by_a_stranger(Hole("path"), "")
    return render_to_string("components/wall_arrangement.html", context, request)


def above(owner: User, count: int) -> str:
    facts = tuple(getattr(owner, name) for name in SAID_ABOVE)
    return _above(facts, count, get_language() or "")


@lru_cache(maxsize=4_000)
def _above(facts: tuple[object, ...], count: int, language: str) -> str:
    owner: Any = User(**dict(zip(SAID_ABOVE, facts, strict=True)))
    owner.is_open = True
    request = asked_by_a_stranger(reverse("wall", args=[owner.handle]), "")
    return render_to_string("components/owner.html", {"owner": owner, "count": count, "request": request})


SAID_ABOVE = ["handle", "display_name", "avatar", "url", "bio", "followers_count", "following_count", "wall_visibility"]
