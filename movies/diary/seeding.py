"""A made-up world of any size, to measure by. The same numbers make the same world.

People are as different as they are: a few have thousands of films, most a few dozen; some films are on every wall. `most`
has the most films, up to 10,000; `reads10`, `reads200` and `reads2000` follow as many people.
"""

import contextlib
import datetime
import json
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Model

from accounts.models import FEW_FOLLOWED, Follow, User, Visibility
from movies.catalog import bundled
from movies.catalog.models import Film, Precision
from movies.catalog.titles import search_text_of
from movies.diary.models import Entry, Viewing, wall_keys
from mymovie.folding import search_text

ISSUER = "seed"
MOST_FILMS = 10_000
BEGINNING, END = datetime.datetime(2016, 1, 1, tzinfo=datetime.UTC), datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
MINUTES = int((END - BEGINNING).total_seconds()) // 60
SLICES = 240  # of the ten years: each is sorted, and written, by itself
# An entry, before it is a row, is one number: minute, place of its owner, place of its film. So sorting sorts by time.
PLACE = 20  # bits
FOLLOWED = 12  # by everybody, on average
READERS = (10, 200, 2_000)
DRAWN = 1 << 10  # how many scores, days and so on are drawn once, to be dealt out

Row = TypeVar("Row", bound=Model)
Report = Callable[[str], None]


class NoSuchWorld(ValueError):
    """Fewer entries than people, more than they can have films, or more of anything than numbers have bits for."""


@dataclass(frozen=True)
class World:
    people: int
    entries: int
    films: int

    def __post_init__(self) -> None:
        if max(self.people, self.films) > 1 << PLACE:
            raise NoSuchWorld(f"at most {1 << PLACE:,} people and films")
        if self.entries < self.people:
            raise NoSuchWorld("everybody has a film at least")
        if self.entries > self.people * self.most_films // 2:
            raise NoSuchWorld(
                f"{self.people:,} people with up to {self.most_films:,} films have no {self.entries:,} entries"
            )

    @property
    def most_films(self) -> int:
        return min(MOST_FILMS, self.films)


@transaction.atomic
def seed(world: World, report: Report = lambda line: None) -> None:
    """All of it or nothing. Raises `ValueError` when it was made before."""
    if User.objects.filter(issuer=ISSUER).exists():
        raise ValueError("there is a seeded world already")
    films = make_films(world.films)
    report(f"{len(films):,} films")
    people = make_people(world.people)
    report(f"{len(people):,} people")
    make_follows(people)
    report("who follows whom")
    with without_indexes(Entry, Viewing):
        record(world, people, films)
        report(f"{world.entries:,} entries")
    report("their indexes")
    count(people[0].pk)
    for model in (User, Follow, Film, Entry, Viewing):
        run(f"ANALYZE {table(model)}")
    report("what is counted")


def make_films(number: int) -> list[Film]:
    """Those of the bundled catalogue come first, with titles only; others have half a title of each of two of them."""
    chance = Random("films")
    known = [json.loads(line) for line in bundled.FILE.read_text().splitlines()]
    films = []
    for place in range(number):
        one = known[place % len(known)]
        other = one if place < len(known) else chance.choice(known)
        world_on = datetime.date(1920, 1, 1) + datetime.timedelta(days=int(38_000 * chance.random() ** 0.4))
        film = Film(
            original_title=halves(one["original_title"], other["original_title"]),
            title_ja=halves(one.get("title_ja", ""), other.get("title_ja", "")),
            title_en=halves(one.get("title_en", ""), other.get("title_en", "")),
            title_kana=halves(one.get("title_kana", ""), other.get("title_kana", "")),
            country=one.get("country", ""),
            world_on=world_on,
            world_precision=Precision.DAY,
            japan_on=world_on + datetime.timedelta(days=int(300 * chance.random())) if chance.random() < 0.8 else None,
            runtime=80 + int(80 * chance.random()),
        )
        film.japan_precision = Precision.DAY if film.japan_on else ""
        titles = (film.original_title, film.title_ja, film.title_en)
        film.search_text = search_text_of(*titles, reading=film.title_kana)
        films.append(film)
    return put(films)


