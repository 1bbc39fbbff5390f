"""The same secrets as on the pages; then every address of the API is read, as strangers read it."""

import pytest
from django.test import Client

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Entry, Viewing
from movies.diary.wall import Order
from movies.imports.models import Batch
from tests.api import client_of
from tests.factories import BlockFactory, FollowFactory, UserFactory
from tests.security.test_sentinels import private_things

__all__ = ["private_things"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unlimited")]

HANDLES = ("hanako", "taro", "jiro", "zqhandlezq", "zqoldzq", "teller")
ABOUT_PEOPLE = ("people", "feed", "entries", "viewings", "me")


def addresses() -> list[str]:
    """Whatever can be read, with the names of all rows there are: some of them have to be guessed."""
    of_people = [
        f"people/{handle}{part}"
        for handle in HANDLES
        for part in (
            "",
            "/followers",
            "/following",
            "/reviews",
            *(f"/wall?order={order}" for order in Order),
            "/wall?dates=world",
            *(f"/wall/sections?order={order}" for order in Order),
            "/compare/taro",
            "/compare/hanako/summary",
        )
    ]
    of_films = [
        f"films/{pk}{part}" for pk in Film.objects.values_list("pk", flat=True) for part in ("", "/entries", "/reviews")
    ]
    of_entries = [f"entries/{pk}" for pk in Entry.objects.values_list("pk", flat=True)]
    of_viewings = [f"viewings/{pk}" for pk in Viewing.objects.values_list("pk", flat=True)]
    of_imports = [
        f"imports/{pk}{part}"
        for pk in Batch.objects.values_list("pk", flat=True)
        for part in ("", "/rows", "/doubts", "/rejects")
    ]
    mine = [
        "feed",
        "imports",
        "watchlist",
        "upcoming",
        "entries",
        "entries/deleted",
        "me",
        "me/requests",
        "me/blocks",
        "me/muted",
        "me/mail",
        "me/calendar",
    ]
    searches = ["people", "people?q=hanako", "people?q=zqhandlezq", "films?q=ran", "films?q=xjxjxj", "auth/config"]
    return [
        f"/api/v1/{path}" for path in of_people + of_films + of_entries + of_viewings + of_imports + mine + searches
    ]


@pytest.mark.parametrize("role", ["anonymous", "stranger", "one who is blocked", "one who only asked"])
def test_nothing_private_is_said_by_the_api_to_whoever_it_is_not_for(private_things: list[str], role: str) -> None:
    client, jiro = Client(), User.objects.get(handle="jiro")
    if role != "anonymous":
        viewer = UserFactory(handle="viewer")
        client = client_of(viewer, "read")
        if role == "one who is blocked":
            BlockFactory(blocker=jiro, blocked=viewer)
        if role == "one who only asked":
            FollowFactory(follower=viewer, followee=jiro, accepted_at=None)

    said = {}
    for address in addresses():
        answer = client.get(address)
        assert answer.status_code < 500, address
        said[address] = f"{answer.headers}\n{answer.content.decode()}".replace(address, "")

    assert [(address, thing) for address, one in said.items() for thing in private_things if thing in one] == []
    assert [a for a, one in said.items() if "xjxjxj" in one and a.split("/")[3].split("?")[0] in ABOUT_PEOPLE] == []
    assert [a for a, one in said.items() if "zqhandlezq" in one or "zqoldzq" in one] == []
    assert "Ran" in said["/api/v1/people/hanako/wall?order=score"]
    assert '"count":1' in said["/api/v1/people/hanako/wall/sections?order=score"]


def test_the_look_would_find_a_leak(private_things: list[str]) -> None:
    hanako = User.objects.get(handle="hanako")

    said = [client_of(hanako).get(address).content.decode() for address in ("/api/v1/me", "/api/v1/entries")]

    assert "1907" in said[0]
    assert "xjxjxj" in said[1]
