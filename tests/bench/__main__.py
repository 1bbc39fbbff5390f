"""`make bench`: how fast the site is, beside what Django alone would be, in one run. See the README beside this."""

import argparse
import contextlib
import json
import os
import re
import sys
import urllib.request
from pathlib import Path

import django
import psycopg

from infra.local import folder
from infra.local.environment import environment
from tests.bench import world
from tests.bench.servers import prepared, served


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a million entries instead of ten, and fewer rounds")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=URL", help="another server's page")
    parser.add_argument("--only", default="", help="pages whose names match this pattern")
    parser.add_argument("--rounds", type=int)
    asked = parser.parse_args()
    with contextlib.ExitStack() as running:
        postgres = world.provided("quick" if asked.quick else "whole")
        running.callback(postgres.stop)
        told = environment({"DATABASE_URL": postgres.url(), "QUEUES_URL": "http://127.0.0.1:1/1/"})
        told |= {"SITE_URL": "http://127.0.0.1", "LOG_FORMAT": "json", "DJANGO_SETTINGS_MODULE": "mymovie.settings"}
        prepared(told)
        os.environ |= told
        django.setup()
        from accounts.models import User  # Django has to be told first where its settings are
        from tests.bench import pages
        from tests.bench.rounds import Bench

        servers = {
            "floor": running.enter_context(served("floor", "tests.bench.floor", told, "/hello")),
            "site": running.enter_context(served("site", "tests.bench.generous", told, "/healthz/ready")),
        }
        servers["fresh"] = running.enter_context(
            served("fresh", "tests.bench.generous", told | {"KEPT_PAGES_MB": "0"}, "/healthz/ready")
        )
        most = User.objects.get(handle="most")
        reader = pages.with_films(300)
        etag = urllib.request.urlopen(servers["site"].url(pages.wall(most))).headers["ETag"]
        wanted = [
            *pages.of_the_floor(most),
            *pages.of_walls(most, etag),
            *pages.of_people(reader, most),
            *pages.of_the_rest(most),
        ]
        wanted = [page for page in wanted if page.name == "hello" or re.search(asked.only, page.name)]
        bench = Bench(servers, postgres.part.process.pid, lambda: psycopg.connect(postgres.url()))
        found = bench.measure(
            wanted,
            rounds=asked.rounds or (2 if asked.quick else 5),
            seconds=1,
            report=lambda line: print(line, file=sys.stderr),
        )
        figures = {name: one.said() for name, one in found.items()}
    Path(folder.FOLDER / "bench.json").write_text(json.dumps(figures, indent=1))
    ceiling = figures["hello"]["cpu_ms"]
    print(
        f"{'page':28}{'CPU ms':>8}{'hellos':>8}{'server':>8}{'database':>9}{'1/s':>7}{'8/s':>7}{'p50':>8}{'p99':>8}{'SQL':>4}{'bytes':>9}"
    )
    for name, one in figures.items():
        print(
            f"{name:28}{one['cpu_ms']:8.3f}{one['cpu_ms'] / ceiling:8.1f}{one['server_cpu_ms']:8.3f}{one['database_cpu_ms']:9.3f}"
            f"{one['per_second_1']:7.0f}{one['per_second_8']:7.0f}{one['p50_ms']:8.2f}{one['p99_ms']:8.2f}{one['statements']:4}{one['bytes']:9,}"
        )


if __name__ == "__main__":
    main()
