"""Whoever has no mouse, no eye for fine print, or colours of their own, finds their way as well."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import give_session
from tests.browser.person import Person
from tests.browser.scenery import spirited_away, wall_of
from tests.factories import FilmListFactory, UserFactory, WishFactory

pytestmark = pytest.mark.browser

STOPS = 200  # more than any page here has

# What has the focus, and the ring around it: its own, or that of the frame that it fills.
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const ringed = [element, element.closest(".find, .segments, label")].filter(Boolean)
    .concat(...(element.labels || []), element.nextElementSibling || []);
  const isRinged = ringed.some((one) => {
    const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(one);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && !outlineColor.endsWith(", 0)");
  });
  const { bottom } = element.getBoundingClientRect();
  const header = document.querySelector(".site-header");
  const isCovered = !element.closest(".site-header, .skip-link, [popover]") && bottom <= header.getBoundingClientRect().bottom;
  return { element: element.cloneNode().outerHTML.slice(0, 160), isSeen: isRinged && !isCovered };
}"""


def stops_without_a_ring(page: Page) -> list[str]:
    """Through the whole page by Tab alone."""
    unseen, count = [], 0
    for _stop in range(STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            break
        count += 1
        if not focused["isSeen"]:
            unseen.append(focused["element"])
    assert count > 5, "the keyboard comes nowhere"
    return unseen


def test_every_stop_of_the_keyboard_is_seen(hanako: Person) -> None:
    WishFactory(owner=hanako.user, film=spirited_away(), memo="予告で泣いた。")
    film_list = FilmListFactory(owner=hanako.user)

    for address in (
        "/about/",
        "/people/",
        "/watchlist/",
        "/upcoming/",
        f"/lists/{film_list.pk}/",
        "/settings/profile/",
        "/settings/privacy/",
        "/settings/tokens/",
        "/import/",
        "/contact/",
        "/nowhere/",
    ):
        hanako.opens(address)
        assert stops_without_a_ring(hanako.page) == [], address


def test_the_ring_is_seen_on_a_poster_and_in_the_dark(visitor: Person) -> None:
    """Paper on both sides of it: so it does not matter what it lies on."""
    wall_of(UserFactory(handle="taro"), 3)
    visitor.page.emulate_media(color_scheme="dark")
    visitor.opens("/about/")
    visitor.page.keyboard.press("Tab")
    link = visitor.page.locator(".century a").first

    link.focus()

    expect(link).to_be_focused()
    ring = link.evaluate("(link) => [getComputedStyle(link).outlineColor, getComputedStyle(link).boxShadow]")
    assert ring == ["rgb(240, 102, 74)", "rgb(19, 17, 15) 0px 0px 0px 5px"]


def test_colours_of_the_systems_own(hanako: Person) -> None:
    hanako.page.emulate_media(forced_colors="active")
    hanako.opens("/settings/profile/")

    assert stops_without_a_ring(hanako.page) == []
    here, other = hanako.page.locator(".settings .orders a").all()[:2]
    line = "(tab) => getComputedStyle(tab).borderBottomColor"
    assert here.get_attribute("aria-current") == "page"
    assert here.evaluate(line) != other.evaluate(line)


def test_nothing_moves_for_those_who_want_no_motion(browser: Browser, hanako: Person, site_url: str) -> None:
    assert hanako.user is not None
    motion = "(button) => getComputedStyle(button).transitionDuration"
    hanako.opens("/people/")
    assert hanako.page.locator("main .btn").first.evaluate(motion) == "0s"

    with browser.new_context(reduced_motion="no-preference", base_url=site_url) as moving:
        give_session(moving, hanako.user, site_url)
        page = moving.new_page()
        page.goto("/people/")
        assert page.locator("main .btn").first.evaluate(motion) != "0s"


def test_twice_as_large_nothing_is_lost(hanako: Person) -> None:
    """Zoom makes a page half as wide: a window of 1440 or 1280 px."""
    WishFactory(owner=hanako.user, film=spirited_away())
    for address in ("/about/", "/watchlist/", "/settings/privacy/", "/import/", "/people/", "/en/contact/"):
        for width in (720, 640):
            hanako.page.set_viewport_size({"width": width, "height": 450})
            hanako.opens(address)

            assert hanako.page.evaluate("document.documentElement.scrollWidth") <= width, address
            expect(hanako.page.locator(".account-door")).to_be_in_viewport(ratio=1)


def test_a_list_is_deleted_without_a_mouse(hanako: Person) -> None:
    film_list = FilmListFactory(owner=hanako.user, name="雨の日")
    hanako.opens(f"/lists/{film_list.pk}/")
    keyboard = hanako.page.keyboard

    hanako.page.locator(".sure > summary").focus()
    keyboard.press("Enter")
    keyboard.press("Tab")
    expect(hanako.page.get_by_role("button", name="削除する")).to_be_focused()
    keyboard.press("Enter")

    hanako.is_at("/lists/")
    expect(hanako.page.get_by_role("status")).to_contain_text("雨の日")
