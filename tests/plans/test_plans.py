"""What is asked most, asked of a million entries: by which indexes it is answered, and how much is read for it.

The numbers are half as much again as was measured. Where one no longer holds, look at the plan, which the failure shows,
before it is raised: nothing else finds a page that grows with the site.
"""

import datetime
from collections.abc import Callable, Collection

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Count
from django.utils.translation import override

from accounts.models import User
from accounts.people import search
from movies.catalog.century import best_known_by_decade
from movies.catalog.models import Film
from movies.catalog.search import search_films
from movies.diary import open_wall
from movies.diary.feed import feed
from movies.diary.film_told import told_of
from movies.diary.models import Entry
from movies.diary.open_wall import OpenWall, shown_of
from movies.diary.reception import entries_of, split_by_following
from movies.diary.views.films import PEOPLE_ON_A_PAGE
from movies.diary.wall import Arrangement, Dates, Direction, Order, Wall
from movies.releases.reminders import Channel
from movies.releases.upcoming import page_of_days
from mymovie.outbox import relay
from mymovie.paging import Cursor, page_after
from tests.plans.reading import plans_of

# One worker makes the world, for all of these.
pytestmark = [pytest.mark.usefixtures("in_the_world"), pytest.mark.xdist_group("plans")]

STRANGER = AnonymousUser()
HANDLES = {"accounts_user_handle_cab787c2_like", "accounts_user_handle_key"}
WALL_INDEXES = {
    "japan_on": "entry_wall_by_japan",
    "world_on": "entry_wall_by_world",
    "score": "entry_wall_by_score",
    "watched_on": "entry_wall_by_watched",
    "recorded_at": "entry_wall_by_recorded",
    "title_ja_key": "entry_wall_by_title_ja",
    "title_en_key": "entry_wall_by_title_en",
}
BY_OWNER = {*WALL_INDEXES.values(), "movies_entry_owner_id_74eade78", "entry_once_on_a_wall"}
BY_FILM = {"entry_of_film", "entry_scores_of_film", "entry_reviews_of_film", "movies_entry_film_id_6978ee45"}
PEOPLE = {"accounts_user_pkey", "user_with_open_wall"}
OF_A_FILM = {"movies_film_pkey", "entry_once_on_a_wall", "viewing_once_a_submission"}
BY_FOLLOWER = {"follow_in_feed", "follow_asking", "follow_out", "follow_once"}
ORDERS = [
    *(Arrangement(Order.RELEASE, dates, direction) for dates in Dates for direction in Direction),
    *(Arrangement(order, direction=way) for order in Order if order != Order.RELEASE for way in Direction),
]


def name_of(by: Arrangement) -> str:
    return f"{by.order}-{by.dates}-{by.direction}"


in_every_order = pytest.mark.parametrize("by", ORDERS, ids=name_of)


def hold(
    ask: Callable[[], object],
    *,
    by: set[str],
    pages: int,
    sorts: int = 0,
    whole: Collection[str] = (),
    is_prepared: bool | None = False,
) -> None:
    """Each statement reads large tables by these indexes and no others, and `pages` of 8 KB at most; no more than `sorts`
    rows are sorted, and no tables but `whole` are read whole. `is_prepared`: None where some are."""
    plans = plans_of(ask)
    assert plans, "nothing was asked"
    for plan in plans:
        assert is_prepared in (None, plan.is_prepared), plan
        assert plan.read_whole <= set(whole), f"{plan.read_whole} read whole by {plan}"
        assert plan.indexes <= by, f"{plan.indexes - by} in {plan}"
        assert plan.pages <= pages, f"{plan.pages} pages read by {plan}"
        assert plan.sorted_rows <= sorts, f"{plan.sorted_rows} rows sorted by {plan}"


def called(handle: str) -> User:
    owner: User = User.objects.get(handle=handle)
    return owner


def place_at(depth: int, by: Arrangement, owner: User) -> Cursor:
    """So many films further down on the wall."""
    having_it = Entry.objects.of(owner).exclude(**{by.key: None})
    way = "" if by.is_ascending else "-"
    entry = having_it.order_by(f"{way}{by.key}", f"{way}pk")[depth]
    return Cursor(getattr(entry, by.key), entry.pk)


