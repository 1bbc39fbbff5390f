"""Recording films by the form on the page of each, as a browser sends it."""

import http.client
import re
import statistics
from collections.abc import Callable
from urllib.parse import urlencode

import psycopg

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Entry
from tests.bench import meters, pages
from tests.bench.rounds import COUNTED
from tests.bench.servers import Server

FILMS, ROUNDS = 60, 3
Asked = tuple[str, str, dict[str, str]]
"""Where a form goes to, the form, and the cookie."""
BEFORE = 100
"""Films recorded before it is measured, as pages are asked for hundreds of times: each connection to the database plans a
statement when it is asked for the first time, and all of them take turns."""


def measure(server: Server, database: int, connect: Callable[[], psycopg.Connection], films: int) -> dict[str, float]:
    """Statements of one, and milliseconds of processor time of each on average, the median of three rounds: by sixty people
    with about so many films, other ones in each round, and by one of them, one film after another, which tells followers'
    feeds nothing new.
    """
    people = pages.people_with_films(films)[: ROUNDS * FILMS + 1]
    one = people[0]
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    by_many = [ready(connection, person, film) for person in people[1:] for film in unseen(person, 1)]
    by_one = [ready(connection, one, film) for film in unseen(one, BEFORE + ROUNDS * FILMS + 1)]
    for _ in range(BEFORE):
        send(connection, *by_one.pop())
    with connect() as watching:
        watching.execute("SELECT pg_stat_statements_reset()")
        send(connection, *by_one.pop())
        [(statements, _took)] = watching.execute(COUNTED).fetchall()
    rounds = [[sent(connection, taken(asked), server, database) for asked in (by_many, by_one)] for _ in range(ROUNDS)]
    connection.close()
    cpu = map(statistics.median, zip(*rounds, strict=True))
    return {"F10 statements": int(statements)} | dict(zip(["F10 cpu", "F10 next cpu"], cpu, strict=True))


def taken(asked: list[Asked]) -> list[Asked]:
    return [asked.pop() for _ in range(FILMS)]


def unseen(person: User, number: int) -> list[Film]:
    return list(Film.objects.exclude(pk__in=Entry.objects.filter(owner=person).values("film")).order_by("pk")[:number])


def ready(connection: http.client.HTTPConnection, person: User, film: Film) -> Asked:
    """Each in a session of its own: there it would wait to be told that the film was recorded, as nobody looks here."""
    path, cookie = f"/films/{film.pk}/record/", pages.signed_in(person)
    return path, filled(connection, path, cookie), cookie


def sent(connection: http.client.HTTPConnection, asked: list[Asked], server: Server, database: int) -> float:
    with meters.metered(server.pid, database) as used:
        for one in asked:
            send(connection, *one)
    return 1000 * used.cpu / len(asked)


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
