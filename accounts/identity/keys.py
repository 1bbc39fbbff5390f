"""The public keys of the sign-in provider, as this process has them."""

import threading
import time
from typing import Any

import requests
import structlog
from django.conf import settings
from django.core.cache import cache
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

PATIENCE = (3.05, 5)  # seconds: to connect, to answer
FRESH_FOR = 60 * 60
KEPT_FOR = 24 * FRESH_FOR  # for when the provider does not answer
ASKED_AGAIN_AFTER = 60

log = structlog.get_logger(__name__)
_asking = threading.Lock()


class KeysAway(Exception):
    """There are none, and the provider gives none."""


def key_set(*, anew: bool = False) -> dict[str, Any]:
    """A JSON Web Key Set (RFC 7517), an hour old at most while the provider answers; `anew`: for a key that is not in it. The
    provider is asked once a minute at most, whatever tokens come. Raises KeysAway."""
    name = f"oidc-keys:{settings.OIDC_JWKS_URL}"
    asked = f"{name}:asked"
    kept = cache.get(name)
    if kept and not anew and kept["fetched_at"] > time.time() - FRESH_FOR:
        return dict(kept["keys"])
    if not (kept and cache.get(asked)):
        with _asking:  # who comes meanwhile waits for the same answer
            if cache.add(asked, True, ASKED_AGAIN_AFTER) and (keys := _fetched()):
                cache.set(name, {"keys": keys, "fetched_at": time.time()}, KEPT_FOR)
            kept = cache.get(name)
    if not kept:
        raise KeysAway
    return dict(kept["keys"])


def _fetched() -> dict[str, Any] | None:
    """What the provider answers; None for anything but keys, which must not be kept."""
    try:
        response = requests.get(settings.OIDC_JWKS_URL, timeout=PATIENCE)
        response.raise_for_status()
        keys: Any = response.json()
        return keys if KeySet.import_key_set(keys).keys else None
    except (
        requests.RequestException,
        JoseError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        log.warning("oidc.no_keys", error=type(error).__name__)
        return None
