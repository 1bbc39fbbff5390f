"""What is written down, less what nobody who reads logs may know."""

import re

from structlog.typing import EventDict, WrappedLogger

# Whoever has the address of a calendar can read it, and Django writes down the addresses that it refuses.
CALENDAR = re.compile(r"(?<=/calendar/)[\w.%-]+(?=\.ics)")


def without_keys(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return {name: CALENDAR.sub("…", value) if isinstance(value, str) else value for name, value in event.items()}
