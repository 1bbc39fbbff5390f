"""What people do with people, from both sides of the screen."""

from collections.abc import Callable
from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import expect

from accounts.identity import jobs as identity_jobs
from accounts.identity.sessions import SessionStore
from accounts.models import Report, StaffAction, User, Visibility
from accounts.people import jobs as people_jobs
from accounts.people.models import DELETION_AFTER
from tests.browser.person import Person
from tests.browser.scenery import spirited_away
from tests.factories import EntryFactory, UserFactory

pytestmark = pytest.mark.browser

Another = Callable[[User], Person]


def test_somebody_follows_and_reads_and_mutes(hanako: Person, another: Another) -> None:
    taro = another(UserFactory(handle="taro", display_name="太郎"))
    hanako.opens("/people/?q=太郎")
    hanako.follows("太郎", within=hanako.page.get_by_role("main"))
    hanako.presses("フォローする 太郎")
    hanako.reads("太郎さんをフォローしました。")
    hanako.reads("フォロワー 1人")

    taro.opens(f"/films/{spirited_away().pk}/record/")
    taro.presses("記録する")

    hanako.opens("/feed/")
    expect(hanako.result("千と千尋の神隠し")).to_contain_text("太郎")
    hanako.opens("/@taro/")
    hanako.page.get_by_text("…", exact=True).click()
    hanako.presses("ミュートする 太郎")
    hanako.opens("/feed/")
    hanako.reads("フォローしている人の記録が、ここに並びます。")


def test_a_wall_for_followers_is_asked_for_and_opened(hanako: Person, another: Another) -> None:
    taro = another(UserFactory(handle="taro", display_name="太郎", wall_visibility=Visibility.FOLLOWERS))
    assert taro.user is not None
    EntryFactory(owner=taro.user, film=spirited_away())
    hanako.opens("/@taro/")
    hanako.reads("このウォールはフォロワー限定です。")
    hanako.presses("フォローを申し込む 太郎")
    hanako.reads("このウォールはフォロワー限定です。フォローの承認を待っています。")

    taro.opens("/")
    taro.presses("アカウント")
    taro.follows("フォロー申請1件")
    taro.presses("承認する 花子")
    taro.reads("花子さんがあなたをフォローしています。")

    hanako.opens("/@taro/")
    expect(hanako.card("千と千尋の神隠し")).to_be_visible()

    taro.opens("/@taro/followers/")
    taro.presses("フォロワーから外す 花子")
    hanako.opens("/@taro/")
    hanako.reads("このウォールはフォロワー限定です。")


def test_a_block_is_felt_at_once_on_both_sides_and_can_be_taken_back(hanako: Person, another: Another) -> None:
    taro = another(UserFactory(handle="taro", display_name="太郎"))
    taro.opens("/@hanako/")
    taro.presses("フォローする 花子")

    hanako.opens("/@taro/")
    hanako.page.get_by_text("…", exact=True).click()
    hanako.page.locator("summary", has_text="ブロックする").click()
    hanako.presses("ブロックする 太郎")
    hanako.reads("太郎さんをブロックしました。お互いに見えなくなります。")

    assert taro.opens("/@hanako/").status == 404
    assert hanako.opens("/@taro/").status == 404
    hanako.opens("/settings/privacy/people/")
    hanako.presses("ブロックを解除 太郎")
    assert taro.opens("/@hanako/").status == 200
    taro.reads("フォロワー 0人")


