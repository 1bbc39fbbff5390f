"""What every page knows of itself: its address in each language."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def page(request: HttpRequest) -> dict[str, object]:
    """`languages`: [(code, its own name, this page's path in it, its address for the world)], queries kept."""
    here = request.get_full_path()
    return {
        "canonical": settings.SITE_URL + here,
        "languages": [
            (code, name, path, settings.SITE_URL + path)
            for code, name in settings.LANGUAGES
            for path in [translate_url(here, code)]
        ],
    }
