"""The turns of a worker."""

import pytest
from django.db import connection

from movies.catalog import tmdb
from movies.diary.models import Entry, Viewing, Wish
from movies.imports import jobs, report, services
from movies.imports.models import Batch, Mention
from tests.movies.imports.conftest import letterboxd, taken, taken_back
from tests.movies.imports.test_whole_way import WHOLE

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    pass


def work_killed_before_each_statement(batch):
    """Says how often that was."""
    kills = 0
    while True:
        left = kills

        def kill(execute, sql, params, many, context):
            nonlocal left
            if "advisory" not in sql and "SAVEPOINT" not in sql:  # those of a process that is gone are, too
                left -= 1
                if left < 0:
                    raise Killed
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(kill):
                while jobs.advance(batch.pk):
                    pass
        except Killed:
            kills += 1
        else:
            batch.refresh_from_db()
            return kills


def test_killed_before_any_statement_it_goes_on_and_does_all_of_it_once(me, godfather, ring, put):
    batch = services.expect_file(owner=me)
    put(batch, letterboxd(**WHOLE))
    services.file_arrived(batch=batch)

    assert work_killed_before_each_statement(batch) > 5
    assert (batch.state, report.counts(batch)["new"], batch.rows.count()) == (Batch.State.READY, 8, 8)

    services.import_batch(batch=batch)
    assert work_killed_before_each_statement(batch) > 20
    assert (batch.state, report.counts(batch)["new"]) == (Batch.State.DONE, 8)
    assert (Entry.objects.get().score, Viewing.objects.count(), Wish.objects.count()) == (70, 2, 1)

    services.undo_import(batch=batch)
    assert work_killed_before_each_statement(batch) > 10
    assert batch.state == Batch.State.UNDONE
    assert not Entry.objects.of(me).exists()
    assert not Wish.objects.exists()


def test_what_went_wrong_is_forgotten_once_it_goes_on(me, ring, bring):
    batch = taken(bring(me, letterboxd(**WHOLE)))
    Batch.objects.filter(pk=batch.pk).update(state="failed", error="stalled", error_about="importing")
    batch.refresh_from_db()

    taken_back(batch)

    assert (batch.state, batch.error, batch.error_about) == (Batch.State.UNDONE, "", "")


def test_tmdbs_failing_at_one_film_keeps_no_other_from_being_asked_for(me, ring, bring, tmdb_server, monkeypatch):
    def ask(mention, *, language):
        if mention.named["title"] == "Broken":
            raise tmdb.Unavailable("TMDB failed")
        mention.state, mention.film, mention.reason = Mention.State.SURE, ring, ""

    monkeypatch.setattr("movies.imports.asking_tmdb.ask", ask)

    batch = bring(me, letterboxd(ratings="Name,Year,Letterboxd URI,Rating\nBroken,2001,u,4\nOther,2001,v,5\n"))

    assert [mention.reason for mention in batch.mentions.order_by("pk")] == ["tmdb_away", ""]
    assert report.counts(batch)["new"] == report.counts(batch)["doubtful"] == 1


def test_when_tmdb_wants_to_be_left_alone_it_is_asked_again_later(me, bring, tmdb_server, monkeypatch):
    def ask(mention, *, language):
        raise tmdb.RateLimited("slow down")

    monkeypatch.setattr("movies.imports.asking_tmdb.ask", ask)

    with pytest.raises(tmdb.RateLimited):
        bring(me, letterboxd(ratings="Name,Year,Letterboxd URI,Rating\nOther,2001,v,5\n"))

    assert Mention.objects.get().state == Mention.State.ASKING
    assert Batch.objects.get().state == Batch.State.MATCHING
