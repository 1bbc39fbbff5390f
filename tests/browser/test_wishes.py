"""Waiting for films, at a real browser: buttons change in place, and what was chosen is saved."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Wish
from movies.diary.services import log_film
from movies.releases.addresses import CALENDARS
from tests.browser.conftest import give_session
from tests.browser.person import Person
from tests.browser.scenery import coming, spirited_away
from tests.factories import FilmFactory, UserFactory, WishFactory
from tests.standins.tmdb import TmdbServer

pytestmark = pytest.mark.browser


def button(page: Page, film: Film) -> Locator:
    return page.locator(f"#wish-{film.pk}").get_by_role("button")


def is_pressed(button: Locator, expected: bool) -> None:
    expect(button).to_have_attribute("aria-pressed", "true" if expected else "false")


def test_a_film_that_is_coming_is_waited_for_where_it_stands(hanako: Person) -> None:
    assert hanako.user is not None
    films = [coming(3), coming(9)]
    hanako.opens("/en/upcoming/")

    button(hanako.page, films[1]).click()

    is_pressed(button(hanako.page, films[1]), True)
    is_pressed(button(hanako.page, films[0]), False)
    expect(button(hanako.page, films[1])).to_be_focused()
    hanako.is_at("/en/upcoming/")
    assert Wish.objects.get().film == films[1]

    expect(hanako.page.locator(".htmx-added")).to_have_count(0)  # until then it is a form without htmx
    hanako.page.keyboard.press("Enter")
    is_pressed(button(hanako.page, films[1]), False)
    expect(button(hanako.page, films[1])).to_be_focused()
    assert not Wish.objects.exists()


def test_what_one_is_reminded_of_is_saved_as_soon_as_it_is_chosen(hanako: Person) -> None:
    film = coming(9)
    hanako.opens(f"/en{film.get_absolute_url()}")
    button(hanako.page, film).click()
    form = hanako.page.locator("#reminders")

    form.get_by_label("When it comes out digitally").check()
    expect(form.locator("[name=initial-reminds_of_digital]")).to_have_value("True")
    form.get_by_label("A week before, too").check()
    form.get_by_label("When it opens in cinemas in Japan").uncheck()
    expect(form.locator("[name=initial-reminds_of_cinema]")).to_have_value("False")
    expect(form.get_by_label("When it opens in cinemas in Japan")).to_be_focused()

    wish = Wish.objects.get()
    assert (wish.reminds_of_cinema, wish.reminds_of_digital, wish.reminds_a_week_before) == (False, True, True)


def test_a_film_of_tmdbs_is_brought_when_somebody_waits_for_it(hanako: Person, tmdb_server: TmdbServer) -> None:
    hanako.opens("/en/search/?q=もののけ")

    wish = hanako.page.get_by_role("button", name="Want to see").first
    is_pressed(wish, False)
    wish.click()

    is_pressed(wish, True)
    expect(wish).to_be_focused()
    hanako.is_at("/en/search/?q=もののけ")
    assert Wish.objects.get().film.tmdb_id


def test_a_session_that_is_over_shows_the_page_anew(hanako: Person) -> None:
    film = coming(9)
    hanako.opens(f"/en{film.get_absolute_url()}")
    hanako.page.context.clear_cookies()

    button(hanako.page, film).click()

    expect(hanako.page.get_by_role("main").get_by_role("link", name="Want to see")).to_be_visible()
    assert not Wish.objects.exists()


def test_without_javascript_everything_works_by_pages(browser: Browser, site_url: str) -> None:
    user = UserFactory()
    context = browser.new_context(java_script_enabled=False, base_url=site_url, locale="en")
    give_session(context, user, site_url)
    page, film = context.new_page(), coming(9)
    page.goto(f"{site_url}/en{film.get_absolute_url()}")

    button(page, film).click()
    page.get_by_label("When it comes out digitally").check()
    page.locator("#reminders").get_by_role("button").click()

    expect(page.get_by_label("When it comes out digitally")).to_be_checked()
    assert Wish.objects.get().reminds_of_digital
    button(page, film).click()
    is_pressed(button(page, film), False)
    context.close()


def test_what_has_been_seen_leaves_the_list(hanako: Person) -> None:
    assert isinstance(hanako.user, User)
    seen = WishFactory(owner=hanako.user, film=spirited_away()).film
    WishFactory(owner=hanako.user, film=FilmFactory(title_en="Some day"))
    hanako.opens("/en/watchlist/")
    expect(hanako.page.locator(".watchlist .film")).to_have_count(2)

    log_film(owner=hanako.user, film=seen, score=90, visibility="public")
    hanako.opens("/en/watchlist/")

    expect(hanako.page.locator(".watchlist .film-title")).to_have_text(["Some day"])


def test_the_address_of_the_calendar_is_copied_at_a_press(hanako: Person) -> None:
    assert hanako.user is not None
    CALENDARS.make(owner=hanako.user)
    hanako.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hanako.opens("/en/settings/calendar/")

    hanako.presses("Copy")

    expect(hanako.page.get_by_role("button", name="Copied")).to_be_visible()
    copied = hanako.page.evaluate("navigator.clipboard.readText()")
    assert copied == hanako.page.get_by_label("Address of your calendar").input_value()
    assert copied.endswith(".ics")
