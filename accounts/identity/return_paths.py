"""`next`: where to lead somebody once they are signed in. It comes with the address, so anybody may have written it."""

from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from mymovie.pages import path_of_ours


def own_path(address: str) -> str:
    """The path that `address` names on this site; "" if it leads away, or back into signing in."""
    path = path_of_ours(address)
    return "" if urlsplit(path).path in _pages_of_signing_in() else path


@cache
def _pages_of_signing_in() -> frozenset[str]:
    names = ["sign_in", "sign_in_callback", "sign_out", "welcome", "welcome_back"]
    paths = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            paths += [reverse(name) for name in names]
    return frozenset(paths)
