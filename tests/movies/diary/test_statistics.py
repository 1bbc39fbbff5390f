import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from accounts.models import Visibility
from movies.diary.models import Entry
from movies.diary.statistics import LATEST_YEARS, Scores, Statistics
from tests.factories import (
    CreditFactory,
    EntryFactory,
    FilmFactory,
    GenreFactory,
    PersonFactory,
    UserFactory,
    ViewingFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return UserFactory()


def statistics_of(owner, year=None, viewer=None):
    seen = Entry.objects.filter(owner=owner).seen_by(viewer or owner)
    return Statistics(seen, year, is_own=viewer is None)


def seen(owner, *days, score=None, **facts):
    """A film of the owner's, seen on these days; None for an unknown one."""
    last = max((datetime.date.fromisoformat(day) for day in days if day), default=None)
    entry = EntryFactory(owner=owner, score=score, film=FilmFactory(**facts), watched_on=last)
    for day in days:
        ViewingFactory(entry=entry, watched_on=day and datetime.date.fromisoformat(day))
    return entry


def day(year, month=1, day=1):
    return {"world_on": datetime.date(year, month, day), "world_precision": "day"}


def test_each_time_that_a_film_was_seen_counts_and_one_without_a_viewing_was_seen_once(owner):
    seen(owner, "2024-01-01", "2025-01-01", runtime=100)
    seen(owner, None, runtime=60)
    seen(owner, runtime=30)
    seen(owner, "2025-03-03")

    stats = statistics_of(owner)

    assert (stats.films, stats.times, stats.hours, stats.without_length) == (4, 5, 5, 1)  # 290 minutes
    assert stats.years == [2025, 2024]
    assert stats.on_unknown_days == 2


def test_a_year_counts_what_was_seen_in_it_alone(owner):
    seen(owner, "2024-12-31", "2025-01-01", "2025-12-31", runtime=60, score=80, country="JP", **day(1954))
    seen(owner, "2024-06-01", score=10, country="US", **day(1982))
    seen(owner, score=20, country="US")

    stats = statistics_of(owner, 2025)

    assert (stats.films, stats.times, stats.hours) == (1, 2, 2)
    assert stats.films_on_wall == 3
    assert stats.scores.counts == {80: 1}
    assert [country.name for country in stats.countries] == ["JP"]
    assert sum(column.value for column in stats.decade_columns) == 1
    assert (stats.first.day, stats.last.day) == (datetime.date(2025, 1, 1), datetime.date(2025, 12, 31))
    assert stats.again.number == 2
    assert stats.days == {datetime.date(2025, 1, 1): 1, datetime.date(2025, 12, 31): 1}


def test_the_days_shown_are_those_of_the_last_year_in_which_a_film_was_seen(owner):
    seen(owner, "2023-05-05", "2024-02-29")
    seen(owner, "2024-02-29", None)

    stats = statistics_of(owner)

    assert stats.heat_year == 2024
    assert stats.days == {datetime.date(2024, 2, 29): 2}
    assert [(first.month, count) for first, count, days in stats.months if count] == [(2, 2)]


def test_films_are_counted_by_decade_country_genre_and_director(owner):
    kurosawa = PersonFactory(name="Akira Kurosawa", name_ja="黒澤明")
    drama = GenreFactory()
    for year, score in ((1954, 90), (1985, 70), (1990, None)):
        film = seen(owner, score=score, country="JP", **day(year)).film
        CreditFactory(film=film, person=kurosawa)
        film.genres.add(drama)
    other = seen(owner, score=50, country="US").film
    CreditFactory(film=other, person=kurosawa, job="cast")

    stats = statistics_of(owner)

    assert [(column.label, column.value) for column in stats.decade_columns] == [
        ("1950", 1),
        ("1960", 0),
        ("1970", 0),
        ("1980", 1),
        ("1990", 1),
    ]
    assert stats.undated == 1
    assert [(tally.name, tally.films, tally.average) for tally in stats.countries] == [("JP", 3, 80), ("US", 1, 50)]
    assert [(tally.name, tally.name_ja, tally.films) for tally in stats.genres] == [("Drama", "ドラマ", 3)]
    assert [(tally.pk, tally.name_ja, tally.films) for tally in stats.directors] == [(kurosawa.pk, "黒澤明", 3)]


def test_two_directors_of_one_name_are_two(owner):
    for _ in "ab":
        CreditFactory(film=seen(owner).film, person__name="John Smith")

    assert [tally.films for tally in statistics_of(owner).directors] == [1, 1]


@pytest.mark.parametrize(
    ("counts", "average", "median"),
    [
        ({}, None, None),
        ({70: 1}, 70, 70),
        ({0: 1, 100: 1}, 50, 50),
        ({60: 1, 70: 1, 95: 1}, 75, 70),
        ({60: 2, 71: 1, 80: 1}, 67.75, 65.5),
    ],
)
def test_the_median_has_as_many_scores_below_it_as_above(counts, average, median):
    scores = Scores(counts)

    assert (scores.average, scores.median) == (average, median)


def test_scores_stand_in_bands_from_the_lowest():
    columns = Scores({0: 1, 9: 1, 10: 1, 89: 2, 90: 1, 100: 1}).columns

    assert [(column.said, column.value) for column in columns if column.value] == [
        ("0–9", 2),
        ("10–19", 1),
        ("80–89", 2),
        ("90–100", 2),
    ]


def test_years_that_lie_far_back_stand_as_one(owner):
    for year in (1950, 1960, 2000, 2026):
        seen(owner, f"{year}-01-01")

    columns = statistics_of(owner).year_columns

    assert len(columns) == LATEST_YEARS + 1
    assert (columns[0].label, columns[0].value) == ("–2006", 3)
    assert (columns[-1].label, columns[-1].value) == ("2026", 1)


def test_what_stands_out_is_found(owner):
    short = seen(owner, "2020-01-01", "2021-01-01", runtime=60, score=90).film
    long = seen(owner, "2022-01-01", runtime=300, score=95).film
    late = seen(
        owner, "2021-06-01", japan_on=datetime.date(1985, 1, 1), japan_precision="day", score=10, **day(1980)
    ).film
    seen(owner, japan_on=datetime.date(1999, 1, 1), japan_precision="year", **day(1920))

    stats = statistics_of(owner)

    assert (stats.first.film.pk, stats.first.day) == (short.pk, datetime.date(2020, 1, 1))
    assert (stats.last.film.pk, stats.last.day) == (long.pk, datetime.date(2022, 1, 1))
    assert (stats.longest.film.pk, stats.longest.number) == (long.pk, 300)
    assert (stats.again.film.pk, stats.again.number) == (short.pk, 2)
    assert (stats.waited.film.pk, stats.waited.number) == (late.pk, 1827)
    assert [best.film.pk for best in stats.best] == [long.pk, short.pk, late.pk]


def test_a_wall_of_which_nothing_is_known_but_its_films_has_numbers(owner):
    seen(owner)

    stats = statistics_of(owner)

    assert (stats.films, stats.times, stats.hours) == (1, 1, 0)
    assert (stats.years, stats.heat_maps, stats.year_columns, stats.decade_columns) == ([], [], [], [])
    assert (stats.countries, stats.genres, stats.directors, stats.best) == ([], [], [], [])
    assert not stats.has_highlights


def test_nobody_counts_what_they_may_not_see(owner):
    secret = seen(owner, "2025-05-05", score=1, runtime=600, country="FR", **day(1910))
    secret.visibility = Visibility.PRIVATE
    secret.save()
    CreditFactory(film=secret.film)
    secret.film.genres.add(GenreFactory())
    deleted = seen(owner, "2025-05-06")
    Entry.objects.filter(pk=deleted.pk).update(deleted_at=timezone.now())
    shown = seen(owner, "2024-04-04", score=80, runtime=60, country="JP", **day(1950))

    for viewer in (AnonymousUser(), UserFactory()):
        stats = statistics_of(owner, viewer=viewer)
        assert (stats.films, stats.times, stats.hours, stats.years) == (1, 1, 1, [2024])
        assert (stats.scores.counts, [country.name for country in stats.countries]) == ({80: 1}, ["JP"])
        assert (stats.genres, stats.directors, len(stats.decade_columns)) == ([], [], 1)
        standing_out = [stats.first, stats.last, stats.longest, *stats.best]
        assert {highlight.film.pk for highlight in standing_out} == {shown.film.pk}
    assert statistics_of(owner).films == 2


def test_how_often_and_when_else_a_film_was_seen_is_its_owners_to_know(owner):
    seen(owner, "2019-08-02", "2025-03-03", runtime=60)

    mine, others = statistics_of(owner), statistics_of(owner, viewer=AnonymousUser())

    assert (mine.times, mine.years, mine.again.number) == (2, [2025, 2019], 2)
    assert (others.times, others.hours, others.years, others.again) == (1, 1, [2025], None)
    assert others.first.day == others.last.day == datetime.date(2025, 3, 3)
    earlier = statistics_of(owner, 2019, viewer=AnonymousUser())
    assert (earlier.films, earlier.times, earlier.days, earlier.first) == (0, 0, {}, None)


def test_a_year_of_anothers_counts_the_films_last_seen_in_it(owner):
    for day in ("2025-03-03", "2025-04-04", "2024-01-01", None):
        seen(owner, day, score=80)

    stats = statistics_of(owner, 2025, viewer=AnonymousUser())

    assert (stats.films, stats.times, stats.on_unknown_days, stats.years) == (2, 2, 1, [2025, 2024])
    assert [count for _first, count, _days in stats.months][:5] == [0, 0, 1, 1, 0]
    assert (stats.first.day, stats.last.day) == (datetime.date(2025, 3, 3), datetime.date(2025, 4, 4))
