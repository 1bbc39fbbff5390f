"""Titles as they are looked for, and how they are read."""

import re
import unicodedata

from movies.catalog.romaji import romaji
from mymovie.folding import JAPANESE_CHARACTER, in_hiragana, normalise, search_text

_HIRAGANA = re.compile(r"[ぁ-ゖー]+")
_NOT_READ = re.compile(r"[\W_]")


def search_text_of(*titles: str, reading: str = "") -> str:
    """Each different title on a line of its own, the reading also as romaji."""
    return search_text(*titles, reading, romaji(normalise(reading)))


def reading_of(title_ja: str) -> str:
    """How a title that is written in kana alone is read, in hiragana; "" for others, whose reading must be known."""
    kana = in_hiragana(_NOT_READ.sub("", unicodedata.normalize("NFKC", title_ja)))
    return kana if _HIRAGANA.fullmatch(kana) else ""


def is_japanese(text: str) -> bool:
    """Whether any of it is written in Japanese characters; Chinese ones count, as Japanese keeps Chinese names in them."""
    return JAPANESE_CHARACTER.search(in_hiragana(text)) is not None
