"""Taking imports back, in whatever order, and making them again."""

import datetime

import pytest

from accounts.models import User
from movies.diary.merging import merge_films
from movies.diary.models import Audience, Entry, Viewing, Wish
from movies.diary.services import delete_entry, redate_viewing
from movies.imports import report
from tests.factories import EntryFactory, UserFactory, WishFactory
from tests.movies.imports.conftest import film, letterboxd, taken, taken_back

pytestmark = pytest.mark.django_db

DIARY = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
SEEN = DIARY + "2020-01-02,The Godfather,1972,https://boxd.it/a,4,,,2020-01-01\n"
HEADINGS = ("title", "year", "score", "review", "tags")
COLUMNS = {name: name for name in HEADINGS} | {"scale": "100"}
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def said(bring):
    """An import of one row of anyone's own."""

    def said(owner: User, row: str):
        return taken(bring(owner, f"{','.join(HEADINGS)}\n{row}\n", columns=COLUMNS))

    return said


def test_a_viewing_with_another_day_since_is_not_doubled_when_the_import_is_made_again(me, godfather, bring):
    batch = taken(bring(me, letterboxd(diary=SEEN)))
    redate_viewing(viewing=Viewing.objects.get(), watched_on=datetime.date(2020, 1, 5))
    taken_back(batch)

    taken(batch)

    entry = Entry.objects.of(me).get()
    assert (entry.score, list(entry.viewings.values_list("watched_on"))) == (80, [(datetime.date(2020, 1, 5),)])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_imports_nothing_is_left_when_both_are_taken_back(me, godfather, said, order):
    both = said(me, "The Godfather,1972,70,,epic"), said(me, "The Godfather,1972,80,Good.,mafia")

    taken_back(both[order[0]])
    taken_back(both[order[1]])

    assert not Entry.objects.of(me).exists()


def test_what_was_there_before_both_is_there_again_whichever_goes_first(me, godfather, said):
    entry = EntryFactory(owner=me, film=godfather, tags=["old"])
    first, second = said(me, "The Godfather,1972,70,,epic"), said(me, "The Godfather,1972,80,,mafia")

    taken_back(first)
    entry.refresh_from_db()
    assert (entry.score, entry.tags) == (80, ["old", "mafia"])
    taken_back(second)

    entry.refresh_from_db()
    assert (entry.score, entry.tags, entry.deleted_at) == (None, ["old"], None)


def test_a_wish_that_a_further_viewing_ended_comes_back_as_it_was(me, godfather, bring):
    EntryFactory(owner=me, film=godfather)
    WishFactory(owner=me, film=godfather, reminds_of_cinema=False, memo="said Taro")
    Wish.objects.update(wished_at=LONG_AGO)
    batch = taken(bring(me, letterboxd(diary=SEEN)))
    assert not Wish.objects.exists()
    assert Entry.objects.get().memo == "said Taro"

    taken_back(batch)

    wish = Wish.objects.get()
    assert (wish.wished_at, wish.reminds_of_cinema, wish.memo) == (LONG_AGO, False, "said Taro")
    assert Entry.objects.get().memo == ""


class TestAFilmThatWasMergedSince:
    def test_is_wished_again_as_the_one_that_was_kept(self, me, ring, said):
        WishFactory(owner=me, film=ring)
        batch = said(me, "Ring,1998,70,,")
        merge(ring, into := film("Ringu", datetime.date(1998, 1, 31)))

        taken_back(batch)

        assert Wish.objects.get().film == into

    def test_is_no_longer_wished_either(self, me, ring, bring):
        wished = "Date,Name,Year,Letterboxd URI\n2024-01-02,Ring,1998,https://boxd.it/r\n"
        batch = taken(bring(me, letterboxd(watchlist=wished)))
        merge(ring, film("Ringu", datetime.date(1998, 1, 31)))

        taken_back(batch)

        assert not Wish.objects.exists()

    def test_is_recorded_anew_when_the_import_is_made_again(self, me, ring, said, bring):
        batch = said(me, "Ring,1998,70,,")
        merge(ring, into := film("Ringu", datetime.date(1998, 1, 31)))
        taken(batch, overwrites=True)
        taken_back(batch)

        taken(batch)

        assert Entry.objects.of(me).get().film == into

    def test_stays_deleted(self, me, ring, said):
        said(me, "Ring,1998,70,,")
        delete_entry(entry=Entry.objects.get())
        merge(ring, film("Ringu", datetime.date(1998, 1, 31)))

        said(me, "Ring,1998,70,,")

        assert not Entry.objects.of(me).exists()


