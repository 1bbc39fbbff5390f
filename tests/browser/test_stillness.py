"""Nothing on a page moves by itself: who is about to press something presses that."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from accounts.models import User
from movies.diary.services import wall_shows_anew
from tests.browser.person import Person
from tests.browser.scenery import film_with_everything, spirited_away, wall_of
from tests.browser.test_wall import NOTE_SHIFTS, shifts_of
from tests.factories import FollowFactory, UserFactory

pytestmark = pytest.mark.browser


@pytest.fixture(params=[390, 1440])
def watched(visitor: Person, request: pytest.FixtureRequest) -> Person:
    visitor.page.set_viewport_size({"width": request.param, "height": 844})
    visitor.page.add_init_script(NOTE_SHIFTS)
    return visitor


def test_the_watch_sees_what_moves(watched: Person) -> None:
    watched.opens("/about/")
    watched.page.evaluate("document.querySelector('main').insertAdjacentHTML('afterbegin', '<p>'.repeat(9))")

    assert shifts_of(watched.page) != []


@pytest.mark.parametrize("order", ["release", "score"])
def test_nothing_moves_on_a_wall(watched: Person, order: str) -> None:
    wall_of(UserFactory(handle="taro"), 61)

    watched.opens(f"/@taro/?order={order}")

    assert shifts_of(watched.page) == []


def test_nothing_moves_on_the_page_of_a_film(watched: Person) -> None:
    watched.opens(film_with_everything().get_absolute_url())

    assert shifts_of(watched.page) == []


def test_nothing_moves_among_the_results_of_a_search(watched: Person) -> None:
    spirited_away()

    watched.opens("/search/?q=千と千尋")

    expect(watched.result("千と千尋の神隠し")).to_be_visible()
    assert shifts_of(watched.page) == []


def test_nothing_moves_in_the_feed(watched: Person, sign_in: Callable[[User], None]) -> None:
    follow = FollowFactory(follower__handle="hanako")
    wall_of(follow.followee, 12)
    wall_shows_anew(owner_id=follow.followee.pk, is_public=True)
    sign_in(follow.follower)

    watched.opens("/feed/")

    expect(watched.page.locator("img.poster").first).to_be_visible()
    assert shifts_of(watched.page) == []
