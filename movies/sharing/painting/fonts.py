"""The two voices of our type, Mincho and gothic, as the worker has them: from a package, so that every machine has the same.

Noto Serif JP and Noto Sans JP, under the SIL Open Font License. A character that neither has is never painted.
"""

import unicodedata
from functools import cache, lru_cache
from typing import Literal

import pylopdf_fonts_cjk
from PIL import ImageFont, features

Voice = Literal["mincho", "gothic"]

FILES: dict[Voice, str] = {"mincho": str(pylopdf_fonts_cjk.serif_path()), "gothic": str(pylopdf_fonts_cjk.sans_path())}
NOT_A_CHARACTER = "\uffff"
PROBE = "永あアA9々―。"


class NoFonts(Exception):
    pass


@lru_cache(maxsize=64)
def font(voice: Voice, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FILES[voice], size, layout_engine=ImageFont.Layout.RAQM)


def require() -> None:
    """Raises NoFonts where letters would come out as empty boxes, or in a line that knows no kerning."""
    if not features.check("raqm"):
        raise NoFonts("This Pillow has no Raqm, which sets Japanese: install Pillow's own wheel.")
    for voice, file in FILES.items():
        try:
            is_whole = all(_mask(voice, character) != _box(voice) for character in PROBE)
        except OSError as error:
            raise NoFonts(f"The font for {voice} cannot be read: {file} ({error}).") from error
        if not is_whole:
            raise NoFonts(f"The font for {voice} has no Japanese: {file}.")


@lru_cache(maxsize=20_000)
def has(character: str) -> bool:
    """Whether both fonts have it. Signs that stand for nothing that is seen count as lacking: Raqm sets no line with them."""
    if unicodedata.category(character)[0] == "C" or character in "\u2028\u2029":
        return False
    return all(_mask(voice, character) != _box(voice) for voice in FILES)


@cache
def _box(voice: Voice) -> bytes:
    """What FreeType paints for what a font lacks."""
    return _mask(voice, NOT_A_CHARACTER)


def _mask(voice: Voice, character: str) -> bytes:
    return bytes(font(voice, 24).getmask(character))


def can_print(text: str) -> bool:
    return all(map(has, text))


def printable(text: str) -> str:
    """One line of what we have letters for; of all others nothing is left."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(c if has(c) else " " if c.isspace() else "" for c in composed).split())
