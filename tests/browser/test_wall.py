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

PLACE_AT_REST = """
    async (element) => {
        const place = () => element.getBoundingClientRect().top + scrollY
        const frame = () => new Promise(requestAnimationFrame)
        for (let before = NaN, same = 0; same < 10; await frame()) {
            same = place() === before ? same + 1 : 0
            before = place()
        }
        return place()
    }
"""


def shifts_of(page: Page) -> list[object]:
    """What moved by itself since the page was opened, once all images are there."""
    page.wait_for_load_state("networkidle")
    return page.evaluate(TWO_FRAMES)


def place_on_page(thing: Locator) -> float:
    """Where it stands once the films near what is seen were laid out: px from the top of the page."""
    return thing.evaluate(PLACE_AT_REST)


def test_more_films_are_put_below_and_no_heading_is_said_twice(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 130)
    visitor.opens("/@taro/")
    films = visitor.wall.locator(".film")
    expect(films).to_have_count(60)
    last = films.nth(59)
    visitor.page.get_by_role("link", name="さらに表示").scroll_into_view_if_needed()
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


DENSITIES = ("cards", "posters", "list")


@pytest.mark.parametrize("density", DENSITIES)
def test_nothing_moves_in_any_density_and_none_is_too_wide(visitor: Person, density: str) -> None:
    wall_of(UserFactory(handle="taro"), 30)
    visitor.page.add_init_script(NOTE_SHIFTS)

    for width in (320, 768, 2560):
        visitor.page.set_viewport_size({"width": width, "height": 844})
        visitor.opens(f"/@taro/?view={density}")
        assert shifts_of(visitor.page) == []
        assert visitor.page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("density", DENSITIES)
def test_a_heading_stays_while_its_films_pass(visitor: Person, density: str) -> None:
    wall_of(UserFactory(handle="taro"), 60)
    visitor.opens(f"/@taro/?view={density}")
    header = visitor.page.get_by_role("banner").bounding_box()
    films = visitor.wall.locator(".film")

    films.nth(30).evaluate("(film) => scrollTo(0, film.getBoundingClientRect().top + scrollY - 400)")

    heading = visitor.wall.get_by_role("heading", level=2, name="2010").bounding_box()
    assert header
    assert heading
    assert 0 <= heading["y"] - header["height"] < 40


@pytest.mark.parametrize("width", [320, 1150, 1300, 1440])
def test_the_rail_covers_no_film(visitor: Person, width: int) -> None:
    wall_of(UserFactory(handle="taro"), 30)
    visitor.page.set_viewport_size({"width": width, "height": 900})

    visitor.opens("/@taro/")

    rail = visitor.page.get_by_role("navigation", name="移動先").bounding_box()
    wall = visitor.wall.bounding_box()
    assert rail
    assert wall
    assert rail["x"] >= wall["x"] + wall["width"] or rail["y"] + rail["height"] <= wall["y"]


def test_what_to_show_is_chosen_with_the_keyboard(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 30)
    visitor.opens("/en/@taro/?view=list")
    visitor.page.get_by_text("Filter", exact=True).focus()

    visitor.page.keyboard.press("Enter")
    decade = visitor.page.get_by_label("Decade")
    decade.focus()
    decade.select_option("2010s (19)")
    visitor.page.keyboard.press("Tab")
    visitor.page.get_by_role("button", name="Show these").press("Enter")

    expect(visitor.wall.locator(".film")).to_have_count(19)
    visitor.is_at("/en/@taro/?view=list&decade=2010")
    visitor.follows("2010s (remove)")
    visitor.is_at("/en/@taro/?view=list")
    expect(visitor.wall.locator(".film")).to_have_count(30)


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_what_to_show_is_chosen_on_a_page_of_its_own(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 30)
    visitor.opens("/en/@taro/")

    visitor.page.get_by_text("Filter", exact=True).click()
    visitor.follows("Choose what to show")
    visitor.page.get_by_label("Score").select_option("20–29 (9)")
    visitor.page.get_by_role("button", name="Show these").click()

    visitor.is_at("/en/@taro/?score=20-29")
    expect(visitor.wall.locator(".film")).to_have_count(9)


def test_a_jump_up_the_page_comes_to_where_the_section_begins(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro"), 60)
    visitor.opens("/@taro/")
    rail = visitor.page.get_by_role("navigation", name="移動先")

    for decade in ("2000", "2020"):
        rail.get_by_role("link", name=decade).click()
        first = visitor.page.locator(f"#s-{decade}")
        expect(first).to_be_in_viewport()
        assert 0 < first.bounding_box()["y"] < 400  # type: ignore[index]
