"""The addresses of pages."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme


def keeping_query(request: HttpRequest, path: str) -> str:
    return f"{path}?{request.GET.urlencode()}" if request.GET else path


def with_what_was_typed(request: HttpRequest) -> str:
    """The address of the form that this request sent, and in it what was typed: nobody has to type it again."""
    typed = (request.POST or request.GET).copy()
    typed.pop("csrfmiddlewaretoken", None)
    return f"{request.path}?{typed.urlencode()}"


def came_from(request: HttpRequest, view: str, *arguments: object) -> str:
    """The page of ours that a button was pressed on; where the browser does not say, that of `view`."""
    referrer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referrer, request.get_host(), require_https=request.is_secure()):
        return reverse(view, args=arguments)
    page = urlsplit(referrer)
    return escape_leading_slashes(f"{page.path}?{page.query}" if page.query else page.path)


def page(request: HttpRequest) -> dict[str, object]:
    """What every page knows of itself. `languages`: [(code, its own name, this page's path in it, its address for the world)], queries kept."""
    here = request.get_full_path()
    return {
        "canonical": settings.SITE_URL + here,
        "languages": [
            (code, name, path, settings.SITE_URL + path)
            for code, name in settings.LANGUAGES
            for path in [translate_url(here, code)]
        ],
    }
