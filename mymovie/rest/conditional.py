"""Entity tags (RFC 9110). That of a row that can be changed begins with its version: whoever changes it says which one they
have read, in whatever language and with however few fields."""

import hashlib
import re

from rest_framework.request import Request

from mymovie.rest.problems import ChangedMeanwhile

TAG = re.compile(r'"([^"]*)"')


def digest(*values: object) -> str:
    said = b"\0".join(value if isinstance(value, bytes) else repr(value).encode() for value in values)
    return hashlib.sha256(said).hexdigest()[:20]


def tag_of(body: bytes, version: str = "") -> str:
    return f'"{version}.{digest(body)}"' if version else f'"{digest(body)}"'


def require_unchanged(request: Request, version: str) -> None:
    """Call it with the row locked. Raises ChangedMeanwhile."""
    known = request.headers.get("If-Match")
    if known is None or known.strip() == "*":
        return
    if version not in {tag.partition(".")[0] for tag in TAG.findall(known)}:
        raise ChangedMeanwhile
