"""100,000 rows through an import, on films that we have: `pytest -s tests/bench/imports.py`.

The work is done by a process of its own, as a worker's is. Prints seconds and memory of each step; TMDB has no part in it.
"""

import csv
import io
import os
import random
import re
import sys
from collections.abc import Callable
from subprocess import PIPE, run

import pytest
from django.conf import settings

from movies.catalog.models import Film
from movies.imports import report, services
from movies.imports.models import Batch
from mymovie.folding import search_text
from tests.bench.notes import note
from tests.factories import UserFactory
from tests.faults.conftest import BASE, url_of
from tests.movies.imports.conftest import put

__all__ = ["put"]

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, FILMS = 100_000, 40_000
WORKER = """
import re, sys, time, django
django.setup()
from movies.imports import jobs
from movies.imports.models import Batch
def memory(): return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) // 1024
print(f"at rest                       {memory():4} MB")
begun = time.monotonic()
while (batch := Batch.objects.select_related("owner").get(pk=int(sys.argv[1]))).is_at_work:
    state, step = Batch.State(batch.state), time.monotonic()
    jobs.STEPS[state](batch, step + jobs.LONGEST_TURN)
    print(f"{state:10} {time.monotonic() - step:6.1f} s   at most {memory():4} MB")
print(f"together   {time.monotonic() - begun:6.1f} s, {time.process_time():.1f} of them the worker's own")
"""


def test_a_hundred_thousand_rows(put: Callable[[Batch, bytes], None]) -> None:
    make_films()
    batch = services.expect_file(owner=UserFactory())
    put(batch, diary())
    services.file_arrived(batch=batch)

    worked = [work(batch)]
    services.import_batch(batch=batch)
    worked.append(work(batch))
    note("F12 import", sum(seconds for seconds, _megabytes in worked))
    note("F12 import memory", max(megabytes for _seconds, megabytes in worked))

    assert sum(report.counts(batch).values()) == report.counts(batch)["new"] == ROWS
    services.undo_import(batch=batch)
    work(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.UNDONE


def work(batch: Batch) -> tuple[float, int]:
    """Seconds that it took, and the most megabytes that it ever had."""
    environment = {
        "DATABASE_URL": url_of(settings.DATABASES["default"]),
        "DJANGO_SETTINGS_MODULE": "mymovie.settings",
        "QUEUES_URL": settings.QUEUES_URL,
    }
    done = run([sys.executable, "-c", WORKER, str(batch.pk)], cwd=BASE, env=os.environ | environment, stdout=PIPE)
    said = done.stdout.decode()
    print(said)
    assert done.returncode == 0
    seconds = float(re.findall(r"^together +([0-9.]+) s", said, re.MULTILINE)[0])
    return seconds, max(map(int, re.findall(r"(\d+) MB", said)))


def make_films() -> None:
    films = [
        Film(
            original_title=f"The Film of {n:x}",
            search_text=search_text(f"The Film of {n:x}"),
            world_on=f"{1920 + n % 100}-05-01",
            world_precision="day",
        )
        for n in range(FILMS)
    ]
    Film.objects.bulk_create(films, batch_size=5000)


def diary() -> bytes:
    rng = random.Random(7)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["Date", "Name", "Year", "Letterboxd URI", "Rating", "Rewatch", "Tags", "Watched Date"])
    for row in range(ROWS):
        n = int(FILMS * rng.random() ** 2)
        day = f"{rng.randrange(2000, 2026)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}"
        uri = f"https://boxd.it/{row:x}"
        writer.writerow([day, f"The Film of {n:x}", 1920 + n % 100, uri, rng.choice(["", "3.5", "5"]), "", "", day])
    return text.getvalue().encode()
