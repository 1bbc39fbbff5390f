"""What people sort their films by, in words of their own."""

import re
import unicodedata
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Count, Func
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from movies.diary.models import Entry
from mymovie.unseen import without_unseen

MOST = 30
LONGEST = 50
SUGGESTED = 100

_BETWEEN = re.compile(r"[,、\n]")


def split(typed: str) -> list[str]:
    """The tags in one line of them: a comma stands between two, Japanese or not."""
    return tidy(_BETWEEN.split(unicodedata.normalize("NFKC", typed)))


def tidy(tags: Iterable[str]) -> list[str]:
    """Each once, however it is written, and as it was written first."""
    once: dict[str, str] = {}
    for tag in tags:
        word = " ".join(without_unseen(unicodedata.normalize("NFKC", tag)).split())
        if word:
            once.setdefault(word.casefold(), word)
    return list(once.values())


def joined(tags: Iterable[str]) -> str:
    """As `split` reads them."""
    return ", ".join(tags)


def validate(tags: list[str]) -> None:
    """Raises ValidationError."""
    if len(tags) > MOST:
        raise ValidationError(_("Use at most %(most)d tags.") % {"most": MOST}, code="too_many")
    for tag in tags:
        if len(tag) > LONGEST:
            raise ValidationError(
                _("A tag has at most %(longest)d characters.") % {"longest": LONGEST}, code="too_long"
            )


def suggested(owner: User) -> list[str]:
    """Those that `owner` has given most often."""
    given = Entry.objects.of(owner).exclude(tags=[]).values(tag=Func("tags", function="unnest"))
    return list(given.annotate(films=Count("pk")).order_by("-films", "tag").values_list("tag", flat=True)[:SUGGESTED])
