"""Who may do what by the API: a line for every address, with what each method answers to each person."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.factories import FilmFactory
from tests.security.roles import ROLES, World

UNSAFE = ("post", "put", "patch", "delete")

# What is answered to an anonymous person, a stranger, a follower, one who is blocked, the owner, and staff.
ALL = "200 200 200 200 200 200"
OWN = "401 200 200 200 200 200"
MADE = "401 201 201 201 201 201"
OWNERS = "401 404 404 404 200 404"
OWNERS_MADE = "401 404 404 404 201 404"
OWNERS_GONE = "401 404 404 404 204 404"
FOLLOWERS = "404 404 200 404 200 404"
ON_ANOTHER = "401 200 200 404 404 200"
DONE_TO = "401 204 204 404 404 204"
BY_ACCESS_TOKEN = "401 403 403 403 403 403"

Of = Callable[[World], dict[str, Any]]


@dataclass(frozen=True)
class Address:
    """`path` and `data` are of the world in which it is asked; `query` is what it cannot be read without."""

    statuses: dict[str, str]
    path: Of
    data: Of
    query: dict[str, str] = field(default_factory=dict)

    def ask(self, name: str, method: str, client: Client, world: World, **headers: str) -> HttpResponse:
        address, ask = reverse(name, kwargs=self.path(world)), getattr(client, method)
        is_read = method in ("get", "head")
        sent = (self.query,) if is_read else (self.data(world), "application/json")
        answer: HttpResponse = ask(address, *sent, headers=headers)
        if answer.streaming:
            b"".join(answer)  # a file is closed when it has been read
        return answer

    def expected(self, method: str, role: str) -> int:
        return int(self.statuses[method].split()[ROLES.index(role)])


def at(
    path: Of = lambda world: {},
    data: Of | dict[str, Any] | None = None,
    query: dict[str, str] | None = None,
    **statuses: str,
) -> Address:
    return Address(statuses, path, data if callable(data) else lambda world: data or {}, query or {})


def owner(world: World) -> dict[str, Any]:
    return {"handle": world.owner.handle}


def entry(world: World) -> dict[str, Any]:
    return {"pk": world.entry.pk}


def deleted(world: World) -> dict[str, Any]:
    return {"pk": world.deleted.pk}


def viewing(world: World) -> dict[str, Any]:
    return {"pk": world.viewing.pk}


def personal_token(world: World) -> dict[str, Any]:
    return {"pk": world.personal_token.pk}


def film(world: World) -> dict[str, Any]:
    return {"pk": world.entry.film.pk}


def two(world: World) -> dict[str, Any]:
    return owner(world) | {"other": world.other.handle}


def wish(world: World) -> dict[str, Any]:
    return {"film": world.wish.film.pk}


def in_state(state: str) -> Of:
    """The owner's import that is in this state."""
    return lambda world: {"pk": world.imports[state].pk}


def doubt(world: World) -> dict[str, Any]:
    return in_state("ready")(world) | {"mention": world.doubt.pk}


def another_film(world: World) -> dict[str, Any]:
    return {"film": str(FilmFactory().pk), "score": 50}


FILES = {"api:data-export", "api:data-letterboxd", "api:imports-rejects"}  # what is read there is no JSON
SEEN = {"watched_on": "2024-02-29"}
NEWCOMER = {"handle": f"n{uuid.uuid4().hex[:10]}", "display_name": "New"}

