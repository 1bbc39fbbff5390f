"""What is to be reached, and whether this run did. Most goals are ratios of what was measured in the same rounds."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from movies.diary.wall import Order

Figures = Mapping[str, Mapping[str, float]]
"""Of each page, by name."""
Figure = Callable[[], float]
REFERENCE_HELLO = 0.147
"""Milliseconds of processor time for an empty answer on the machine that goals in units of time were set on. What a slower
one takes is reckoned down by as much as it is slower at that."""


@dataclass(frozen=True)
class Goal:
    name: str
    says: str
    figure: float
    wanted: float
    is_at_least: bool = False

    @property
    def ratio(self) -> float:
        """Of the figure to the goal: above 1 is too much, or where more is better, enough."""
        return self.figure / self.wanted

    @property
    def is_met(self) -> bool:
        return self.ratio >= 1 if self.is_at_least else self.ratio <= 1


def goals(of: Figures, beside: Mapping[str, float]) -> Iterator[Goal]:
    """Those that this run has figures for. `beside`: what was measured besides pages."""
    hello = of["hello"]["cpu_ms"]
    as_there = min(1, REFERENCE_HELLO / hello)

    def hellos(page: str) -> float:
        return of[page]["cpu_ms"] / hello

    def apart(page: str, other: str, what: str) -> float:
        return of[page][what] / of[other][what]

    def grown(order: Order) -> Figure:
        return lambda: apart(f"10,000 films by {order.value}", f"100 films by {order.value}", "p50_ms")

    def share_of(peer: str) -> Figure:
        return lambda: apart("32 films of 1,000", peer, "cpu_ms")

    wanted: list[tuple[str, str, Figure, float, bool]] = [
        ("F1", "fresh wall, 32 items, 1,000 films: hellos of CPU", lambda: hellos("32 films of 1,000"), 6.5, False),
        ("F1", "the same, 10,000 films", lambda: hellos("32 films of 10,000"), 6.5, False),
        *(
            ("F1", f"the same, 1,000 films: share of {peer}'s CPU", share_of(peer), 1 / 20, False)
            for peer in of
            if peer.startswith("peer: ")
        ),
        ("F2", "fresh wall of 60 posters: hellos of CPU", lambda: hellos("wall"), 8.3, False),
        ("F3", "kept wall: hellos of CPU", lambda: hellos("wall, kept"), 1 / 0.35, False),
        ("F3", "unchanged wall, 304: hellos of CPU", lambda: hellos("wall, 304"), 1 / 0.38, False),
        ("F4", "list in the API: speed, of a bare view's", lambda: apart("bare: API", "API", "cpu_ms"), 0.5, True),
        (
            "F5",
            "100 films in a large world and a small one: p99",
            lambda: apart("100 films by release", "wall, small world", "p99_ms"),
            1.3,
            False,
        ),
        *(("F5", f"10,000 films and 100, by {order.value}: p50", grown(order), 1.15, False) for order in Order),
        ("F5", "deep in a wall and its first page: p50", lambda: apart("wall, deep", "wall", "p50_ms"), 1.2, False),
        ("F6", "feed of 2,000: ms in the database", lambda: of["feed of 2,000"]["database_ms"] * as_there, 2, False),
        ("F6", "the same, to that of 10", lambda: apart("feed of 2,000", "feed of 10", "database_ms"), 3, False),
        ("F7", "statements: fresh wall", lambda: of["wall"]["statements"], 2, False),
        ("F7", "statements: kept wall", lambda: of["wall, kept"]["statements"], 1, False),
        ("F7", "statements: another's wall", lambda: of["other's wall, signed in"]["statements"], 6, False),
        ("F7", "statements: most of any page here", lambda: max(one["statements"] for one in of.values()), 8, False),
        ("F8", "HTML of a wall: KB", lambda: of["wall"]["bytes"] / 1024, 80, False),
        ("F8", "the same by brotli: KB", lambda: of["wall"]["brotli"] / 1024, 10, False),
        *(
            ("F9", f"{page}: ms of CPU", lambda page=page: of[page]["cpu_ms"] * as_there, 20, False)
            for page in ("search, two characters", "search, English")
        ),
        ("F10", "recording a film: statements", lambda: beside["F10 statements"], 6, False),
        ("F10", "the same: hellos of CPU", lambda: beside["F10 cpu"] / hello, 10, False),
        ("F10", "one film after another", lambda: beside["F10 next cpu"] / hello, 10, False),
        ("F11", "cold start to the first page: s of CPU", lambda: beside["F11 start"] * as_there, 1, False),
        ("F11", "two web workers after all this: MB", lambda: beside["F11 memory"], 220, False),
        ("F12", "relay: tasks/s", lambda: beside["F12 relay"] / as_there, 100, True),
        ("F12", "worker: tasks/s", lambda: beside["F12 worker"] / as_there, 100, True),
        ("F12", "both: % of a core at 100 tasks/s", lambda: beside["F12 share"] * as_there, 40, False),
        ("F12", "import of 100,000 rows: s", lambda: beside["F12 import"] * as_there, 60, False),
        ("F12", "the same: MB", lambda: beside["F12 import memory"], 300, False),
    ]
    for name, says, figure, limit, is_at_least in wanted:
        with contextlib.suppress(KeyError):
            yield Goal(name, says, figure(), limit, is_at_least)
