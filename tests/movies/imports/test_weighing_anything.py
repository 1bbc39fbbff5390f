"""Whatever rows say of a film, and whatever stands there: properties of the weighing, which knows no database."""

import datetime
from collections import Counter
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from movies.imports.formats.rows import FilmNamed, Said
from movies.imports.weighing import Plan, Standing, StandingViewing, Weight, weigh

DAYS = [None, *(datetime.date(2020, month, 1) for month in range(1, 4))]
SCORES = [None, 0, 50, 70]
KEYS = ["", "", "a", "b"]


def rows_about_a_film() -> st.SearchStrategy[list[tuple[int, Said]]]:
    said = st.builds(
        Said,
        film=st.just(FilmNamed(title="Ran")),
        is_seen=st.just(True),
        is_viewing=st.booleans(),
        watched_on=st.sampled_from(DAYS),
        is_again=st.booleans(),
        viewing_key=st.sampled_from(KEYS),
        score=st.sampled_from(SCORES),
        review=st.sampled_from(["", "Good.", "Not good."]),
        tags=st.sampled_from([(), ("a",), ("a", "b")]),
        is_liked=st.booleans(),
        is_wished=st.booleans(),
        list_name=st.sampled_from(["", "Best"]),
    )
    return st.lists(said, min_size=1, max_size=6).map(lambda rows: list(enumerate(rows, 1)))


def standing_there() -> st.SearchStrategy[Standing]:
    """By hand: no import has written any of it."""
    values = st.fixed_dictionaries(
        {
            "score": st.sampled_from(SCORES),
            "review": st.sampled_from(["", "Mine."]),
            "memo": st.just(""),
            "tags": st.sampled_from([[], ["a"]]),
            "is_liked": st.booleans(),
        }
    )
    viewings = st.lists(st.sampled_from(DAYS), max_size=3).map(
        lambda days: [StandingViewing(number, day) for number, day in enumerate(days, 1000)]
    )
    return st.builds(Standing, values=values, viewings=viewings, is_wished=st.booleans())


def written(standing: Standing, plan: Plan) -> Standing:
    """What stands there after that."""
    numbers = count(2000)
    nothing = {"score": None, "review": "", "memo": "", "tags": [], "is_liked": False}
    there = [
        StandingViewing(old.pk, old.watched_on, plan.viewing_scores.get(old.pk, old.score)) for old in standing.viewings
    ]
    new = [StandingViewing(next(numbers), one.watched_on, one.score, one.watched_on, True) for one in plan.viewings]
    values = None if standing.values is None and not plan.makes_entry else (standing.values or nothing) | plan.values
    return Standing(
        values=values,
        viewings=[*there, *new],
        is_wished=standing.is_wished or plan.makes_wish,
        lists=standing.lists | {said.list_name for said in plan.list_items},
        written=standing.written | plan.values,
    )


@given(rows=rows_about_a_film())
def test_the_same_rows_again_change_nothing(rows) -> None:
    after = written(Standing(), weigh(Standing(), rows))

    again = weigh(after, rows)

    assert not again.changes_anything
    assert set(again.weights.values()) == {Weight.SAME}


@given(standing=standing_there(), rows=rows_about_a_film())
def test_what_was_written_by_hand_stays(standing, rows) -> None:
    mine = dict(standing.values)

    after = written(standing, weigh(standing, rows))

    for name in ("score", "review", "is_liked"):
        assert after.values[name] == mine[name] or not mine[name]
    assert after.values["tags"][: len(mine["tags"])] == mine["tags"]
    assert {viewing.pk for viewing in standing.viewings} <= {viewing.pk for viewing in after.viewings}


@given(standing=standing_there(), rows=rows_about_a_film())
def test_there_are_as_many_viewings_of_a_day_as_either_knows(standing, rows) -> None:
    seen, keys = Counter(), set()
    for _number, said in rows:
        if said.is_viewing and said.viewing_key not in keys:
            seen[said.watched_on] += 1
            keys |= {said.viewing_key} - {""}
    there = Counter(viewing.watched_on for viewing in standing.viewings)

    after = Counter(viewing.watched_on for viewing in written(standing, weigh(standing, rows)).viewings)

    for day in DAYS[1:]:
        assert after[day] == max(seen[day], there[day])


@given(rows=rows_about_a_film())
def test_of_a_film_that_was_seen_again_a_first_time_is_known_of(rows) -> None:
    after = written(Standing(), weigh(Standing(), rows))

    again = [said.watched_on for _number, said in rows if said.is_viewing and said.is_again]
    assert not again or len(after.viewings) >= 2


@given(standing=standing_there(), rows=rows_about_a_film())
def test_each_row_comes_to_something_and_words_are_never_lost(standing, rows) -> None:
    plan = weigh(standing, rows, overrules=True)

    assert plan.weights.keys() == {number for number, _said in rows}
    reviews = {said.review for _number, said in rows} - {""}
    whole = (written(standing, plan).values or {}).get("review", "")
    assert all(review in whole for review in reviews)
