import re

from django.conf import settings

from movies.catalog.tmdb.errors import BadKey


def is_enabled() -> bool:
    return bool(settings.TMDB_TOKEN)


def read_access_token() -> str:
    """Our token, which travels in a header. A v3 key could only travel in the address, where every log would keep it."""
    token: str = settings.TMDB_TOKEN
    if re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token, re.ASCII):
        return token
    if re.fullmatch(r"[0-9a-f]{32}", token):
        raise BadKey("TMDB_TOKEN holds a v3 API key; give the API Read Access Token, from the same page at TMDB")
    raise BadKey("TMDB_TOKEN does not hold an API Read Access Token" if token else "TMDB_TOKEN is not set")
