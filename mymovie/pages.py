"""The addresses of pages."""

from functools import lru_cache, partial
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from mymovie.heads import Head, Picture

LONGEST = 2000
LONGEST_TYPED = 200
NOT_TYPED = {"csrfmiddlewaretoken", "stamp", "shown", "stays"}
NOBODY_ELSES = {"review", "memo", "tags"}  # and addresses are written into logs
GO_WITH_THEM = {"has_spoilers", "review_audience"}


def keeping_query(request: HttpRequest, path: str) -> str:
    return f"{path}?{request.GET.urlencode()}" if request.GET else path


def with_what_was_typed(request: HttpRequest) -> str:
    """The address of the form that this request sent, and in it what was typed: nobody has to type it again. What is
    long or nobody else's business stays out of it: that is `written_out`, and the browser keeps it too."""
    typed = (request.POST or request.GET).copy()
    left_out = NOT_TYPED | NOBODY_ELSES | GO_WITH_THEM
    for name in [*typed]:
        if name in left_out or any(len(value) > LONGEST_TYPED for value in typed.getlist(name)):
            del typed[name]
    address = f"{request.path}?{typed.urlencode()}"
    return address if len(address) <= LONGEST else request.path


def written_out(request: HttpRequest) -> list[str]:
    """The texts of a form that no address carries; they are shown to be copied."""
    texts = [(name, text.strip()) for name, texts in request.POST.lists() for text in texts if name not in NOT_TYPED]
    return [text for name, text in texts if text and (name in NOBODY_ELSES or len(text) > LONGEST_TYPED)]


def path_of_ours(address: str) -> str:
    """The path, with its query, that an address names on this site; "" where it leads away. Anybody may have written it."""
    site = urlsplit(settings.SITE_URL)
    # Browsers read a backslash as a slash; no address of ours holds one.
    if len(address) > LONGEST or "\\" in address:
        return ""
    if not url_has_allowed_host_and_scheme(address, site.netloc, require_https=site.scheme == "https"):
        return ""
    wanted = urlsplit(address)
    path = f"{wanted.path}?{wanted.query}" if wanted.query else wanted.path
    # Once more: without its host, "http://here//elsewhere" is "//elsewhere".
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, None) else ""


def came_from(request: HttpRequest, view: str, *arguments: object) -> str:
    """The page of ours that a button was pressed on; where the browser does not say, that of `view`."""
    return path_of_ours(request.headers.get("Referer", "")) or reverse(view, args=arguments)


def site_head(path: str) -> Head:
    """What a page tells of itself that has nothing of its own to tell."""
    return Head(
        title=gettext("MyMovie: a wall of every film you have seen"),
        description=gettext("Record the films you see, score them, and show them as a wall of posters."),
        address=path,
        picture=Picture(static("img/sharing.png"), alt="MyMovie"),
        has_oembed=False,
    )


def page(request: HttpRequest) -> dict[str, object]:
    """What every page knows of itself. `languages`: [(code, its own name, this page's path in it, its address for the world)], queries kept."""
    here = request.get_full_path()
    path_here, mark, query = here.partition("?")
    asked = mark + query
    return {
        "canonical": settings.SITE_URL + here,
        "site_head": partial(site_head, request.path),
        "has_worker": settings.SERVICE_WORKER,
        "languages": [
            (code, name, path, settings.SITE_URL + path)
            for code, name in settings.LANGUAGES
            for path in [_translated(path_here, code) + asked]
        ],
    }


_translated = lru_cache(maxsize=1_000)(translate_url)
"""Of paths alone: what stands behind them is as long as whoever asks likes."""
