"""`make bench`: how fast the site is, beside what Django alone would be, in one run. See the README beside this."""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict

import django
import psycopg

from infra.local import folder
from infra.local.environment import environment
from tests.bench import meters, peers, world
from tests.bench.servers import prepared, served

REPORT = folder.FOLDER / "bench" / "report.json"
BESIDE = ["tests/bench/background.py", "tests/bench/imports.py"]
"""What has a test's database of its own; it leaves its figures where BENCH_NOTES says."""
QUIETLY = {"QUEUES_URL": "http://127.0.0.1:1/1/", "SITE_URL": "http://127.0.0.1", "LOG_FORMAT": "json"}


def main() -> None:
    asked = arguments()
    begun = time.monotonic()
    with contextlib.ExitStack() as running:
        size = "quick" if asked.quick else "whole"
        postgres = running.enter_context(contextlib.closing(world.Provided(size)))
        told = environment({"DATABASE_URL": postgres.url()} | QUIETLY | {"DJANGO_SETTINGS_MODULE": "mymovie.settings"})
        say(f"{world.SIZES[size][1]:,} entries stand ready after {time.monotonic() - begun:.0f} s")
        prepared(told)
        os.environ |= told
        django.setup()
        figures, beside = measured(asked, postgres, told, running)
    if not asked.quick and not asked.only:
        beside |= measured_beside()
    show(figures, beside, asked)
    say(f"{time.monotonic() - begun:.0f} s in all; the figures lie in {REPORT.relative_to(folder.ROOT)}")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small world and one round")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=URL", help="another server's page")
    parser.add_argument("--only", default="", metavar="PATTERN", help="the pages whose names match")
    parser.add_argument("--rounds", type=int, help="how often each page is measured")
    return parser.parse_args()


def measured(
    asked: argparse.Namespace, postgres: world.Provided, told: dict[str, str], running: contextlib.ExitStack
) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    from accounts.models import User  # Django has to be told first where its settings are
    from tests.bench import pages, recording
    from tests.bench.rounds import Bench

    site = "tests.bench.generous"
    small = told | {"DATABASE_URL": postgres.url(world.SMALL)}
    servers = {
        name: running.enter_context(served(name, application, settings, first))
        for name, application, settings, first in [
            ("floor", "tests.bench.floor", told, "/hello"),
            ("site", site, told, "/about/"),
            ("fresh", site, told | {"KEPT_PAGES_MB": "0"}, "/about/"),
            ("small", site, small | {"KEPT_PAGES_MB": "0"}, "/about/"),
        ]
    }
    database = postgres.pid
    most, reader = User.objects.get(handle="most"), pages.with_films(300)
    wanted = [
        *pages.of_the_floor(most),
        *pages.of_walls(most, servers["site"]),
        *pages.of_people(reader, most),
        *pages.of_the_rest(most),
        *peers.pages(asked.peer),
    ]
    wanted = [page for page in wanted if page.name == "hello" or re.search(asked.only, page.name)]
    bench = Bench(servers, database, lambda: psycopg.connect(postgres.url(), autocommit=True))
    found = bench.measure(wanted, rounds=asked.rounds or (1 if asked.quick else 3), seconds=1, report=say)
    beside = recording.measure(servers["site"], database, bench.connect, films=300) if not asked.only else {}
    beside |= {
        "F11 start": servers["site"].seconds_to_first,
        "F11 memory": meters.memory_of(servers["site"].pid),
    }
    return {name: one.said() for name, one in found.items()}, beside


def measured_beside() -> dict[str, float]:
    notes: dict[str, float] = {}
    with tempfile.NamedTemporaryFile("r") as file:
        for path in BESIDE:
            say(path)
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n0", path]
            told = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
            subprocess.run(command, check=False, stdout=sys.stderr, env=told | {"BENCH_NOTES": file.name})
        for line in file:
            notes |= json.loads(line)
    return notes


def show(figures: dict[str, dict[str, float]], beside: dict[str, float], asked: argparse.Namespace) -> None:
    from tests.bench.goals import goals

    reached = list(goals(figures, beside))
    REPORT.write_text(
        json.dumps(
            {
                "asked": vars(asked),
                "pages": figures,
                "beside": beside,
                "goals": [asdict(goal) | {"is_met": goal.is_met} for goal in reached],
            },
            indent=1,
        )
    )
    hello = figures["hello"]["cpu_ms"]
    heads = ["page", "CPU ms", "hellos", "server", "database", "1/s", "8/s", "p50", "p95", "p99", "SQL", "bytes"]
    rows: list[list[str]] = [heads]
    for name, one in figures.items():
        rows.append(
            [
                name,
                f"{one['cpu_ms']:.3f}",
                f"{one['cpu_ms'] / hello:.1f}",
                f"{one['server_cpu_ms']:.3f}",
                f"{one['database_cpu_ms']:.3f}",
                *(f"{one[what]:.0f}" for what in ("per_second_1", "per_second_8")),
                *(f"{one[what]:.2f}" for what in ("p50_ms", "p95_ms", "p99_ms")),
                f"{one['statements']:.0f}",
                f"{one['bytes']:,.0f}",
            ]
        )
    print(in_columns(rows))
    rows = [["goal", "", "figure", "wanted", "ratio", ""]]
    for goal in reached:
        sign = "≥" if goal.is_at_least else "≤"
        met = "met" if goal.is_met else "not met"
        rows.append([goal.name, goal.says, f"{goal.figure:.2f}", f"{sign} {goal.wanted:.2f}", f"{goal.ratio:.2f}", met])
    print(f"\n{in_columns(rows, left=2)}\n\n{sum(goal.is_met for goal in reached)} of {len(reached)} met")


def in_columns(rows: Iterable[list[str]], left: int = 1) -> str:
    """The first `left` columns begin, the others end below each other."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
