"""From a file to the wall and back."""

import datetime

import pytest
from django.utils import timezone

from accounts.models import User, Visibility
from movies.diary.jobs import purge_deleted
from movies.diary.models import UNDO_FOR, Entry, FilmList, Viewing, Wish
from movies.diary.services import change_entry, delete_entry, redate_viewing, remove_viewing
from movies.imports import report
from movies.imports.models import Batch, Change, Row
from tests.factories import EntryFactory, UserFactory, ViewingFactory, WishFactory
from tests.movies.imports.conftest import letterboxd, taken, taken_back

pytestmark = pytest.mark.django_db

DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
DAY = datetime.date(2025, 2, 24)


WHOLE = {
    "diary": DIARY
    + '2025-03-01,The Godfather,1972,https://boxd.it/b,4.5,Yes,"mafia, classic",2025-02-24\n'
    + "2020-01-02,The Godfather,1972,https://boxd.it/a,4,,,2020-01-01\n",
    "reviews": "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
    + '2025-03-01,The Godfather,1972,https://boxd.it/b,4.5,Yes,"Better\nstill.",,2025-02-24\n',
    "ratings": "Date,Name,Year,Letterboxd URI,Rating\n2025-03-02,The Godfather,1972,https://boxd.it/f,3.5\n",
    "watched": "Date,Name,Year,Letterboxd URI\n2020-01-02,The Godfather,1972,https://boxd.it/f\n",
    "likes__films": "Date,Name,Year,Letterboxd URI\n2020-01-02,The Godfather,1972,https://boxd.it/f\n",
    "watchlist": "Date,Name,Year,Letterboxd URI\n2024-01-02,Ring,1998,https://boxd.it/r\n",
    "lists__best": 'Letterboxd list export v7\nDate,Name,Tags,URL,Description\n2024-01-01,Best,,https://boxd.it/l,"All\ntime"\n\n'
    + "Position,Name,Year,URL,Description\n1,The Godfather,1972,https://boxd.it/f,Why not\n",
}


def test_a_dry_run_writes_nothing_and_says_what_would_come(me, godfather, ring, bring):
    batch = bring(me, letterboxd(**WHOLE))

    assert batch.state == Batch.State.READY
    assert (report.counts(batch)["new"], batch.rows.count()) == (8, 8)
    assert not Entry.objects.exists()
    assert not Wish.objects.exists()
    assert not Change.objects.exists()


def test_what_a_letterboxd_archive_means_is_kept(me, godfather, ring, bring):
    taken(bring(me, letterboxd(**WHOLE)))

    entry = Entry.objects.get(owner=me, film=godfather)
    assert (entry.score, entry.review, entry.tags, entry.is_liked) == (70, "Better\nstill.", ["mafia", "classic"], True)
    viewings = list(entry.viewings.order_by("pk").values_list("watched_on", "score"))
    assert viewings == [(datetime.date(2020, 1, 1), 80), (DAY, 90)]
    assert entry.watched_on == DAY
    assert entry.recorded_at.date() == datetime.date(2020, 1, 2)
    assert entry.imported_rows.count() == 7
    assert Wish.objects.get(owner=me).film == ring
    assert FilmList.objects.get(owner=me).items.get().note == "Why not"


def test_the_same_file_again_changes_nothing(me, godfather, ring, bring):
    taken(bring(me, letterboxd(**WHOLE)))
    revision = User.objects.get(pk=me.pk).wall_revision

    again = taken(bring(me, letterboxd(**WHOLE)))

    assert report.counts(again)["same"] == again.rows.count()
    assert not again.changes.exists()
    assert User.objects.get(pk=me.pk).wall_revision == revision
    assert Viewing.objects.count() == 2


def test_a_newer_file_adds_what_is_new(me, godfather, ring, bring):
    taken(bring(me, letterboxd(**WHOLE)))
    newer = WHOLE | {"diary": WHOLE["diary"] + "2026-01-01,The Godfather,1972,https://boxd.it/c,5,Yes,,2026-01-01\n"}

    batch = taken(bring(me, letterboxd(**newer)))

    assert report.counts(batch)["new"] == 1
    assert Viewing.objects.count() == 3


