"""A film is recorded in seconds, wherever one is: by keys alone, and by thumb."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from accounts.models import User
from movies.catalog.models import Film
from movies.diary.models import Entry, Viewing, Wish
from tests.browser.inspection import faults_here
from tests.browser.person import Person
from tests.browser.scenery import searchable, spirited_away, wall_of
from tests.browser.test_wall import place_on_page
from tests.factories import EntryFactory, UserFactory, WishFactory
from tests.standins.tmdb import Response, TmdbServer

pytestmark = pytest.mark.browser

TITLE = "千と千尋の神隠し"
PHONE = pytest.mark.browser_context_args(viewport={"width": 390, "height": 700}, has_touch=True, is_mobile=True)


class Dialog:
    """The dialog as somebody uses it who knows where things stand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.self = page.locator("#quick")
        self.words = page.get_by_role("combobox")
        self.options = page.get_by_role("option")
        self.score = self.self.get_by_role("spinbutton")
        self.slider = self.self.get_by_role("slider")
        self.save = self.self.locator(".quick-save")
        self.done = self.self.locator(".quick-done")
        self.said = self.self.locator(".quick-said")

    def finds(self, words: str, count: int = 1) -> None:
        self.words.fill(words)
        expect(self.active).to_be_visible()  # of films that nobody has looked for, none is
        expect(self.options).to_have_count(count)

    def picks(self, words: str) -> None:
        self.finds(words)
        self.page.keyboard.press("Enter")
        expect(self.score).to_be_focused()

    def records(self, score: str) -> None:
        self.score.fill(score)
        self.page.keyboard.press("Enter")

    @property
    def active(self) -> Locator:
        return self.self.locator("[role=option][aria-selected=true]")


@pytest.fixture
def film() -> Film:
    return spirited_away()


@pytest.fixture
def dialog(hanako: Person, film: Film) -> Dialog:
    """Open, on a page that has nothing to do with films."""
    hanako.opens("/people/")
    hanako.page.keyboard.press("/")
    dialog = Dialog(hanako.page)
    expect(dialog.words).to_be_focused()
    return dialog


@pytest.mark.parametrize("keys", ["/", "Control+k", "Meta+k"])
def test_a_film_is_recorded_by_keys_alone(hanako: Person, film: Film, keys: str) -> None:
    hanako.opens("/people/")
    keyboard, dialog = hanako.page.keyboard, Dialog(hanako.page)

    keyboard.press(keys)
    keyboard.type("せんとち")
    expect(dialog.active).to_contain_text(TITLE)
    keyboard.press("Enter")
    expect(dialog.score).to_be_focused()
    keyboard.type("95")
    keyboard.press("Enter")

    expect(dialog.done).to_contain_text(TITLE)
    expect(dialog.words).to_be_focused()
    expect(dialog.words).to_be_empty()
    entry = Entry.objects.get()
    assert (entry.film, entry.score, entry.owner) == (film, 95, hanako.user)
    assert entry.watched_on is not None


def test_one_film_after_another_is_recorded(dialog: Dialog) -> None:
    searchable("もののけの本")

    dialog.picks("せんとち")
    dialog.records("95")
    expect(dialog.done).to_contain_text(TITLE)
    dialog.picks("もののけ")
    dialog.records("")

    expect(dialog.done).to_contain_text("もののけの本")
    assert {entry.score for entry in Entry.objects.all()} == {95, None}


def test_arrows_lead_from_film_to_film_and_around(dialog: Dialog) -> None:
    for number in range(3):
        searchable(f"連作 {number}")
    dialog.finds("連作", 3)
    seen = []

    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp"):
        seen.append(dialog.active.inner_text())
        dialog.page.keyboard.press(key)

    assert len(set(seen[:3])) == 3
    assert seen[3] == seen[0]
    assert dialog.active.inner_text() == seen[2]
    expect(dialog.active).to_have_id(dialog.words.get_attribute("aria-activedescendant") or "")


def test_arrows_change_the_score_by_one_and_with_shift_by_ten(dialog: Dialog) -> None:
    dialog.picks("せんとち")
    dialog.score.fill("72")

    for keys in ("ArrowUp", "Shift+ArrowUp", "ArrowDown", "ArrowDown"):
        dialog.page.keyboard.press(keys)

    expect(dialog.score).to_have_value("81")
    expect(dialog.slider).to_have_value("81")
    expect(dialog.score).to_have_attribute("aria-valuenow", "81")
    expect(dialog.self.locator(".stars rect").nth(1)).to_have_attribute("width", "81%")
    for _ in range(4):
        dialog.page.keyboard.press("Shift+ArrowUp")
    expect(dialog.score).to_have_value("100")


