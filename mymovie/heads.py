"""What the head of a page tells those who show a link to it: its name, what it is about, and a picture of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings

LONGEST_DESCRIPTION = 200
PICTURE_WIDTH, PICTURE_HEIGHT = 1200, 630


@dataclass(frozen=True, slots=True)
class Picture:
    """At `path`, of 1200 by 630 pixels; `query` names what it shows, and its version, so that no copy is shown too long."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    alt: str = ""

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.path + (f"?{urlencode(self.query)}" if self.query else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """`address` is the page's own path, without what belongs to one visit; `feed` is that of an RSS of the page."""

    title: str
    address: str
    picture: Picture
    description: str = ""
    feed: str = ""
    is_profile: bool = False
    has_oembed: bool = True

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.address

    @property
    def summary(self) -> str:
        return in_one_line(self.description)

    @property
    def oembed_url(self) -> str:
        return f"{settings.SITE_URL}/oembed/?{urlencode({'url': self.url, 'format': 'json'})}"

    @property
    def feed_url(self) -> str:
        return settings.SITE_URL + self.feed


def in_one_line(description: str) -> str:
    line = " ".join(description.split())
    return line if len(line) <= LONGEST_DESCRIPTION else line[: LONGEST_DESCRIPTION - 1].rstrip() + "…"
