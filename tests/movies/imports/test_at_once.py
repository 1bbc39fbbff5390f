"""An import and its owner at the same film in the same moment."""

import threading
import time

import pytest
from django.db import connection, transaction

from movies.diary.models import Entry, Wish
from movies.diary.services import wall_shows_anew
from movies.imports import services
from movies.imports.models import Batch
from tests.factories import EntryFactory
from tests.movies.imports.conftest import letterboxd, work

pytestmark = pytest.mark.django_db(transaction=True)

FILMS = "Date,Name,Year,Letterboxd URI\n"
RING = "2024-01-02,Ring,1998,https://boxd.it/r\n"
GODFATHER = "2024-01-02,The Godfather,1972,https://boxd.it/f\n"


@pytest.fixture
def beside():
    """Do something in a thread of its own; what it raises is raised when it is waited for."""
    failed = []

    def beside(act):
        def run():
            try:
                act()
            except Exception as error:
                failed.append(error)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    yield beside
    assert failed == []


def until_somebody_waits():
    """For a lock."""
    ends_at = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < ends_at:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    pytest.fail("nobody waits")


def test_what_its_owner_records_meanwhile_is_written_upon(me, ring, godfather, bring, beside):
    batch = bring(me, letterboxd(watched=FILMS + RING, watchlist=FILMS + GODFATHER))
    services.import_batch(batch=batch)

    with transaction.atomic():
        entry = EntryFactory(owner=me, film=ring)  # the first that whoever records does, and the last
        importing = beside(lambda: work(batch))
        until_somebody_waits()
        wall_shows_anew(owner_id=me.pk, is_public=True)
    importing.join(30)

    batch.refresh_from_db()
    assert batch.state == Batch.State.DONE
    assert Entry.objects.get() == entry
    assert Wish.objects.get().film == godfather
