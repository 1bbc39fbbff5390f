"""The geometry of charts: numbers in, places out. Templates draw them, and style sheets colour them."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

HEADROOM = 11.0  # percent of a column chart that are kept for the number on its tallest column
FLOOR = 87.0  # where its columns stand: beneath are their names
FILLED = 0.7  # of a column's room
ROOMS = 8  # at least: few columns stand on the left, none as broad as a page
LEAST = 1.5  # percent: what is there at all is seen

CELL, GAP = 10, 2
DARKEST = 4


@dataclass(frozen=True)
class Column:
    """Places in percent of the chart; `middle` is where its number and its `label` stand, of which there is more in `said`."""

    label: str
    said: str
    value: int
    x: float
    y: float
    width: float
    height: float
    middle: float

    @property
    def above(self) -> float:
        """Where the number stands on the column."""
        return round(self.y - 1.5, 2)


def columns(values: Sequence[tuple[str, str, int]]) -> list[Column]:
    """A column for each label, what it stands for, and value, in their order; the highest leaves room for its number."""
    if not values:
        return []
    room = 100 / max(len(values), ROOMS)
    highest = max(value for _label, _said, value in values)
    drawn = []
    for place, (label, said, value) in enumerate(values):
        height = max(value / highest * (FLOOR - HEADROOM), LEAST) if value else 0.0
        drawn.append(
            Column(
                label=label,
                said=said,
                value=value,
                x=round(room * (place + (1 - FILLED) / 2), 2),
                y=round(FLOOR - height, 2),
                width=round(room * FILLED, 2),
                height=round(height, 2),
                middle=round(room * (place + 0.5), 2),
            )
        )
    return drawn


def share(value: int, highest: int) -> float:
    """The length of a bar, in percent of the longest."""
    return max(round(100 * value / highest, 2), LEAST) if value else 0.0


@dataclass(frozen=True)
class Cell:
    day: datetime.date
    count: int
    x: int
    y: int

    @property
    def level(self) -> int:
        """How dark it is: one step a film, up to the darkest."""
        return min(self.count, DARKEST)


@dataclass(frozen=True)
class Month:
    """The name of a month stands above its first whole week."""

    first: datetime.date
    x: int


@dataclass(frozen=True)
class HeatMap:
    """Days from `first` to `last`, a column a week, Mondays on top. Places are in units of the drawing."""

    first: datetime.date
    last: datetime.date
    cells: list[Cell]
    months: list[Month]
    width: int
    height: int

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells)

    @property
    def seen(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.count]

    @property
    def unseen(self) -> str:
        """The days on which no film was seen, as one path: they are many, and there is nothing to say of each."""
        return "".join(f"M{cell.x} {cell.y}h{CELL}v{CELL}h-{CELL}z" for cell in self.cells if not cell.count)


def heat_map(counts: Mapping[datetime.date, int], first: datetime.date, last: datetime.date) -> HeatMap:
    monday = first - datetime.timedelta(days=first.weekday())
    days = [first + datetime.timedelta(days=n) for n in range((last - first).days + 1)]
    step = CELL + GAP

    def x_of(day: datetime.date) -> int:
        return (day - monday).days // 7 * step

    return HeatMap(
        first=first,
        last=last,
        cells=[Cell(day, counts.get(day, 0), x_of(day), day.weekday() * step) for day in days],
        months=[Month(day, x_of(day + datetime.timedelta(days=-day.weekday() % 7))) for day in days if day.day == 1],
        width=x_of(last) + CELL,
        height=7 * step - GAP,
    )


def halves_of(year: int, counts: Mapping[datetime.date, int]) -> list[HeatMap]:
    """A year in two pieces, which stand side by side where there is room, and on a phone one below the other."""
    july = datetime.date(year, 7, 1)
    new_year, new_years_eve = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return [
        heat_map(counts, new_year, july - datetime.timedelta(days=1)),
        heat_map(counts, july, new_years_eve),
    ]
