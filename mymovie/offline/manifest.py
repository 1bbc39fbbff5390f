"""What an installed MyMovie is called, how it looks, and what is shared with it. https://www.w3.org/TR/appmanifest/"""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

PAPER = "#f6f2ea"
"""Of the day: a manifest has no second colour for the night. There, each page's own `theme-color` holds."""


def manifest() -> dict[str, Any]:
    return {
        "id": "/",  # one app, in whichever language it was installed
        "name": _("MyMovie: the films you have seen"),
        "short_name": "MyMovie",
        "description": _("Every film you have seen, on a wall of posters that you like to show."),
        "lang": get_language(),
        "dir": "ltr",
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "categories": ["entertainment", "lifestyle"],
        "icons": [
            icon("img/icon.svg", "any", "any"),
            icon("img/icon-192.png", "192x192", "any"),
            icon("img/icon-512.png", "512x512", "any"),
            icon("img/icon-maskable-512.png", "512x512", "maskable"),
            icon("img/icon-monochrome-512.png", "512x512", "monochrome"),
        ],
        "shortcuts": [
            shortcut(_("Record a film"), "search"),
            shortcut(_("Your wall"), "home"),
            shortcut(_("Feed"), "feed"),
        ],
        "share_target": {
            "action": reverse("share"),
            "method": "GET",
            "enctype": "application/x-www-form-urlencoded",  # of a GET, too, Chromium wants it said
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }


def icon(name: str, sizes: str, purpose: str) -> dict[str, str]:
    kind = "image/svg+xml" if name.endswith(".svg") else "image/png"
    return {"src": static(name), "sizes": sizes, "type": kind, "purpose": purpose}


def shortcut(name: str, view: str) -> dict[str, Any]:
    return {"name": name, "url": reverse(view), "icons": [icon("img/icon-192.png", "192x192", "any")]}
