"""One film's poster, at the size it is needed: the one it has, or the one we draw for it."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import resvg_py
from PIL import Image, ImageOps

from movies.catalog.posters import MINCHO, PosterFacts, compose, text
from movies.catalog.posters.figures import HEIGHT, WIDTH
from movies.catalog.posters.lettering import Run
from movies.sharing.painting.fonts import FILES

BOLD = 0.034  # of the size; thicker than in lines, as the drawn posters' own letters are

BASELINE = 0.88  # ems below the top of a character's square
# How far to the right and up, in ems, from where it stands in a line.
SHIFTS = {
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ": (0.12, 0.12),
    "、。，．": (0.62, 0.62),
    "！？": (0, 0),
}
SHIFTED = re.compile(f"[{''.join(SHIFTS)}]")

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Work:
    """A film as pictures show it. `facts` hold only what our fonts can say."""

    facts: PosterFacts
    poster_path: str


def drawn(facts: PosterFacts, size: Size) -> Image.Image:
    """As browsers show it, by the same composition; only the letters are ours."""
    pixels = resvg_py.svg_to_bytes(
        svg_string=_svg(facts), width=size[0], skip_system_fonts=True, font_files=list(FILES.values())
    )
    with Image.open(io.BytesIO(bytes(pixels))) as image:
        return fitted(image, size)


def _svg(facts: PosterFacts) -> str:
    """The drawn poster's own document, its Mincho thickened: in ours there is no bold one."""
    poster = compose(facts)
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    runs = (part for run in poster.runs for part in upright(run))
    words = "".join(f'<g stroke-width="{_stroke(run):.2f}">{text(run)}</g>' for run in runs)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} xml:lang="{poster.lang}">{"".join(poster.shapes)}'
        f'<g fill="{poster.ink}" stroke="{poster.ink}" stroke-linejoin="round" font-family="{MINCHO}">{words}</g></svg>'
    )


def upright(run: Run) -> Iterator[Run]:
    """In columns resvg lays on its side what stands upright but elsewhere in its square than in a line: small kana,
    commas, signs of exclamation. Each of these is set by itself, where it belongs."""
    if run.way != "down" or not SHIFTED.search(run.text):
        yield run
        return
    done = 0
    for found in SHIFTED.finditer(run.text):
        yield from _column(run, done, found.start())
        done, character = found.end(), found[0]
        right, up = next(shift for characters, shift in SHIFTS.items() if character in characters)
        x, y = run.x + right * run.size, run.y + (found.start() + BASELINE - up) * run.size
        yield run._replace(text=character, x=x, y=y, way="across", anchor="middle", length=None)
    yield from _column(run, done, len(run.text))


def _column(run: Run, start: int, end: int) -> Iterator[Run]:
    if start < end:
        yield run._replace(text=run.text[start:end], y=run.y + start * run.size)


def _stroke(run: Run) -> float:
    return run.size * BOLD if run.voice == "mincho" else 0


def fitted(image: Image.Image, size: Size) -> Image.Image:
    """Its middle, where it has another shape."""
    return ImageOps.fit(image.convert("RGB"), size, Image.Resampling.LANCZOS)
