"""The public keys of the sign-in provider, as this process has them."""

import time
from typing import Any

import requests
from django.conf import settings
from django.core.cache import cache
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

PATIENCE = (3.05, 5)  # seconds: to connect, to answer
FRESH_FOR = 60 * 60
KEPT_FOR = 24 * FRESH_FOR  # for when the provider does not answer
ASKED_AGAIN_AFTER = 60


class KeysAway(Exception):
    """There are none, and the provider gives none."""


def key_set(*, anew: bool = False) -> dict[str, Any]:
    """A JSON Web Key Set (RFC 7517), an hour old at most while the provider answers; `anew`: for a key that is not in it. The
    provider is asked once a minute at most, whatever tokens come. Raises KeysAway."""
    name = f"oidc-keys:{settings.OIDC_JWKS_URL}"
    kept = cache.get(name)
    if kept and not anew and kept["fetched_at"] > time.time() - FRESH_FOR:
        return dict(kept["keys"])
    if not cache.add(f"{name}:asked", True, ASKED_AGAIN_AFTER) and kept:
        return dict(kept["keys"])
    try:
        response = requests.get(settings.OIDC_JWKS_URL, timeout=PATIENCE)
        response.raise_for_status()
        keys = response.json()
        KeySet.import_key_set(keys)  # what is no key set must not be kept
    except (requests.RequestException, JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        if kept:
            return dict(kept["keys"])
        raise KeysAway(type(error).__name__) from error
    cache.set(name, {"keys": keys, "fetched_at": time.time()}, KEPT_FOR)
    return dict(keys)
