"""What is given out comes back: an archive, taken in by somebody else, gives them the same history."""

import datetime
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from accounts.models import User
from movies.diary.export import archive_of
from movies.diary.models import Entry, FilmListItem, Viewing, Wish
from movies.imports import report
from tests.factories import UserFactory
from tests.histories import Seen, histories, no_text, record, texts
from tests.movies.imports.conftest import taken

pytestmark = pytest.mark.django_db

LATEST = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)  # nothing was recorded in the future
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # three imports an example


@settings(
    max_examples=20,
    deadline=None,
    phases=UNSHRUNK,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(history=histories(texts(**no_text)))
def test_an_archive_gives_whoever_takes_it_in_an_equal_history(bring, history: list[Seen]) -> None:
    for seen in history:
        seen.has_ids = True
        seen.recorded_at = min(seen.recorded_at, LATEST)
    me, other = UserFactory(), UserFactory()
    record(me, history)
    if not any(not seen.is_deleted or seen.is_wished or seen.lists for seen in history):
        return

    with archive_of(me) as archive:
        batch = taken(bring(other, archive.read()))

    assert batch.state == "done", batch.error
    counts = report.counts(batch)
    assert counts["new"] + counts["same"] == batch.rows.count(), counts
    assert history_of(other) == history_of(me)
    with archive_of(me) as archive:
        again = taken(bring(other, archive.read()))
    assert report.counts(again)["same"] == again.rows.count()


def history_of(owner: User) -> dict[str, Any]:
    entries = Entry.objects.of(owner).order_by("film")
    return {
        "entries": [
            (
                *(entry.film_id, entry.score, entry.review, entry.memo, entry.tags, entry.is_liked, entry.visibility),
                entry.recorded_at,
                (entry.review_audience, entry.has_spoilers, entry.reviewed_at) if entry.review else None,
                viewings_of(entry),
            )
            for entry in entries
        ],
        "wishes": list(Wish.objects.filter(owner=owner).order_by("film").values_list("film", "wished_at")),
        "lists": sorted(
            FilmListItem.objects.filter(film_list__owner=owner).values_list(
                "film_list__name", "film_list__description", "film", "position", "note"
            )
        ),
    }


def viewings_of(entry: Entry) -> Counter[tuple[datetime.date | None, int | None]]:
    """Who has seen a film once, nobody knows when, may have a row for that or not."""
    seen = Counter(Viewing.objects.filter(entry=entry).values_list("watched_on", "score"))
    return Counter() if seen == Counter([(None, None)]) else seen
