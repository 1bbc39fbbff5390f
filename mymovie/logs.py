"""What is written down, less what nobody who reads logs may know."""

import re

from structlog.typing import EventDict, WrappedLogger

# Whoever has such an address can read a calendar or a feed, or stop somebody's mail, and Django writes down what it refuses.
KEYS = re.compile(r"(?<=(?<!settings)/calendar/)[^/\s]+|(?<=/news/)[^/\s]+|(?<=/unsubscribe/)[^/\s]+")


def without_keys(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return {name: KEYS.sub("…", value) if isinstance(value, str) else value for name, value in event.items()}
