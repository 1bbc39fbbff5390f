"""Measuring in rounds: every page once in each, so that whatever else the machine does falls on all of them alike."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import psycopg

from tests.bench import clients, meters
from tests.bench.clients import Answers
from tests.bench.pages import Page
from tests.bench.servers import Server


@dataclass
class Figures:
    """What was seen of a page, a value for each round; times in milliseconds."""

    cpu: list[float] = field(default_factory=list)
    server_cpu: list[float] = field(default_factory=list)
    database_cpu: list[float] = field(default_factory=list)
    alone: list[Answers] = field(default_factory=list)
    together: list[Answers] = field(default_factory=list)
    statements: int = 0
    database_ms: float = 0
    bytes: int = 0

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
            "database_ms": round(self.database_ms, 3),
            "bytes": self.bytes,
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
        found = {page.name: Figures() for page in pages}
        for page in pages:
            self.look_once(page, found[page.name])
        for number in range(rounds):
            report(f"round {number + 1} of {rounds}")
            for page in pages:
                self.run(page, found[page.name], seconds)
        return found

    def look_once(self, page: Page, figures: Figures) -> None:
        """What one request costs the database, when nobody else asks."""
        url = self.servers[page.server].url(page.path)
        for _ in range(3):  # both workers have met it, most likely
            clients.once(url, page.headers)
        with self.connect() as connection:
            connection.autocommit = True
            connection.execute("SELECT pg_stat_statements_reset()")
            figures.bytes = clients.once(url, page.headers)
            [(calls, took)] = connection.execute(COUNTED).fetchall()
        figures.statements, figures.database_ms = int(calls), float(took)

    def run(self, page: Page, figures: Figures, seconds: int) -> None:
        server = self.servers[page.server]
        for number, answers in ((1, figures.alone), (8, figures.together)):
            used, answered = self.asked(page, server, number, seconds)
            answers.append(answered)
            if number == 8:
                figures.cpu.append(1000 * used.cpu / answered.requests)
                figures.server_cpu.append(1000 * used.server / answered.requests)
                figures.database_cpu.append(1000 * used.database / answered.requests)

    def asked(self, page: Page, server: Server, number: int, seconds: int) -> tuple[meters.Used, Answers]:
        """For as long as it takes to be answered at all."""
        with meters.metered(server.pid, self.database) as used:
            answered = clients.ask(server.url(page.path), page.headers, clients=number, seconds=seconds)
        if answered.failed:
            raise RuntimeError(f"{page.name}: {answered.failed} of {answered.requests} failed")
        return (used, answered) if answered.requests else self.asked(page, server, number, 2 * seconds)


COUNTED = """SELECT coalesce(sum(calls), 0), coalesce(sum(total_exec_time), 0) FROM pg_stat_statements
WHERE query NOT ILIKE '%pg_stat_statements%' AND query NOT IN ('BEGIN', 'COMMIT', 'ROLLBACK')"""
