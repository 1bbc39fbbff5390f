"""Measuring in rounds: every page once in each, so that whatever else the machine does falls on all of them alike."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import brotli
import psycopg

from tests.bench import clients, meters, peers
from tests.bench.clients import Answers
from tests.bench.page import Page
from tests.bench.servers import Server

UNIT_EVERY = 6


@dataclass
class Figures:
    """What was seen of a page, a value for each round; times in milliseconds."""

    cpu: list[float] = field(default_factory=list)
    server_cpu: list[float] = field(default_factory=list)
    database_cpu: list[float] = field(default_factory=list)
    alone: list[Answers] = field(default_factory=list)
    together: list[Answers] = field(default_factory=list)
    statements: int = 0
    database_ms: list[float] = field(default_factory=list)
    bytes: int = 0
    brotli: int = 0

    def said(self) -> dict[str, float]:
        alone, together = self.alone, self.together
        return {
            "cpu_ms": round(statistics.median(self.cpu), 4),
            "server_cpu_ms": round(statistics.median(self.server_cpu), 4),
            "database_cpu_ms": round(statistics.median(self.database_cpu), 4),
            "per_second_1": round(statistics.median(a.requests / a.seconds for a in alone)),
            "per_second_8": round(statistics.median(a.requests / a.seconds for a in together)),
            "p50_ms": round(statistics.median(a.p50 for a in alone), 3),
            "p95_ms": round(statistics.median(a.p95 for a in alone), 3),
            "p99_ms": round(statistics.median(a.p99 for a in alone), 3),
            "statements": self.statements,
            "database_ms": round(statistics.median(self.database_ms), 3),
            "bytes": self.bytes,
            "brotli": self.brotli,
        }


@dataclass
class Bench:
    servers: dict[str, Server]
    database: int
    """The process that all of PostgreSQL's came of."""
    connect: Callable[[], psycopg.Connection]

    def measure(
        self, pages: Iterable[Page], *, rounds: int, seconds: int, report: Callable[[str], None]
    ) -> dict[str, Figures]:
        """The first of the pages is the unit: all others are told in it, so it is measured among them, too."""
        pages = list(pages)
        found = {page.name: Figures() for page in pages}
        for page in pages:
            self.look_alone(page, found[page.name])
        for number in range(rounds):
            report(f"round {number + 1} of {rounds}")
            for place, page in enumerate(pages):
                if place and place % UNIT_EVERY == 0:
                    self.run(pages[0], found[pages[0].name], seconds)
                self.run(page, found[page.name], seconds)
        return found

    def look_alone(self, page: Page, figures: Figures) -> None:
        """What a request costs the database, when nobody else asks."""
        url = self.url(page)
        for _ in range(8):  # both workers have met it, most likely
            clients.once(url, page.headers)
        with self.connect() as connection:
            for _ in range(5):
                connection.execute("SELECT pg_stat_statements_reset()")
                body = clients.once(url, page.headers).body
                [(calls, took)] = connection.execute(COUNTED).fetchall()
                figures.statements = int(calls)
                figures.database_ms.append(float(took))
        figures.bytes, figures.brotli = len(body), len(brotli.compress(body, quality=5))

    def run(self, page: Page, figures: Figures, seconds: int) -> None:
        for number, answers in ((1, figures.alone), (8, figures.together)):
            used, answered = self.asked(page, number, seconds)
            answers.append(answered)
            if number == 8:
                figures.cpu.append(1000 * used.cpu / answered.requests)
                figures.server_cpu.append(1000 * used.server / answered.requests)
                figures.database_cpu.append(1000 * used.database / answered.requests)

    def asked(self, page: Page, number: int, seconds: int) -> tuple[meters.Used, Answers]:
        """For as long as it takes to be answered at all."""
        url = self.url(page)
        with meters.metered(self.pid(page), self.database) as used:
            answered = clients.ask(url, page.headers, clients=number, seconds=seconds)
        if answered.failed:
            raise RuntimeError(f"{page.name}: {answered.failed} of {answered.requests} failed")
        return (used, answered) if answered.requests else self.asked(page, number, 2 * seconds)

    def url(self, page: Page) -> str:
        return page.path if page.server == "peer" else self.servers[page.server].url(page.path)

    def pid(self, page: Page) -> int | None:
        """None for what is not on this machine: its processor time is not to be seen."""
        return (
            peers.listener(urlsplit(page.path).port or 80) if page.server == "peer" else self.servers[page.server].pid
        )


# PostgreSQL's own looks whether a key's row is there count as its statements where they are put off until the end.
COUNTED = """SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time), 0) FROM pg_stat_statements
WHERE query NOT ILIKE '%pg_stat_statements%' AND query NOT IN ('BEGIN', 'COMMIT', 'ROLLBACK')
AND query NOT LIKE 'SELECT _% FROM ONLY % FOR KEY SHARE OF x'"""