def test_wide_digits_are_a_score_too(dialog: Dialog) -> None:
    dialog.picks("せんとち")

    dialog.page.keyboard.insert_text("９５")
    dialog.page.keyboard.press("Enter")

    expect(dialog.done).to_contain_text("95")
    assert Entry.objects.get().score == 95


def test_an_enter_that_ends_a_conversion_neither_picks_nor_records(dialog: Dialog) -> None:
    ime = dialog.page.context.new_cdp_session(dialog.page)
    converting = {"windowsVirtualKeyCode": 229, "nativeVirtualKeyCode": 13, "key": "Process", "code": "Enter"}

    def compose(typed: str) -> None:
        ime.send("Input.imeSetComposition", {"text": typed, "selectionStart": len(typed), "selectionEnd": len(typed)})

    def end_it(converted: str) -> None:
        ime.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **converting})
        ime.send("Input.insertText", {"text": converted})
        ime.send("Input.dispatchKeyEvent", {"type": "keyUp", **converting, "key": "Enter"})

    compose("せんとち")
    expect(dialog.active).to_contain_text(TITLE)
    dialog.page.keyboard.press("Enter")  # while it is being converted
    end_it("千と千尋")

    expect(dialog.words).to_have_value("千と千尋")
    expect(dialog.score).to_have_count(0)
    expect(dialog.active).to_contain_text(TITLE)
    dialog.page.keyboard.press("Enter")
    expect(dialog.score).to_be_focused()
    compose("８")
    dialog.page.keyboard.press("Enter")
    end_it("８８")
    expect(dialog.score).to_have_value("88")
    assert not Entry.objects.exists()
    dialog.page.keyboard.press("Enter")
    expect(dialog.done).to_contain_text("88")


def test_escape_closes_and_leads_back_to_where_one_was(hanako: Person, film: Film) -> None:
    hanako.opens("/people/")
    door = hanako.page.locator(".site-nav [data-quick].btn")
    door.focus()
    dialog = Dialog(hanako.page)

    hanako.page.keyboard.press("Enter")
    expect(dialog.words).to_be_focused()
    hanako.page.keyboard.press("Escape")

    expect(dialog.self).to_be_hidden()
    expect(door).to_be_focused()


def test_keys_that_are_typed_elsewhere_open_nothing(hanako: Person) -> None:
    hanako.opens("/people/")
    box = hanako.page.get_by_role("main").get_by_role("searchbox")
    box.focus()

    hanako.page.keyboard.type("a/b")

    expect(box).to_have_value("a/b")
    expect(hanako.page.locator("#quick")).to_be_hidden()


def test_answers_that_come_too_late_are_dropped(dialog: Dialog) -> None:
    searchable("もののけの本")
    held: list[Route] = []
    dialog.page.route(re.compile(r"/search/quick/\?q=%E3%81%9B"), lambda route: held.append(route))
    dialog.words.fill("せんとち")
    dialog.page.wait_for_timeout(300)

    dialog.finds("もののけ")
    for route in held:
        route.abort()

    assert held
    expect(dialog.options).to_have_text(re.compile("もののけの本"))


def test_an_enter_before_the_films_have_come_picks_none_of_the_old(dialog: Dialog) -> None:
    searchable("もののけの本")
    dialog.finds("せんとち")

    dialog.words.fill("もののけ")
    dialog.page.keyboard.press("Enter")

    expect(dialog.options).to_have_text(re.compile("もののけの本"))
    expect(dialog.score).to_have_count(0)


@PHONE
def test_four_taps_at_most_lead_from_the_wall_to_a_recorded_film(hanako: Person, film: Film) -> None:
    assert hanako.user is not None
    wall_of(hanako.user, 3)
    hanako.opens("/@hanako/")
    dialog, taps = Dialog(hanako.page), []

    def tap(target: Locator, **where: Any) -> None:
        target.tap(**where)
        taps.append(target)

    tap(hanako.page.locator(".site-nav [data-quick].btn"))
    expect(dialog.words).to_be_focused()
    hanako.page.keyboard.type("せんとち")
    tap(dialog.options.filter(has_text=TITLE))
    box = dialog.slider.bounding_box()
    assert box
    tap(dialog.slider, position={"x": box["width"] * 0.9, "y": box["height"] / 2})
    given = int(dialog.score.input_value())
    tap(dialog.save)

    expect(dialog.done).to_contain_text(TITLE)
    assert len(taps) <= 4
    assert Entry.objects.get(film=film).score == given >= 80


@PHONE
def test_the_button_lies_within_the_thumbs_reach_above_the_keyboard(hanako: Person, film: Film) -> None:
    hanako.opens("/people/")
    hanako.page.locator(".site-nav [data-quick].btn").tap()
    dialog = Dialog(hanako.page)
    dialog.picks("せんとち")
    expect(dialog.score).to_have_attribute("inputmode", "numeric")

    hanako.page.set_viewport_size({"width": 390, "height": 400})  # as a keyboard leaves it

    place_on_page(dialog.save)
    box = dialog.save.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 400
    assert box["height"] >= 44
    for target in dialog.self.locator("button:visible, .segments label, [role=option]:visible").all():
        size = target.bounding_box()
        assert size
        assert size["height"] >= 44, target


