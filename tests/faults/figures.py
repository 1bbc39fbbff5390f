"""What a test saw, beside what was wanted: a row of the table that a run ends with. A figure fails no test, as it is the
machine's too; what must hold on every machine is asserted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

import pytest

from tests.bench.__main__ import in_columns
from tests.faults.serving import IS_WHOLE

KEPT_AS = "figure of a fault"


@dataclass(frozen=True)
class Figure:
    row: str
    what: str
    figure: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def wanted(self) -> str:
        if self.at_most is not None:
            return f"≤ {self.at_most:,g}"
        return f"≥ {self.at_least:,g}" if self.at_least is not None else ""

    @property
    def verdict(self) -> str:
        if not self.wanted:
            return ""
        is_met = self.figure <= self.at_most if self.at_most is not None else self.figure >= (self.at_least or 0)
        return "met" if is_met else "not met"


Note = Callable[..., None]


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """`note("R1", "p99, ms", 200, at_most=250)`. It comes along with the test's report, from workers of xdist too. What is
    wanted is so of the whole form, and means nothing in the short one."""

    def noted(row: str, what: str, figure: float, **wanted: float) -> None:
        record_property(KEPT_AS, asdict(Figure(row, what, round(float(figure), 1), **(wanted if IS_WHOLE else {}))))

    return noted


def noted_in(reports: Iterable[Any]) -> Iterator[Figure]:
    for report in reports:
        for name, value in getattr(report, "user_properties", []):
            if name == KEPT_AS and report.when == "call":
                yield Figure(**value)


def table(figures: Iterable[Figure]) -> str:
    rows = [["row", "", "figure", "wanted", ""]]
    by_row = sorted(figures, key=lambda one: int(one.row[1:]))
    rows += [[one.row, one.what, f"{one.figure:,.1f}", one.wanted, one.verdict] for one in by_row]
    return in_columns(rows, left=2)
