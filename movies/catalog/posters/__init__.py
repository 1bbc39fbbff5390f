"""Posters for films that have none: the title set in type over a plain figure, as a mid-century print shop would."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2s
from html import escape
from pathlib import Path

from movies.catalog.posters import palette
from movies.catalog.posters.cleaning import clean
from movies.catalog.posters.figures import COMPOSITIONS, HEIGHT, WIDTH, Sheet, number
from movies.catalog.posters.lettering import Run, set_foot, set_title

MINCHO = "'Hiragino Mincho ProN','Yu Mincho','Noto Serif JP','Noto Serif CJK JP',serif"
GOTHIC = "'Hiragino Sans','Yu Gothic UI','Noto Sans JP','Noto Sans CJK JP',sans-serif"

EDITION = blake2s(
    b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py"))), digest_size=4
).hexdigest()
"""Names this way of drawing: a copy of a poster that is kept for ever is of one edition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PosterFacts:
    """`title_lang` is a language tag, `genre_ids` are TMDB's; `director` may be empty."""

    film_id: int
    title: str
    title_lang: str
    year: int | None
    director: str
    genre_ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class Poster:
    title: str
    lang: str
    ink: str
    shapes: list[str]
    runs: list[Run]


def draw(facts: PosterFacts) -> str:
    """A whole SVG document, the same for the same facts; it has no style, no script and no other address in it."""
    return to_svg(compose(facts))


def compose(facts: PosterFacts) -> Poster:
    dice = blake2s(str(facts.film_id).encode(), digest_size=8).digest()
    lang = facts.title_lang if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", facts.title_lang) else "und"
    title = clean(facts.title)
    colours = palette.choose(genre_ids=facts.genre_ids, year=facts.year, dice=dice)
    is_mirrored = dice[3] % 3 == 0
    composition = COMPOSITIONS[facts.film_id * 4 % len(COMPOSITIONS)]
    runs = [
        *set_title(title, lang=lang, room=composition.room, is_right=not is_mirrored),
        *set_foot(clean(facts.director), facts.year),
    ]
    sheet = Sheet(colours, dice[4:], is_mirrored=is_mirrored, words=[run.box for run in runs])
    composition.print(sheet)
    return Poster(title, lang, colours.ink, sheet.shapes, runs)


def to_svg(poster: Poster) -> str:
    lang = f'lang="{poster.lang}" xml:lang="{poster.lang}"'
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {box} {lang} role="img">',
            f"<title>{escape(poster.title)}</title>",
            *poster.shapes,
            f'<g fill="{poster.ink}" font-family="{MINCHO}" font-weight="700">',
            *map(text, poster.runs),
            "</g></svg>",
        ]
    )


def text(run: Run) -> str:
    attributes = [f'x="{number(run.x)}" y="{number(run.y)}" font-size="{number(run.size)}"']
    if run.way == "down":
        attributes.append('writing-mode="vertical-rl"')
    elif run.way == "leftward":
        attributes.append('direction="rtl"')
    if run.anchor != "start":
        attributes.append(f'text-anchor="{run.anchor}"')
    if run.length:
        attributes.append(f'textLength="{number(run.length)}" lengthAdjust="spacingAndGlyphs"')
    if run.voice == "gothic":
        attributes.append(f'font-family="{GOTHIC}" font-weight="500"')
    return f"<text {' '.join(attributes)}>{escape(run.text)}</text>"
