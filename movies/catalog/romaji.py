"""Japanese in Latin letters, folded so far that the ways of writing it agree: Tōkyō, Toukyou and Tokyo are one."""

import re

_VOWELS = "aiueo"
_ROWS = {
    "": "あいうえお",
    "k": "かきくけこ",
    "g": "がぎぐげご",
    "s": "さしすせそ",
    "z": "ざじずぜぞ",
    "t": "たちつてと",
    "d": "だぢづでど",
    "n": "なにぬねの",
    "h": "はひふへほ",
    "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
    "m": "まみむめも",
    "r": "らりるれろ",
}
_SYLLABLES = {
    **{kana: consonant + vowel for consonant, row in _ROWS.items() for kana, vowel in zip(row, _VOWELS, strict=True)},
} | {
    **dict(zip("しじちぢつづふ", ("shi", "ji", "chi", "ji", "tsu", "zu", "fu"), strict=True)),
    **dict(zip("やゆよわゐゑをん", ("ya", "yu", "yo", "wa", "i", "e", "o", "n"), strict=True)),
}
_SMALL = {"ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o", "ゃ": "ya", "ゅ": "yu", "ょ": "yo"}
_SYLLABLE = re.compile(rf"(\w)([{''.join(_SMALL)}]?)")

_REPEATED = re.compile(r"(.)\1+")
_M_BEFORE_LIPS = re.compile(r"m(?=[bmp])")
_LATIN = re.compile(r"[a-z ]+")


def romaji(reading: str) -> str:
    """A reading in normalised hiragana, folded; the long mark and the small っ vanish, as lengths do not count."""
    return _fold(_SYLLABLE.sub(lambda syllable: _latin(syllable[1], syllable[2]), reading))


def folded(normalised: str) -> str:
    """What somebody typed, as `romaji` would have it; "" if it cannot be romaji."""
    return _fold(normalised.replace(" ", "")) if _LATIN.fullmatch(normalised) else ""


def _latin(kana: str, small: str) -> str:
    syllable = _SYLLABLES.get(kana, "")
    if not small:
        return syllable
    glide = _SMALL[small]
    if syllable.endswith(("shi", "chi", "ji")):
        return syllable[:-1] + glide[-1]
    return ("w" if kana == "う" else syllable[:-1]) + glide


def _fold(latin: str) -> str:
    short = _REPEATED.sub(r"\1", latin).replace("ou", "o")
    return _M_BEFORE_LIPS.sub("n", short.replace("wa", "ha").replace("wo", "o"))  # は and を, as particles are said
