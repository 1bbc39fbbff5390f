"""A real browser for the journeys in tests/browser."""

import os
import shutil
import subprocess
import sys

from infra.local.trouble import Trouble

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find() -> str | None:
    """The browser of this machine. Without one, Playwright looks for its own."""
    if chosen := os.environ.get("CHROMIUM_BIN"):
        return chosen
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def ensure() -> None:
    if find():
        return
    if os.geteuid() == 0 and runs("apt-get", "update") and runs("apt-get", "install", "--yes", "chromium"):
        return
    if not runs(sys.executable, "-m", "playwright", "install", "chromium"):
        raise Trouble(
            "No Chromium, and none could be installed: put one in PATH or name it in CHROMIUM_BIN, "
            "or leave the browser journeys out with BROWSER=no make test."
        )


def runs(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False).returncode == 0
    except FileNotFoundError:
        return False
