"""The beginnings of reviews, where everybody may read them and they give nothing away."""

from collections.abc import Iterable

from django.utils.module_loading import import_string

from movies.diary.models import Entry
from movies.sharing.subjects import EVERYBODY


def excerpts(entries: Iterable[Entry]) -> dict[int, str]:
    """By the key of their entry."""
    readable = getattr(Entry.objects, "reviews_read_by", None)
    if readable is None:  # as long as every review is its owner's alone
        return {}
    excerpt = import_string("movies.diary.reviews.excerpt")
    open_to_all = readable(EVERYBODY).filter(pk__in=[entry.pk for entry in entries], has_spoilers=False)
    found = open_to_all.exclude(review="").order_by("pk").values_list("pk", "review")
    return {pk: excerpt(review) for pk, review in found}
