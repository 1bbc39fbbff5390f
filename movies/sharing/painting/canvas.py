"""The paper that pictures are painted on, and what stands on all of them: posters with their shadow, the mark, stars."""

import io
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFilter

from movies.sharing.painting.colours import GOLD, INK, PAPER, RED, SOFT, STAR_GROUND
from movies.sharing.painting.lettering import Style, width, write

STAR = ((50, 5), (64, 36), (97, 40), (73, 63), (79, 96), (50, 80), (21, 96), (27, 63), (3, 40), (36, 36))


class Box(NamedTuple):
    left: int
    top: int
    width: int
    height: int


class Canvas:
    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def hang(self, poster: Image.Image, at: tuple[int, int]) -> None:
        """A poster with its shadow."""
        x, y = at
        depth = max(poster.width // 40, 2)
        reach = 3 * depth
        shadow = Image.new("L", (poster.width + 2 * reach, poster.height + 2 * reach), 0)
        shadow.paste(70, (reach, reach, reach + poster.width, reach + poster.height))
        shadow = shadow.filter(ImageFilter.GaussianBlur(1.4 * depth))
        self.image.paste(INK, (x - reach, y - reach + depth), shadow)
        self.image.paste(poster, at)

    def mark(self, at: tuple[float, float], size: float, *, anchor: str = "ls") -> None:
        """The site's name, in ink and red."""
        first, second = Style("mincho", size, INK, is_bold=True), Style("mincho", size, RED, is_bold=True)
        x, y = at
        if anchor == "rs":
            x -= width("My", first) + width("Movie", second)
        write(self.draw, (x, y), "My", first)
        write(self.draw, (x + width("My", first), y), "Movie", second)

    def stars(self, at: tuple[int, int], size: int, score: int) -> None:
        """Five of them, filled to so many percent."""
        step = round(size * 1.18)
        scale = 4
        row = Image.new("L", (5 * step * scale, size * scale), 0)
        pen = ImageDraw.Draw(row)
        for number in range(5):
            left = number * step * scale
            pen.polygon([(left + x * size * scale / 100, y * size * scale / 100) for x, y in STAR], fill=255)
        mask = row.resize((5 * step, size), Image.Resampling.LANCZOS)
        ground = Image.new("RGB", mask.size, STAR_GROUND)
        whole, rest = divmod(5 * score / 100, 1)
        ground.paste(GOLD, (0, 0, round(whole * step + rest * size), size))
        self.image.paste(ground, at, mask)

    def rule(self, left: float, right: float, y: float, colour: str, thickness: int = 1) -> None:
        self.draw.rectangle((left, y, right, y + thickness - 1), fill=colour)

    def lines(self, lines: Iterable[str], style: Style, at: tuple[float, float], pitch: float) -> float:
        """One below the other, the first on this baseline; says where the last one stands."""
        x, y = at
        for number, line in enumerate(lines):
            y = at[1] + number * pitch
            write(self.draw, (x, y), line, style)
        return y

    def soft(self, at: tuple[float, float], text: str, size: float, *, anchor: str = "ls") -> None:
        write(self.draw, at, text, Style("gothic", size, SOFT), anchor=anchor)

    def png(self) -> bytes:
        buffer = io.BytesIO()
        self.image.save(buffer, "PNG", compress_level=7)
        return buffer.getvalue()