def test_a_score_that_cannot_be_is_said_and_stays(dialog: Dialog) -> None:
    dialog.picks("せんとち")
    with dialog.page.expect_response("**/record/") as refused:
        dialog.records("101")

    assert refused.value.status == 400
    expect(dialog.self.get_by_role("alert")).to_contain_text("0から100")
    expect(dialog.score).to_have_value("101")
    expect(dialog.score).to_be_focused()
    assert not Entry.objects.exists()
    dialog.records("100")
    expect(dialog.done).to_contain_text(TITLE)


def test_two_quick_enters_record_once(dialog: Dialog) -> None:
    dialog.picks("せんとち")
    dialog.score.fill("70")

    dialog.page.keyboard.press("Enter")
    dialog.page.keyboard.press("Enter")

    expect(dialog.done).to_contain_text(TITLE)
    assert (Entry.objects.count(), Viewing.objects.count()) == (1, 1)


def test_a_lost_answer_says_so_and_the_second_try_counts_once(dialog: Dialog) -> None:
    dialog.picks("せんとち")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("aborted")

    dialog.page.route("**/record/", lose, times=1)
    dialog.records("88")

    expect(dialog.said).to_have_class(re.compile("is-trouble"))
    expect(dialog.score).to_have_value("88")
    dialog.page.keyboard.press("Enter")
    expect(dialog.done).to_contain_text(TITLE)
    assert (Entry.objects.count(), Viewing.objects.count()) == (1, 1)


def test_what_was_recorded_is_taken_back_and_waited_for_again(hanako: Person, dialog: Dialog, film: Film) -> None:
    WishFactory(owner=hanako.user, film=film, memo="太郎のすすめ")
    dialog.picks("せんとち")
    dialog.records("88")
    expect(dialog.done).to_contain_text("88")
    assert (Entry.objects.get().memo, Wish.objects.count()) == ("太郎のすすめ", 0)

    dialog.done.get_by_role("button").click()

    expect(dialog.done.get_by_role("button")).to_have_count(0)
    expect(dialog.words).to_be_focused()
    assert not Entry.objects.filter(deleted_at=None).exists()
    assert Wish.objects.get().memo == "太郎のすすめ"
    expect(dialog.options.first).to_contain_text(TITLE)


def test_a_film_on_my_wall_shows_its_score_and_gets_another(hanako: Person, dialog: Dialog, film: Film) -> None:
    EntryFactory(owner=hanako.user, film=film, score=60, review="雨。", memo="隣は母", visibility="private")
    dialog.finds("せんとち")
    expect(dialog.options).to_contain_text("60")
    dialog.page.keyboard.press("Enter")
    expect(dialog.score).to_have_value("60")

    dialog.self.locator("label", has_text="今日").click()
    dialog.records("75")

    expect(dialog.done).to_contain_text("75")
    entry = Entry.objects.get()
    assert (entry.score, entry.review, entry.memo, entry.visibility) == (75, "雨。", "隣は母", "private")
    assert entry.viewings.count() == 2
    dialog.done.get_by_role("button").click()
    expect(dialog.done.get_by_role("button")).to_have_count(0)
    entry.refresh_from_db()
    assert (entry.score, entry.watched_on) == (60, None)


def test_films_of_tmdb_follow_by_themselves(dialog: Dialog, tmdb_server: TmdbServer) -> None:
    dialog.words.fill("Fight Club")
    expect(dialog.options).to_contain_text(["ファイト・クラブ"])
    expect(dialog.words).to_have_attribute("aria-activedescendant", re.compile("tmdb"))

    dialog.page.keyboard.press("Enter")
    expect(dialog.score).to_be_focused()
    dialog.records("88")

    expect(dialog.done).to_contain_text("ファイト・クラブ")
    assert Film.objects.get(tmdb_id=550).entries.get().score == 88


def test_a_silent_tmdb_is_said(dialog: Dialog, tmdb_server: TmdbServer) -> None:
    tmdb_server.always = Response(503)

    dialog.finds("せんとち")

    expect(dialog.said).to_have_class(re.compile("is-trouble"))
    expect(dialog.options).to_have_count(1)


def test_before_a_word_is_typed_stand_films_that_may_be_meant(hanako: Person, film: Film) -> None:
    WishFactory(owner=hanako.user, film=film)
    hanako.opens("/people/")
    hanako.page.keyboard.press("/")
    dialog = Dialog(hanako.page)
    expect(dialog.options).to_have_count(1)

    hanako.page.keyboard.press("ArrowDown")
    hanako.page.keyboard.press("Enter")

    expect(dialog.score).to_be_focused()


