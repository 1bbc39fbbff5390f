import datetime
from dataclasses import replace

import pytest
from django.utils import timezone
from django.utils.translation import override

from movies.diary.models import Entry
from movies.diary.wall import PAGE_SIZE, Arrangement, Dates, Direction, Order, Wall
from mymovie.paging import BadCursor
from tests.factories import EntryFactory, FilmFactory, UserFactory

pytestmark = pytest.mark.django_db

BY_SCORE = Arrangement(Order.SCORE)
BY_RELEASE = Arrangement(Order.RELEASE)
BY_WORLD = Arrangement(Order.RELEASE, Dates.WORLD)
BY_WATCHED = Arrangement(Order.WATCHED)
BY_RECORDED = Arrangement(Order.RECORDED)
BY_TITLE = Arrangement(Order.TITLE)
NATURAL = [BY_SCORE, BY_RELEASE, BY_WORLD, BY_WATCHED, BY_RECORDED, BY_TITLE]
ALL = NATURAL + [replace(arrangement, direction=arrangement.direction.opposite) for arrangement in NATURAL]


@pytest.fixture
def owner():
    return UserFactory()


def entry_of(owner, **facts):
    return EntryFactory(owner=owner, **facts)


def wall_of(owner, arrangement):
    return Wall(Entry.objects.of(owner), arrangement)


def sections(page):
    return [(run.section, run.count, [entry.score for entry in run.entries]) for run in page.runs]


def test_scores_stand_in_bands_of_ten_with_the_unscored_last(owner):
    for score in (None, 0, 9, 10, 89, 90, 99, 100):
        entry_of(owner, score=score)

    page = wall_of(owner, BY_SCORE).page()

    assert sections(page) == [
        (90, 3, [100, 99, 90]),
        (80, 1, [89]),
        (10, 1, [10]),
        (0, 2, [9, 0]),
        (None, 1, [None]),
    ]


def test_release_dates_stand_in_every_decade_with_the_undated_last(owner):
    for year in (2024, 1999, 1990, 1989, 1895, None):
        dated = {"world_on": datetime.date(year, 1, 1), "world_precision": "year"} if year else {}
        entry_of(owner, film=FilmFactory(**dated))

    page = wall_of(owner, BY_RELEASE).page()

    assert [(run.section, run.count) for run in page.runs] == [(2020, 1), (1990, 2), (1980, 1), (1890, 1), (None, 1)]


def test_the_two_release_dates_order_a_wall_apart(owner):
    late = FilmFactory(
        original_title="late in Japan",
        world_on=datetime.date(1982, 6, 1),
        world_precision="day",
        japan_on=datetime.date(2001, 1, 1),
        japan_precision="day",
    )
    other = FilmFactory(original_title="other", world_on=datetime.date(1990, 1, 1), world_precision="year")
    entry_of(owner, film=late)
    entry_of(owner, film=other)

    def titles(arrangement):
        return [entry.film.original_title for run in wall_of(owner, arrangement).page().runs for entry in run.entries]

    assert titles(BY_RELEASE) == ["late in Japan", "other"]
    assert titles(BY_WORLD) == ["other", "late in Japan"]


def test_days_watched_stand_in_months_with_the_unknown_last(owner):
    for day in (datetime.date(2024, 2, 29), datetime.date(2024, 2, 1), datetime.date(2023, 12, 31), None):
        entry_of(owner, watched_on=day)

    page = wall_of(owner, BY_WATCHED).page()

    assert [(run.section, run.count) for run in page.runs] == [
        (datetime.date(2024, 2, 1), 2),
        (datetime.date(2023, 12, 1), 1),
        (None, 1),
    ]


def test_days_recorded_stand_in_months_of_japan(owner):
    new_year_in_tokyo = datetime.datetime(2023, 12, 31, 15, 0, tzinfo=datetime.UTC)
    entry_of(owner, recorded_at=new_year_in_tokyo)
    entry_of(owner, recorded_at=new_year_in_tokyo - datetime.timedelta(microseconds=1))

    page = wall_of(owner, BY_RECORDED).page()

    assert [run.section for run in page.runs] == [datetime.date(2024, 1, 1), datetime.date(2023, 12, 1)]
    assert wall_of(owner, BY_RECORDED).sections.counts == {datetime.date(2024, 1, 1): 1, datetime.date(2023, 12, 1): 1}