def hold_page(by: Arrangement, owner: User, after: Cursor | None, *, pages: int) -> None:
    shown = OpenWall(owner, by)
    assert shown.sections  # a page asks for them unless they are known

    indexes = {WALL_INDEXES[by.key], "movies_film_pkey", *PEOPLE}
    hold(lambda: shown.rows(after), by=indexes, pages=pages, is_prepared=True)

    def look() -> OpenWall:
        return open_wall.looked_at(owner.handle, by, after)

    look()  # from now on the owner is known
    hold(look, by=indexes | HANDLES, pages=pages + 4, is_prepared=True)


@in_every_order
@pytest.mark.parametrize("handle", ["most", "p5000"])
def test_the_first_page_of_a_wall_walks_the_index_of_its_order(by: Arrangement, handle: str) -> None:
    hold_page(by, called(handle), None, pages=400)


@in_every_order
def test_so_does_a_page_far_down(by: Arrangement) -> None:
    owner = called("most")

    hold_page(by, owner, place_at(8_400, by, owner), pages=450)


@pytest.mark.parametrize("by", [by for by in ORDERS if by.order in (Order.SCORE, Order.WATCHED)], ids=name_of)
def test_so_does_one_among_films_without_the_key(by: Arrangement) -> None:
    owner = called("most")
    lacking = list(Entry.objects.of(owner).filter(**{by.key: None}).order_by("pk").values_list("pk", flat=True))

    hold_page(by, owner, Cursor(None, lacking[len(lacking) // 2]), pages=450)


@pytest.mark.parametrize("direction", Direction)
def test_so_does_one_by_english_titles(direction: Direction) -> None:
    owner, by = called("most"), Arrangement(Order.TITLE, direction=direction)

    with override("en"):
        hold_page(by, owner, None, pages=400)
        hold_page(by, owner, place_at(8_400, by, owner), pages=400)


@in_every_order
@pytest.mark.parametrize(("handle", "pages"), [("most", 12_500), ("p5000", 70)])
def test_sections_are_counted_by_their_owners_rows(by: Arrangement, handle: str, pages: int) -> None:
    owner = called(handle)
    open_wall._sections.cache_clear()

    # Of as many groups as there are sections, and rows where there are fewer than PostgreSQL would hash. How few months there
    # are it does not know: now it hashes their rows, now it sorts them.
    by_month = by.order in {Order.WATCHED, Order.RECORDED}
    sorts = 10_000 if by_month else 200
    hold(lambda: Wall(shown_of(owner.pk), by).sections, by=BY_OWNER | PEOPLE, pages=pages, sorts=sorts)
    hold(lambda: OpenWall(owner, by).sections, by=BY_OWNER | PEOPLE, pages=pages, sorts=sorts)


def test_the_front_page_shows_the_best_known_along_their_index() -> None:
    hold(best_known_by_decade, by={"film_by_fame"}, pages=33, is_prepared=True)


def test_an_owner_is_found_by_the_handle() -> None:
    hold(lambda: open_wall.owner_called("most"), by=HANDLES | PEOPLE, pages=9, is_prepared=True)


def test_so_is_the_revision_of_a_wall() -> None:
    hold(lambda: open_wall.revision_of("most"), by=HANDLES, pages=5, is_prepared=True)


@pytest.mark.parametrize(("handle", "pages"), [("reads10", 660), ("reads200", 1_700), ("reads2000", 1_700)])
def test_a_feed_asks_those_who_recorded_last(handle: str, pages: int) -> None:
    viewer = called(handle)

    hold(lambda: feed(viewer), by=FEED_INDEXES, pages=pages, sorts=40 * 31, is_prepared=True)


FEED_INDEXES = {
    *BY_FOLLOWER,
    "accounts_user_pkey",
    "entry_wall_by_recorded",
    "entry_reviews_of_owner",
    "movies_entry_pkey",
    "movies_film_pkey",
}


def test_further_down_a_feed_asks_those_who_stood_above() -> None:
    viewer = called("reads2000")
    _entries, after = feed(viewer)

    # Those who recorded since are joined to all people, where these are no more than a few thousand; so are those who would
    # have to be asked, though there are none.
    about = {"pages": 5_800, "sorts": 2 * 40 * 31, "whole": ["accounts_user"]}
    hold(lambda: feed(viewer, after), by=FEED_INDEXES, is_prepared=None, **about)


def film_at(rank: int) -> Film:
    """By how many recorded it."""
    ranked = Entry.objects.values("film").annotate(times=Count("pk")).order_by("-times", "film")
    film: Film = Film.objects.get(pk=ranked[rank]["film"])
    return film


@pytest.mark.parametrize("handle", [None, "reads2000"])
# The plan is one for all films: each who recorded it is looked up, in three pages of an index.
@pytest.mark.parametrize(("rank", "pages"), [(0, 14_500), (20_000, 250)])
def test_a_page_of_a_film_reads_what_it_shows_and_counts_from_indexes(
    handle: str | None, rank: int, pages: int
) -> None:
    film, viewer = film_at(rank), called(handle) if handle else STRANGER
    indexes = BY_FILM | BY_FOLLOWER | PEOPLE | OF_A_FILM | {"movies_entry_pkey"}

    hold(lambda: told_of(film.pk, viewer), by=indexes, pages=pages, sorts=5_000, is_prepared=None if handle else True)


@pytest.mark.parametrize("handle", [None, "reads2000"])
def test_who_recorded_a_film_is_listed_along_its_index(handle: str | None) -> None:
    film, viewer = film_at(0), called(handle) if handle else STRANGER
    lists = split_by_following(entries_of(film, viewer), viewer)

    def ask() -> None:
        for entries in lists.values():
            page_after(entries.select_related("owner"), "recorded_at", None, PEOPLE_ON_A_PAGE)

    hold(ask, by={"entry_of_film", *PEOPLE, *BY_FOLLOWER}, pages=950 if handle else 160)


@pytest.mark.parametrize(
    ("words", "pages", "sorts"),
    [
        ("東京", 310, 370),  # two characters
        ("七人の侍", 100, 10),
        ("god", 1_000, 1_300),
        ("inception", 190, 50),
        ("seven samuray", 230, 20),  # by its likeness only
    ],
)
def test_films_are_searched_by_trigrams(words: str, pages: int, sorts: int) -> None:
    hold(lambda: search_films(words), by={"film_search_text"}, pages=pages, sorts=sorts)


@pytest.mark.parametrize("handle", [None, "most"])
@pytest.mark.parametrize(("words", "pages", "sorts"), [("p500", 20, 20), ("p5", 100, 1_700), ("eads2", 20, 10)])
def test_people_are_searched_by_trigrams(words: str, pages: int, sorts: int, handle: str | None) -> None:
    viewer = called(handle) if handle else STRANGER

    indexes = {"user_search_text", *HANDLES, "follow_once"}
    hold(lambda: search.people(words, viewer=viewer), by=indexes, pages=pages, sorts=sorts)


def test_people_who_recorded_last_are_listed_along_their_index() -> None:
    hold(lambda: search.people("", viewer=STRANGER), by={"user_with_films_on_show"}, pages=80)


@pytest.mark.parametrize("today", [datetime.date(2020, 1, 1), datetime.date(2024, 6, 1)])
@pytest.mark.parametrize(
    ("channel", "index"), [(Channel.CINEMA, "film_by_opening"), (Channel.DIGITAL, "film_by_digital")]
)
def test_what_comes_out_is_read_in_the_order_of_days(channel: Channel, index: str, today: datetime.date) -> None:
    hold(lambda: page_of_days(channel, None, today), by={index}, pages=370, sorts=240)


def test_the_relay_takes_what_has_been_due_longest() -> None:
    hold(lambda: relay._take("tmdb"), by={"message_due_on_queue", "outbox_message_pkey"}, pages=210)


def test_without_its_index_a_page_is_found_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX entry_wall_by_score")

    with pytest.raises(AssertionError, match=r"entry_wall_by_.* in|rows sorted"):
        hold_page(Arrangement(Order.SCORE), called("most"), None, pages=400)


def test_without_the_index_of_words_a_search_is_found_out() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX film_search_text")

    with pytest.raises(AssertionError, match=r"movies_film.* read whole"):
        hold(lambda: search_films("東京"), by={"film_search_text"}, pages=310, sorts=370)
