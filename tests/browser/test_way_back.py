"""People go to and fro, and come back to where they were."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.scenery import spirited_away, wall_of
from tests.factories import UserFactory

pytestmark = pytest.mark.browser

TITLE = "千と千尋の神隠し"
TYPED_FOR = "/search/?q=せんとち&year="


def test_back_from_a_film_are_the_results_that_were_typed_for(visitor: Person) -> None:
    spirited_away()
    visitor.opens("/search/")
    expect(visitor.search_box).to_be_focused()  # else the first letter may go nowhere
    visitor.page.keyboard.type("せんとち")
    visitor.is_at(TYPED_FOR)
    visitor.follows(TITLE, within=visitor.page.get_by_role("main"))
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(TITLE)

    visitor.page.go_back()

    expect(visitor.search_box).to_have_value("せんとち")
    expect(visitor.result(TITLE)).to_be_visible()


def test_the_other_language_shows_what_was_typed_since(visitor: Person) -> None:
    spirited_away()
    visitor.opens("/search/")
    expect(visitor.search_box).to_be_focused()  # else the first letter may go nowhere
    visitor.page.keyboard.type("せんとち")
    visitor.is_at(TYPED_FOR)

    visitor.follows("English")

    visitor.is_at(f"/en{TYPED_FOR}")
    expect(visitor.result("Spirited Away")).to_be_visible()


def test_whoever_wants_to_record_a_film_is_at_its_form_after_joining(visitor: Person) -> None:
    visitor.opens(spirited_away().get_absolute_url())
    visitor.follows("この映画を記録する")
    visitor.signs_in_at_the_provider("newcomer")
    visitor.page.get_by_label("ユーザーID").fill("eiga_zuki")
    visitor.page.get_by_label("表示名").fill("映画好き")

    visitor.presses("はじめる")

    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(TITLE)
    visitor.score.fill("95")
    visitor.presses("記録する")
    expect(visitor.card(TITLE)).to_contain_text("95点")


def test_signing_in_leads_back_to_the_wall_that_was_looked_at(hanako: Person) -> None:
    wall_of(UserFactory(handle="taro"), 1)
    hanako.page.context.clear_cookies()
    hanako.opens("/en/@taro/?order=score")

    hanako.follows("Sign in")
    hanako.signs_in_at_the_provider("hanako")

    hanako.is_at("/en/@taro/?order=score")


def test_going_back_after_signing_out_shows_nothing_private(hanako: Person) -> None:
    assert hanako.user is not None
    hanako.user.wall_visibility = "private"
    hanako.user.save()
    wall_of(hanako.user, 1)
    hanako.opens("/@hanako/")
    expect(hanako.card("映画 0")).to_be_visible()
    hanako.opens("/about/")
    hanako.signs_out()
    hanako.is_at("/")

    hanako.page.go_back()
    hanako.page.go_back()

    hanako.is_at("/@hanako/")
    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("ただいま上映しておりません")


def test_two_quick_presses_bring_more_films_once(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 130)
    visitor.opens("/@taro/")

    visitor.page.get_by_role("link", name="さらに表示").dblclick()

    films = visitor.wall.locator(".film-title")
    expect(films).to_have_count(120)
    visitor.follows("さらに表示")
    expect(films).to_have_count(130)
    assert len(set(films.all_text_contents())) == 130
