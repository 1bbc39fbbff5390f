"""CloudFront in front of the site: keeps what it would keep, under the key that infra/aws tells it, and forgets nothing.

It differs from the real one where that makes it the stricter: a copy that may be kept at all is kept for as long as the
test lasts, and so is an answer that CloudFront keeps for seconds whatever its Cache-Control says.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch

from django.test import Client

from infra.aws.copies import KEY_HEADERS, NEVER_KEPT, SESSION

KEPT_WHATEVER_THEY_SAY = {404, 414, 500, 501, 502, 503, 504}
COOKIE = re.compile(rf"(?:^|;\s*){SESSION}=([^;]*)")
OVERWRITTEN = {"CloudFront-Forwarded-Proto": "https", "CloudFront-Viewer-Address": "203.0.113.9:50000"}

Key = tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    cookies: str
    body: bytes

    @property
    def rules(self) -> set[str]:
        return {rule.strip() for rule in self.headers.get("Cache-Control", "").lower().split(",")}

    @property
    def lasts(self) -> int:
        """For how many seconds it may be sent again unasked."""
        said = re.search(r"(?:s-maxage|max-age)=(\d+)", self.headers.get("Cache-Control", ""))
        return int(said[1]) if said else 0

    @property
    def is_kept(self) -> bool:
        if self.status in KEPT_WHATEVER_THEY_SAY:
            return True
        return (
            self.status in {200, 301}
            and "public" in self.rules
            and not {"no-store", "no-cache", "private"} & self.rules
        )


class Cdn:
    def __init__(self) -> None:
        self.copies: dict[Key, Answer] = {}
        self.asked = self.hits = 0

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Answer:
        self.asked += 1
        sent = {**(headers or {}), **OVERWRITTEN}
        named = {name.lower(): value for name, value in sent.items()}
        session = COOKIE.search(named.get("cookie", ""))
        key = (address, session[1] if session else "", *(named.get(name.lower(), "") for name in KEY_HEADERS))
        copy = None if fnmatch(address, NEVER_KEPT) else self.copies.get(key)
        if copy and (copy.lasts or copy.status != 200):
            self.hits += 1
            return copy
        if copy and "ETag" in copy.headers:
            sent["If-None-Match"] = copy.headers["ETag"]
        answer = ask(address, sent)
        if copy and answer.status == 304:
            self.hits += 1
            return copy
        if answer.is_kept and not fnmatch(address, NEVER_KEPT):
            self.copies[key] = answer
        return answer


def ask(address: str, headers: Mapping[str, str]) -> Answer:
    """The site itself."""
    client = Client(raise_request_exception=False)
    answer = client.get(address, headers=dict(headers), secure=True)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Answer(answer.status_code, dict(answer.headers), answer.cookies.output(), body)