def many_films(owner, count):
    start = timezone.now()
    for n in range(count):
        key = None if n % 7 == 0 else n % 5 + 1  # many alike, many without
        film = FilmFactory()
        EntryFactory(
            owner=owner,
            film=film,
            score=key,
            recorded_at=start - datetime.timedelta(hours=n // 3),
            watched_on=key and datetime.date(2020, key, 1),
            japan_on=key and datetime.date(1990 + key, 1, 1),
            world_on=key and datetime.date(1980 + key, 1, 1),
            title_ja_key=key and f"{'あかさたな'[key - 1]}かい",
            title_en_key=key and f"{'abcde'[key - 1]}key",
        )


@pytest.mark.parametrize("arrangement", ALL, ids=str)
def test_pages_show_every_film_once_in_the_order_of_the_wall(owner, arrangement):
    many_films(owner, 2 * PAGE_SIZE + 11)
    wall, seen, after = wall_of(owner, arrangement), [], None

    while True:
        page = wall.page(arrangement.read(str(after)) if after else None)
        seen += [entry for run in page.runs for entry in run.entries]
        after = page.next
        if after is None:
            break

    def place(entry):
        key = getattr(entry, arrangement.key)
        return (key is not None, key if key is not None else 0, entry.pk)

    assert len({entry.pk for entry in seen}) == len(seen) == 2 * PAGE_SIZE + 11
    with_key = [entry for entry in seen if getattr(entry, arrangement.key) is not None]
    assert seen[: len(with_key)] == sorted(with_key, key=place, reverse=not arrangement.is_ascending)


def test_a_full_last_page_has_no_next(owner):
    many_films(owner, PAGE_SIZE)

    assert wall_of(owner, BY_SCORE).page().next is None


def test_a_section_that_runs_over_a_page_is_continued_on_the_next(owner):
    for _ in range(PAGE_SIZE + 1):
        entry_of(owner, score=95)
    entry_of(owner, score=15)
    wall = wall_of(owner, BY_SCORE)

    first = wall.page()
    second = wall.page(first.next)

    assert [run.is_continued for run in first.runs] == [False]
    assert [(run.section, run.is_continued) for run in second.runs] == [(90, True), (10, False)]


@pytest.mark.parametrize("arrangement", ALL, ids=str)
def test_every_stop_leads_to_the_first_film_of_its_section(owner, arrangement):
    many_films(owner, 40)
    wall = wall_of(owner, arrangement)

    for stop in wall.sections.stops:
        page = wall.page(arrangement.read(str(stop.start)))
        assert page.runs[0].section == stop.section
        assert not page.runs[0].is_continued
        assert len(page.runs[0].entries) == stop.count


@pytest.mark.parametrize(
    ("arrangement", "written"),
    [
        (BY_SCORE, "x.1"),
        (BY_SCORE, "95"),
        (BY_SCORE, "95."),
        (BY_SCORE, "\x00.1"),
        (BY_RELEASE, "2001-13-01.1"),
        (BY_RELEASE, "95.1"),
        (BY_RECORDED, "99991231T235959999999.1"),
        (BY_RECORDED, "20240101.1"),
        (BY_WATCHED, ""),
    ],
)
def test_a_place_that_no_wall_has_given_out_is_refused(arrangement, written):
    with pytest.raises(BadCursor):
        arrangement.read(written)


def test_the_other_direction_turns_the_sections_but_leaves_the_undated_last(owner):
    for year in (2024, 1999, 1990, None):
        dated = {"world_on": datetime.date(year, 1, 1), "world_precision": "year"} if year else {}
        entry_of(owner, film=FilmFactory(**dated))

    wall = wall_of(owner, Arrangement(direction=Direction.ASCENDING))

    assert [(run.section, run.count) for run in wall.page().runs] == [(1990, 2), (2020, 1), (None, 1)]
    assert [stop.section for stop in wall.sections.rail] == [1990, 2000, 2010, 2020, None]


def test_a_century_has_its_empty_decades(owner):
    for year in (2024, 1984, 1957):
        entry_of(owner, film=FilmFactory(world_on=datetime.date(year, 1, 1), world_precision="year"))
    wall = wall_of(owner, BY_RELEASE)

    assert [run.gap for run in wall.page().runs] == [(), (2010, 2000, 1990), (1970, 1960)]
    assert [(stop.section, stop.count) for stop in wall.sections.rail if stop.count == 0] == [
        (decade, 0) for decade in (2010, 2000, 1990, 1970, 1960)
    ]
    assert [stop.section for stop in wall.sections.stops] == [2020, 1980, 1950]


def test_the_rail_has_a_stop_a_year_where_sections_are_months(owner):
    for day in (datetime.date(2024, 2, 29), datetime.date(2024, 1, 1), datetime.date(2023, 12, 31), None):
        entry_of(owner, watched_on=day)

    rail = wall_of(owner, BY_WATCHED).sections.rail

    assert [(stop.section, stop.count, stop.first) for stop in rail] == [
        (datetime.date(2024, 1, 1), 2, datetime.date(2024, 2, 1)),
        (datetime.date(2023, 1, 1), 1, datetime.date(2023, 12, 1)),
        (None, 1, None),
    ]


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("ja", ["アーティスト", "千と千尋の神隠し", "Mank", "乱"]),
        ("en", ["The Artist", "Mank", "Ran", "Spirited Away"]),
    ],
)
def test_titles_stand_in_the_order_of_the_language(owner, language, titles):
    for title_ja, reading, title_en in (
        ("千と千尋の神隠し", "せんとちひろのかみかくし", "Spirited Away"),
        ("乱", "", "Ran"),
        ("Mank", "", "Mank"),
        ("アーティスト", "", "The Artist"),
    ):
        entry_of(owner, film=FilmFactory(title_ja=title_ja, title_kana=reading, title_en=title_en))

    with override(language):
        shown = [entry.film.title for run in wall_of(owner, BY_TITLE).page().runs for entry in run.entries]

    assert shown == titles


@pytest.mark.parametrize("arrangement", ALL, ids=str)
def test_a_page_costs_the_same_queries_at_10_films_and_at_1000(owner, arrangement, django_assert_num_queries):
    few, many = UserFactory(), UserFactory()
    for person, count in ((few, 10), (many, 1000)):
        films = [FilmFactory.build() for _ in range(count)]
        type(films[0]).objects.bulk_create(films)
        Entry.objects.bulk_create(
            Entry(
                owner=person,
                film=film,
                score=n % 101,
                recorded_at=timezone.now(),
                watched_on=datetime.date(2020, 1, 1),
                japan_on=datetime.date(2000, 1, 1),
                world_on=datetime.date(2000, 1, 1),
                title_ja_key="あ",
                title_en_key="a",
            )
            for n, film in enumerate(films)
        )

    # The films of the page, and how many each section has; upwards a page that is not full looks for those without a key.
    lacking = arrangement.is_ascending and arrangement.order != Order.RECORDED
    for person, queries in ((few, 3 if lacking else 2), (many, 2)):
        with django_assert_num_queries(queries):
            wall_of(person, arrangement).page()
