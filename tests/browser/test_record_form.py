import re
import time
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from playwright.sync_api import expect

from movies.catalog.models import Film
from movies.diary.models import Entry, Viewing
from movies.diary.views import records
from tests.browser.person import Person
from tests.browser.scenery import spirited_away

pytestmark = pytest.mark.browser


@pytest.fixture
def film() -> Film:
    return spirited_away()


@pytest.fixture
def at_the_form(hanako: Person, film: Film) -> Person:
    hanako.opens(f"/films/{film.pk}/record/")
    return hanako


def test_number_slider_and_stars_say_the_same_score(at_the_form: Person) -> None:
    gold = at_the_form.page.locator(".score-field .stars rect").nth(1)

    at_the_form.score.fill("70")
    expect(at_the_form.slider).to_have_value("70")
    expect(gold).to_have_attribute("width", "70%")

    at_the_form.slider.press("ArrowRight")
    expect(at_the_form.score).to_have_value("71")
    expect(gold).to_have_attribute("width", "71%")

    at_the_form.slider.press("End")
    expect(at_the_form.score).to_have_value("100")


def test_digits_typed_on_the_slider_are_the_score(at_the_form: Person) -> None:
    at_the_form.slider.focus()

    at_the_form.page.keyboard.type("83")

    expect(at_the_form.score).to_have_value("83")
    expect(at_the_form.slider).to_have_value("83")


def test_the_day_is_asked_for_only_when_it_was_another_day(at_the_form: Person) -> None:
    expect(at_the_form.day).to_be_hidden()

    at_the_form.chooses("別の日")
    expect(at_the_form.day).to_be_visible()

    at_the_form.chooses("覚えていない")
    expect(at_the_form.day).to_be_hidden()


def test_a_film_is_recorded_from_the_keyboard_alone(at_the_form: Person) -> None:
    at_the_form.score.focus()

    at_the_form.page.keyboard.type("64")
    at_the_form.page.keyboard.press("Enter")

    expect(at_the_form.card("千と千尋の神隠し")).to_contain_text("64点")


def test_two_quick_presses_make_one_record(at_the_form: Person) -> None:
    at_the_form.page.get_by_role("button", name="記録する", exact=True).dblclick()

    expect(at_the_form.card("千と千尋の神隠し")).to_be_visible()
    assert (Entry.objects.count(), Viewing.objects.count()) == (1, 1)


def test_what_is_typed_survives_a_reload(at_the_form: Person) -> None:
    at_the_form.score.fill("42")
    at_the_form.chooses("別の日")
    at_the_form.day.fill("2020-02-29")

    at_the_form.page.reload()

    expect(at_the_form.score).to_have_value("42")
    expect(at_the_form.slider).to_have_value("42")
    expect(at_the_form.day).to_have_value("2020-02-29")


def test_what_is_typed_survives_leaving_for_another_page(at_the_form: Person) -> None:
    address = at_the_form.page.url
    at_the_form.score.fill("42")

    at_the_form.opens("/about/")
    at_the_form.opens(address)

    expect(at_the_form.score).to_have_value("42")
    expect(at_the_form.slider).to_have_value("42")


def test_that_it_was_recorded_is_told_once(at_the_form: Person, film: Film) -> None:
    at_the_form.score.fill("42")
    at_the_form.presses("記録する")

    at_the_form.reads(f"『{film.title}』を記録しました。")
    at_the_form.is_at("/@hanako/")
    at_the_form.page.reload()
    expect(at_the_form.card(film.title)).to_be_visible()
    expect(at_the_form.page.get_by_text("を記録しました。")).to_have_count(0)


def test_what_was_saved_is_no_draft_any_more(at_the_form: Person, film: Film) -> None:
    address = at_the_form.page.url
    at_the_form.score.fill("42")
    at_the_form.presses("記録する")
    expect(at_the_form.card(film.title)).to_be_visible()
    at_the_form.is_at("/@hanako/")  # which the page's scripts make of it, when they have thanked
    Entry.objects.update(score=43)

    at_the_form.opens(address)

    expect(at_the_form.score).to_have_value("43")


def test_what_is_typed_comes_back_after_the_session_ended(at_the_form: Person, film: Film) -> None:
    at_the_form.score.fill("77")
    at_the_form.chooses("覚えていない")
    at_the_form.page.context.clear_cookies()

    at_the_form.presses("記録する")
    at_the_form.follows("入力した内容のまま戻る")
    at_the_form.signs_in_at_the_provider("hanako")

    expect(at_the_form.score).to_have_value("77")
    expect(at_the_form.page.get_by_label("覚えていない")).to_be_checked()
    at_the_form.presses("記録する")
    expect(at_the_form.card(film.title)).to_contain_text("77点")


