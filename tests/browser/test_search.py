import pytest
from playwright.sync_api import expect

from movies.catalog.models import Film
from tests.browser.person import Person
from tests.browser.scenery import searchable, spirited_away
from tests.standins.tmdb import TmdbServer

pytestmark = pytest.mark.browser

WITHOUT_SCRIPTS = pytest.mark.browser_context_args(java_script_enabled=False)
TMDB_SILENT = "ただいまTMDBに接続できません。上の結果はこのサイトの映画だけです。"


def test_results_appear_while_somebody_types(visitor: Person) -> None:
    spirited_away()
    visitor.opens("/search/")
    expect(visitor.search_box).to_be_focused()

    visitor.page.keyboard.type("せんとち")

    expect(visitor.result("千と千尋の神隠し")).to_be_visible()
    expect(visitor.page.get_by_role("status").filter(has_text="1本見つかりました")).to_be_attached()
    visitor.is_at("/search/?q=せんとち&year=")


def test_a_year_that_is_being_typed_is_no_error(visitor: Person) -> None:
    spirited_away()
    visitor.opens("/search/?q=千と千尋")

    for digit in "2001":
        visitor.page.get_by_label("年", exact=True).press(digit)
        expect(visitor.result("千と千尋の神隠し")).to_be_visible()

    visitor.is_at("/search/?q=千と千尋&year=2001")


def test_a_slash_leads_to_the_search_box_and_is_not_typed_into_it(visitor: Person) -> None:
    visitor.opens("/search/?q=存在しない題名")
    visitor.page.get_by_role("main").focus()

    visitor.page.keyboard.press("/")

    expect(visitor.search_box).to_be_focused()
    expect(visitor.search_box).to_have_value("存在しない題名")


def test_arrows_lead_from_the_box_to_the_films_and_back(visitor: Person) -> None:
    for number in range(2):
        searchable(f"連作 {number}")
    visitor.opens("/search/?q=連作")
    films = visitor.page.get_by_role("main").locator(".film-title")
    visitor.search_box.focus()

    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowDown", 1), ("ArrowUp", 0)):
        visitor.page.keyboard.press(key)
        expect(films.nth(place)).to_be_focused()

    visitor.page.keyboard.press("ArrowUp")
    expect(visitor.search_box).to_be_focused()


def test_a_slash_in_a_title_is_typed(visitor: Person) -> None:
    visitor.opens("/search/")

    visitor.page.keyboard.type("Face/Off")

    expect(visitor.search_box).to_have_value("Face/Off")


@pytest.mark.parametrize("scripts", ["on", pytest.param("off", marks=WITHOUT_SCRIPTS)])
def test_more_results_are_found_page_by_page(visitor: Person, scripts: str) -> None:
    for number in range(25):
        searchable(f"連作 {number}")
    visitor.opens("/search/?q=連作")
    results = visitor.page.get_by_role("main").get_by_role("link", name="記録する 連作")
    expect(results).to_have_count(20)

    visitor.follows("さらに表示")

    expect(results).to_have_count(25 if scripts == "on" else 5)


def test_films_of_tmdb_come_by_themselves_below_our_own(visitor: Person, tmdb_server: TmdbServer) -> None:
    searchable("もののけの本", "A Book of Spirits")
    visitor.opens("/search/")

    visitor.page.keyboard.type("もののけ")

    expect(visitor.result("もののけの本")).to_be_visible()
    elsewhere = visitor.page.get_by_role("region", name="TMDBで見つかった映画")
    expect(elsewhere.get_by_role("link", name="記録する もののけ姫")).to_be_visible()


def test_a_silent_tmdb_keeps_nobody_waiting(visitor: Person, tmdb_server: TmdbServer) -> None:
    spirited_away()
    tmdb_server.hang()

    visitor.opens("/search/?q=千と千尋")

    expect(visitor.result("千と千尋の神隠し")).to_be_visible()
    expect(visitor.page.get_by_text(TMDB_SILENT)).to_be_hidden()
    expect(visitor.page.get_by_text(TMDB_SILENT)).to_be_visible()
    expect(visitor.result("千と千尋の神隠し")).to_be_visible()


@pytest.mark.parametrize("scripts", ["on", pytest.param("off", marks=WITHOUT_SCRIPTS)])
def test_a_film_that_only_tmdb_knows_is_recorded(hanako: Person, tmdb_server: TmdbServer, scripts: str) -> None:
    hanako.opens("/search/")
    hanako.looks_for("Fight Club")
    if scripts == "off":
        hanako.follows("TMDBでも探す")
    hanako.follows("記録する ファイト・クラブ")
    assert not Film.objects.exists()

    hanako.score.fill("88")
    hanako.presses("記録する")

    expect(hanako.card("ファイト・クラブ")).to_contain_text("88点")
    assert Film.objects.get().tmdb_id == 550