def test_a_picture_is_chosen_painted_and_taken_away(hanako: Person) -> None:
    hanako.opens("/settings/picture/")
    picture = BytesIO()
    Image.new("RGB", (640, 480), "teal").save(picture, "JPEG")
    chooser = hanako.page.get_by_label("画像", exact=True)

    chooser.set_input_files({"name": "me.svg", "mimeType": "image/png", "buffer": b"<svg/>"})
    hanako.presses("この画像にする")
    hanako.reads("画像として読み込めませんでした。PNG、JPEG、WebP、AVIFのいずれかを選んでください。")

    chooser.set_input_files({"name": "me.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()})
    hanako.presses("この画像にする")
    hanako.reads("新しい画像を準備しています。")
    expect(hanako.page.get_by_role("main").locator("span.face")).to_have_text("花")

    assert people_jobs.paint_avatars() == 1
    hanako.opens("/@hanako/")
    face = hanako.page.get_by_role("main").locator("img.face")
    assert face.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 128

    hanako.opens("/settings/picture/")
    hanako.presses("画像を外す")
    expect(hanako.page.get_by_role("main").locator("span.face")).to_have_text("花")


def test_an_account_is_deleted_taken_back_and_in_the_end_gone(visitor: Person) -> None:
    joins(visitor)
    visitor.opens(f"/films/{spirited_away().pk}/record/")
    visitor.presses("記録する")

    asks_for_the_end(visitor)
    assert visitor.opens("/@eiga_zuki/").status == 404

    visitor.opens("/sign-in/")
    visitor.signs_in_at_the_provider("newcomer")
    visitor.is_at("/welcome-back/")
    visitor.presses("アカウントを残す")
    expect(visitor.card("千と千尋の神隠し")).to_be_visible()

    asks_for_the_end(visitor)
    User.objects.update(deletion_asked_at=timezone.now() - DELETION_AFTER)
    assert identity_jobs.end_accounts() == 1
    visitor.opens("/sign-in/")
    visitor.signs_in_at_the_provider("newcomer")
    visitor.is_at("/welcome/")


def joins(person: Person) -> None:
    person.opens("/sign-in/")
    person.signs_in_at_the_provider("newcomer")
    person.page.get_by_label("ユーザーID").fill("eiga_zuki")
    person.page.get_by_label("表示名").fill("映画好き")
    person.presses("はじめる")


def asks_for_the_end(person: Person) -> None:
    """With a proof that is no longer fresh."""
    person.opens("/settings/account/")
    make_proof_old(person)
    person.follows("アカウントの削除")
    person.follows("もう一度サインイン")
    person.signs_in_at_the_provider("newcomer")
    person.is_at("/settings/account/delete/")
    person.presses("アカウントを削除する")
    person.is_at("/goodbye/")


def make_proof_old(person: Person) -> None:
    (cookie,) = [cookie for cookie in person.page.context.cookies() if "session" in cookie["name"]]
    session = SessionStore(cookie["value"])
    session["proved_at"] -= 3600
    session.save()


def test_a_report_reaches_staff_who_hide_suspend_and_show_again(hanako: Person, another: Another) -> None:
    entry = EntryFactory(film=spirited_away(), owner__handle="rude", owner__display_name="無礼者", score=1)
    rude = another(entry.owner)
    hanako.opens(entry.film.get_absolute_url())
    hanako.follows("通報する 無礼者")
    hanako.chooses("広告・宣伝")
    hanako.page.get_by_label("詳しい内容").fill("宣伝ばかりです")
    hanako.presses("通報する")
    report = Report.objects.get()

    staff = another(UserFactory(handle="helper", is_staff=True))
    staff.opens("/staff/accounts/report/")
    staff.page.locator("#result_list a").first.click()
    expect(staff.page.get_by_text("宣伝ばかりです")).to_be_visible()
    staff.opens(f"/staff/movies/entry/{entry.pk}/change/")
    staff.page.locator("input[type=checkbox]").first.check()
    staff.page.locator("[name=why], [name=reason]").fill("広告")
    staff.page.locator("input[name=_save]").click()
    staff.opens(f"/staff/accounts/user/{entry.owner.pk}/change/")
    staff.page.get_by_label("利用停止中").check()
    staff.page.locator("[name=why], [name=reason]").fill("繰り返し")
    staff.page.locator("input[name=_save]").click()

    assert {(act.kind, act.actor_handle, act.reason) for act in StaffAction.objects.all()} == {
        ("hide", "helper", "広告"),
        ("suspend", "helper", "繰り返し"),
    }
    assert rude.opens("/@rude/").status == 403
    rude.reads("このアカウントは停止中です")
    assert hanako.opens("/@rude/").status == 404
    assert report.reporter == hanako.user
