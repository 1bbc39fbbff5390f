import pytest
from django.utils.translation import override

from movies.imports.forms import read_in_each_order, scale_of
from movies.templatetags.imports import time_left


@pytest.mark.parametrize(
    ("scores", "scale"),
    [(["4.5", "3"], "5"), (["5", "10"], "10"), (["70", "5"], "100"), (["★★★", ""], "100"), ([], "100")],
)
def test_the_least_scale_that_holds_all_scores_is_guessed(scores, scale):
    assert scale_of(scores) == scale


@pytest.mark.parametrize(
    ("written", "orders"),
    [("03/04/2024", {"mdy", "dmy"}), ("25/04/2024", {"dmy"}), ("04/25/2024", {"mdy"}), ("99/99/2024", set())],
)
def test_a_date_is_offered_only_as_what_it_can_be(written, orders):
    assert read_in_each_order(written).keys() == orders


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "a few seconds left"),
        (41, "about 50 seconds left"),
        (90, "about 2 minutes left"),
        (600, "about 10 minutes left"),
    ],
)
def test_the_time_left_is_told_as_roughly_as_it_is_known(seconds, said):
    with override("en"):
        assert time_left(seconds) == said
