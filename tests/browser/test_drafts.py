"""What was typed into a form is not lost, and is nobody else's."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Entry
from tests.browser.person import Person
from tests.browser.scenery import spirited_away
from tests.factories import UserFactory

pytestmark = pytest.mark.browser

BIO = "映画館で\n暮らしたい"
LONG = ("雨の日に観る映画は、" * 30)[:300]


@pytest.fixture
def film() -> Film:
    return spirited_away()


@pytest.fixture
def at_the_form(hanako: Person, film: Film) -> Person:
    hanako.opens(f"/films/{film.pk}/record/")
    return hanako


def is_kept(page: Page) -> None:
    """Sealing takes a moment."""
    assert comes_to(page, is_there=True)
    page.wait_for_timeout(150)


def is_kept_no_more(page: Page) -> None:
    """It goes once the page that thanks for it has its scripts."""
    assert comes_to(page, is_there=False)


def comes_to(page: Page, *, is_there: bool) -> bool:
    """Asked from here: what waits within a page evaluates text there, which its policy forbids."""
    for _ in range(100):
        if page.evaluate(ARE_DRAFTS_THERE) is is_there:
            return True
        page.wait_for_timeout(50)
    return False


ARE_DRAFTS_THERE = "Object.keys(localStorage).concat(Object.keys(sessionStorage)).some(k => /^draft:/.test(k))"


def kept(page: Page) -> str:
    return str(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))


def test_what_was_typed_is_back_after_the_tab_was_closed_and_says_so(at_the_form: Person) -> None:
    at_the_form.score.fill("42")
    is_kept(at_the_form.page)
    address, context = at_the_form.page.url, at_the_form.page.context

    at_the_form.page.close()
    later = Person(context.new_page())
    later.opens(address)

    expect(later.score).to_have_value("42")
    expect(later.slider).to_have_value("42")
    expect(later.page.locator(".record-form .draft-note")).to_be_visible()


def test_a_draft_that_is_not_wanted_is_discarded(at_the_form: Person) -> None:
    at_the_form.score.fill("42")
    at_the_form.chooses("別の日")
    is_kept(at_the_form.page)
    at_the_form.page.reload()

    at_the_form.page.locator(".draft-note button").click()

    expect(at_the_form.score).to_have_value("")
    expect(at_the_form.day).to_be_hidden()
    at_the_form.page.reload()
    expect(at_the_form.score).to_have_value("")
    expect(at_the_form.page.locator(".record-form .draft-note")).to_have_count(0)


def test_a_draft_outlives_signing_out_for_its_writer_alone(
    at_the_form: Person, sign_in: Callable[[User], None]
) -> None:
    address = at_the_form.page.url
    at_the_form.score.fill("42")
    is_kept(at_the_form.page)
    at_the_form.signs_out()
    at_the_form.page.wait_for_url("**/")
    assert "42" not in re.sub(r"[\w+/=.:-]{20,}", "", kept(at_the_form.page))

    sign_in(UserFactory(handle="taro"))
    at_the_form.opens(address)
    expect(at_the_form.score).to_have_value("")

    at_the_form.page.context.clear_cookies()
    at_the_form.opens(address)
    at_the_form.signs_in_at_the_provider("hanako")
    expect(at_the_form.score).to_have_value("42")


def test_a_draft_is_the_same_in_every_language(at_the_form: Person, film: Film) -> None:
    at_the_form.score.fill("42")
    is_kept(at_the_form.page)

    at_the_form.opens(f"/en/films/{film.pk}/record/")

    expect(at_the_form.page.locator(".record-form [name=score]")).to_have_value("42")


def test_what_was_saved_is_a_draft_no_more(at_the_form: Person, film: Film) -> None:
    address = at_the_form.page.url
    at_the_form.score.fill("42")
    is_kept(at_the_form.page)
    at_the_form.presses("記録する")
    expect(at_the_form.card(film.title)).to_be_visible()
    at_the_form.is_at("/@hanako/")  # which the page's scripts make of it, when they have thanked

    at_the_form.opens(address)

    expect(at_the_form.page.locator(".record-form .draft-note")).to_have_count(0)
    is_kept_no_more(at_the_form.page)


def test_what_could_not_be_saved_stays_a_draft(at_the_form: Person, film: Film) -> None:
    address = at_the_form.page.url
    at_the_form.score.fill("101")
    at_the_form.page.evaluate("document.querySelector('.record-form').noValidate = true")
    at_the_form.presses("記録する")
    expect(at_the_form.page.locator(".record-form .errorlist")).to_be_visible()

    at_the_form.opens(address)

    expect(at_the_form.score).to_have_value("101")
    assert not Entry.objects.exists()


def test_long_words_come_back_after_the_session_ended(hanako: Person) -> None:
    hanako.opens("/settings/profile/")
    bio = hanako.page.locator("[name=bio]")
    bio.fill(LONG)
    is_kept(hanako.page)
    hanako.page.context.clear_cookies()
    hanako.presses("保存する")
    expect(hanako.page.locator(".written-out textarea")).to_have_value(LONG)

    hanako.page.locator(".error .btn").click()
    hanako.signs_in_at_the_provider("hanako")

    expect(bio).to_have_value(LONG)
    hanako.presses("保存する")
    hanako.reads("保存しました。")
    assert User.objects.get(handle="hanako").bio == LONG
    is_kept_no_more(hanako.page)


def test_a_profile_that_another_window_changed_is_not_taken_back_by_a_draft(hanako: Person) -> None:
    hanako.opens("/settings/profile/")
    hanako.page.locator("[name=bio]").fill(BIO)
    is_kept(hanako.page)
    User.objects.filter(handle="hanako").update(display_name="改名")

    hanako.page.reload()

    expect(hanako.page.locator("[name=bio]")).to_have_value(BIO)
    expect(hanako.page.locator("[name=display_name]")).to_have_value("改名")


def test_a_visitors_words_go_with_the_tab(visitor: Person) -> None:
    visitor.opens("/contact/")
    visitor.page.locator("[name=text]").fill(BIO)
    is_kept(visitor.page)
    assert visitor.page.evaluate("localStorage.length") == 0

    visitor.page.reload()
    expect(visitor.page.locator("[name=text]")).to_have_value(BIO)

    another_tab = Person(visitor.page.context.new_page())
    another_tab.opens("/contact/")
    expect(another_tab.page.locator("[name=text]")).to_have_value("")


def test_a_visitors_words_are_gone_once_somebody_has_signed_out(
    visitor: Person, sign_in: Callable[[User], None]
) -> None:
    visitor.opens("/contact/")
    visitor.page.locator("[name=text]").fill(BIO)
    is_kept(visitor.page)
    sign_in(UserFactory(handle="taro"))
    visitor.opens("/about/")

    visitor.page.context.clear_cookies()
    visitor.opens("/contact/")

    expect(visitor.page.locator("[name=text]")).to_have_value("")


def test_an_old_draft_is_swept_away(at_the_form: Person) -> None:
    at_the_form.score.fill("42")
    is_kept(at_the_form.page)
    at_the_form.page.evaluate(
        "for (const k of Object.keys(localStorage)) localStorage[k] = localStorage[k].replace(/^\\d+/, Date.now() - 31 * 864e5)"
    )

    at_the_form.page.reload()

    expect(at_the_form.score).to_have_value("")
    is_kept_no_more(at_the_form.page)


def test_a_browser_that_stores_nothing_still_has_forms(hanako: Person, film: Film) -> None:
    hanako.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    hanako.opens(f"/films/{film.pk}/record/")

    hanako.score.fill("42")
    hanako.presses("記録する")

    expect(hanako.card(film.title)).to_contain_text("42点")
