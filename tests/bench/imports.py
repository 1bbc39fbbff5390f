"""100,000 rows through an import, on films that we have: `pytest -s tests/bench/imports.py`.

Prints seconds and memory of each step; TMDB has no part in it.
"""

import csv
import io
import random
import resource
import time

import pytest

from movies.catalog.models import Film
from movies.imports import jobs, services
from movies.imports.models import Batch
from mymovie.folding import search_text
from tests.factories import UserFactory
from tests.movies.imports.conftest import put

__all__ = ["put"]

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, FILMS = 100_000, 40_000


def test_a_hundred_thousand_rows(put) -> None:
    films = [
        Film(original_title=f"The Film of {n:x}", world_on=f"{1920 + n % 100}-05-01", world_precision="day")
        for n in range(FILMS)
    ]
    for film in films:
        film.search_text = search_text(film.original_title)
    Film.objects.bulk_create(films, batch_size=5000)
    me = UserFactory()
    batch = services.expect_file(owner=me)
    put(batch, diary())
    services.file_arrived(batch=batch)
    begun = time.monotonic()
    cpu = time.process_time()
    dry = steps(batch)
    services.import_batch(batch=batch)
    steps(batch)
    took = time.monotonic() - begun
    print(f"whole   {took:6.1f} s   {time.process_time() - cpu:6.1f} s of CPU   {memory():4.0f} MB at most")
    services.undo_import(batch=batch)
    steps(batch)
    batch.refresh_from_db()
    assert dry
    assert batch.state == Batch.State.UNDONE
    assert batch.rows.count() == ROWS


def steps(batch: Batch) -> bool:
    while True:
        batch.refresh_from_db()
        state, begun = Batch.State(batch.state), time.monotonic()
        if not batch.is_at_work:
            return True
        batch = Batch.objects.select_related("owner").get(pk=batch.pk)
        jobs.STEPS[state](batch, begun + 600)
        print(f"{state:10} {time.monotonic() - begun:6.1f} s   {memory():4.0f} MB")


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
