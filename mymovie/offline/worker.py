"""The script of the service worker, with what it has to know of this site in front."""

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from mymovie.offline.middleware import NOBODYS, TOLD_ONCE

PICTURES_ELSEWHERE = "https://image.tmdb.org"
HERE = Path(__file__).parent


@cache
def script() -> str:
    """Another release is another script, byte by byte: that is how browsers know."""
    return f"const SITE = {json.dumps(facts(), ensure_ascii=False)};\n{source('worker.js')}"


def farewell() -> str:
    return source("gone.js")


def source(name: str) -> str:
    return (HERE / name).read_text()


def facts() -> dict[str, object]:
    return {
        "release": settings.RELEASE,
        "language": settings.LANGUAGE_CODE,
        "nobodys": NOBODYS,
        "toldOnce": sorted(TOLD_ONCE),
        "posters": PICTURES_ELSEWHERE,
        "offline": in_each_language("offline"),
        "homes": [*in_each_language("home").values()],
        "signIn": [*in_each_language("sign_in").values()],
        "signOut": [*in_each_language("sign_out").values()],
        "words": {code: words_in(code) for code, _name in settings.LANGUAGES},
    }


def in_each_language(view: str) -> dict[str, str]:
    addresses = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            addresses[code] = reverse(view)
    return addresses


def words_in(code: str) -> dict[str, str]:
    with override(code):
        return {
            "copy": _("There is no connection. This is how the page looked on %s."),
            "again": _("Try again"),
            "none": _("No page has been kept on this device yet."),
        }
