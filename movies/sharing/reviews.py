"""The beginnings of reviews, where everybody may read them and they give nothing away."""

from collections.abc import Iterable

from movies.diary.models import Entry
from movies.diary.reviews import excerpt
from movies.sharing.subjects import EVERYBODY


def excerpts(entries: Iterable[Entry]) -> dict[int, str]:
    """By the key of their entry."""
    open_to_all = Entry.objects.reviews_read_by(EVERYBODY).filter(pk__in=[entry.pk for entry in entries])
    found = open_to_all.filter(has_spoilers=False).order_by("pk").values_list("pk", "review")
    return {pk: excerpt(review) for pk, review in found}
