"""Five plain figures, three compositions of each: sun, diagonal, horizon, arcs, beam."""

from collections.abc import Callable, Sequence
from math import cos, radians, sin
from typing import NamedTuple

from movies.catalog.posters.lettering import Box, Room
from movies.catalog.posters.palette import Palette, mix

WIDTH, HEIGHT = 400, 600

Point = tuple[float, float]


class Sheet:
    """What is printed under the words, bottom first. Mirrored sheets are drawn as if they were not."""

    def __init__(self, palette: Palette, dice: bytes, *, is_mirrored: bool, words: Sequence[Box]) -> None:
        self.palette = palette
        self.shapes: list[str] = []
        self._dice = dice
        self._is_mirrored = is_mirrored
        self._words = words
        self.area([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], palette.ground)

    def roll(self, die: int, low: float, high: float) -> float:
        return low + (high - low) * self._dice[die] / 255

    def tone(self, share: float) -> str:
        """A colour between ground (0) and figure (1)."""
        return mix(self.palette.ground, self.palette.figure, share)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        self.shapes.append(f'<circle cx="{self._x(x):.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{fill}"/>')

    def area(self, points: Sequence[Point], fill: str) -> None:
        path = " ".join(f"{number(self._x(x))},{number(y)}" for x, y in points)
        self.shapes.append(f'<polygon points="{path}" fill="{fill}"/>')

    def bar(self, left: float, top: float, width: float, height: float, fill: str) -> None:
        x = WIDTH - left - width if self._is_mirrored else left
        box = f'x="{number(x)}" y="{number(top)}" width="{number(width)}" height="{number(height)}"'
        self.shapes.append(f'<rect {box} fill="{fill}"/>')

    def spark(self, x: float, y: float, radius: float) -> None:
        """A disc so bright that words would drown in it: where they are, it is not."""
        middle, reach = self._x(x), radius + 6
        around = Box(middle - reach, y - reach, middle + reach, y + reach)
        if not any(around.meets(word) for word in self._words):
            self.disc(x, y, radius, self.palette.spark)

    def _x(self, x: float) -> float:
        return WIDTH - x if self._is_mirrored else x


def number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


# Sun


def rising_sun(sheet: Sheet) -> None:
    x, radius = sheet.roll(0, 90, 150), sheet.roll(1, 140, 200)
    sheet.disc(x, 460, radius, sheet.palette.figure)
    sheet.bar(0, 526, WIDTH, 74, sheet.palette.ground)


def crescent(sheet: Sheet) -> None:
    x, y, radius = sheet.roll(0, 110, 170), sheet.roll(1, 330, 390), sheet.roll(2, 150, 190)
    sheet.disc(x, y, radius, sheet.palette.figure)
    sheet.disc(x + 0.36 * radius, y - 0.26 * radius, 0.86 * radius, sheet.palette.ground)


def high_sun(sheet: Sheet) -> None:
    shore = sheet.roll(0, 400, 455)
    sheet.bar(0, shore, WIDTH, HEIGHT - shore, sheet.palette.figure)
    radius = sheet.roll(1, 44, 66)
    sheet.spark(34 + radius, shore - radius - sheet.roll(2, 20, 120), radius)


# Diagonal


def slope(sheet: Sheet) -> None:
    top, bottom, radius = sheet.roll(0, 110, 230), sheet.roll(1, 250, 400), sheet.roll(2, 18, 44)
    sheet.area([(0, top), (WIDTH, bottom), (WIDTH, HEIGHT), (0, HEIGHT)], sheet.palette.figure)
    sheet.spark(34 + radius, top - radius - 8, radius)


def stripes(sheet: Sheet) -> None:
    at, lean = sheet.roll(0, -150, -60), sheet.roll(1, 260, 420)
    for offset, width, share in ((0, 130, 1), (148, 46, 0.7), (212, 16, 0.45)):
        left = at + offset
        points = [(left + lean, 0), (left + lean + width, 0), (left + width, HEIGHT), (left, HEIGHT)]
        sheet.area(points, sheet.tone(share))


def mountains(sheet: Sheet) -> None:
    peak, height = sheet.roll(0, 110, 170), sheet.roll(1, 240, 310)
    sheet.spark(peak + 40, height - 40, 34)
    sheet.area([(peak + 170, height + 90), (peak + 500, HEIGHT), (peak - 160, HEIGHT)], sheet.tone(0.5))
    sheet.area([(peak, height), (peak + 270, HEIGHT), (peak - 270, HEIGHT)], sheet.palette.figure)


# Horizon


def plain(sheet: Sheet) -> None:
    """Lines closer and thinner the farther away they lie."""
    y, step = 528.0, sheet.roll(0, 18, 24)
    while step > 5:
        sheet.bar(0, y - step * 0.6, WIDTH, step * 0.6, sheet.palette.figure)
        y -= step
        step *= 0.84
    radius = sheet.roll(1, 36, 60)
    sheet.spark(sheet.roll(2, 90, 130), y - radius - 10, radius)


