"""Recording films by the form on the page of each, as a browser sends it."""

import http.client
import re
from collections.abc import Callable
from urllib.parse import urlencode

import psycopg

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Entry
from tests.bench import meters, pages
from tests.bench.rounds import COUNTED
from tests.bench.servers import Server

FILMS = 60


def measure(server: Server, database: int, connect: Callable[[], psycopg.Connection], person: User) -> dict[str, float]:
    """Statements of one, and milliseconds of processor time of each on average."""
    of_mine = Entry.objects.filter(owner=person).values("film")
    paths = [f"/films/{film.pk}/record/" for film in Film.objects.exclude(pk__in=of_mine).order_by("pk")[: FILMS + 1]]
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    # Each in a session of its own: there it would wait to be told that the film was recorded, as nobody looks here.
    cookies = [pages.signed_in(person) for _path in paths]
    asked = [(path, filled(connection, path, cookie), cookie) for path, cookie in zip(paths, cookies, strict=True)]
    with connect() as watching:
        watching.autocommit = True
        watching.execute("SELECT pg_stat_statements_reset()")
        send(connection, *asked.pop())
        [(statements, _took)] = watching.execute(COUNTED).fetchall()
    with meters.metered(server.pid, database) as used:
        for one in asked:
            send(connection, *one)
    connection.close()
    return {"F10 statements": int(statements), "F10 cpu": 1000 * used.cpu / len(asked)}


def filled(connection: http.client.HTTPConnection, path: str, cookie: dict[str, str]) -> str:
    """The form as it was sent to the browser, with a score and a day."""
    connection.request("GET", path, headers=cookie)
    page = connection.getresponse().read().decode()
    hidden = {
        name: value
        for tag in re.findall(r"<input[^>]*>", page)
        for name, value in [(attribute(tag, "name"), attribute(tag, "value"))]
        if name in {"csrfmiddlewaretoken", "submission", "shown"}
    }
    return urlencode(hidden | {"score": "88", "watched": "day", "watched_on": "2025-05-05", "visibility": "public"})


def attribute(tag: str, name: str) -> str:
    return next(iter(re.findall(rf'\b{name}="([^"]*)"', tag)), "").replace("&quot;", '"').replace("&amp;", "&")


def send(connection: http.client.HTTPConnection, path: str, form: str, cookie: dict[str, str]) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", path, body=form, headers=cookie | kind)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 302:
        raise RuntimeError(f"{path}: {answer.status}")
