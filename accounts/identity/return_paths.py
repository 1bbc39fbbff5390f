"""`next`: where to lead somebody once they are signed in. It comes with the address, so anybody may have written it."""

from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


def own_path(address: str) -> str:
    """The path that `address` names on this site; "" if it leads away, or back into signing in."""
    site = urlsplit(settings.SITE_URL)
    # Browsers read a backslash as a slash; no address of ours holds one.
    if len(address) > LONGEST or "\\" in address:
        return ""
    if not url_has_allowed_host_and_scheme(address, site.netloc, require_https=site.scheme == "https"):
        return ""
    wanted = urlsplit(address)
    path = f"{wanted.path}?{wanted.query}" if wanted.query else wanted.path
    # Once more: without its host, "http://here//elsewhere" is "//elsewhere".
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, None):
        return ""
    return "" if wanted.path in _pages_of_signing_in() else path


@cache
def _pages_of_signing_in() -> frozenset[str]:
    names = ["sign_in", "sign_in_callback", "sign_out", "welcome", "welcome_back"]
    paths = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            paths += [reverse(name) for name in names]
    return frozenset(paths)
