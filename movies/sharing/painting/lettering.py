"""Lines of type: where they break, how large they may be, and onto the sheet with them."""

from collections.abc import Iterator
from typing import NamedTuple

from PIL import ImageDraw

from movies.catalog.posters.pieces import is_japanese, phrases
from movies.sharing.painting.fonts import Voice, font

FEATURES = ["palt", "kern", "lnum"]
BOLD = 0.022  # of the size: how much letters are thickened, as our Mincho comes in one weight

NEVER_FIRST = frozenset(
    "、。，．・：；？！!?,.:;)]}）］｝〕〉》」』】”’々ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ゛゜…‥%％〜～"
)
NEVER_LAST = frozenset("([{（［｛〔〈《「『【“‘¥￥#＃@＠")


class Style(NamedTuple):
    voice: Voice
    size: float
    colour: str
    is_bold: bool = False

    @property
    def stroke(self) -> float:
        return self.size * BOLD if self.is_bold else 0


class Block(NamedTuple):
    size: float
    lines: list[str]


def width(text: str, style: Style) -> float:
    return font(style.voice, style.size).getlength(text, features=FEATURES) + 2 * style.stroke


def write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, style: Style, *, anchor: str = "ls") -> None:
    """`at` lies on the baseline, at the line's start unless `anchor` says its end ("rs") or its middle ("ms")."""
    draw.text(
        at, text, style.colour, font(style.voice, style.size), anchor, features=FEATURES, stroke_width=style.stroke
    )


def fit(text: str, style: Style, *, room: float, most_lines: int, smallest: float) -> Block:
    """The largest size up to the style's own at which `text` stands in so many lines; else shortened, at the smallest.
    The fewest lines count first, as long as that costs no more than a quarter of the size."""
    best = Block(0, [])
    for count in range(1, most_lines + 1):
        size = style.size
        while size >= smallest:
            lines = break_lines(text, style._replace(size=size), room)
            if lines and len(lines) <= count:
                if not best.lines or size > 1.33 * best.size:
                    best = Block(size, balanced(text, style._replace(size=size), room, len(lines)))
                break
            size *= 0.96
    if best.lines:
        return best
    return Block(smallest, shortened(text, style._replace(size=smallest), room, most_lines))


def balanced(text: str, style: Style, room: float, count: int) -> list[str]:
    """In so many lines, and these as even as their phrases allow."""
    lines = break_lines(text, style, room)
    while count > 1 and (room := room * 0.96) > 0:
        narrower = break_lines(text, style, room)
        if not narrower or len(narrower) > count:
            break
        lines = narrower
    return lines


def shortened(text: str, style: Style, room: float, most_lines: int) -> list[str]:
    whole = break_anywhere(text, style, room)
    if len(whole) <= most_lines:
        return whole
    while text:
        lines = break_anywhere(text.rstrip(" ・、,") + "…", style, room)
        if len(lines) <= most_lines:
            return lines
        text = text[:-1]
    return []


def one_line(text: str, style: Style, room: float) -> str:
    return text if width(text, style) <= room else "".join(shortened(text, style, room, 1))


def break_lines(text: str, style: Style, room: float) -> list[str]:
    """As few lines as hold its phrases whole; none where one of these is too long."""
    lines: list[str] = []
    line = ""
    for part in parts(text):
        if width((line + part).strip(), style) <= room:
            line += part
        elif width(part.strip(), style) > room:
            return []
        else:
            lines.append(line.strip())
            line = part
    return [*lines, line.strip()] if line.strip() else lines


def break_anywhere(text: str, style: Style, room: float) -> list[str]:
    """Between any two characters that may be parted, for what has no phrases that fit."""
    lines: list[str] = []
    rest = text.strip()
    while rest:
        fits = len(rest)
        while fits > 1 and width(rest[:fits].rstrip(), style) > room:
            fits -= 1
        if fits < len(rest):
            fits = next((cut for cut in range(fits, 0, -1) if may_part(rest[cut - 1], rest[cut])), fits)
        lines.append(rest[:fits].strip())
        rest = rest[fits:].strip()
    return lines


def may_part(one: str, other: str) -> bool:
    in_a_word = one.isascii() and one.isalnum() and other.isascii() and other.isalnum()
    return one not in NEVER_LAST and other not in NEVER_FIRST and not in_a_word


def parts(text: str) -> Iterator[str]:
    """What a line may end after: words, and in Japanese phrases; none begins or ends as a line must not."""
    whole = ""
    for part in _all_parts(text):
        if whole and (part.lstrip()[:1] in NEVER_FIRST or whole.rstrip()[-1:] in NEVER_LAST):
            whole += part
            continue
        if whole:
            yield whole
        whole = part
    if whole:
        yield whole


def _all_parts(text: str) -> Iterator[str]:
    for number, word in enumerate(text.split()):
        space = " " if number else ""
        if not is_japanese(word):
            yield space + word
            continue
        for part in phrases(word):
            yield space + part
            space = ""
