"""What every page knows of itself: its address in each language."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url


def page(request: HttpRequest) -> dict[str, object]:
    """`alternates`: [(language code, its own name, absolute address)], with the query kept; `canonical`: this page's own."""
    here = settings.SITE_URL + request.get_full_path()
    return {
        "alternates": [(code, name, translate_url(here, code)) for code, name in settings.LANGUAGES],
        "canonical": here,
        "tmdb_enabled": bool(settings.TMDB_TOKEN),
    }
