import pytest
from playwright.sync_api import Locator, Page, expect

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


def place_on_page(thing: Locator) -> float:
    return thing.evaluate("(element) => element.getBoundingClientRect().top + scrollY")


def test_more_films_are_put_below_and_no_heading_is_said_twice(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 130)
    visitor.opens("/@taro/")
    films = visitor.wall.locator(".film")
    expect(films).to_have_count(60)
    last = films.nth(59)
    place = place_on_page(last)

    visitor.follows("さらに表示")

    expect(films).to_have_count(120)
    expect(films.nth(60).get_by_role("link")).to_be_focused()
    assert place_on_page(last) == place
    visitor.follows("さらに表示")
    expect(films).to_have_count(130)
    expect(visitor.page.get_by_role("link", name="さらに表示")).to_have_count(0)
    headings = visitor.wall.get_by_role("heading", level=2).all_inner_texts()
    assert len(set(headings)) == len(headings) == 8
    visitor.is_at("/@taro/")


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_the_next_page_says_what_it_continues(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 61)
    visitor.opens("/@taro/?order=score")

    visitor.follows("さらに表示")

    expect(visitor.wall.locator(".film")).to_have_count(1)
    expect(visitor.wall.get_by_role("heading", level=2)).to_have_text(["未採点 （つづき） 6本"])


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_by_itself_on_a_wall(visitor: Person, width: int) -> None:
    wall_of(UserFactory(handle="taro"), 30)
    visitor.page.set_viewport_size({"width": width, "height": 844})
    visitor.page.add_init_script(NOTE_SHIFTS)

    visitor.opens("/@taro/")

    assert shifts_of(visitor.page) == []


def test_the_rail_leads_to_a_section(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 130)
    visitor.opens("/@taro/")

    visitor.page.get_by_role("navigation", name="移動先").get_by_role("link", name="1970").click()

    expect(visitor.wall.get_by_role("heading", level=2).first).to_have_text("1970年代 20本")


def test_the_language_switch_keeps_the_order(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 3)
    visitor.opens("/@taro/?order=score")

    visitor.follows("English")

    visitor.is_at("/en/@taro/?order=score")
    expect(visitor.wall.get_by_role("heading", level=2)).to_have_text(["0–9 3 films"])
