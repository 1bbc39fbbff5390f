"""Entity tags (RFC 9110). That of a row that can be changed begins with its version: whoever changes it says which one they
have read, in whatever language and with however few fields."""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.http import parse_etags
from rest_framework.request import Request

from mymovie.rest.problems import ChangedMeanwhile


def digest(*values: object) -> str:
    """Keyed: who guesses what went into it cannot find out that they are right."""
    said = b"\0".join(value if isinstance(value, bytes) else repr(value).encode() for value in values)
    return salted_hmac("mymovie.rest.conditional", said, algorithm="sha256").hexdigest()[:20]


def tag_of(body: bytes, version: str = "") -> str:
    return f'"{version}.{digest(body)}"' if version else f'"{digest(body)}"'


def is_known(request: HttpRequest, tag: str) -> bool:
    """By If-None-Match. The other conditions are none for reading: nothing here has a date, and no part of it is given."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return known == ["*"] or _strong(tag) in map(_strong, known)


def _strong(tag: str) -> str:
    return tag.removeprefix("W/")


def require_unchanged(request: Request, version: str) -> None:
    """Call it with the row locked. Raises ChangedMeanwhile."""
    known = request.headers.get("If-Match")
    if known is None or known.strip() == "*":
        return
    if f'"{version}' not in {tag.partition(".")[0] for tag in parse_etags(known)}:
        raise ChangedMeanwhile
