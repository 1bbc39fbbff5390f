"""Where a title may break: into pieces that stay whole, each made of glyphs that know how they stand in the line."""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from budoux import Parser, load_default_japanese_parser

from movies.catalog.posters.advances import advance, is_measured, width
from movies.catalog.posters.cleaning import FULL_WIDTH_TO_ASCII


class Glyphs(NamedTuple):
    """Set in one go. Lengths are ems along the line; `shift` pulls the ink back to where the line stands."""

    text: str
    length: float
    way: Literal["down", "across"]
    shift: float = 0
    fitted: bool = False  # made as long as `length` says, whatever the font of the machine

    @property
    def is_space(self) -> bool:
        return self.text == " "


Piece = list[Glyphs]

COLUMN_SPACE = Glyphs(" ", 0.45, "down")
LINE_SPACE = Glyphs(" ", advance(" "), "across", fitted=True)

JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff々〆]")
SUBTITLE = re.compile(r"\s+/\s+|:\s+|\s+(?=[-–—〜~《〈「『\[(].)")
JAPANESE_SUBTITLE = re.compile(SUBTITLE.pattern + r"|(?<![0-9])/(?=...)|/(?=[^0-9]..)|\s+(?=[A-Za-z][A-Za-z ]{5,}$)")

OPENING, CLOSING, KATAKANA = "「『（〈《［【〔“", "、。」』）〉》］】〕”", "ァ-ヴー"
COLUMN_SIGNS = re.compile(rf"[!-~]+|[・·{OPENING}{CLOSING}]|[^!-~・·{OPENING}{CLOSING}]+")
COLUMN_PART = re.compile(
    rf"[0-9]+年(?![間後前代目半])|[A-Z.]{{3,}}(?=[{KATAKANA}]{{2}})|[{OPENING}]*[!-~]*"
    rf"(?:[{KATAKANA}]{{2,16}}[ぁ-ん]*|(?:(?![{KATAKANA}]{{2}})[^!-~・{OPENING}{CLOSING}]){{1,13}})?[!?:・{CLOSING}]*"
)
LINE_PART = re.compile(r"[\u3000-\u9fff][、。，」』》〉]*|[^\u3000-\u9fff]{1,18}")
STACKED = re.compile(r"(?![IVX]+$)[A-Z]+")  # JFK, but not III
COLUMN_BRACKETS = str.maketrans("()[]", "（）［］")
ASCII_TO_FULL_WIDTH = {narrow: wide for wide, narrow in FULL_WIDTH_TO_ASCII.items()}


def is_japanese(title: str) -> bool:
    return bool(JAPANESE.search(title))


def split_title(title: str) -> tuple[str, str]:
    """The title proper and its subtitle. Of a title given in two scripts the Japanese comes first."""
    found = (JAPANESE_SUBTITLE if is_japanese(title) else SUBTITLE).search(title)
    if not found:
        return title, ""
    first, second = title[: found.start()], title[found.end() :].strip("-–—〜~ ")
    if not first or not second:
        return title, ""
    if "/" in found[0] and is_japanese(second) and not is_japanese(first):
        return second, first
    return first, second


def extent(glyphs: Piece) -> float:
    return sum(glyph.length for glyph in glyphs)


def column_pieces(title: str) -> list[Piece]:
    """Phrases, for columns. What is shorter than two characters joins its neighbour: nothing stands alone."""
    pieces: list[Piece] = []
    title = title.translate(COLUMN_BRACKETS)
    latin = latin_in_column if is_japanese(title) or " " not in title else on_its_side
    for part, space in parts(title, phrases, COLUMN_SPACE):
        piece = [latin(signs) if signs.isascii() else column_glyphs(signs) for signs in COLUMN_SIGNS.findall(part)]
        if pieces and min(extent(piece), extent(pieces[-1])) < 2:
            pieces[-1] += space + piece
        else:
            pieces.append(space + piece)
    return pieces


def line_pieces(title: str) -> list[Piece]:
    """Words, for lines; single characters where a script knows no spaces."""
    return [
        [*space, Glyphs(part, width(part), "across", fitted=is_measured(part))]
        for part, space in parts(title, LINE_PART.findall, LINE_SPACE)
    ]


def parts(title: str, split: Callable[[str], Iterable[str]], space: Glyphs) -> Iterator[tuple[str, Piece]]:
    """The parts of every word, and what stands before each: a space, if it opens a word other than the first."""
    for word_number, word in enumerate(title.split()):
        for part_number, part in enumerate(split(word)):
            yield part, [space] if word_number and not part_number else []


def phrases(word: str) -> Iterator[str]:
    """BudouX's phrases, never cut through a number or a Latin word, cut further after ・ and between scripts."""
    whole = ""
    for part in parser().parse(word):
        if whole and not (whole[-1].isascii() and part[0].isascii()):
            yield from filter(None, COLUMN_PART.findall(whole))
            whole = ""
        whole += part
    yield from filter(None, COLUMN_PART.findall(whole))


@cache
def parser() -> Parser:
    return load_default_japanese_parser()


def column_glyphs(signs: str) -> Glyphs:
    if signs in "・·":
        return Glyphs("・", 0.6, "down", shift=0.2)
    if signs in OPENING:
        return Glyphs(signs, 0.6, "down", shift=0.4)
    if signs in CLOSING:
        return Glyphs(signs, 0.6, "down")
    return Glyphs(signs, sum(advance(character) > 0 for character in signs), "down")


def latin_in_column(word: str) -> Glyphs:
    """Upright if it can be: two or three signs side by side, short capitals one above the other."""
    length = width(word)
    if 2 <= len(word) <= 3 and length <= 1.9 and not STACKED.fullmatch(word):
        return Glyphs(word, 1, "across", fitted=length > 1.2)
    if len(word) <= 5 and word == word.upper():
        return Glyphs(word.translate(ASCII_TO_FULL_WIDTH), len(word), "down")
    return on_its_side(word)


def on_its_side(word: str) -> Glyphs:
    return Glyphs(word, width(word), "down", fitted=True)
