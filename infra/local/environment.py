"""What the site is told: the environment, then .env, then what suits one machine."""

import os
from pathlib import Path

from infra.local import folder
from infra.local.aws import LOOPBACK, REGION
from infra.local.trouble import Trouble


def told() -> dict[str, str]:
    """What somebody said, in the environment or in .env; an empty value says nothing."""
    return {name: value for name, value in (from_file(folder.ROOT / ".env") | os.environ).items() if value}


def port(told: dict[str, str]) -> int:
    number = told.get("PORT", "8000")
    if not (number.isdecimal() and 0 < int(number) < 65536):
        raise Trouble(f"PORT is {number!r}: it must be a number between 1 and 65535.")
    return int(number)


def address(told: dict[str, str]) -> str:
    return told.get("SITE_URL", f"http://{LOOPBACK}:{port(told)}")


def environment(told: dict[str, str]) -> dict[str, str]:
    return {
        "SITE_URL": address(told),
        "SECRET_KEY": folder.secret_key(),
        "STATIC_ROOT": str(folder.FOLDER / "static"),
        "STATIC_COMPRESSION": "0",  # seconds of work, to save nothing on a loopback
        "LOG_FORMAT": "console",
        "INSECURE_COOKIES": "0" if address(told).startswith("https:") else "1",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    } | told


def from_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.partition(" #")[0].strip().strip("\"'") for name, _, value in pairs}
