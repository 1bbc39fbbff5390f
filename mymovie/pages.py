"""The addresses of pages."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def keeping_query(request: HttpRequest, path: str) -> str:
    return f"{path}?{request.GET.urlencode()}" if request.GET else path


def with_what_was_typed(request: HttpRequest) -> str:
    """The address of the form that this request sent, and in it what was typed: nobody has to type it again."""
    typed = (request.POST or request.GET).copy()
    typed.pop("csrfmiddlewaretoken", None)
    return f"{request.path}?{typed.urlencode()}"


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
