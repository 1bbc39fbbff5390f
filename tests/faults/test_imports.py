"""Imports whose worker is killed again and again, that are brought four times at once, or that nobody goes on with."""

import datetime
import threading

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from movies.diary.models import Entry, Viewing
from movies.imports import report, services, watching
from movies.imports.models import Batch, Row
from mymovie.outbox.models import Message
from tests.factories import BatchFactory, UserFactory
from tests.faults.conftest import kill, until
from tests.faults.figures import Note
from tests.faults.serving import IS_WHOLE
from tests.movies.imports.conftest import bring, put, taken, work  # noqa: F401 - fixtures
from tests.movies.imports.naming import film

pytestmark = pytest.mark.django_db(transaction=True)

ROWS, FILMS = (100_000, 997) if IS_WHOLE else (2_000, 150)
DAYS = 5_801
"""So many follow each other before they begin anew: of each film none comes twice."""
HEADINGS = "title,year,rating,watched_on,review\n"
COLUMNS = {
    "title": "title",
    "year": "year",
    "score": "rating",
    "watched_on": "watched_on",
    "review": "review",
    "scale": "10",
}
BAD = [
    "Film 1,19x5,8,2020-01-01,",
    "Film 2,2001,eleven,2020-01-01,",
    "Film 3,2001,8,2020-13-45,",
    ',2001,8,2020-01-01,"',
]
WORK = """
import django; django.setup()
from movies.imports import jobs, reading
reading.CHUNK, jobs.FILMS, jobs.MENTIONS = 40, 5, 20
while jobs.advance({pk}): pass
"""


def test_nothing_is_lost_or_doubled_when_workers_are_killed(processes, put, note: Note) -> None:  # noqa: F811
    """Three times while it is read and weighed, three times while it is written."""
    owner = UserFactory()
    for n in range(FILMS):
        film(f"The {n}th Film of All", 2001)
    batch = begun(owner, put, mixed())

    services.answer(batch=batch, answers={"columns": COLUMNS, "date_order": "ymd"})
    killed(processes, batch, lambda: Row.objects.filter(batch=batch).count())
    assert Entry.objects.count() == 0
    services.import_batch(batch=batch)
    killed(processes, batch, Entry.objects.count)

    counts = report.counts(batch)
    for outcome in ("new", "rejected", "duplicate"):
        note("R19", f"{outcome}, of {ROWS:,} rows, with 6 workers killed", counts.get(outcome, 0))
    assert batch.state == Batch.State.DONE
    assert sum(counts.values()) == ROWS == batch.rows.count()
    assert counts["rejected"] == 37 * ROWS // 100
    assert counts["waiting"] == counts["kept"] == 0
    assert Row.objects.filter(batch=batch, is_done=False, outcome__in=["new", "changed"]).count() == 0
    assert Entry.objects.count() == len({(row.mention_id) for row in batch.rows.filter(outcome="new")})
    assert Viewing.objects.count() == counts["new"]


def killed(processes, batch: Batch, count) -> None:
    bucket = settings.STORAGES["incoming"]["OPTIONS"]["bucket_name"]
    environment = {"incoming_bucket": bucket, "django_settings_module": "mymovie.settings"}
    for _ in range(3):
        before = count()
        process = processes("-c", WORK.format(pk=batch.pk), **environment)
        until(lambda before=before, process=process: count() > before or process.poll() is not None, seconds=30)
        kill(process)
        assert until(lambda: not is_claimed(), seconds=10)
    work(batch)


def test_the_same_file_four_times_at_once_makes_nothing_twice(put, bring) -> None:  # noqa: F811
    owner = UserFactory()
    for n in range(30):
        film(f"The {n}th Film of All", 2001)
    rows = "".join(f"The {n % 30}th Film of All,2001,8,2020-01-{1 + n // 30:02},\n" for n in range(120))
    batches = [bring(owner, HEADINGS + rows, columns=COLUMNS, date_order="ymd") for _ in range(4)]
    assert [report.counts(batch)["new"] for batch in batches] == [120] * 4

    threads = [threading.Thread(target=in_a_connection, args=(batch,)) for batch in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Entry.objects.count(), Viewing.objects.count()) == (30, 120)
    told = [report.counts(batch) for batch in batches]
    assert sum(counts["new"] for counts in told) == 120
    assert sum(counts["same"] for counts in told) == 360


def in_a_connection(batch: Batch) -> None:
    try:
        taken(batch)
    finally:
        connection.close()


def test_what_does_not_go_on_is_woken_and_after_a_while_given_up_with_the_reason(own_queues) -> None:
    long_ago = timezone.now() - 2 * watching.STILL_FOR
    batch = BatchFactory(state=Batch.State.IMPORTING)

    for attempt in range(watching.MOST_ATTEMPTS + 1):
        Message.objects.all().delete()
        Batch.objects.update(progress_at=long_ago)
        watching.wake()
        batch.refresh_from_db()
        assert Message.objects.count() == (attempt < watching.MOST_ATTEMPTS)

    assert (batch.state, batch.error) == (Batch.State.FAILED, "stalled")
    services.start_again(batch=batch)
    assert work(batch).state == Batch.State.DONE


def test_what_goes_on_is_left_alone() -> None:
    BatchFactory(state=Batch.State.IMPORTING, progress_at=timezone.now() - datetime.timedelta(minutes=4))

    assert watching.wake() == 0


def begun(owner, put, content: str) -> Batch:  # noqa: F811
    batch = services.expect_file(owner=owner)
    put(batch, content.encode())
    services.file_arrived(batch=batch)
    return work(batch)


def mixed() -> str:
    """37 rows of a hundred are bad; the others are viewings of films that we have, each on a day of its own."""
    rows = []
    for n in range(ROWS):
        if n % 100 < 37:
            rows.append(BAD[n % len(BAD)])
        else:
            day = datetime.date(2010, 1, 1) + datetime.timedelta(days=n % DAYS)
            rows.append(f"The {n % FILMS}th Film of All,2001,{n % 11},{day},")
    return HEADINGS + "\n".join(rows) + "\n"


def is_claimed() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        return cursor.fetchone()[0] > 0
