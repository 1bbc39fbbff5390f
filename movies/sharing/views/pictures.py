"""The pictures that a link to a wall, an entry or a film is shown with. They are the same for whoever asks."""

from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from movies.sharing.models import Picture
from movies.sharing.services import ask_for_picture
from movies.sharing.subjects import Subject, asked_for, entries, is_still_shown, seen, walls, written
from mymovie.caching import asks_nobody, same_for_all
from mymovie.uploads import StorageAway, kept_files

Rules = Mapping[str, object]

CURRENT: Rules = {"public": True, "max_age": 60}  # a wall that is closed is gone from other caches a minute later
CURRENT_OF_FILM: Rules = {"public": True, "max_age": 60 * 60 * 24}
MEANWHILE: Rules = {"public": True, "max_age": 30}


@asks_nobody
@require_safe
def wall_picture(request: HttpRequest, handle: str) -> HttpResponse:
    """As the wall's address says, in its order; what else stands there makes no picture of its own."""
    owner = get_object_or_404(walls(), handle=handle)
    return _shown(request, Subject(Picture.Kind.WALL, owner.pk, _language(), written(asked_for(request.GET))), CURRENT)


@asks_nobody
@require_safe
def entry_picture(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    entry = get_object_or_404(entries(), owner__handle=handle, film=pk)
    return _shown(request, Subject(Picture.Kind.ENTRY, entry.pk, _language()), CURRENT)


@asks_nobody
@require_safe
def film_picture(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, Subject(Picture.Kind.FILM, pk, _language()), CURRENT_OF_FILM)


def _language() -> str:
    return "en" if get_language() == "en" else "ja"


def _shown(request: HttpRequest, subject: Subject, rules: Rules) -> HttpResponse:
    """The picture as it is; while it is painted anew the one from before. The site's own before the first, and where that
    from before shows what has been taken away since."""
    found = seen(subject)
    if found is None:
        raise Http404
    row = Picture.objects.filter(**found.links).order_by("pk").first()
    is_current = row is not None and row.version == found.version
    if not is_current:
        ask_for_picture(subject)
        rules = MEANWHILE
        row = row if row and is_still_shown(row) else None
    name = row.stored_as if row else "site"
    etag = f'"{name.rpartition("/")[2]}"'
    response = get_conditional_response(request, etag)
    if response is None:
        try:
            content = _file(row.stored_as) if row else site_picture()
        except (FileNotFoundError, StorageAway):
            content, rules, etag = site_picture(), MEANWHILE, '"site"'
        response = HttpResponse(content, content_type="image/png")
    response.headers["ETag"] = etag
    return same_for_all(response, **rules)


def _file(name: str) -> bytes:
    with kept_files() as storage, storage.open(name) as file:
        content: bytes = file.read()
    return content


@cache
def site_picture() -> bytes:
    return (settings.BASE_DIR / "mymovie" / "static" / "img" / "sharing.png").read_bytes()
