"""oEmbed 1.0 (https://oembed.com): what other sites show of a link to a wall, an entry or a film.

A photo where there is a picture of it: never a frame, as nobody may show us in one.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

from movies.diary.heads import head_of_entry, head_of_film, head_of_wall
from movies.sharing.news import page_of
from movies.sharing.subjects import asked_for, entries, films, walls
from mymovie.heads import PICTURE_HEIGHT, PICTURE_WIDTH, Head
from mymovie.pages import path_of_ours

KEPT_FOR = 60  # seconds; a wall that is closed is shown nowhere a minute later
ENTRY = re.compile(r"(?:/en)?/@(?P<handle>[a-z0-9_]{1,15})/films/(?P<pk>[0-9]{1,18})-[^/]+/")


@dataclass(frozen=True, slots=True)
class Shown:
    head: Head
    author: str = ""
    author_address: str = ""


def shown_at(address: str) -> Shown | None:
    """What everybody may see at this address; None for all else. Raises BadRequest for an order that no wall has."""
    path = path_of_ours(address)
    if not path.startswith("/"):
        return None
    parts = urlsplit(path)
    language = get_language_from_path(parts.path) or settings.LANGUAGE_CODE
    with override(language):
        return _shown(parts.path, QueryDict(parts.query))


def _shown(path: str, query: QueryDict) -> Shown | None:
    if found := ENTRY.fullmatch(path):
        return _entry(found["handle"], int(found["pk"]))
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.url_name == "wall":
        owner = walls().filter(handle=match.kwargs["handle"]).first()
        head = head_of_wall(owner, asked_for(query)) if owner else None
        return Shown(head, owner.display_name, head.url) if owner and head else None
    if match.url_name == "film":
        film = films().filter(pk=match.kwargs["pk"]).first()
        return Shown(head_of_film(film)) if film else None
    return None


def _entry(handle: str, pk: int) -> Shown | None:
    entry = entries().filter(owner__handle=handle, film=pk).select_related("owner", "film").first()
    head = head_of_entry(entry, page_of(entry)) if entry else None
    return Shown(head, entry.owner.display_name, f"{settings.SITE_URL}/@{handle}/") if entry and head else None


def answer(shown: Shown, *, most_wide: int | None, most_high: int | None) -> dict[str, Any]:
    """A photo, or where that is larger than may be shown, a link with a thumbnail left out."""
    head = shown.head
    said: dict[str, Any] = {
        "version": "1.0",
        "type": "photo",
        "title": head.title,
        "provider_name": "MyMovie",
        "provider_url": f"{settings.SITE_URL}/",
        "cache_age": KEPT_FOR,
    }
    if shown.author:
        said |= {"author_name": shown.author, "author_url": shown.author_address}
    fits = (most_wide or PICTURE_WIDTH) >= PICTURE_WIDTH and (most_high or PICTURE_HEIGHT) >= PICTURE_HEIGHT
    if fits:
        return said | {"url": head.picture.url, "width": PICTURE_WIDTH, "height": PICTURE_HEIGHT}
    return said | {"type": "link"}
