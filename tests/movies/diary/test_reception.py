import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import Visibility
from movies.diary.reception import reception
from tests.factories import BlockFactory, EntryFactory, FilmFactory, FollowFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_the_average_is_rounded_down_and_counts_only_scores():
    film = FilmFactory()
    for score in (90, 91, 93, None):
        EntryFactory(film=film, score=score)

    received = reception(film, AnonymousUser())

    assert (received.average, received.scored, received.recorded) == (91, 3, 4)


def test_a_film_without_scores_has_no_average():
    film = EntryFactory(score=None).film

    received = reception(film, AnonymousUser())

    assert (received.average, received.scored, received.recorded) == (None, 0, 1)


def test_the_distribution_has_every_band_from_the_highest():
    film = FilmFactory()
    for score in (100, 90, 89, 0):
        EntryFactory(film=film, score=score)

    bands = reception(film, AnonymousUser()).bands

    assert [(band.first, band.last) for band in bands][:2] == [(90, 100), (80, 89)]
    assert [band.count for band in bands] == [2, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert [band.share for band in bands][:2] == [100, 50]


@pytest.mark.parametrize(
    "hidden", [{"visibility": Visibility.PRIVATE}, {"owner__wall_visibility": Visibility.FOLLOWERS}]
)
def test_what_not_everybody_may_see_counts_for_nothing(hidden):
    film = EntryFactory(score=10).film
    EntryFactory(film=film, score=100, **hidden)

    received = reception(film, AnonymousUser())

    assert (received.average, received.recorded) == (10, 1)


@pytest.mark.parametrize("visibility", [Visibility.FOLLOWERS, Visibility.PRIVATE])
def test_what_is_not_for_everybody_changes_no_number_for_anybody(visibility):
    hidden = EntryFactory(score=0, visibility=visibility)
    EntryFactory(film=hidden.film, score=90)
    follower = FollowFactory(followee=hidden.owner).follower

    numbers = [reception(hidden.film, viewer) for viewer in (AnonymousUser(), UserFactory(), follower, hidden.owner)]

    assert {(received.recorded, received.average) for received in numbers} == {(1, 90)}


@pytest.mark.parametrize("is_by_viewer", [True, False])
def test_who_is_blocked_does_not_count_for_whom_they_are_blocked(is_by_viewer):
    theirs, viewer = EntryFactory(score=0), UserFactory()
    EntryFactory(film=theirs.film, score=90)
    pair = [viewer, theirs.owner]
    blocker, blocked = pair if is_by_viewer else reversed(pair)
    BlockFactory(blocker=blocker, blocked=blocked)

    assert reception(theirs.film, viewer).average == 90
    assert reception(theirs.film, AnonymousUser()).average == 45
