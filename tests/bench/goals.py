"""What is to be reached, and whether this run did. Most goals are ratios of what was measured in the same rounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from movies.diary.wall import Order

Figures = Mapping[str, Mapping[str, float]]
"""Of each page, by name."""
REFERENCE_HELLO = 0.147
"""Milliseconds of processor time for an empty answer on the machine that goals in milliseconds were set on. A slower one
is allowed as much more as it takes longer for that."""


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

    def hellos(page: str) -> float:
        return of[page]["cpu_ms"] / hello

    def apart(page: str, other: str, what: str) -> float:
        return of[page][what] / of[other][what]

    if "32 films of 1,000" in of:
        yield Goal("F1", "fresh wall, 32 items, 1,000 films: hellos of CPU", hellos("32 films of 1,000"), 6.5)
        yield Goal("F1", "the same, 10,000 films", hellos("32 films of 10,000"), 6.5)
        for peer in (name for name in of if name.startswith("peer: ") and "cpu_ms" in of[name]):
            yield Goal(
                "F1", f"the same, 1,000 films: share of {peer}", apart("32 films of 1,000", peer, "cpu_ms"), 1 / 20
            )
    if "wall" in of:
        yield Goal("F2", "fresh wall of 60 posters: hellos of CPU", hellos("wall"), 8.3)
        yield Goal("F3", "kept wall: hellos of CPU", hellos("wall, kept"), 1 / 0.35)
        yield Goal("F3", "unchanged wall, 304: hellos of CPU", hellos("wall, 304"), 1 / 0.38)
    if "API" in of:
        share = apart("bare: API", "API", "cpu_ms")
        yield Goal("F4", "list in the API: share of a bare view's speed", share, 0.5, is_at_least=True)
    if "wall, small world" in of:
        yield Goal(
            "F5",
            "100 films in a large world and a small one: p99",
            apart("100 films by release", "wall, small world", "p99_ms"),
            1.3,
        )
        for order in Order:
            grown = apart(f"10,000 films by {order.value}", f"100 films by {order.value}", "p50_ms")
            yield Goal("F5", f"10,000 films and 100, by {order.value}: p50", grown, 1.15)
        yield Goal("F5", "deep in a wall and its first page: p50", apart("wall, deep", "wall", "p50_ms"), 1.2)
    if "feed of 2,000" in of:
        allowed = max(1, hello / REFERENCE_HELLO)
        yield Goal("F6", "feed of 2,000: ms in the database", of["feed of 2,000"]["database_ms"] / allowed, 2)
        yield Goal(
            "F6", "feed of 2,000 and of 10, in the database", apart("feed of 2,000", "feed of 10", "database_ms"), 3
        )
    if "wall" in of:
        yield Goal("F7", "statements: fresh wall", of["wall"]["statements"], 2)
        yield Goal("F7", "statements: kept wall", of["wall, kept"]["statements"], 1)
        yield Goal("F7", "statements: wall of another, signed in", of["other's wall, signed in"]["statements"], 6)
        yield Goal("F7", "statements: any page", max(one["statements"] for one in of.values()), 8)
        yield Goal("F8", "HTML of a wall: KB", of["wall"]["bytes"] / 1024, 80)
        yield Goal("F8", "the same by brotli: KB", of["wall"]["brotli"] / 1024, 10)
    for page in ("search, two characters", "search, English"):
        if page in of:
            yield Goal("F9", f"{page}: ms of CPU", hellos(page) * REFERENCE_HELLO, 20)
    for name, goal in MEASURED_BESIDE.items():
        if name in beside:
            says, wanted, is_at_least, of_cpu = goal
            figure = beside[name]
            if of_cpu == "hellos":
                figure /= hello
            elif of_cpu == "seconds":
                figure *= min(1, REFERENCE_HELLO / hello)
            yield Goal(name.partition(" ")[0], says, figure, wanted, is_at_least)


MEASURED_BESIDE = {
    "F10 statements": ("recording a film: statements", 6, False, ""),
    "F10 cpu": ("the same: hellos of CPU", 10, False, "hellos"),
    "F11 start": ("cold start to the first page, each worker: s of CPU", 1.0, False, "seconds"),
    "F11 memory": ("two web workers after all this: MB", 220, False, ""),
    "F12 relay": ("relay: tasks/s", 100, True, ""),
    "F12 worker": ("worker: tasks/s", 100, True, ""),
    "F12 share": ("relay and worker: % of a core at 100/s", 40, False, "seconds"),
    "F12 import": ("import of 100,000 rows: s", 60, False, "seconds"),
    "F12 import memory": ("the same: MB", 300, False, ""),
}
"""What it says, what is wanted, whether more is better, and what a slower machine is allowed."""
