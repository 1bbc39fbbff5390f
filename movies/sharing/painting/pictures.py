"""What is shown of a wall, an entry or a film where its address is shared: 1200 by 630 pixels, readable at a glance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from PIL import Image

from movies.sharing.painting.canvas import Canvas
from movies.sharing.painting.colours import INK, LINE, RED, SOFT
from movies.sharing.painting.lettering import Style, fit, one_line, width, write
from movies.sharing.painting.posters import Size

WIDTH, HEIGHT = 1200, 630
MARGIN = 56
FEW = 3

Hung = Callable[[int, Size], Image.Image]
"""The poster with this number, at this size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallFacts:
    """`unit` stands beside the count; `said` tells whose wall it is, and its order."""

    name: str
    said: str
    count: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFacts:
    """`said` are lines below the titles; `score` with its `by` only where somebody gave one."""

    title: str
    other_title: str
    said: Sequence[str]
    score: int | None = None
    unscored: str = ""
    by: str = ""


def most_posters(count: int) -> int:
    """How many posters of so many films a wall's picture has room for."""
    columns, rows = _grid(count)
    return min(count, columns * rows)


def paint_wall(facts: WallFacts, posters: int, hung: Hung) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT)
    if posters <= FEW:
        _few(canvas, facts, posters, hung)
    else:
        _many(canvas, facts, posters, hung)
    return canvas


def _grid(count: int) -> tuple[int, int]:
    """Columns and rows; the last row may run off the picture, as the wall goes on."""
    if count <= FEW:
        return max(count, 1), 1
    if count <= 7:
        return max(count, 5), 1
    return (7, 2) if count <= 14 else (9, 3)


def _few(canvas: Canvas, facts: WallFacts, posters: int, hung: Hung) -> None:
    """The posters large at the right, the words at the left."""
    gap = 24
    widths = {0: 0, 1: 345, 2: 268, 3: 216}
    wide = widths[posters]
    high = wide * 3 // 2
    left = WIDTH - MARGIN - posters * wide - max(posters - 1, 0) * gap
    for number in range(posters):
        canvas.hang(hung(number, (wide, high)), (left + number * (wide + gap), (HEIGHT - high) // 2))
    room = (left if posters else WIDTH) - 2 * MARGIN
    canvas.mark((MARGIN, 92), 30)
    name = Style("mincho", 72, INK, is_bold=True)
    block = fit(facts.name, name, room=room, most_lines=3, smallest=34)
    style = name._replace(size=block.size)
    pitch = block.size * 1.24
    top = 330 - pitch * (len(block.lines) - 1) / 2
    end = canvas.lines(block.lines, style, (MARGIN, top), pitch)
    canvas.soft((MARGIN, end + 52), one_line(facts.said, Style("gothic", 25, SOFT), room), 25)
    _count(canvas, facts, (MARGIN, HEIGHT - MARGIN - 6), 92)


def _many(canvas: Canvas, facts: WallFacts, posters: int, hung: Hung) -> None:
    """The words above, the posters in rows below them."""
    columns, rows = _grid(posters)
    gap = 16 if columns > 7 else 18
    wide = (WIDTH - 2 * MARGIN - (columns - 1) * gap) // columns
    high = wide * 3 // 2
    is_row = rows == 1
    top = HEIGHT - MARGIN - high if is_row else 232
    for number in range(posters):
        row, column = divmod(number, columns)
        canvas.hang(hung(number, (wide, high)), (MARGIN + column * (wide + gap), top + row * (high + gap)))

    canvas.mark((MARGIN, 64), 26)
    baseline = 150 if not is_row else (70 + top) // 2 + 26
    count = _count(canvas, facts, (WIDTH - MARGIN, baseline + 34), 112, anchor="rs")
    room = WIDTH - 2 * MARGIN - count - 40
    name = Style("mincho", 66, INK, is_bold=True)
    block = fit(facts.name, name, room=room, most_lines=1, smallest=36)
    canvas.lines(block.lines, name._replace(size=block.size), (MARGIN, baseline), 0)
    canvas.soft((MARGIN, baseline + 42), one_line(facts.said, Style("gothic", 24, SOFT), room), 24)


def _count(canvas: Canvas, facts: WallFacts, at: tuple[float, float], size: float, *, anchor: str = "ls") -> float:
    """The numeral large, its unit small beside it; says how wide both are."""
    numeral, unit = Style("mincho", size, INK, is_bold=True), Style("gothic", size * 0.27, SOFT)
    wide, gap = width(facts.count, numeral), size * 0.1
    both = wide + gap + width(facts.unit, unit)
    x = at[0] - both if anchor == "rs" else at[0]
    write(canvas.draw, (x, at[1]), facts.count, numeral)
    write(canvas.draw, (x + wide + gap, at[1]), facts.unit, unit)
    return both


def paint_film(facts: FilmFacts, hung: Hung) -> Canvas:
    """An entry, too: that is a film with somebody's score."""
    canvas = Canvas(WIDTH, HEIGHT)
    high = HEIGHT - 2 * MARGIN
    wide = high * 2 // 3
    canvas.hang(hung(0, (wide, high)), (MARGIN, MARGIN))
    left = MARGIN + wide + 60
    room = WIDTH - MARGIN - left
    foot = HEIGHT - MARGIN
    lowest = foot - 84 - 104 if facts.by else foot - 84
    for largest in (76, 66, 58, 50, 44, 40):
        words = _film_words(facts, largest, room)
        if words[-1][0] <= lowest - MARGIN:
            break
    for y, line, style in words:
        write(canvas.draw, (left, MARGIN + y), line, style)

    if facts.by:
        canvas.rule(left, WIDTH - MARGIN, foot - 54, LINE, 2)
        by = Style("gothic", 25, INK)
        write(canvas.draw, (left, foot - 6), one_line(facts.by, by, room - 190), by)
        _score(canvas, facts, (left, foot - 84))
    else:
        canvas.rule(left, left + 44, foot - 54, RED, 4)
    canvas.mark((WIDTH - MARGIN, foot - 6) if facts.by else (left, foot - 4), 30, anchor="rs" if facts.by else "ls")
    return canvas


def _film_words(facts: FilmFacts, largest: float, room: float) -> list[tuple[float, str, Style]]:
    """Each line with its style and how far below the top its baseline lies."""
    title = Style("mincho", largest, INK, is_bold=True)
    block = fit(facts.title, title, room=room, most_lines=3, smallest=40)
    style = title._replace(size=block.size)
    y = block.size * 0.9
    words = []
    for number, line in enumerate(block.lines):
        y += block.size * 1.26 if number else 0
        words.append((y, line, style))
    other, said = Style("gothic", 28, SOFT), Style("gothic", 25, INK)
    for number, (line, style) in enumerate([(facts.other_title, other), *((line, said) for line in facts.said)]):
        if line:
            y += 50 if number <= 1 else 40
            words.append((y, one_line(line, style, room), style))
    return words or [(0, "", title)]


def _score(canvas: Canvas, facts: FilmFacts, at: tuple[int, int]) -> None:
    left, baseline = at
    if facts.score is None:
        canvas.soft((left, baseline), facts.unscored, 26)
        return
    numeral = Style("mincho", 104, INK, is_bold=True)
    write(canvas.draw, (left, baseline), f"{facts.score}", numeral)
    canvas.stars((left + ceil(width(f"{facts.score}", numeral)) + 26, baseline - 44), 40, facts.score)
