import pytest
from playwright.sync_api import Page, expect

from tests.browser.person import Person
from tests.browser.scenery import wall_of
from tests.factories import UserFactory

pytestmark = pytest.mark.browser

NOTE_SHIFTS = """
    window.shifts = []
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            if (!entry.hadRecentInput) window.shifts.push([entry.value, ...entry.sources.map((s) => s.node?.outerHTML)])
        }
    }).observe({type: "layout-shift", buffered: true})
"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(window.shifts))))"


def shifts_of(page: Page) -> list[object]:
    """What moved by itself since the page was opened, once all images are there."""
    page.wait_for_load_state("networkidle")
    return page.evaluate(TWO_FRAMES)


def test_more_films_are_put_below_and_no_heading_is_said_twice(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 130)
    visitor.page.add_init_script(NOTE_SHIFTS)
    visitor.opens("/@taro/")
    films = visitor.wall.locator(".film")
    expect(films).to_have_count(60)
    last = films.nth(59)
    last.scroll_into_view_if_needed()
    place = last.bounding_box()

    visitor.follows("さらに表示")

    expect(films).to_have_count(120)
    expect(films.nth(60).get_by_role("link")).to_be_focused()
    assert place_on_page(last) == place_on_page(last)
    visitor.follows("さらに表示")
    expect(films).to_have_count(130)
    expect(visitor.page.get_by_role("link", name="さらに表示")).to_have_count(0)
    headings = visitor.wall.get_by_role("heading", level=2).all_inner_texts()
    assert len(set(headings)) == len(headings) == 8
    visitor.is_at("/@taro/")
    assert shifts_of(visitor.page) == []
