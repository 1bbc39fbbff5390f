import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.scenery import spirited_away, wall_of
from tests.factories import UserFactory

pytestmark = pytest.mark.browser
PAUSE_AFTER_TYPING = 250  # ms; the search asks by itself then


def test_the_first_stop_leads_past_the_header(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 1)
    visitor.opens("/@taro/")
    keyboard = visitor.page.keyboard

    keyboard.press("Tab")
    expect(visitor.page.get_by_role("link", name="本文へ移動")).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("Tab")

    expect(visitor.page.get_by_role("main").get_by_role("link", name="フォロワー 0人", exact=True)).to_be_focused()


def test_the_account_menu_opens_and_closes_without_losing_ones_place(hanako: Person) -> None:
    hanako.opens("/about/")
    account = hanako.page.get_by_role("button", name="アカウント")
    account.focus()

    hanako.page.keyboard.press("Enter")
    hanako.page.keyboard.press("Tab")
    expect(hanako.page.get_by_role("link", name="自分の記録", exact=True)).to_be_focused()
    hanako.page.keyboard.press("Escape")

    expect(hanako.page.get_by_role("link", name="自分の記録", exact=True)).to_be_hidden()
    expect(account).to_be_focused()


def test_a_film_is_found_and_recorded_without_a_mouse(hanako: Person) -> None:
    spirited_away()
    hanako.opens("/search/")
    keyboard = hanako.page.keyboard

    keyboard.type("千と千尋")
    keyboard.press("Enter")
    hanako.page.get_by_role("link", name="記録する 千と千尋の神隠し").focus()
    keyboard.press("Enter")
    hanako.slider.focus()
    keyboard.type("95")
    keyboard.press("Enter")

    expect(hanako.card("千と千尋の神隠し")).to_contain_text("95点")


def test_whoever_has_gone_on_to_a_result_keeps_their_place_while_others_come(hanako: Person) -> None:
    spirited_away()  # which is offered before anything is asked
    hanako.opens("/search/")
    record = hanako.page.get_by_role("link", name="記録する 千と千尋の神隠し")

    hanako.page.keyboard.type("千と千尋")
    record.focus()
    expect(hanako.page.get_by_role("heading", name="たとえば、この映画")).to_be_hidden()

    expect(record).to_be_focused()


def test_whoever_has_gone_on_to_a_film_that_is_not_among_them_is_led_back_to_the_box(hanako: Person) -> None:
    spirited_away()
    hanako.opens("/search/")

    hanako.page.keyboard.type("せんべい")
    hanako.page.get_by_role("link", name="記録する 千と千尋の神隠し").focus()
    expect(hanako.result("千と千尋の神隠し")).to_be_hidden()

    expect(hanako.search_box).to_be_focused()


def test_what_enter_has_asked_is_not_asked_again(hanako: Person) -> None:
    spirited_away()
    hanako.opens("/search/")
    asked = []
    hanako.page.on("request", lambda request: asked.append(request.url) if "/search/?" in request.url else None)

    hanako.page.keyboard.type("千と千尋")
    hanako.page.keyboard.press("Enter")
    expect(hanako.result("千と千尋の神隠し")).to_be_visible()
    hanako.page.wait_for_timeout(PAUSE_AFTER_TYPING * 2)

    assert len(asked) == 1


def test_other_words_are_asked_after_enter(hanako: Person) -> None:
    spirited_away()
    hanako.opens("/search/")

    hanako.page.keyboard.type("千と")
    hanako.page.keyboard.press("Enter")
    expect(hanako.result("千と千尋の神隠し")).to_be_visible()
    hanako.page.keyboard.type("せんべい")

    expect(hanako.result("千と千尋の神隠し")).to_be_hidden()