def test_a_film_seen_again_keeps_both_days(at_the_form: Person, film: Film) -> None:
    address = at_the_form.page.url
    for day in ("2019-03-01", "2021-04-02"):
        at_the_form.opens(address)
        at_the_form.chooses("別の日")
        at_the_form.day.fill(day)
        at_the_form.page.keyboard.press("Enter")
        expect(at_the_form.card(film.title)).to_be_visible()

    at_the_form.opens(address)

    days = at_the_form.page.locator(".viewings [type=date]")
    assert [day.input_value() for day in days.all()] == ["2019-03-01", "2021-04-02"]


def a_moment_later(save: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def saved(*arguments: object) -> HttpResponse:
        time.sleep(0.3)
        return save(*arguments)

    return saved


@pytest.fixture
def not_thanked(at_the_form: Person, film: Film, monkeypatch: pytest.MonkeyPatch) -> Person:
    """At the form again, after a record arrived and the page that thanks was left before its script ran. The form's own had
    the time to seal what it sent."""
    monkeypatch.setattr(records, "save", a_moment_later(records.save))
    page, address = at_the_form.page, at_the_form.page.url
    nothing = {"content_type": "text/javascript", "headers": {"Cache-Control": "no-store"}, "body": ""}
    page.route("**/draft.js", lambda route: route.fulfill(**nothing))
    at_the_form.score.fill("77")
    at_the_form.chooses("別の日")
    at_the_form.day.fill("2019-03-01")
    page.keyboard.press("Enter")
    expect(at_the_form.card(film.title)).to_be_visible()
    page.unroute("**/draft.js")
    at_the_form.opens(address)
    return at_the_form


def test_what_has_arrived_does_not_come_back_to_be_sent_once_more(not_thanked: Person, film: Film) -> None:
    address = not_thanked.page.url
    not_thanked.chooses("別の日")
    not_thanked.day.fill("2021-04-02")
    not_thanked.page.keyboard.press("Enter")
    expect(not_thanked.card(film.title)).to_be_visible()
    not_thanked.opens(address)

    days = not_thanked.page.locator(".viewings [type=date]")
    assert [day.input_value() for day in days.all()] == ["2019-03-01", "2021-04-02"]


def test_what_else_was_typed_comes_back_where_it_is_not_what_stands(not_thanked: Person, film: Film) -> None:
    Entry.objects.filter(film=film).update(score=50)

    not_thanked.opens(not_thanked.page.url)

    expect(not_thanked.score).to_have_value("77")
    expect(not_thanked.page.get_by_label("別の日")).not_to_be_checked()


SEALING_SLOWLY = """
    const seal = crypto.subtle.encrypt.bind(crypto.subtle)
    crypto.subtle.encrypt = async (...given) => {
        await new Promise((done) => setTimeout(done, 400))
        return seal(...given)
    }
"""


def test_what_was_typed_a_moment_before_is_kept_though_the_last_of_it_is_not(at_the_form: Person) -> None:
    page = at_the_form.page
    page.add_init_script(SEALING_SLOWLY)
    page.reload()
    at_the_form.score.fill("70")
    page.wait_for_timeout(250)
    at_the_form.score.fill("77")
    page.wait_for_timeout(250)  # the first is sealed by now, the second is not unless this machine is slow
    page.reload()

    expect(at_the_form.score).to_have_value(re.compile("70|77"))


@pytest.mark.browser_context_args(java_script_enabled=False)
def test_without_scripts_every_field_is_there(at_the_form: Person, film: Film) -> None:
    expect(at_the_form.slider).to_be_hidden()
    at_the_form.score.fill("0")
    at_the_form.chooses("別の日")
    at_the_form.day.fill("2020-02-29")
    at_the_form.page.get_by_label("公開範囲").select_option("自分だけ")
    at_the_form.presses("記録する")

    expect(at_the_form.card(film.title)).to_contain_text("0点")
    at_the_form.arranges_by("観た日")
    at_the_form.sees_section("2020年2月 1本")
    at_the_form.page.context.clear_cookies()
    at_the_form.opens("/@hanako/")
    at_the_form.reads("まだ一本もありません。")
