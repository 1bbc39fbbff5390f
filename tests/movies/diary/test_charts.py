import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movies.diary import charts


def columns_of(*values):
    return charts.columns([(str(n), str(n), value) for n, value in enumerate(values)])


def test_the_highest_column_leaves_room_for_its_number_and_the_others_are_in_proportion():
    low, high = columns_of(5, 10)

    assert high.y == charts.HEADROOM
    assert low.height * 2 == high.height
    assert low.y + low.height == high.y + high.height == charts.FLOOR


def test_what_is_there_at_all_is_seen_and_nothing_is_not():
    nothing, little, _much = columns_of(0, 1, 1_000_000)

    assert nothing.height == 0
    assert little.height == charts.LEAST


def test_columns_stand_side_by_side_over_the_whole_chart():
    drawn = columns_of(*[1] * 10)

    assert [column.middle for column in drawn] == [5, 15, 25, 35, 45, 55, 65, 75, 85, 95]
    assert drawn[0].x + drawn[0].width < drawn[1].x


def test_few_columns_are_no_broader_than_those_of_many():
    (only,) = columns_of(1)

    assert only == columns_of(*[1] * charts.ROOMS)[0]


def test_no_values_are_no_columns():
    assert charts.columns([]) == []
    assert [column.height for column in columns_of(0, 0)] == [0, 0]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_no_column_leaves_its_chart(values):
    for column in columns_of(*values):
        assert column.x >= 0
        assert column.x + column.width <= 100.01
        assert 0 <= column.above < column.y <= charts.FLOOR


def test_a_bar_is_as_long_as_its_share_of_the_longest():
    assert charts.share(10, 10) == 100
    assert charts.share(1, 3) == 33.33
    assert charts.share(1, 10**9) == charts.LEAST
    assert charts.share(0, 10) == 0


def test_weeks_are_columns_and_mondays_stand_on_top():
    first, last = datetime.date(2026, 1, 1), datetime.date(2026, 6, 30)  # a Thursday

    heat = charts.heat_map({datetime.date(2026, 1, 5): 2}, first, last)

    step = charts.CELL + charts.GAP
    places = {cell.day: (cell.x, cell.y) for cell in heat.cells}
    assert places[first] == (0, 3 * step)
    assert places[datetime.date(2026, 1, 4)] == (0, 6 * step)
    assert places[datetime.date(2026, 1, 5)] == (step, 0)
    assert heat.count == 2
    assert len(heat.cells) == 181


def test_months_are_named_over_their_first_whole_week():
    heat = charts.heat_map({}, datetime.date(2026, 1, 1), datetime.date(2026, 6, 30))

    step = charts.CELL + charts.GAP
    assert [(month.first.month, month.x) for month in heat.months][:3] == [(1, step), (2, 5 * step), (3, 9 * step)]


def test_a_day_is_as_dark_as_the_films_seen_on_it_up_to_four():
    day = datetime.date(2026, 1, 1)

    levels = [charts.heat_map({day: count}, day, day).cells[0].level for count in (0, 1, 2, 3, 4, 9)]

    assert levels == [0, 1, 2, 3, 4, 4]


def test_days_without_a_film_are_one_path_and_all_others_stand_for_themselves():
    first = datetime.date(2026, 3, 2)  # a Monday

    heat = charts.heat_map({first: 1}, first, datetime.date(2026, 3, 4))

    assert [cell.day for cell in heat.seen] == [first]
    assert heat.unseen == "M0 12h10v10h-10zM0 24h10v10h-10z"


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.integers(1870, 2199))
def test_the_halves_of_any_year_have_all_of_its_days_and_none_leaves_the_drawing(year):
    halves = charts.halves_of(year, {})

    days = [cell.day for half in halves for cell in half.cells]
    assert (days[0], days[-1]) == (datetime.date(year, 1, 1), datetime.date(year, 12, 31))
    assert days == [days[0] + datetime.timedelta(days=n) for n in range(len(days))]
    for half in halves:
        assert all(cell.x + charts.CELL <= half.width <= 27 * 12 + 10 for cell in half.cells)
        assert all(0 <= cell.y <= half.height - charts.CELL for cell in half.cells)