def test_what_its_owner_wrote_stays_and_they_are_told(me, godfather, bring):
    EntryFactory(owner=me, film=godfather, score=90)

    batch = taken(bring(me, letterboxd(ratings=WHOLE["ratings"])))

    assert report.counts(batch)["kept"] == 1
    assert Entry.objects.get().score == 90


def test_what_its_owner_wrote_can_be_overruled(me, godfather, bring):
    EntryFactory(owner=me, film=godfather, score=90)
    batch = taken(bring(me, letterboxd(ratings=WHOLE["ratings"])))

    taken(batch, overwrites=True)

    assert Entry.objects.get().score == 70


def test_what_was_changed_since_an_import_stays_when_the_file_comes_again(me, godfather, ring, bring):
    taken(bring(me, letterboxd(**WHOLE)))
    entry = Entry.objects.get()
    change_entry(entry=entry, changes={"score": 71})
    first, last = entry.viewings.order_by("pk")
    redate_viewing(viewing=first, watched_on=datetime.date(2020, 1, 5))
    remove_viewing(viewing=last)
    Wish.objects.all().delete()

    batch = taken(bring(me, letterboxd(**WHOLE)))

    assert Entry.objects.get().score == 71
    assert list(entry.viewings.values_list("watched_on", flat=True)) == [datetime.date(2020, 1, 5)]
    assert not Wish.objects.exists()
    assert report.counts(batch)["kept"] == 4
    assert not batch.changes.exists()


def test_an_entry_that_was_deleted_since_does_not_come_back(me, godfather, ring, bring):
    taken(bring(me, letterboxd(**WHOLE)))
    delete_entry(entry=Entry.objects.get())

    taken(bring(me, letterboxd(**WHOLE)))

    assert not Entry.objects.filter(deleted_at=None).exists()


def test_an_import_is_taken_back_whole(me, godfather, ring, bring):
    batch = taken(bring(me, letterboxd(**WHOLE)))

    taken_back(batch)

    assert batch.state == Batch.State.UNDONE
    assert not Entry.objects.of(me).exists()
    assert not Wish.objects.exists()
    assert not FilmList.objects.exists()
    assert User.objects.get(pk=me.pk).films_shown == 0


def test_what_was_there_before_is_there_again_after_an_undo(me, godfather, ring, bring):
    entry = EntryFactory(owner=me, film=godfather, tags=["old"])
    ViewingFactory(entry=entry, watched_on=DAY)
    WishFactory(owner=me, film=ring, reminds_of_digital=True)
    files = WHOLE | {"watched": WHOLE["watched"] + "2020-01-02,Ring,1998,https://boxd.it/r\n", "watchlist": ""}
    del files["watchlist"]
    batch = taken(bring(me, letterboxd(**files)))
    assert (Entry.objects.get(pk=entry.pk).score, Wish.objects.count()) == (70, 0)

    taken_back(batch)

    entry.refresh_from_db()
    assert (entry.score, entry.review, entry.tags, entry.is_liked, entry.deleted_at) == (None, "", ["old"], False, None)
    assert list(entry.viewings.values_list("watched_on", "score")) == [(DAY, None)]
    assert Wish.objects.get().reminds_of_digital


def test_later_edits_outlast_an_undo(me, godfather, ring, bring):
    batch = taken(bring(me, letterboxd(**WHOLE)))
    entry = Entry.objects.get()
    change_entry(entry=entry, changes={"score": 71})

    taken_back(batch)

    entry.refresh_from_db()
    assert (entry.score, entry.review, entry.deleted_at) == (71, "", None)
    assert not entry.viewings.exists()


def test_what_was_taken_back_can_be_imported_again(me, godfather, ring, bring):
    batch = taken(bring(me, letterboxd(**WHOLE)))
    taken_back(batch)

    taken(batch)

    assert Entry.objects.of(me).get().score == 70
    assert Viewing.objects.filter(entry__deleted_at=None).count() == 2