def halves(one: str, other: str) -> str:
    return one if one == other else one[: (len(one) + 1) // 2] + other[len(other) // 2 :]


def make_people(number: int) -> list[User]:
    handles = ["most", *(f"reads{count}" for count in READERS)]
    handles += [f"p{place}" for place in range(number - len(handles))]
    people = [
        User(
            issuer=ISSUER,
            subject=handle,
            handle=handle,
            display_name=handle,
            search_text=search_text(handle, handle),
            joined_at=BEGINNING,
        )
        for handle in handles[:number]
    ]
    return put(people)


def make_follows(people: list[User]) -> None:
    """The more films somebody has, the more read them."""
    chance = Random("follows")
    wanted = [0, *READERS, *(int(2 * FOLLOWED * chance.random()) for _ in people)]
    follows = []
    for place, person in enumerate(people):
        number = min(wanted[place], len(people) // 2)
        for followee in drawn(number, len(people), chance):
            if followee != place:
                at = BEGINNING + datetime.timedelta(minutes=int(MINUTES * chance.random()))
                follows.append(Follow(follower=person, followee=people[followee], accepted_at=at))
    put(follows)


def shares(world: World) -> list[int]:
    """How many films each person has: the first as many as may be, all others by Zipf's law, at least one."""
    first = min(world.most_films, world.entries // 2, world.entries - world.people + 1)
    weights = [(place + 20) ** -0.9 for place in range(1, world.people)]

    def at(scale: float) -> list[int]:
        return [min(world.most_films, 1 + int(scale * weight)) for weight in weights]

    low, high = 0.0, 100.0 * world.entries
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if first + sum(at(middle)) <= world.entries else (low, middle)
    counts = [first, *at(low)]
    for place in range(world.entries - sum(counts)):  # what rounding has left
        counts[-1 - place % len(weights)] += 1
    return counts


def drawn(number: int, among: int, chance: Random) -> list[int]:
    """Different places, the first far oftener than the last."""
    if number > among // 4:
        return chance.sample(range(among), number)
    found: dict[int, None] = {}
    while len(found) < number:
        found[int(among * chance.random() ** 2.5)] = None
    return list(found)


def record(world: World, people: list[User], films: list[Film]) -> None:
    """By COPY, in the order of time: what one person recorded lies apart on the disk, as it would."""
    slices = [array("Q") for _ in range(SLICES)]
    chance = Random("entries")
    for owner, number in enumerate(shares(world)):
        for film in drawn(number, len(films), chance):
            minute = int(MINUTES * chance.random() ** 0.5)
            slices[minute * SLICES // MINUTES].append(minute << 2 * PLACE | owner << PLACE | film)
    dealt = Dealt(people, films)
    pk = first_free(Entry)
    with connection.cursor() as cursor:
        for entries in slices:
            lines, viewings = [], []
            for packed in sorted(entries):
                line, viewing = dealt.rows(pk, packed)
                lines.append(line)
                viewings.append(viewing)
                pk += 1
            copy(cursor, Entry, ENTRY_COLUMNS, lines)
            copy(cursor, Viewing, VIEWING_COLUMNS, viewings)
    follow_on(Entry, pk)


ENTRY_COLUMNS = (
    "id, owner_id, film_id, score, visibility, recorded_at, watched_on, japan_on, world_on, title_ja_key, title_en_key"
)
VIEWING_COLUMNS = "entry_id, watched_on, submission, created_at"


class Dealt:
    """What an entry has beside owner and film, dealt out by its number."""

    def __init__(self, people: list[User], films: list[Film]) -> None:
        chance = Random("dealt")
        self.owners = [person.pk for person in people]
        self.film_keys = [film.pk for film in films]
        self.film_words = ["\t".join(copied(value) for value in wall_keys(film).values()) for film in films]
        self.scores = [
            copied(max(0, min(100, round(chance.gauss(72, 15)))) if chance.random() < 0.85 else None)
            for _ in range(DRAWN)
        ]
        self.visibilities = [
            chance.choices(
                Visibility.values, [97 if value == Visibility.PUBLIC else 1.5 for value in Visibility.values]
            )[0]
            for _ in range(DRAWN)
        ]
        self.days_before = [int(30 * chance.random() ** 4) if chance.random() < 0.9 else None for _ in range(DRAWN)]
        days = (END - BEGINNING).days
        self.days = [str((BEGINNING + datetime.timedelta(days=day - 30)).date()) for day in range(days + 30)]

    def rows(self, pk: int, packed: int) -> tuple[str, str]:
        """Of the entry and of its viewing, "" where nobody knows the day."""
        film = packed & (1 << PLACE) - 1
        owner = packed >> PLACE & (1 << PLACE) - 1
        minute = packed >> 2 * PLACE
        luck = packed * 0x9E3779B97F4A7C15 >> 20
        day = minute // 1440
        recorded_at = f"{self.days[day + 30]} {minute % 1440 // 60:02}:{minute % 60:02}:00+00"
        before = self.days_before[luck % DRAWN]
        watched_on = copied(None) if before is None else self.days[day + 30 - before]
        entry = (
            f"{pk}\t{self.owners[owner]}\t{self.film_keys[film]}\t{self.scores[(luck >> 10) % DRAWN]}\t"
            f"{self.visibilities[(luck >> 20) % DRAWN]}\t{recorded_at}\t{watched_on}\t{self.film_words[film]}\n"
        )
        return entry, "" if before is None else f"{pk}\t{watched_on}\t{packed:032x}\t{recorded_at}\n"


def put(rows: list[Row]) -> list[Row]:
    """By COPY: as `bulk_create`, in a third of its time."""
    model = type(rows[0])
    # What the database fills in by itself is left to it.
    fields = [field for field in model._meta.concrete_fields if field.has_default() or not field.has_db_default()]
    columns = ", ".join(str(field.column) for field in fields)
    first = first_free(model)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table(model)} ({columns}) FROM STDIN") as writing:
        for pk, row in enumerate(rows, start=first):
            row.pk = pk
            writing.write_row([field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields])
    follow_on(model, pk)
    return rows


def follow_on(model: type[Model], last: int) -> None:
    """The next row that the site makes comes after `last`."""
    run("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table(model), last])


def copied(value: object) -> str:
    """As COPY's text has it; nothing of ours holds a tab, a line's end or a backslash."""
    return "\\N" if value is None else str(value)


def copy(cursor: Any, model: type[Model], columns: str, lines: list[str]) -> None:
    with cursor.copy(f"COPY {table(model)} ({columns}) FROM STDIN") as writing:
        writing.write("".join(lines))


def count(first: int) -> None:
    """What services keep up to date with each change, for all at once; `first` is the first of the seeded people."""
    user, follow, entry = table(User), table(Follow), table(Entry)
    run(
        f"""UPDATE {user} u SET films_shown = of.shown, last_shown_at = of.last_shown_at, last_entry_at = of.last_entry_at
        FROM (SELECT owner_id, count(*) FILTER (WHERE visibility = 'public') AS shown,
                max(recorded_at) FILTER (WHERE visibility = 'public') AS last_shown_at,
                max(recorded_at) FILTER (WHERE visibility <> 'private') AS last_entry_at
            FROM {entry} WHERE owner_id >= %s GROUP BY owner_id) of
        WHERE u.id = of.owner_id""",
        [first],
    )
    run(
        f"""UPDATE {follow} f SET last_entry_at = date_bin('10 min', u.last_entry_at, '2000-01-01Z')
        FROM {user} u WHERE u.id = f.followee_id AND f.follower_id IN (
            SELECT follower_id FROM {follow} GROUP BY follower_id HAVING count(*) > {FEW_FOLLOWED}
        )"""
    )
    for column, side in (("followers_count", "followee_id"), ("following_count", "follower_id")):
        run(
            f"""UPDATE {user} u SET {column} = of.number
            FROM (SELECT {side} AS id, count(*) AS number FROM {follow} GROUP BY {side}) of WHERE u.id = of.id"""
        )


@contextlib.contextmanager
def without_indexes(*models: type[Model]) -> Iterator[None]:
    """Many rows are indexed faster together than one by one. Needs a superuser: no row's references are looked up."""
    run("SET CONSTRAINTS ALL IMMEDIATE")  # what waits to be checked keeps indexes where they are
    run("SET LOCAL session_replication_role = replica")
    run("SET LOCAL maintenance_work_mem = '512MB'")
    dropped = []
    for model in models:
        for name, definition in run(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname)",
            [table(model)],
        ):
            run(f'DROP INDEX "{name}"')
            dropped.append(definition)
    yield
    for definition in dropped:
        run(definition)
    run("SET LOCAL session_replication_role = origin")


def first_free(model: type[Model]) -> int:
    [[largest]] = run(f"SELECT coalesce(max(id), 0) FROM {table(model)}")
    return int(largest) + 1


def table(model: type[Model]) -> str:
    return model._meta.db_table


def run(statement: str, arguments: list[int | str] | None = None) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return cursor.fetchall() if cursor.description else []
