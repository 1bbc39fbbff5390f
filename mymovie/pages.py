"""The addresses of pages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


def keeping_query(request: HttpRequest, path: str) -> str:
    return f"{path}?{request.GET.urlencode()}" if request.GET else path


def with_what_was_typed(request: HttpRequest) -> str:
    """The address of the form that this request sent, and in it what was typed: nobody has to type it again."""
    typed = (request.POST or request.GET).copy()
    typed.pop("csrfmiddlewaretoken", None)
    return f"{request.path}?{typed.urlencode()}"


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


def page(request: HttpRequest) -> dict[str, object]:
    """What every page knows of itself. `languages`: [(code, its own name, this page's path in it, its address for the world)], queries kept."""
    here = request.get_full_path()
    return {
        "canonical": settings.SITE_URL + here,
        "has_worker": settings.SERVICE_WORKER,
        "languages": [
            (code, name, path, settings.SITE_URL + path)
            for code, name in settings.LANGUAGES
            for path in [translate_url(here, code)]
        ],
    }
