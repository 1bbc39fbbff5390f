"""The one story that all others stand on, told with scripts and without."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.scenery import spirited_away

pytestmark = pytest.mark.browser

TITLE = "千と千尋の神隠し"


@pytest.mark.parametrize(
    "scripts",
    ["on", pytest.param("off", marks=pytest.mark.browser_context_args(java_script_enabled=False))],
)
def test_somebody_new_records_a_film_and_has_a_wall(visitor: Person, scripts: str) -> None:
    spirited_away()

    joins(visitor)
    finds_and_records(visitor, score="95")
    sees_it_in_each_order(visitor)
    changes_the_score(visitor, to="88")
    deletes_and_thinks_better_of_it(visitor, score="88")
    leaves(visitor)
    sees_the_wall_as_a_stranger_in_both_languages(visitor, score="88")
    would_have_to_prove_who_they_are_again(visitor)


def joins(person: Person) -> None:
    person.opens("/")
    person.follows("サインイン")
    person.signs_in_at_the_provider("newcomer")
    person.is_at("/welcome/")
    person.page.get_by_label("ユーザーID").fill("eiga_zuki")
    person.page.get_by_label("表示名").fill("映画好き")
    person.presses("はじめる")
    person.is_at("/@eiga_zuki/")
    expect(person.page.get_by_role("heading", level=1)).to_have_text("映画好きの映画")


def finds_and_records(person: Person, score: str) -> None:
    person.follows("映画を探す", within=person.page.get_by_role("main"))
    person.looks_for("千と千尋")
    person.follows(f"記録する {TITLE}")
    person.score.fill(score)
    person.presses("記録する")
    person.reads(f"『{TITLE}』を記録しました。")
    expect(person.card(TITLE)).to_contain_text(f"{score}点")


def sees_it_in_each_order(person: Person) -> None:
    month = f"{timezone.localdate():%Y年%-m月}"
    for order, section in {
        "公開日": "2000年代 1本",
        "点数": "90–100 1本",
        "観た日": f"{month} 1本",
        "記録した日": f"{month} 1本",
    }.items():
        person.arranges_by(order)
        person.sees_section(section)
        expect(person.card(TITLE)).to_be_visible()


def changes_the_score(person: Person, to: str) -> None:
    person.follows(f"編集 {TITLE}")
    person.score.fill(to)
    person.presses("保存する")
    person.reads(f"『{TITLE}』の記録を変更しました。")
    expect(person.card(TITLE)).to_contain_text(f"{to}点")


def deletes_and_thinks_better_of_it(person: Person, score: str) -> None:
    person.follows(f"編集 {TITLE}")
    person.presses("この記録を削除する")
    expect(person.page.get_by_text(f"『{TITLE}』を削除しました。")).to_be_visible()
    expect(person.card(TITLE)).to_be_hidden()
    person.presses("元に戻す")
    person.reads(f"『{TITLE}』を元に戻しました。")
    expect(person.card(TITLE)).to_contain_text(f"{score}点")


def leaves(person: Person) -> None:
    with person.page.expect_request("**/logout?*"):
        person.signs_out()
    person.is_at("/")
    assert person.page.context.cookies() == []


def sees_the_wall_as_a_stranger_in_both_languages(person: Person, score: str) -> None:
    person.opens("/@eiga_zuki/")
    expect(person.card(TITLE)).to_contain_text(f"{score}点")
    expect(person.page.get_by_text("編集")).to_have_count(0)
    person.follows("English")
    person.is_at("/en/@eiga_zuki/")
    expect(person.card("Spirited Away")).to_contain_text(f"{score} of 100")
    assert person.page.context.cookies() == []


def would_have_to_prove_who_they_are_again(person: Person) -> None:
    person.follows("Sign in")
    expect(person.page.get_by_label("Password")).to_be_empty()
