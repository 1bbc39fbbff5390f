"""Titles as dictionaries sort them: by their reading in Japanese, by their letters in English.

A key begins with the character of its section, so that keys sort by section first. They are compared byte by byte (the
collation "C"), as the database has none that knows Japanese.
"""

import re
import unicodedata

from movies.catalog.titles import reading_of
from mymovie.folding import in_hiragana, normalise

LONGEST = 80  # characters; beyond them titles stand in the order of their recording

ROWS = "あかさたなはまやらわ"
LATIN = "Ａ"  # in its wide form, which comes after all kana
OTHERS = "～"  # comes after kana, and after all letters
"""For what has neither a reading nor letters to be sorted by."""

_NO_LETTER = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"(?:the|an|a) (?=\w)")
_KANA = re.compile(r"[ぁ-ゖ]")
_MARKS = re.compile("[\u3099\u309a]")
_LARGE = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_VOWELS = {
    vowel: set(row)
    for vowel, row in {
        "あ": "あかさたなはまやらわ",
        "い": "いきしちにひみりゐ",
        "う": "うくすつぬふむゆる",
        "え": "えけせてねへめれゑ",
        "お": "おこそとのほもよろを",
    }.items()
}


def in_japanese(title: str, reading: str = "") -> str:
    """五十音順. Where the reading is not known, a title that begins with kana still finds its row, and one in Latin letters
    theirs; one that begins with a kanji is read by nobody but people.

    As in dictionaries は, ば and ぱ are one, as are や and ゃ, and a long mark is the vowel before it; only between titles
    that are the same but for these do they count, in this order.
    """
    read = _NO_LETTER.sub("", in_hiragana(unicodedata.normalize("NFKC", reading_of(title) or reading or title))).lower()
    read = read or _NO_LETTER.sub("", in_hiragana(unicodedata.normalize("NFKC", title))).lower()
    plain = _plain(read)
    return f"{_section(plain)}{plain[:LONGEST]} {read[:LONGEST].replace('ー', '!')}"


def in_english(title: str) -> str:
    """A–Z, without a leading article and without accents."""
    letters = _ARTICLE.sub("", normalise(title), count=1)
    return f"{letters[:1] if 'a' <= letters[:1] <= 'z' else OTHERS}{letters[:LONGEST]}"


def _plain(read: str) -> str:
    plain = ""
    for character in _MARKS.sub("", unicodedata.normalize("NFD", read)).translate(_LARGE):
        if character in "ーゝ":
            plain += _drawn_out(plain[-1:]) if character == "ー" else plain[-1:]
        else:
            plain += character
    return plain


def _drawn_out(kana: str) -> str:
    return next((vowel for vowel, row in _VOWELS.items() if kana in row), "")


def _section(plain: str) -> str:
    first = plain[:1]
    if _KANA.match(first):
        return next(row for row in reversed(ROWS) if row <= first)
    return LATIN if "a" <= first <= "z" else OTHERS
