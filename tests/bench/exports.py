"""A hundred thousand entries, each seen twice, on their way out: `pytest -s tests/bench/exports.py`.

Each export is made by a process of its own, whose memory is looked at before and after.
"""

import os
import subprocess
import sys

import pytest
from django.db import connection
from pytest_django import Settings

from tests.factories import UserFactory
from tests.faults.conftest import BASE, url_of

pytestmark = pytest.mark.django_db(transaction=True)

ENTRIES = 100_000
MOST_MEMORY = 32  # MB, beyond what Django itself takes
SEED = """
    INSERT INTO movies_film (original_title, original_language, title_ja, title_en, title_kana, overview_ja, overview_en,
        country, poster_path, world_on, world_precision, japan_precision, fame, unverified, search_text, changed_at,
        tmdb_id)
    SELECT 'Film ' || n, 'en', '映画 ' || n, '', '', repeat('あ', 300), repeat('a', 600), '', '', '2000-01-01', 'year', '', 0,
        '{}', '', now(), n FROM generate_series(1, %(entries)s) AS n;
    INSERT INTO movies_person (name, name_ja) VALUES ('Director', '');
    INSERT INTO movies_credit (film_id, person_id, job, character, position)
    SELECT movies_film.id, movies_person.id, 'director', '', 0 FROM movies_film, movies_person;
    INSERT INTO movies_entry (owner_id, film_id, score, visibility, review, memo, tags, recorded_at)
    SELECT %(owner)s, id, id %% 101, 'public', repeat('よかった。', 20), 'a note', '{a, b}', now() FROM movies_film;
    INSERT INTO movies_viewing (entry_id, watched_on, submission, created_at)
    SELECT id, date '2000-01-01' + (id %% 9000)::int + n, gen_random_uuid(), now()
    FROM movies_entry, generate_series(1, 2) AS n;
    ANALYZE;
"""
EXPORT = """
import django, time
django.setup()
from accounts.models import User
from {module} import {function}

def megabytes():  # resource.ru_maxrss would begin with what the process that started this one has
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM")) / 1024

user = User.objects.get()
before, began = megabytes(), time.monotonic()
made = {function}(user)
file = getattr(made, "file", made)
took = time.monotonic() - began
print(file.seek(0, 2), took, before, megabytes())
"""


@pytest.mark.parametrize(
    ("module", "function"),
    [("movies.diary.export", "archive_of"), ("movies.diary.letterboxd_export", "letterboxd_of")],
)
def test_an_export(settings: Settings, module: str, function: str) -> None:
    owner = UserFactory()
    with connection.cursor() as cursor:
        cursor.execute(SEED, {"entries": ENTRIES, "owner": owner.pk})

    size, took, before, after = exported(settings, module, function)

    print(f"\n{function}: {ENTRIES:,} entries, {2 * ENTRIES:,} viewings: {size / 2**20:.1f} MB in {took:.1f} s")
    print(f"  at most {after:.0f} MB of memory, {after - before:.0f} MB of it for the export")
    assert after - before < MOST_MEMORY


def exported(settings: Settings, module: str, function: str) -> list[float]:
    """Bytes of the file, seconds, and how many MB the process had at most, before and after."""
    said = subprocess.run(
        [sys.executable, "-c", EXPORT.format(module=module, function=function)],
        cwd=BASE,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "mymovie.settings",
            "DATABASE_URL": url_of(settings.DATABASES["default"]),
        },
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return [float(figure) for figure in said.stdout.split()]
