import pytest

from accounts.models import Visibility
from movies.diary.reception import reception
from tests.factories import EntryFactory, FilmFactory

pytestmark = pytest.mark.django_db


def test_the_average_is_rounded_down_and_counts_only_scores():
    film = FilmFactory()
    for score in (90, 91, 93, None):
        EntryFactory(film=film, score=score)

    received = reception(film)

    assert (received.average, received.scored, received.recorded) == (91, 3, 4)


def test_a_film_without_scores_has_no_average():
    film = EntryFactory(score=None).film

    received = reception(film)

    assert (received.average, received.scored, received.recorded) == (None, 0, 1)


def test_the_distribution_has_every_band_from_the_highest():
    film = FilmFactory()
    for score in (100, 90, 89, 0):
        EntryFactory(film=film, score=score)

    bands = reception(film).bands

    assert [(band.first, band.last) for band in bands][:2] == [(90, 100), (80, 89)]
    assert [band.count for band in bands] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert [band.share for band in bands][:2] == [100, 50]


@pytest.mark.parametrize(
    "hidden", [{"visibility": Visibility.PRIVATE}, {"owner__wall_visibility": Visibility.FOLLOWERS}]
)
def test_what_not_everybody_may_see_counts_for_nothing(hidden):
    film = EntryFactory(score=10).film
    EntryFactory(film=film, score=100, **hidden)

    received = reception(film)

    assert (received.average, received.recorded) == (10, 1)