def test_an_undo_and_the_same_file_again_bring_it_all_back(me, godfather, ring, bring):
    taken_back(taken(bring(me, letterboxd(**WHOLE))))

    taken(bring(me, letterboxd(**WHOLE)))

    assert Entry.objects.of(me).get().score == 70


def test_new_entries_are_seen_by_whom_their_owner_shows_new_entries_to(godfather, bring):
    me = UserFactory(default_visibility=Visibility.FOLLOWERS)

    taken(bring(me, letterboxd(ratings=WHOLE["ratings"])))

    assert Entry.objects.get().visibility == Visibility.FOLLOWERS


def test_all_rows_are_accounted_for(me, godfather, bring):
    rows = "2025-03-02,The Godfather,1972,u,3.5\n2025-03-02,The Godfather,1972,u,nine\n2025-03-02,Nobody Knows This,2030,u,1\n,,,,3\n"
    batch = taken(bring(me, letterboxd(ratings="Date,Name,Year,Letterboxd URI,Rating\n" + rows)))

    counts = report.counts(batch)
    assert (counts["new"], counts["rejected"], counts["doubtful"]) == (1, 2, 1)
    assert sum(counts.values()) == batch.rows.count() == 4
    bad = batch.rows.filter(outcome=Row.Outcome.REJECTED).order_by("number").first()
    assert (bad.file, bad.line, bad.column, bad.value, bad.reason) == (
        "ratings.csv",
        3,
        "Rating",
        "nine",
        "not_a_score",
    )


def test_nor_does_one_of_which_nothing_is_left(me, godfather, ring, bring):
    taken(bring(me, letterboxd(**WHOLE)))
    Entry.objects.update(deleted_at=timezone.now() - UNDO_FOR)
    purge_deleted()
    assert not Entry.objects.exists()

    batch = taken(bring(me, letterboxd(**WHOLE)))

    assert not Entry.objects.exists()
    assert report.counts(batch)["kept"] == 6


def test_what_was_rejected_is_mended_and_brought_again(me, godfather, ring, bring):
    rows = "2025-03-02,The Godfather,1972,u,nine\n2025-03-02,Ring,1998,u,5\n"
    batch = taken(bring(me, letterboxd(ratings="Date,Name,Year,Letterboxd URI,Rating\n" + rows)))
    given_back = b"".join(report.rejects_csv(batch)).decode("utf-8-sig")
    assert "ratings.csv,2,Rating,nine,0〜5の点数ではありません。" in given_back

    again = taken(bring(me, given_back.replace("1972,nine", "1972,4.5")))

    assert (again.format, report.counts(again)["new"]) == ("rejects", 1)
    assert Entry.objects.get(film=godfather).score == 90


def test_an_import_form_says_what_the_archive_said(me, godfather, ring, bring):
    """The same history in another format adds nothing to it."""
    taken(bring(me, letterboxd(diary=WHOLE["diary"])))
    form = "Title,Year,Rating10,WatchedDate,Rewatch,Tags,Review\n"
    form += 'The Godfather,1972,8,2020-01-01,,,\nThe Godfather,1972,9,2025-02-24,Yes,"mafia, classic",\n'

    batch = taken(bring(me, form))

    assert report.counts(batch)["same"] == 2
    assert Viewing.objects.count() == 2


def test_a_film_that_only_tmdb_has_is_asked_for_once_whatever_file_names_it(me, bring, tmdb_server):
    filmarks = "\ufeffTitle,Rating,Review,URL\n千と千尋の神隠し(2001年製作の映画),3.7,,https://filmarks.com/movies/1\n"

    batch = taken(bring(me, filmarks))

    entry = Entry.objects.get()
    assert (entry.film.tmdb_id, entry.score) == (129, 74)
    assert [call.path for call in tmdb_server.calls] == ["search/movie"]
    movary = "title,year,tmdbId,imdbId,watchedAt,comment,location\n千と千尋の神隠し,2001,129,tt0245429,2025-01-03,,\n"
    assert report.counts(taken(bring(me, movary)))["new"] == 1
    assert len(tmdb_server.calls) == 1
    assert batch.mentions.get().film == entry.film
