"""What an import writes, beside what its owner and others write meanwhile."""

import datetime

import pytest

from movies.diary.merging import merge_films
from movies.diary.models import Entry, FilmList, Wish
from movies.imports import jobs, report
from movies.imports.models import Mention
from tests.factories import UserFactory
from tests.movies.imports.conftest import film, letterboxd, taken

pytestmark = pytest.mark.django_db

FILMS = "Date,Name,Year,Letterboxd URI\n"
RING = "2024-01-02,Ring,1998,https://boxd.it/r\n"


def test_a_row_that_is_refused_does_not_keep_back_what_others_say_of_the_film(me, ring, bring):
    batch = taken(bring(me, letterboxd(likes__films=FILMS + RING, watchlist=FILMS + RING)))

    assert Wish.objects.filter(owner=me, film=ring).exists()
    assert {row.outcome: row.is_done for row in batch.rows.all()} == {"rejected": False, "new": True}


def test_where_the_watchlist_is_full_only_the_wish_is_refused(me, ring, bring, monkeypatch):
    monkeypatch.setattr("movies.imports.writing.MOST_WISHES", 0)
    above = "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2024-01-01,Best,,https://boxd.it/l,\n\n"
    listed = above + "Position,Name,Year,URL,Description\n1,Ring,1998,https://boxd.it/r,\n"

    batch = taken(bring(me, letterboxd(watchlist=FILMS + RING, lists__best=listed)))

    assert FilmList.objects.get().items.count() == 1
    assert dict(batch.rows.values_list("part", "outcome")) == {
        "letterboxd.watchlist": "rejected",
        "letterboxd.list": "new",
    }


def test_a_film_that_is_forgotten_before_the_import_is_in_doubt_again(me, ring, bring):
    batch = bring(me, letterboxd(watched=FILMS + RING))
    ring.delete()

    taken(batch)

    assert report.counts(batch)["doubtful"] == 1
    assert batch.mentions.get().state == Mention.State.DOUBTFUL


def test_a_film_that_is_merged_at_the_last_moment_is_the_one_that_was_kept(me, ring, bring, monkeypatch):
    into = film("Ringu", datetime.date(1998, 1, 31))
    batch = bring(me, letterboxd(watched=FILMS + RING))
    make_films = jobs.make_films

    def and_merged_then(batch):
        make_films(batch)
        merge_films(actor=UserFactory(is_staff=True), film=ring, into=into, reason="the same")

    monkeypatch.setattr(jobs, "make_films", and_merged_then)
    taken(batch)

    assert Entry.objects.get().film == into
