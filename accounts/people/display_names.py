"""What a person may be called: any script, but nothing that hides, or turns the line around."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 50

# Joiners make one emoji, or one Persian word, out of several; all else of category Cf is unseen or turns the line.
JOINERS = "\u200c\u200d"
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and symbols by category, and still nothing to see


def tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def validate(name: str) -> None:
    if not all(_may_stand(character) for character in name):
        raise ValidationError(_("This name has invisible characters in it. Please type it anew."), code="unseen")
    if not any(_is_seen(character) for character in name):
        raise ValidationError(_("Use at least one character that can be seen."), code="blank")


def validate_text(text: str) -> None:
    """The same of several lines: nothing that hides. Raises ValidationError."""
    if not all(character == "\n" or _may_stand(character) for character in text):
        raise ValidationError(_("There are invisible characters in it. Please type it anew."), code="unseen")


def suggest(name: str) -> str:
    return "".join(filter(_may_stand, tidy(name)))[:LONGEST].strip()


def _may_stand(character: str) -> bool:
    return character in JOINERS or unicodedata.category(character) not in UNSEEN


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] not in "CMZ" and character not in BLANKS
