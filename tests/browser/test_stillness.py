"""Nothing on a page moves by itself: who is about to press something presses that."""

import time
from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from playwright.sync_api import expect

from accounts.models import User
from movies.diary.services import wall_shows_anew
from mymovie.encoding import OnlyUtf8Middleware
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


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_first_button_of_a_result_makes_room_for_the_second(
    watched: Person, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spirited_away()
    monkeypatch.setattr(
        OnlyUtf8Middleware,
        "__call__",
        slowly_before('<a class="btn btn-outline-secondary btn-wish"', OnlyUtf8Middleware.__call__),
    )

    watched.opens(f"{language}/search/?q=千と千尋")

    expect(watched.page.locator(".btn-wish")).to_be_visible()
    assert shifts_of(watched.page) == []


def test_nothing_moves_in_the_feed(watched: Person, sign_in: Callable[[User], None]) -> None:
    follow = FollowFactory(follower__handle="hanako")
    wall_of(follow.followee, 12)
    wall_shows_anew(owner_id=follow.followee.pk, is_public=True)
    sign_in(follow.follower)

    watched.opens("/feed/")

    expect(watched.page.locator("img.poster").first).to_be_visible()
    assert shifts_of(watched.page) == []


def test_a_header_that_comes_in_two_halves_is_painted_whole(watched: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        OnlyUtf8Middleware, "__call__", slowly_before('<span id="sign-in">', OnlyUtf8Middleware.__call__)
    )

    watched.opens("/about/")

    assert shifts_of(watched.page) == []


def slowly_before(mark: str, answer: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """What `answer` answers, as it comes over a slow line: the browser waits at `mark`, and paints what it has."""

    def halves(*arguments: object) -> HttpResponseBase:
        response = answer(*arguments)
        if not response.headers["Content-Type"].startswith("text/html"):
            return response
        first, second = response.content.decode().split(mark)

        def parts() -> Iterator[str]:
            yield first
            time.sleep(0.5)
            yield mark + second

        return StreamingHttpResponse(parts(), headers=response.headers)

    return halves
