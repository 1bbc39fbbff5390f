"""RSS: what was recorded lately on a wall, or by those whom somebody follows. Only what the reader may see."""

import datetime
import hashlib
import re
from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from movies.catalog import tmdb
from movies.diary.models import Entry, EntryQuerySet

MOST = 50
ASK_AGAIN_AFTER = 60  # minutes
NOT_IN_XML = re.compile(r"[^\t\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


def newest(entries: EntryQuerySet) -> list[Entry]:
    return list(entries.select_related("film", "owner").order_by("-recorded_at", "-pk")[:MOST])


def newest_at(entries: Sequence[Entry], otherwise: datetime.datetime) -> datetime.datetime:
    return max((entry.recorded_at for entry in entries), default=otherwise)


def etag_of(title: str, entries: Sequence[Entry], reviews: dict[int, str]) -> str:
    """Changes whenever what they say does, and costs less than to write it."""
    said: list[object] = [title]
    said += [
        (
            entry.pk,
            entry.score,
            entry.film.changed_at,
            entry.owner.handle,
            entry.owner.display_name,
            reviews.get(entry.pk),
        )
        for entry in entries
    ]
    digest = hashlib.sha256(repr((said, get_language(), settings.RELEASE)).encode())
    return f'"{digest.hexdigest()[:32]}"'


def write(
    entries: Sequence[Entry], reviews: dict[int, str], *, title: str, page: str, feed: str, names_owners: bool = False
) -> bytes:
    """`page` and `feed`: whole addresses; `names_owners`: where the films are of several people."""
    rss = Rss201rev2Feed(
        title=line(title),
        link=page,
        description=_("Films recorded lately, newest first"),
        language=get_language(),
        feed_url=feed,
        ttl=ASK_AGAIN_AFTER,
    )
    for entry in entries:
        rss.add_item(
            title=line(_title(entry, names_owners=names_owners)),
            link=settings.SITE_URL + page_of(entry),
            description=_description(entry, reviews.get(entry.pk, "")),
            unique_id=f"{settings.SITE_URL}/#entry-{entry.pk}",
            unique_id_is_permalink=False,
            pubdate=entry.recorded_at,
        )
    return rss.writeString("utf-8").encode()


def _title(entry: Entry, *, names_owners: bool) -> str:
    film = entry.film
    title = f"{film.title} / {film.other_title}" if film.other_title else film.title
    title += f" ({film.year})" if film.year else ""
    title += "" if entry.score is None else f" — {entry.score}"
    return f"{entry.owner.display_name}: {title}" if names_owners else title


def _description(entry: Entry, review: str) -> SafeString:
    parts = [format_html('<p><img src="{}" width="342" height="513" alt=""></p>', _poster(entry))]
    said = _("Unscored") if entry.score is None else _("Score %(score)d of 100") % {"score": entry.score}
    parts.append(format_html("<p>{}</p>", said))
    if review:
        parts.append(format_html("<p>{}</p>", line(review)))
    return mark_safe("".join(parts))  # noqa: S308 - each part is escaped


def _poster(entry: Entry) -> str:
    film = entry.film
    if film.poster_path:
        return tmdb.image_url(film.poster_path, "w342")
    return settings.SITE_URL + reverse("drawn_poster", args=[film.pk, film.poster_version, get_language()])


def page_of(entry: Entry) -> str:
    return reverse("entry", args=[entry.owner.handle, entry.film_id, entry.film.slug])


def line(text: str) -> str:
    return " ".join(NOT_IN_XML.sub(" ", text).split())
