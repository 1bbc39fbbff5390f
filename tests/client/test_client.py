"""An app in TypeScript, which knows of the API what that says of itself, at the real site."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from accounts.models import Follow, User
from infra.local.cognito import PASSWORD
from movies.diary.models import Entry
from tests.browser.scenery import spirited_away, wall_of
from tests.factories import UserFactory

FOLDER = Path(__file__).parent
LOCK = FOLDER / "package-lock.json"
INSTALLED = FOLDER / "node_modules" / ".by-lock"


@pytest.fixture
def _built_app() -> Iterator[None]:
    """Installed once per lock, built each time; by nobody else in the meantime."""
    folder = os.open(FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        by_lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
        if not INSTALLED.exists() or INSTALLED.read_text() != by_lock:
            npm("ci", "--prefer-offline")
            INSTALLED.write_text(by_lock)
        npm("run", "types")
        npm("run", "build")
        yield
    finally:
        os.close(folder)


@pytest.mark.usefixtures("_built_app")
def test_an_app_signs_somebody_new_in_and_keeps_their_diary(site_url: str) -> None:
    film = spirited_away()
    hanako = UserFactory(handle="hanako")
    wall_of(hanako, 130)

    npm("run", "journey", "--", "newcomer", PASSWORD, BASE_URL=site_url)

    newcomer = User.objects.get(handle="eiga_app")
    assert [(entry.film, entry.score) for entry in Entry.objects.of(newcomer)] == [(film, 88)]
    assert Follow.objects.get(follower=newcomer).followee == hanako


def test_the_lock_of_its_packages_names_no_registry() -> None:
    assert '"resolved"' not in LOCK.read_text()


def npm(*arguments: str, **environment: str) -> None:
    program = shutil.which("npm")
    if program is None:
        pytest.fail("There is no npm: the app that tries the API needs Node.js 20 or later.")
    run = subprocess.run(
        [program, *arguments],
        cwd=FOLDER,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, f"npm {arguments[0]} {arguments[-1]}:\n{run.stdout}"
