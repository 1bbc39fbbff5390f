"""What of a title may be printed. Titles come from strangers."""

import unicodedata

FULL_WIDTH_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Soft hyphens, overrides of direction, zero-width spaces, annotation marks; the joiners of Persian and emoji stay.
INVISIBLE = frozenset(
    map(chr, [0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF])
) | frozenset(map(chr, range(0xFFF9, 0xFFFC)))
MARKS_ON_A_LETTER = 3


def clean(text: str) -> str:
    """One line without controls, half characters or towers of accents; full-width Latin letters made plain."""
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text.translate(FULL_WIDTH_TO_ASCII)):
        category = unicodedata.category(character)
        marks = marks + 1 if category == "Mn" else 0
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif is_printable(character, category) and marks <= MARKS_ON_A_LETTER:
            kept.append(character)
    return " ".join("".join(kept).split())


def is_printable(character: str, category: str) -> bool:
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE
    return category not in ("Cs", "Co") and character not in INVISIBLE and not is_noncharacter