def merge(one, into):
    merge_films(actor=UserFactory(is_staff=True), film=one, into=into, reason="the same")


def test_what_another_import_said_too_stays_when_the_first_is_taken_back(me, godfather, bring):
    first = taken(bring(me, letterboxd(diary=SEEN)))
    second = taken(bring(me, letterboxd(diary=SEEN)))
    assert report.counts(second)["same"] == second.rows.count() == 1

    taken_back(first)

    entry = Entry.objects.of(me).get()
    assert list(entry.viewings.values_list("watched_on", flat=True)) == [datetime.date(2020, 1, 1)]
    assert report.counts(second)["new"] == 1
    taken_back(second)
    assert not Entry.objects.of(me).exists()


def test_an_entry_that_was_deleted_by_hand_does_not_come_back_by_an_undo(me, godfather, bring):
    first = taken(bring(me, letterboxd(diary=SEEN)))
    taken(bring(me, letterboxd(diary=SEEN)))
    delete_entry(entry=Entry.objects.get())

    taken_back(first)

    assert not Entry.objects.of(me).exists()


@pytest.mark.parametrize("audience", ["owner", "entry", "public"])
def test_an_imported_review_is_read_by_whom_its_owner_chose(me, godfather, said, audience):
    batch = said(me, "The Godfather,1972,80,Good.,")
    assert Entry.objects.of(me).values_list("review", "review_audience").get() == ("Good.", "owner")
    taken_back(batch)

    batch.refresh_from_db()
    taken(batch, reviews_for=Audience(audience))

    assert Entry.objects.of(me).values_list("review", "review_audience").get() == ("Good.", audience)


def test_an_import_opens_no_review_wider_than_it_was(me, godfather, said):
    entry = EntryFactory(owner=me, film=godfather, review="", review_audience="entry")

    said(me, "The Godfather,1972,80,Good.,")

    entry.refresh_from_db()
    assert (entry.review, entry.review_audience) == ("Good.", "owner")


def test_what_was_written_upon_an_imported_review_is_as_private_when_the_import_is_taken_back(me, godfather, said):
    batch = said(me, "The Godfather,1972,80,Good.,")
    Entry.objects.update(review="Good, and secret.")

    taken_back(batch)

    assert Entry.objects.of(me).values_list("review", "review_audience").get() == ("Good, and secret.", "owner")


def test_a_review_that_an_import_overruled_comes_back_with_its_readers(me, godfather, bring):
    EntryFactory(owner=me, film=godfather, review="Mine.", review_audience="public", has_spoilers=True)
    columns = {"columns": COLUMNS}
    batch = taken(bring(me, f"{','.join(HEADINGS)}\nThe Godfather,1972,80,Good.,\n", **columns))
    batch.refresh_from_db()
    taken(batch, overwrites=True)
    assert Entry.objects.of(me).values_list("review", "review_audience").get() == ("Good.", "owner")

    taken_back(batch)

    now = Entry.objects.of(me).values_list("review", "review_audience", "has_spoilers").get()
    assert now == ("Mine.", "public", True)


def test_a_review_that_was_mine_alone_is_not_opened_by_taking_back_what_stood_in_its_place(me, godfather, bring):
    EntryFactory(owner=me, film=godfather, review="Mine, and secret.", review_audience="owner")
    batch = taken(bring(me, f"{','.join(HEADINGS)}\nThe Godfather,1972,80,Good.,\n", columns=COLUMNS))
    batch.refresh_from_db()
    taken(batch, overwrites=True)
    Entry.objects.filter(review="Good.").update(review_audience="public")

    taken_back(batch)

    now = Entry.objects.of(me).values_list("review", "review_audience").get()
    assert now == ("Mine, and secret.", "owner")