def sinking_sun(sheet: Sheet) -> None:
    x, radius = sheet.roll(0, 120, 165), sheet.roll(1, 120, 150)
    y = 516 - radius
    sheet.disc(x, y, radius, sheet.palette.figure)
    for line in range(7):
        sheet.bar(0, y + 6 + line * radius / 7, WIDTH, 4 + 2 * line, sheet.palette.ground)


def sea(sheet: Sheet) -> None:
    y, depth = sheet.roll(0, 350, 400), 10.0
    sheet.spark(sheet.roll(1, 90, 140), y - 4, sheet.roll(2, 48, 74))
    for share in (0.45, 1, 0.25, 0.8, 0.4, 1):
        sheet.bar(0, y, WIDTH, HEIGHT - y, sheet.tone(share))
        y += depth
        depth *= 1.5


# Arcs


def rainbow(sheet: Sheet) -> None:
    x, radius = sheet.roll(0, 60, 150), sheet.roll(1, 230, 290)
    for ring in range(5):
        tone = sheet.palette.ground if ring % 2 else sheet.tone(1 - 0.15 * ring)
        sheet.disc(x, 600, radius - ring * 34, tone)
    sheet.bar(0, 530, WIDTH, 70, sheet.palette.ground)


def waves(sheet: Sheet) -> None:
    """青海波, large: scales of rings, the nearer ones before the farther."""
    radius = sheet.roll(0, 60, 76)
    for row in range(3):
        for column in range(5):
            x = (column * 2 - row % 2) * radius
            if x - radius < WIDTH:
                for share, tone in ((1, 1), (0.76, 0), (0.52, 0.75), (0.28, 0)):
                    sheet.disc(x, 540 - (2 - row) * radius / 2, radius * share, sheet.tone(tone))
    sheet.bar(0, 530, WIDTH, 70, sheet.palette.ground)


def ripples(sheet: Sheet) -> None:
    x, y = sheet.roll(0, -20, 60), sheet.roll(1, 430, 560)
    for ring in range(8, 0, -1):
        sheet.disc(x, y, 16 * ring + 3.4 * ring * ring, sheet.tone(0.1 + 0.11 * (8 - ring)))
    sheet.spark(x + 60, y - 330, 16)


# Beam


def projector(sheet: Sheet) -> None:
    y, spread = sheet.roll(0, 380, 500), sheet.roll(1, 110, 200)
    sheet.area([(-10, y), (WIDTH, y - 250 - spread), (WIDTH, y - 60)], sheet.tone(0.5))
    sheet.area([(-10, y), (WIDTH, y - 160 - spread), (WIDTH, y - 150)], sheet.palette.figure)
    sheet.disc(-10, y, 60, sheet.palette.figure)


def searchlights(sheet: Sheet) -> None:
    for foot, lean, spread, share in ((60, 24, 9, 1), (200, -16, 7, 0.6), (330, 4, 5, 0.35)):
        turn = lean + sheet.roll(0, -8, 8)
        edges = [(foot + 800 * sin(radians(a)), 620 - 800 * cos(radians(a))) for a in (turn - spread, turn + spread)]
        sheet.area([(foot, 620), *edges], sheet.tone(share))


def doorway(sheet: Sheet) -> None:
    left, top, floor = sheet.roll(0, 44, 90), sheet.roll(1, 256, 290), 440
    sheet.bar(left, top, 84, floor - top, sheet.palette.figure)
    sheet.area([(left, floor), (left + 84, floor), (left + 290, HEIGHT), (left - 10, HEIGHT)], sheet.tone(0.7))
    sheet.spark(left + 66, (top + floor) / 2 + 12, 5)


class Composition(NamedTuple):
    """A figure and the room it leaves for a title: solid shapes may lie under it, fine ones not."""

    print: Callable[[Sheet], None]
    room: Room


# In this order neighbours in the list are different figures.
COMPOSITIONS = (
    Composition(rising_sun, Room()),
    Composition(slope, Room(is_low=True)),
    Composition(plain, Room(columns_end=396)),
    Composition(rainbow, Room(columns_end=400)),
    Composition(projector, Room()),
    Composition(crescent, Room()),
    Composition(stripes, Room(is_low=True)),
    Composition(sinking_sun, Room(columns_end=370)),
    Composition(waves, Room(columns_end=396)),
    Composition(searchlights, Room()),
    Composition(high_sun, Room()),
    Composition(mountains, Room()),
    Composition(sea, Room(columns_end=380)),
    Composition(ripples, Room()),
    Composition(doorway, Room(columns_breadth=170, lines_end=250)),
)
