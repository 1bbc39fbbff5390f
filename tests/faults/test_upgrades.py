"""While a new version comes: its migrations run first, and the version before goes on serving."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local import folder
from infra.local.environment import environment
from infra.local.postgres import Postgres
from tests.bench import world
from tests.faults.figures import Note
from tests.faults.load import Load, Stage, failures, percentile
from tests.faults.serving import IS_WHOLE, Site, mixture

pytestmark = pytest.mark.xdist_group("serving")

BEFORE_ANYBODY_WAITED = {
    "accounts.0002_people",
    "movies.0002_hidden_and_merged",
    "movies.0004_wishes_and_releases",
    "movies.0007_imports",
}
"""They were written before there was a site, and hold tables that were empty then. There are to be no more of them."""
SMALL = {"movies_batch", "outbox_message"}
"""Tables that are gone through in a moment: imports, and what is about to be sent."""
OURS = {"accounts", "limits", "movies", "outbox", "rest"}
INDEXES_ALONE = {"accounts": "0009", "movies": "0011"}
"""Whatever came after these the version of today does not need, so that it can serve while it goes and comes back."""


@pytest.fixture(scope="module")
def steps(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    where: Path = tmp_path_factory.mktemp("upgrades") / "postgres"
    with Postgres(where, durable=False) as postgres:
        about = {"DATABASE_URL": postgres.url(), "QUEUES_URL": "http://127.0.0.1:1/1/"}
        told = environment(about | {"DJANGO_SETTINGS_MODULE": "mymovie.settings"})
        command = [sys.executable, "-m", "tests.faults.upgrading"]
        said = subprocess.run(command, check=True, env=told, cwd=folder.ROOT, stdout=subprocess.PIPE, text=True).stdout
    found: list[dict[str, Any]] = json.loads(said.splitlines()[-1])
    return [step for step in found if step["migration"].partition(".")[0] in OURS]


def test_the_version_before_reads_and_writes_all_that_it_knows(steps: list[dict[str, Any]], note: Note) -> None:
    note("R14", "migrations that the version before was asked after", len(steps))
    assert len(steps) > 25
    assert not [step for step in steps if step["unread"] or step["unwritten"]]


def test_no_migration_holds_a_large_table(steps: list[dict[str, Any]]) -> None:
    holding = {
        step["migration"]: [held for held in step["held"] if held.partition(":")[0] not in SMALL] for step in steps
    }

    assert {name for name, held in holding.items() if held} == BEFORE_ANYBODY_WAITED


@pytest.fixture
def former(site: Site) -> Iterator[None]:
    """A database as the version before had it."""
    try:
        for app, name in INDEXES_ALONE.items():
            world.manage(site.told, "migrate", app, name, "--verbosity", "0")
        yield
    finally:
        world.manage(site.told, "migrate", "--verbosity", "0")


@pytest.mark.usefixtures("former")
def test_the_site_serves_while_they_run(site: Site, note: Note) -> None:
    rate = 20 if IS_WHOLE else 5

    with site.served() as web:
        web.wait()
        with Load(web.port, [Stage(rate, 300)], mixture(site, anonymous=0.7, signed_in=0.2)) as load:
            try:
                load.wait_until(3)
                world.manage(site.told, "migrate", "--verbosity", "0")
                took = load.at() - 3
                load.wait_until(load.at() + 2)
            finally:
                load.end()

    failed = failures(load.answers)
    note("R14", "migrations took, s", took)
    note("R14", f"failures at {rate}/s meanwhile", len(failed), at_most=0)
    note("R14", "longest answer, ms", percentile(load.answers, 100), at_most=1000)
    assert not failed