def test_a_visitor_types_a_score_and_finds_it_again_after_signing_in(hanako: Person, film: Film) -> None:
    hanako.page.context.clear_cookies()
    hanako.opens("/about/")
    hanako.page.keyboard.press("/")
    dialog = Dialog(hanako.page)
    dialog.picks("せんとち")
    dialog.score.fill("91")
    assert hanako.page.context.cookies() == []

    hanako.page.keyboard.press("Enter")
    hanako.signs_in_at_the_provider("hanako")

    expect(hanako.page.locator(".record-form [name=score]")).to_have_value("91")
    hanako.presses("記録する")
    expect(hanako.card(TITLE)).to_contain_text("91点")


def test_what_was_typed_is_there_after_a_reload(dialog: Dialog) -> None:
    dialog.picks("せんとち")
    dialog.score.fill("64")
    dialog.page.wait_for_timeout(200)

    dialog.page.reload()
    dialog.page.keyboard.press("/")

    expect(dialog.score).to_have_value("64")
    expect(dialog.score).to_be_focused()
    expect(dialog.self.locator(".draft-note")).to_be_visible()
    dialog.self.locator(".draft-note button").click()
    expect(dialog.score).to_have_value("")


def test_an_ended_session_is_said_and_what_was_typed_waits(hanako: Person, dialog: Dialog, film: Film) -> None:
    dialog.picks("せんとち")
    hanako.page.context.clear_cookies()
    with dialog.page.expect_response("**/record/") as refused:
        dialog.records("64")
    assert refused.value.status == 403
    expect(dialog.score).to_have_value("64")

    dialog.said.get_by_role("link").click()
    hanako.signs_in_at_the_provider("hanako")
    hanako.page.wait_for_url("**/people/")  # and until it is loaded: keys do nothing before their script is there
    hanako.page.keyboard.press("Control+k")

    expect(dialog.score).to_have_value("64")
    hanako.page.keyboard.press("Enter")
    expect(dialog.done).to_contain_text("64")


def test_the_wall_shows_what_was_recorded_above_it(hanako: Person, film: Film) -> None:
    hanako.opens("/@hanako/")
    hanako.page.keyboard.press("/")
    dialog = Dialog(hanako.page)
    dialog.picks("せんとち")
    dialog.records("95")
    expect(dialog.done).to_contain_text(TITLE)

    hanako.page.keyboard.press("Escape")

    expect(hanako.card(TITLE)).to_contain_text("95点")


def test_axe_finds_nothing_in_any_state(dialog: Dialog, hanako: Person, tmdb_server: TmdbServer) -> None:
    EntryFactory(owner=hanako.user, film=searchable("もののけの本"), score=60)
    assert faults_here(dialog.page) == []

    dialog.words.fill("もののけ")
    expect(dialog.options.filter(has_text="もののけ姫")).to_be_visible()
    assert faults_here(dialog.page) == []

    dialog.words.fill("存在しない題名")
    expect(dialog.options).to_have_count(0)
    assert faults_here(dialog.page) == []

    dialog.picks("せんとち")
    assert faults_here(dialog.page) == []

    with dialog.page.expect_response("**/record/"):
        dialog.records("101")
    expect(dialog.self.get_by_role("alert")).to_be_visible()
    assert faults_here(dialog.page) == []

    dialog.records("95")
    expect(dialog.done).to_contain_text("95")
    assert faults_here(dialog.page) == []


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_the_header_leads_to_the_search(visitor: Person, film: Film) -> None:
    visitor.opens("/about/")
    box = visitor.page.get_by_role("searchbox", name="映画を探す")

    box.fill("せんとち")
    box.press("Enter")

    expect(visitor.result(TITLE)).to_be_visible()
    expect(visitor.page.locator("#quick")).to_be_hidden()


def test_nobody_else_at_this_browser_sees_what_was_typed(
    dialog: Dialog, hanako: Person, sign_in: Callable[[User], None]
) -> None:
    dialog.picks("せんとち")
    dialog.score.fill("64")
    dialog.page.wait_for_timeout(200)
    dialog.page.keyboard.press("Escape")
    hanako.page.context.clear_cookies()
    sign_in(UserFactory(handle="taro"))

    hanako.opens("/people/")
    hanako.page.keyboard.press("/")

    expect(dialog.words).to_be_focused()
    expect(dialog.words).to_have_value("")
    kept = hanako.page.evaluate("JSON.stringify({...localStorage})")
    assert "64" not in re.sub(r"draft:\w+|\d{13}\.[\w+/=]+", "", kept)
    assert TITLE not in kept
