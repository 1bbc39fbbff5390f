"""A worker that is killed in the middle of a file of coming releases: a real process, on the local S3."""

import datetime

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from movies.catalog.models import Film
from movies.releases.jobs import take_sheet
from movies.releases.models import SheetRow
from tests.faults.conftest import kill, until
from tests.movies.releases.conftest import bucket, drop, sheet  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db(transaction=True)

COUNT, BATCH = 600, 20
TAKE = """
import django; django.setup()
from movies.releases import jobs
jobs.BATCH = {batch}
jobs.take_sheet({pk})
"""


def test_a_sheet_is_taken_once_though_workers_are_killed_in_the_middle(processes, sheet) -> None:  # noqa: F811
    day = timezone.localdate() + datetime.timedelta(days=60)
    waiting = sheet("".join(f"Film {n},,{day},,,cinema\n" for n in range(COUNT)))
    bucket_name = settings.STORAGES["incoming"]["OPTIONS"]["bucket_name"]
    environment = {"incoming_bucket": bucket_name, "django_settings_module": "mymovie.settings"}
    left_off = [0]

    for _ in range(3):
        process = processes("-c", TAKE.format(batch=BATCH, pk=waiting.pk), **environment)
        assert until(lambda: rows() > left_off[-1], seconds=30)
        kill(process)
        assert until(lambda: not is_claimed(), seconds=10)  # the database notices that the killed one is gone
        left_off.append(rows())
    between = Film.objects.count()
    take_sheet(waiting.pk)

    waiting.refresh_from_db()
    assert 0 < between < COUNT
    assert all(number % BATCH == 0 for number in left_off)
    assert (waiting.state, waiting.rows_done, waiting.outcomes) == ("done", COUNT, {"new": COUNT})
    assert Film.objects.count() == rows() == COUNT


def rows() -> int:
    return SheetRow.objects.count()


def is_claimed() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return cursor.fetchone()[0] > 0
