"""A wall as a poster to hang up: A3 at 300 dots to the inch, posters and the numerals of their sections in one grid."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from movies.sharing.painting.canvas import Box, Canvas
from movies.sharing.painting.colours import INK, LINE, RED, SOFT
from movies.sharing.painting.lettering import Style, fit, one_line, width, write
from movies.sharing.painting.pictures import Hung, Size

WIDTH, HEIGHT, DPI = 3508, 4961, 300
MARGIN = 236
FOOT = 560  # of the height, for name and count
WIDEST = 1000
GAP = 0.11  # of a poster's width, at least
MOST_GAP = 0.2
MOST_COLUMNS = 60


class Heading(NamedTuple):
    """`numeral` is said loudly, `unit` beneath it; `films` says how many follow."""

    numeral: str
    unit: str
    films: str


Cell = Heading | int
"""The number of a film, or the heading that stands in a film's place before its section."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    name: str
    said: str
    count: str
    unit: str


class Grid(NamedTuple):
    columns: int
    rows: int
    size: Size
    gap: tuple[int, int]
    top: int
    left: int

    def place(self, number: int) -> tuple[int, int]:
        row, column = divmod(number, self.columns)
        x = self.left + column * (self.size[0] + self.gap[0])
        return x, self.top + row * (self.size[1] + self.gap[1])


def grid_for(cells: int) -> Grid:
    """The largest posters with which all of them find room."""
    room_across, room_down = WIDTH - 2 * MARGIN, HEIGHT - MARGIN - FOOT - MARGIN // 2
    for columns in range(1, MOST_COLUMNS + 1):
        rows = ceil(cells / columns)
        wide = min(int(room_across / (columns + GAP * (columns - 1))), WIDEST)
        gap = round(wide * GAP)
        high = wide * 3 // 2
        if rows * high + (rows - 1) * gap <= room_down:
            break
    free = room_down - rows * high
    down = min(free // (rows - 1), round(wide * MOST_GAP)) if rows > 1 else 0
    left_over = free - down * (rows - 1)
    across = columns * wide + (columns - 1) * gap
    return Grid(columns, rows, (wide, high), (gap, down), MARGIN + left_over // 2, (WIDTH - across) // 2)


def paint_sheet(facts: SheetFacts, cells: Sequence[Cell], hung: Hung) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT)
    grid = grid_for(max(len(cells), 1))
    for number, cell in enumerate(cells):
        place = grid.place(number)
        if isinstance(cell, Heading):
            _heading(canvas, cell, Box(*place, *grid.size))
        else:
            canvas.hang(hung(cell, grid.size), place)
    _foot(canvas, facts)
    return canvas


def _heading(canvas: Canvas, heading: Heading, box: Box) -> None:
    """Stands where a poster would, on the same lines as they do."""
    canvas.rule(box.left, box.left + box.width, box.top, RED, max(box.width // 60, 2))
    numeral = Style("mincho", box.width * 0.46, INK, is_bold=True)
    block = fit(heading.numeral, numeral, room=box.width, most_lines=2, smallest=box.width * 0.12)
    pitch = block.size * 1.15
    first = box.top + box.width * 0.1 + block.size
    end = canvas.lines(block.lines, numeral._replace(size=block.size), (box.left, first), pitch)
    small = box.width * 0.115
    if heading.unit:
        canvas.soft((box.left, end + small * 1.7), heading.unit, small)
    canvas.soft((box.left, box.top + box.height - small * 0.2), heading.films, small)


def _foot(canvas: Canvas, facts: SheetFacts) -> None:
    top = HEIGHT - FOOT + 60
    right = WIDTH - MARGIN
    canvas.rule(MARGIN, right, top, LINE, 4)
    numeral, unit = Style("mincho", 330, INK, is_bold=True), Style("gothic", 84, SOFT)
    baseline = top + 310
    x = right - width(facts.unit, unit)
    write(canvas.draw, (x, baseline), facts.unit, unit)
    x -= width(facts.count, numeral) + 30
    write(canvas.draw, (x, baseline), facts.count, numeral)
    room = x - MARGIN - 120
    name = Style("mincho", 190, INK, is_bold=True)
    block = fit(facts.name, name, room=room, most_lines=1, smallest=90)
    canvas.lines(block.lines, name._replace(size=block.size), (MARGIN, baseline - 100), 0)
    said = Style("gothic", 62, SOFT)
    canvas.mark((MARGIN, baseline), 70)
    mark = Style("mincho", 70, INK, is_bold=True)
    after = MARGIN + width("MyMovie", mark) + 50
    write(canvas.draw, (after, baseline), one_line(facts.said, said, room - (after - MARGIN)), said)


def as_pdf(canvas: Canvas) -> bytes:
    buffer = io.BytesIO()
    canvas.image.save(buffer, "PDF", resolution=DPI, quality=92, title="MyMovie")
    return buffer.getvalue()
