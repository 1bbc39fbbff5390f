"""What is asked for."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Page:
    name: str
    server: str
    """site: as it is; fresh: the site, keeping no page; small: the same on a world of a thousand entries; floor; peer: what
    `path` says, an address."""
    path: str
    headers: dict[str, str] = field(default_factory=dict)
