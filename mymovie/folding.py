"""Words as they are looked for: what people write in many ways is folded into one."""

import re
import unicodedata

END = "\n"  # stands before and after each line of a search text; no folded words hold one
STEP = "ː"  # stands after each Japanese character there; no folded words hold one

_LATIN_MARKS = re.compile(r"[\u0300-\u036f]")
_UNDECOMPOSED = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
_HIRAGANA_OF_KATAKANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
_B_OF_V = {"ゔぁ": "ば", "ゔぃ": "び", "ゔぇ": "べ", "ゔぉ": "ぼ", "ゔ": "ぶ"}
_V = re.compile("|".join(_B_OF_V))
_JAPANESE = r"[々〆ぁ-ゖー\u3400-\u9fff\uf900-\ufaff]"
JAPANESE_CHARACTER = re.compile(_JAPANESE)
_SPACE_BESIDE_JAPANESE = re.compile(rf"(?<={_JAPANESE}) | (?={_JAPANESE})")


def normalise(text: str) -> str:
    """Letters and digits alone, in words; Japanese without spaces and in hiragana. "" where nothing of that is left."""
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_UNDECOMPOSED)
    composed = unicodedata.normalize("NFKC", _LATIN_MARKS.sub("", decomposed))
    kana = _V.sub(lambda v: _B_OF_V[v[0]], in_hiragana(composed))
    words = "".join(map(_kept, kana.replace("&", " and "))).split()
    return _SPACE_BESIDE_JAPANESE.sub("", " ".join(words))


def search_text(*texts: str) -> str:
    """Each different one on a line of its own, to be searched by trigrams."""
    lines = dict.fromkeys(filter(None, map(normalise, texts)))
    return END + "".join(indexable(line) + END for line in lines) if lines else ""


def indexable(normalised: str) -> str:
    """The text as trigrams can index it: with the steps two Japanese characters are enough to be found by, where a
    trigram would need three, as it does in Latin letters."""
    return JAPANESE_CHARACTER.sub(rf"\g<0>{STEP}", normalised)


def in_hiragana(text: str) -> str:
    return text.translate(_HIRAGANA_OF_KATAKANA)


def _kept(character: str) -> str:
    if character.isalnum() and character != STEP:
        return character
    if character.isspace():
        return " "
    # Other scripts' marks, controls and lone surrogates go without a trace, as do points: E.T., Mr., Schindler's.
    return "" if unicodedata.category(character)[0] in "MC" or character in ".'’" else " "
