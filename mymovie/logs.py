"""What must not stand in a log, whoever writes it there."""

import re

import structlog

KEY_IN_A_PATH = re.compile(r"(?<=/unsubscribe/)[^/\s]+")


def without_keys(logger: object, name: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Django names the path of every request that it refuses; some paths are a key to something of somebody's."""
    event["event"] = KEY_IN_A_PATH.sub("…", str(event["event"]))
    return event
