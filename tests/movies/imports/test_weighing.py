"""What several rows, and several files, say of one film."""

import pytest

from movies.diary import letterboxd_export
from movies.diary.letterboxd_export import letterboxd_of
from movies.diary.models import Entry
from movies.diary.services import remove_viewing
from movies.imports import report, services
from movies.imports.models import Mention
from tests.factories import EntryFactory, UserFactory
from tests.movies.imports.conftest import letterboxd, taken

pytestmark = pytest.mark.django_db

HEADINGS = ("title", "year", "score", "review")
COLUMNS = {name: name for name in HEADINGS} | {"scale": "100"}
RATED = "Date,Name,Year,Letterboxd URI,Rating\n2025-03-02,The Godfather,1972,https://boxd.it/f,3.5\n"
REVIEWS = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Review,Tags,Watched Date\n"
FIRST = "2020-01-02,The Godfather,1972,https://boxd.it/a,4,,First.,,2020-01-01\n"
SECOND = "2021-01-02,The Godfather,1972,https://boxd.it/b,5,Yes,Second.,,2021-13-01\n"
BOTH = "First.\n\nSecond."


@pytest.fixture
def plain(bring):
    def plain(owner, *rows):
        return taken(bring(owner, "\n".join([",".join(HEADINGS), *rows]), columns=COLUMNS))

    return plain


def test_a_mended_row_adds_to_what_the_others_of_its_file_have_said(me, godfather, bring):
    batch = taken(bring(me, letterboxd(ratings=RATED, reviews=REVIEWS + FIRST + SECOND)))
    mended = b"".join(report.rejects_csv(batch)).replace(b"2021-13-01", b"2021-12-01")

    taken(bring(me, mended))
    again = taken(bring(me, mended))

    entry = Entry.objects.get()
    assert (entry.score, entry.review, entry.viewings.count()) == (70, BOTH, 2)
    assert not again.changes.exists()


def test_a_film_that_is_chosen_late_adds_to_what_the_other_rows_have_said(me, godfather, plain):
    batch = plain(me, "The Godfather,1972,,First.", "Godfthr,1972,,Second.")

    services.pick(mention=batch.mentions.get(state=Mention.State.DOUBTFUL), film=godfather)

    assert Entry.objects.get().review == BOTH


def test_another_service_adds_its_words_and_keeps_back_its_score(me, godfather, bring, plain):
    theirs = letterboxd(ratings=RATED, reviews=REVIEWS + FIRST)
    taken(bring(me, theirs))

    plain(me, "The Godfather,1972,90,Second.")
    again = [taken(bring(me, theirs)), plain(me, "The Godfather,1972,90,Second.")]

    entry = Entry.objects.get()
    assert (entry.score, entry.review) == (70, BOTH)
    assert not any(batch.changes.exists() for batch in again)


def test_a_later_file_of_the_same_service_says_what_is_written_now(me, godfather, plain):
    plain(me, "The Godfather,1972,70,First.")

    plain(me, "The Godfather,1972,80,Better.")

    entry = Entry.objects.get()
    assert (entry.score, entry.review) == (80, "Better.")


def test_what_overrules_at_last_is_all_that_the_file_says(me, godfather, bring):
    files = letterboxd(ratings=RATED, reviews=REVIEWS + FIRST)
    taken(bring(me, files))
    remove_viewing(viewing=Entry.objects.get().viewings.get())
    batch = taken(bring(me, files))

    taken(batch, overwrites=True)

    entry = Entry.objects.get()
    assert (entry.score, entry.review, entry.viewings.count()) == (70, "First.", 1)


def test_it_overrules_too_what_stands_there_beside_something_new(me, godfather, bring):
    EntryFactory(owner=me, film=godfather, review="Mine.")
    batch = taken(bring(me, letterboxd(reviews=REVIEWS + FIRST)))
    assert Entry.objects.get().review == "Mine."

    taken(batch, overwrites=True)

    assert Entry.objects.get().review == "First."
    assert report.counts(batch)["changed"] == 1


DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
ONCE = "2020-01-02,The Godfather,1972,https://boxd.it/a,4,,,2020-01-01\n"
AGAIN = "2021-01-02,The Godfather,1972,https://boxd.it/b,5,Yes,,2021-01-01\n"


def test_a_viewings_score_does_not_take_the_place_of_the_films(me, godfather, bring):
    taken(bring(me, letterboxd(diary=DIARY + ONCE + AGAIN, ratings=RATED)))

    for diary in (letterboxd(diary=DIARY + ONCE + AGAIN), letterboxd_of(me).file.read()):
        batch = taken(bring(me, diary))
        assert Entry.objects.get().score == 70
        assert dict(batch.rows.values_list("number", "outcome")) == {1: "same", 2: "kept"}


def test_it_does_that_of_an_earlier_viewing(me, godfather, bring):
    taken(bring(me, letterboxd(diary=DIARY + ONCE)))
    assert Entry.objects.get().score == 80

    taken(bring(me, letterboxd(diary=DIARY + ONCE + AGAIN)))

    assert Entry.objects.get().score == 100


def test_what_is_given_out_for_letterboxd_in_several_tables_is_read(me, godfather, ring, bring, monkeypatch):
    monkeypatch.setattr(letterboxd_export, "LARGEST", 200)
    EntryFactory(owner=me, film=godfather, review="r" * 100)
    EntryFactory(owner=me, film=ring, review="r" * 100)
    other = UserFactory()

    with letterboxd_of(me).file as file:
        taken(bring(other, file.read()))

    assert Entry.objects.of(other).count() == 2
