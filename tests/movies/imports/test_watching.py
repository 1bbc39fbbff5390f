"""What nobody goes on with: files that arrived unannounced, files that never came, dry runs that were forgotten."""

import datetime

import pytest
from django.utils import timezone

from movies.imports import incoming, services, watching
from movies.imports.models import Batch, Mention
from tests.factories import BatchFactory, MentionFactory, UserFactory

pytestmark = pytest.mark.django_db

State = Batch.State


def aged(batch: Batch, **age: float) -> Batch:
    then = timezone.now() - datetime.timedelta(**age)
    Batch.objects.filter(pk=batch.pk).update(created_at=then, progress_at=then)
    return batch


def test_a_file_whose_owner_went_away_is_read_all_the_same(put) -> None:
    batch = aged(services.expect_file(owner=UserFactory()), minutes=6)
    put(batch, b"title\nRan\n")

    watching.look_for_files()

    batch.refresh_from_db()
    assert (batch.state, batch.size) == (State.READING, 10)


def test_a_file_that_never_came_is_no_longer_expected_after_a_day() -> None:
    aged(BatchFactory(), days=1.1)
    late = aged(BatchFactory(), hours=23)

    watching.look_for_files()

    assert Batch.objects.get() == late


@pytest.mark.parametrize("state", [State.READY, State.ASKING])
def test_a_dry_run_that_nobody_goes_on_with_ends_after_a_month(state) -> None:
    aged(BatchFactory(state=state), days=31)
    kept = aged(BatchFactory(state=state), days=29)
    done = aged(BatchFactory(state=State.DONE), days=400)

    watching.look_for_files()

    assert set(Batch.objects.all()) == {kept, done}


def test_what_tmdb_told_of_films_that_were_never_chosen_is_forgotten_after_half_a_year() -> None:
    told = {"candidates": [{"tmdb_id": 1, "title": "Ran"}], "state": Mention.State.DOUBTFUL}
    old = MentionFactory(batch=aged(BatchFactory(state=State.DONE), days=181), **told)
    new = MentionFactory(batch=aged(BatchFactory(state=State.DONE), days=179), **told)

    watching.look_for_files()

    assert Mention.objects.get(pk=old.pk).candidates == []
    assert Mention.objects.get(pk=new.pk).candidates == told["candidates"]


def test_a_file_that_is_not_wanted_any_more_is_deleted_where_it_lies(put, django_capture_on_commit_callbacks) -> None:
    batch = services.expect_file(owner=UserFactory())
    put(batch, b"title\nRan\n")

    with django_capture_on_commit_callbacks(execute=True):
        services.discard(batch=batch)

    assert incoming.size_of(batch.stored_as) is None


def test_when_tmdb_is_away_for_long_the_rest_goes_on() -> None:
    batch = aged(BatchFactory(state=State.MATCHING, attempts=watching.MOST_ATTEMPTS), minutes=6)
    asking = MentionFactory(batch=batch, state=Mention.State.ASKING)

    watching.wake()

    asking.refresh_from_db()
    assert (asking.state, asking.reason) == (Mention.State.DOUBTFUL, "tmdb_away")


def test_who_still_chooses_films_has_not_gone_away() -> None:
    mention = MentionFactory(batch=aged(BatchFactory(state=State.READY), days=31), state=Mention.State.DOUBTFUL)
    services.leave_out(mention=mention)

    watching.look_for_files()

    assert Batch.objects.get() == mention.batch


def test_one_that_is_thrown_away_in_this_very_moment_keeps_no_other_waiting(put, monkeypatch) -> None:
    thrown_away, waiting = (aged(services.expect_file(owner=UserFactory()), minutes=6) for _ in range(2))
    put(waiting, b"title\nRan\n")
    file_arrived = services.file_arrived

    def arrived(*, batch: Batch) -> Batch:
        if batch == thrown_away:
            put(batch, b"title\nRan\n")
            Batch.objects.filter(pk=batch.pk).delete()
        return file_arrived(batch=batch)

    monkeypatch.setattr(watching, "file_arrived", arrived)
    watching.look_for_files()

    waiting.refresh_from_db()
    assert waiting.state == State.READING