TABLE = {
    "api:schema": at(get=ALL),
    "api:docs": at(get=ALL),
    "api:auth-config": at(get=ALL),
    "api:auth-newcomer": at(get=BY_ACCESS_TOKEN, post=BY_ACCESS_TOKEN, data=NEWCOMER),
    "api:auth-stay": at(post=BY_ACCESS_TOKEN),
    "api:entries-list": at(get=OWN, post=MADE, data=another_film),
    "api:entries-deleted": at(get=OWN),
    "api:entries-detail": at(entry, {"score": 50}, get=FOLLOWERS, patch=OWNERS, delete=OWNERS_GONE),
    "api:entries-restore": at(deleted, post=OWNERS),
    "api:entries-viewings": at(entry, SEEN, post=OWNERS_MADE),
    "api:viewings-detail": at(viewing, SEEN, get=OWNERS, patch=OWNERS, delete=OWNERS_GONE),
    "api:wall-list": at(owner, get=FOLLOWERS),
    "api:wall-sections": at(owner, get=FOLLOWERS),
    "api:review-list": at(owner, get="200 200 200 404 200 200"),
    # People, and what is done with them
    "api:person-list": at(get=ALL),
    "api:person-detail": at(owner, get="200 200 200 404 200 200"),
    "api:person-followers": at(owner, get=FOLLOWERS),
    "api:person-following": at(owner, get=FOLLOWERS),
    "api:person-report-list": at(owner, {"about": "profile", "reason": "spam"}, post="401 201 201 404 404 201"),
    "api:entry-report-list": at(entry, {"reason": "spam"}, post="401 404 201 404 404 404"),
    "api:my-following-detail": at(
        owner, {"is_muted": True}, put=ON_ANOTHER, patch="401 404 200 404 404 404", delete=DONE_TO
    ),
    "api:my-followers-detail": at(owner, delete=DONE_TO),
    "api:my-requests-list": at(get=OWN),
    "api:my-requests-detail": at(owner, put="401 404 404 404 404 404", delete=DONE_TO),
    "api:my-blocks-list": at(get=OWN),
    "api:my-blocks-detail": at(owner, put=DONE_TO, delete="401 404 404 404 404 404"),
    "api:my-muted-list": at(get=OWN),
    # My account
    "api:me": at(data={"display_name": "New"}, get=OWN, patch=OWN, delete=BY_ACCESS_TOKEN),
    "api:my-avatar": at(put="401 415 415 415 415 415", delete="401 204 204 204 204 204"),
    "api:my-mail": at(data={"wants_requests": False}, get=OWN, patch=OWN),
    "api:my-mail-reopen": at(post=OWN),
    "api:my-tokens-list": at(data={"name": "x", "scope": "read"}, get=BY_ACCESS_TOKEN, post=BY_ACCESS_TOKEN),
    "api:my-tokens-detail": at(personal_token, delete=BY_ACCESS_TOKEN),
    # Films
    "api:film-search-list": at(query={"q": "Ran"}, get=ALL),
    "api:film-search-tmdb": at(get="400 400 400 400 400 400"),  # without TMDB
    "api:film-detail": at(film, get=ALL),
    "api:film-entries": at(film, get=ALL),
    "api:film-reviews": at(film, get=ALL),
    "api:upcoming-list": at(get=ALL),
    "api:comparison-list": at(two, get=FOLLOWERS),
    "api:comparison-summary": at(two, get=FOLLOWERS),
    # What is mine
    "api:feed-list": at(get=OWN),
    "api:watchlist-list": at(get=OWN, post=MADE, data=another_film),
    "api:watchlist-detail": at(
        wish, {"reminds_of_digital": True}, get=OWNERS, patch=OWNERS, delete="401 204 204 204 204 204"
    ),
    "api:imports-list": at(get=OWN, post=MADE),
    "api:imports-detail": at(in_state("ready"), get=OWNERS, delete=OWNERS_GONE),
    "api:imports-arrived": at(in_state("reading"), post=OWNERS),
    "api:imports-answers": at(in_state("asking"), post=OWNERS),
    "api:imports-import": at(in_state("ready"), post=OWNERS),
    "api:imports-undo": at(in_state("done"), post=OWNERS),
    "api:imports-again": at(in_state("failed"), post=OWNERS),
    "api:imports-rows": at(in_state("ready"), get=OWNERS),
    "api:imports-rejects": at(in_state("ready"), get=OWNERS),
    "api:imports-doubts": at(in_state("ready"), get=OWNERS),
    "api:imports-doubt": at(doubt, {"leave_out": True}, post="401 404 404 404 200 404"),
    "api:calendar-calendar": at(get=OWN, post=MADE, delete="401 204 204 204 204 204"),
    "api:calendar-renew": at(post=OWN),
    "api:data-export": at(get=OWN),
    "api:data-letterboxd": at(get=OWN),
}

OPERATIONS = [(name, method) for name, address in TABLE.items() for method in address.statuses]
"""Each address with each method that it takes."""
ACTS = [(name, method) for name, method in OPERATIONS if method != "get"]
PAGES = {"api:schema", "api:docs"}
READS = [name for name, method in OPERATIONS if method == "get" and name not in PAGES]
READABLE = [name for name in READS if TABLE[name].expected("get", "owner") == 200 and name not in FILES]
"""Those whose answer the owner can read, as JSON."""
