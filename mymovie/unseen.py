"""Characters that nobody sees: controls, halves of characters, and what turns the line around."""

import unicodedata

# Joiners and tags make one emoji, or one Persian word, out of several; no line is turned by a soft hyphen.
_KEPT = frozenset("\n\t\u200c\u200d\u00ad")
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def without_unseen(text: str) -> str:
    """What somebody has typed, or brought from anywhere, as it looks."""
    return "".join(filter(_is_kept, text))


def _is_kept(character: str) -> bool:
    return (
        character in _KEPT
        or "\U000e0020" <= character <= "\U000e007f"
        or unicodedata.category(character) not in _UNSEEN
    )
