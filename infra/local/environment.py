"""What the site is told: the environment, then .env, then what suits one machine."""

import os
from pathlib import Path

from infra.local import folder
from infra.local.aws import LOOPBACK, REGION
from infra.local.trouble import Trouble


def environment() -> dict[str, str]:
    told = from_file(folder.ROOT / ".env") | os.environ
    address = f"http://{LOOPBACK}:{port(told)}"
    return {
        "SITE_URL": address,
        "SECRET_KEY": folder.secret_key(),
        "STATIC_ROOT": str(folder.FOLDER / "static"),
        "LOG_FORMAT": "console",
        "INSECURE_COOKIES": "0" if told.get("SITE_URL", address).startswith("https:") else "1",
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    } | {name: value for name, value in told.items() if value}


def port(told: dict[str, str]) -> int:
    number = told.get("PORT") or "8000"
    if not (number.isdecimal() and 0 < int(number) < 65536):
        raise Trouble(f"PORT is {number!r}: it must be a number between 1 and 65535.")
    return int(number)


def from_file(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    lines = (line.strip() for line in path.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}
