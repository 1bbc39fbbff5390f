"""The words of a poster, each run of them at its place."""

import unicodedata
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from movies.catalog.posters.advances import width
from movies.catalog.posters.fitting import Fit, Setting, fit
from movies.catalog.posters.pieces import Piece, column_pieces, extent, is_japanese, line_pieces, split_title

LEFT, RIGHT, TOP, BOTTOM = 34, 366, 40, 500  # where titles stand
FOOT = 566  # the baseline of director and year
COLUMNS, LINES = Setting(pitch=1.28, thrift=0.14), Setting(pitch=1.1, thrift=0.06)
LONGEST = 60
SMALLEST = 17

Voice = Literal["mincho", "gothic"]


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom and other.top < self.bottom


class Run(NamedTuple):
    """`x` is the middle of a column, or where a line begins, ends or has its middle, as `anchor` says."""

    text: str
    x: float
    y: float
    size: float
    box: Box
    way: Literal["down", "across", "leftward"]
    anchor: Literal["start", "middle", "end"] = "start"
    length: float | None = None  # forced, whatever the font of the machine
    voice: Voice = "mincho"


class Room(NamedTuple):
    """Where a title may stand: columns by themselves, lines by themselves."""

    columns_end: float = BOTTOM
    columns_breadth: float = 216
    lines_end: float = 340
    is_low: bool = False  # lines stand at the foot instead


def set_title(title: str, *, lang: str, room: Room, is_right: bool) -> list[Run]:
    main, sub = split_title(shorten(title, lambda text: len(text) <= LONGEST))
    if lang == "ja" and is_japanese(title):
        return list(title_in_columns(column_pieces(main), column_pieces(sub), room, is_right=is_right))
    return list(title_in_lines(line_pieces(main), line_pieces(sub), room, is_leftward=is_leftward(title)))


def title_in_columns(main: list[Piece], sub: list[Piece], room: Room, *, is_right: bool) -> Iterator[Run]:
    """The subtitle stands left of the title, smaller and lower: it ends where the title ends."""
    height, breadth = room.columns_end - TOP, room.columns_breadth
    title = fit(main, COLUMNS, along=height, across=0.7 * breadth if sub else breadth, largest=98)
    largest = max(0.58 * title.size, SMALLEST)
    subtitle = fit(sub, COLUMNS, along=height - 24, across=0.38 * breadth, largest=largest)
    sub_right = title.breadth(COLUMNS.pitch) + 0.6 * subtitle.size
    right = RIGHT if is_right else LEFT + max(title.breadth(COLUMNS.pitch), sub_right + subtitle.breadth(COLUMNS.pitch))
    yield from columns(title, right=right, top=TOP)
    yield from columns(subtitle, right=right - sub_right, top=max(TOP + 24, TOP + title.length - subtitle.length))


def columns(block: Fit, *, right: float, top: float) -> Iterator[Run]:
    size = block.size
    for number, line in enumerate(block.lines):
        middle = right - size * (0.5 + COLUMNS.pitch * number)
        y = top
        for glyphs in line:
            length = glyphs.length * size
            box = Box(middle - size / 2, y, middle + size / 2, y + length)
            if glyphs.way == "across":
                squeezed = 1.2 * size if glyphs.fitted else None
                yield Run(glyphs.text, middle, y + 0.86 * size, size, box, "across", "middle", squeezed)
            elif not glyphs.is_space:
                forced = length if glyphs.fitted else None
                yield Run(glyphs.text, middle, y - glyphs.shift * size, size, box, "down", length=forced)
            y += length


def title_in_lines(main: list[Piece], sub: list[Piece], room: Room, *, is_leftward: bool) -> Iterator[Run]:
    height = room.lines_end - TOP
    title = fit(main, LINES, along=RIGHT - LEFT, across=0.7 * height if sub else height, largest=150)
    largest = max(0.55 * title.size, SMALLEST)
    subtitle = fit(sub, LINES, along=RIGHT - LEFT, across=0.26 * height, largest=largest)
    sub_top = title.breadth(LINES.pitch) + 0.6 * subtitle.size
    top = BOTTOM - sub_top - subtitle.breadth(LINES.pitch) if room.is_low else TOP
    yield from rows(title, top=top, is_leftward=is_leftward)
    yield from rows(subtitle, top=top + sub_top, is_leftward=is_leftward)


def rows(block: Fit, *, top: float, is_leftward: bool) -> Iterator[Run]:
    size = block.size
    for number, line in enumerate(block.lines):
        length = extent(line) * size
        y = top + size * LINES.pitch * number
        left = RIGHT - length if is_leftward else LEFT
        yield Run(
            "".join(glyphs.text for glyphs in line),
            x=RIGHT if is_leftward else LEFT,
            y=y + 0.8 * size,
            size=size,
            box=Box(left, y, left + length, y + size),
            way="leftward" if is_leftward else "across",
            length=length if all(glyphs.fitted for glyphs in line) else None,
        )


def set_foot(director: str, year: int | None) -> Iterator[Run]:
    room = RIGHT - LEFT
    if year is not None:
        yield Run(str(year), RIGHT, FOOT, 27, Box(RIGHT - 70, FOOT - 24, RIGHT, FOOT + 6), "across", "end")
        room -= 70 + 16
    name = shorten(director, lambda text: width(text) * 21 <= room)
    if name:
        box = Box(LEFT, FOOT - 18, LEFT + width(name) * 21, FOOT + 5)
        yield Run(name, LEFT, FOOT, 21, box, "across", voice="gothic")


def shorten(text: str, fits: Callable[[str], bool]) -> str:
    if fits(text):
        return text
    while text and not fits(text + "…"):
        text = text[:-1]
    return text.rstrip(" ・,、") + "…"


def is_leftward(text: str) -> bool:
    return next((way in ("R", "AL") for way in map(unicodedata.bidirectional, text) if way in ("L", "R", "AL")), False)
