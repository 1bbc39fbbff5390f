"""Every page of the site as people of each kind find it; `context` watches that none of them makes a fault on the way."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from accounts.mail import unsubscribing
from accounts.mail.models import Kind
from accounts.models import User
from accounts.people.services import following
from movies.catalog.dates import today_in_japan
from movies.diary.services import delete_entry, wall_shows_anew
from movies.diary.views import pages
from movies.imports.models import Batch
from movies.releases.addresses import CALENDARS
from movies.sharing.addresses import FEEDS
from movies.sharing.models import WallPoster
from mymovie.letters import SAMPLES
from tests.browser import camera
from tests.browser.inspection import faults_here, faults_of, too_wide
from tests.browser.person import Person
from tests.browser.scenery import (
    coming,
    film_with_everything,
    import_of,
    numbered,
    spirited_away,
    table_that_nobody_knows,
    wall_of,
)
from tests.factories import (
    BatchFactory,
    BlockFactory,
    CreditFactory,
    EntryFactory,
    FilmFactory,
    FilmListFactory,
    FilmListItemFactory,
    FollowFactory,
    MailboxFactory,
    PersonFactory,
    UserFactory,
    ViewingFactory,
    WishFactory,
)
from tests.standins.tmdb import Response, TmdbServer

pytestmark = pytest.mark.browser


@pytest.mark.skipif(camera.folder() is not None, reason="a camera finds nothing wrong")
def test_the_inspection_finds_what_is_wrong(visitor: Person) -> None:
    visitor.opens("/about/")
    visitor.page.evaluate("document.documentElement.lang = ''")
    visitor.page.evaluate("document.querySelector('main p').style.color = '#555'")
    visitor.page.evaluate("document.querySelector('main p').style.width = '400px'")

    lang, contrast, width = faults_here(visitor.page)

    assert lang.startswith("html-has-lang")
    assert contrast.startswith("dark: color-contrast")
    assert width.endswith("px wide on a phone")


def test_walls(visitor: Person) -> None:
    wall_of(UserFactory(handle="taro", display_name="太郎"), 61)
    wall_of(UserFactory(handle="jiro", display_name="次郎"), 12)
    UserFactory(handle="saburo", display_name="三郎")

    assert (
        faults_of(
            visitor,
            [
                "/@taro/",
                "/@jiro/?dates=world",
                "/@jiro/?order=score",
                "/@jiro/?order=watched",
                "/@jiro/?order=recorded",
                "/@jiro/?order=title&view=posters",
                "/@jiro/?view=list&direction=asc&filters=1&score=0-59",
                "/@jiro/?score=100-100",
                "/@saburo/",
            ],
        )
        == {}
    )
    assert visitor.page.context.cookies() == []


def test_what_a_visitor_finds_beside_walls(visitor: Person) -> None:
    rich, bare = film_with_everything(), FilmFactory(original_title="無")
    spirited_away()

    assert (
        faults_of(
            visitor,
            [
                "/",
                "/about/",
                "/offline/",
                rich.get_absolute_url(),
                bare.get_absolute_url(),
                "/search/",
                "/search/?q=千と千尋",
                "/search/?q=存在しない題名",
                "/search/?q=千と千尋&year=18",
            ],
        )
        == {}
    )
    assert visitor.page.context.cookies() == []


def test_numbers_and_those_who_made_the_films(visitor: Person) -> None:
    rich, undated = UserFactory(handle="taro", display_name="太郎"), UserFactory(handle="jiro", display_name="次郎")
    numbered(rich, 40)
    EntryFactory(owner=undated)
    UserFactory(handle="saburo", display_name="三郎")
    film = film_with_everything()
    director, actor = (film.credits.filter(job=job).earliest("pk").person for job in ("director", "cast"))
    for entry in rich.entries.all():
        CreditFactory(film=entry.film, person=actor, job="cast", character="ハン・ソロ")

    assert (
        faults_of(
            visitor,
            [
                "/@taro/stats/",
                "/@taro/stats/?year=2024",
                "/@taro/stats/?year=1999",
                "/@jiro/stats/",
                "/@saburo/stats/",
                director.get_absolute_url(),
                actor.get_absolute_url(),
                PersonFactory(name="無名").get_absolute_url(),
            ],
        )
        == {}
    )
    assert visitor.page.context.cookies() == []


def test_numbers_and_films_for_somebody_who_is_signed_in(hanako: Person) -> None:
    assert hanako.user is not None
    film = film_with_everything()
    EntryFactory(owner=hanako.user, film=film, score=95)
    FollowFactory(follower=hanako.user, followee=film.entries.exclude(owner=hanako.user).first().owner)
    CreditFactory(person=film.credits.get(job="director").person)
    numbered(hanako.user, 3)

    assert (
        faults_of(
            hanako,
            [film.get_absolute_url(), film.credits.get(job="director").person.get_absolute_url(), "/@hanako/stats/"],
        )
        == {}
    )


def test_results_of_tmdb(visitor: Person, tmdb_server: TmdbServer) -> None:
    spirited_away()
    visitor.opens("/search/?q=もののけ")
    expect(visitor.result("もののけ姫")).to_be_visible()

    assert faults_here(visitor.page) == []
    assert faults_of(visitor, ["/search/tmdb/?q=連作", "/search/tmdb/?q=存在しない題名"]) == {}


def test_a_silent_tmdb(hanako: Person, tmdb_server: TmdbServer) -> None:
    tmdb_server.always = Response(503)

    assert faults_of(hanako, ["/search/tmdb/?q=連作", "/films/tmdb/550/record/"]) == {}


def test_what_somebody_finds_who_is_signed_in(hanako: Person) -> None:
    assert hanako.user is not None
    hanako.user.wall_visibility = "private"
    hanako.user.save()
    films = spirited_away(), FilmFactory(original_title="無")
    mine = EntryFactory(owner=hanako.user, film=films[0], score=95, visibility="private")
    seen_twice = ViewingFactory(entry__owner=hanako.user).entry
    ViewingFactory(entry=seen_twice, watched_on="2025-01-01")
    deleted = EntryFactory(owner=hanako.user)
    delete_entry(entry=deleted)

    assert (
        faults_of(
            hanako,
            [
                "/@hanako/",
                f"/@hanako/?deleted={deleted.pk}",
                mine.film.get_absolute_url(),
                "/search/?q=千と千尋",
                f"/films/{films[0].pk}/record/",
                f"/films/{films[1].pk}/record/",
                f"/films/{seen_twice.film.pk}/record/",
                "/deleted/",
                "/about/",
            ],
        )
        == {}
    )


def test_reviews_and_the_page_of_a_record(hanako: Person) -> None:
    mine = EntryFactory(
        owner=hanako.user, film=spirited_away(), review="**雨**。", memo="最前列", tags=["4K"], score=95
    )
    ViewingFactory(entry=mine)
    taro = UserFactory(handle="taro", wall_visibility="private")
    told = EntryFactory(owner=taro, film=mine.film, review="> 雨\n\n- 音", review_audience="public")
    EntryFactory(owner=taro, review="犯人は彼だった。", review_audience="public", has_spoilers=True)
    long = EntryFactory(film=mine.film, review="何度でも。\n雨。" * 90)

    assert (
        faults_of(
            hanako,
            [
                *(f"/@{entry.owner.handle}/films/{mine.film.pk}-{mine.film.slug}/" for entry in (mine, told, long)),
                "/@hanako/reviews/",
                "/@taro/reviews/",
                f"/films/{mine.film.pk}-{mine.film.slug}/reviews/",
                f"/films/{FilmFactory().pk}-x/reviews/",
                f"/films/{mine.film.pk}/record/",
            ],
        )
        == {}
    )


def test_people_and_what_they_record(hanako: Person) -> None:
    assert hanako.user is not None
    wall_of(
        taro := UserFactory(
            handle="taro", display_name="太郎", bio="映画館で\n暮らしたい", url="https://taro.example/"
        ),
        12,
    )
    for entry in wall_of(hanako.user, 3):
        EntryFactory(owner=taro, film=entry.film, score=90)
    UserFactory(handle="jiro", display_name="次郎", wall_visibility="followers")
    following.follow(follower=hanako.user, followee=taro)
    FollowFactory(followee=hanako.user, follower__display_name="三郎", accepted_at=None)
    FollowFactory(follower=hanako.user, followee__display_name="四郎", is_muted=True)
    BlockFactory(blocker=hanako.user, blocked__display_name="五郎")
    for owner in (hanako.user, taro):
        wall_shows_anew(owner_id=owner.pk, is_public=True)

    assert (
        faults_of(
            hanako,
            [
                "/@taro/",
                "/@jiro/",
                "/@taro/followers/",
                "/@hanako/followers/",
                "/@hanako/following/",
                "/@hanako/compare/@taro/",
                "/people/",
                "/people/?q=太郎",
                "/people/?q=いない",
                "/feed/",
                "/settings/privacy/people/",
                "/@taro/report/profile/",
                f"/entries/{taro.entries.first().pk}/report/",
            ],
        )
        == {}
    )


def test_what_is_coming_and_what_somebody_waits_for(hanako: Person) -> None:
    assert hanako.user is not None
    assert faults_of(hanako, ["/upcoming/", "/upcoming/?by=digital", "/watchlist/"]) == {}

    films = [coming(days, digital_on=today_in_japan() + timedelta(days=days + 90)) for days in (0, 0, 1, 9, 9, 9, 70)]
    waited_for = [films[0], films[4], films[6], coming(-3), coming(-900), FilmFactory(original_title="いつか")]
    for film in waited_for:
        WishFactory(owner=hanako.user, film=film, reminds_of_digital=True)

    assert (
        faults_of(
            hanako,
            [
                "/upcoming/",
                "/upcoming/?by=digital",
                "/watchlist/",
                "/watchlist/?order=added",
                films[4].get_absolute_url(),
                films[3].get_absolute_url(),
            ],
        )
        == {}
    )


def test_lists_and_what_somebody_has_written(hanako: Person) -> None:
    assert hanako.user is not None
    assert faults_of(hanako, ["/lists/"]) == {}

    films = [film_with_everything(), spirited_away(), *(coming(days) for days in range(6))]
    film_list = FilmListFactory(owner=hanako.user, name="雨の日に観る映画", description="部屋を暗くして、\nひとりで。")
    for position, film in enumerate(films):
        FilmListItemFactory(film_list=film_list, film=film, position=position, note="窓を\n閉めて" * (position % 3))
    empty = FilmListFactory(owner=hanako.user, name="a" * 500)
    entry = EntryFactory(
        owner=hanako.user,
        film=films[0],
        score=95,
        review="何度でも。\n雨。" * 40,
        memo="隣は母",
        tags=["早稲田松竹", "雨"],
        is_liked=True,
    )
    for year, score in ((2019, 60), (2024, None), (2025, 95)):
        ViewingFactory(entry=entry, watched_on=f"{year}-01-01", score=score)

    pages = ["/lists/", f"/lists/{film_list.pk}/", f"/lists/{empty.pk}/", films[0].get_absolute_url()]
    assert faults_of(hanako, pages) == {}


def test_settings(hanako: Person) -> None:
    MailboxFactory(user=hanako.user, bounced_at=timezone.now())
    assert hanako.user is not None
    pages = [
        "profile",
        "picture",
        "privacy",
        "mail",
        "display",
        "calendar",
        "account",
        "tokens",
        "data",
        "account/delete",
    ]

    assert faults_of(hanako, [f"/settings/{page}/" for page in pages]) == {}
    CALENDARS.make(owner=hanako.user)
    assert faults_of(hanako, ["/settings/calendar/"]) == {}

    hanako.opens("/settings/profile/")
    hanako.page.get_by_label("ウェブサイト").fill("javascript:alert(1)")
    hanako.page.get_by_label("年齢を表示する").check()
    hanako.presses("保存する")
    hanako.reads("ウェブページのアドレスではありません。")
    assert faults_here(hanako.page) == []


def test_feeds_and_posters_among_the_settings(hanako: Person) -> None:
    assert hanako.user is not None
    assert faults_of(hanako, ["/settings/feed/", "/settings/poster/"]) == {}

    FEEDS.make(owner=hanako.user)
    for state in WallPoster.State:
        WallPoster.objects.create(owner=hanako.user, language="ja", state=state, stored_as="posters/1.pdf")

    assert faults_of(hanako, ["/settings/feed/", "/settings/poster/"]) == {}


def test_an_import_in_every_state(hanako: Person) -> None:
    assert hanako.user is not None
    state = Batch.State
    asks = {"part": ["letterboxd.watched", "letterboxd.watchlist"]}
    brought = [
        BatchFactory(owner=hanako.user),
        import_of(hanako.user, state.MATCHING, step_total=100, step_done=43),
        BatchFactory(owner=hanako.user, state=state.ASKING, format="plain", questions=table_that_nobody_knows()),
        BatchFactory(owner=hanako.user, state=state.ASKING, format="letterboxd", questions=asks),
        import_of(hanako.user, state.DONE),
        BatchFactory(owner=hanako.user, state=state.UNDONE),
        BatchFactory(owner=hanako.user, state=state.FAILED, error="stalled", error_about="matching"),
        ready := import_of(hanako.user, state.READY),
    ]
    here = f"/import/{ready.pk}/"
    more = [f"{here}?outcome={outcome}" for outcome in ("kept", "doubtful", "rejected")]
    doubts = [f"{here}doubts/", f"{here}doubts/?q=Little", f"{here}doubts/?q=存在しない題名"]
    waiting = f"/import/{brought[0].pk}/?arrived=1"

    assert (
        faults_of(hanako, ["/import/", *(f"/import/{batch.pk}/" for batch in brought), waiting, *more, *doubts]) == {}
    )


def test_a_token_that_was_just_made(hanako: Person) -> None:
    hanako.opens("/settings/tokens/")
    hanako.page.get_by_label("名前").fill("毎晩の控え")
    hanako.presses("トークンを作る")
    expect(hanako.page.get_by_label("新しいトークン")).to_have_value(re.compile("^mymovie_"))

    assert faults_here(hanako.page) == []


def test_turning_off_a_kind_of_mail(visitor: Person) -> None:
    mailbox = MailboxFactory()

    visitor.opens(unsubscribing.address(mailbox.pk, Kind.REQUEST))
    assert faults_here(visitor.page) == []
    visitor.page.get_by_role("button").click()
    expect(visitor.page.get_by_role("link").first).to_be_visible()

    assert faults_here(visitor.page) == []
    assert visitor.page.context.cookies() == []


def test_letters_as_staff_look_at_them(another: Callable[[User], Person]) -> None:
    staff = another(UserFactory(handle="helper", is_staff=True))

    for name in SAMPLES.keys() - {"contact"}:
        staff.opens(f"/staff/accounts/notice/letters/{name}/ja/")
        sheet = staff.page.frame_locator("iframe").locator(".sheet")
        expect(sheet).to_have_css("border-top-width", "3px")
        assert too_wide(staff.page) == []


def test_what_is_written_for_everybody(visitor: Person) -> None:
    UserFactory(handle="jiro", wall_visibility="followers")
    coming(3)

    assert (
        faults_of(visitor, ["/upcoming/", "/terms/", "/privacy/", "/contact/", "/contact/sent/", "/people/", "/@jiro/"])
        == {}
    )
    assert visitor.page.context.cookies() == []


def test_colours_that_somebody_has_chosen(hanako: Person) -> None:
    assert hanako.user is not None
    hanako.user.color_scheme = "dark"
    hanako.user.save()

    hanako.opens("/settings/display/")

    assert hanako.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 17, 15)"
    assert faults_here(hanako.page) == []


def test_nothing_there_yet(hanako: Person) -> None:
    assert faults_of(hanako, ["/@hanako/", "/@hanako/followers/", "/feed/", "/deleted/", "/about/", "/search/"]) == {}


def test_a_form_that_was_filled_in_wrongly(hanako: Person) -> None:
    hanako.opens(f"/films/{spirited_away().pk}/record/")
    hanako.chooses("別の日")
    hanako.presses("記録する")
    hanako.reads("日付を選んでください。")

    assert faults_here(hanako.page) == []


def test_what_has_just_happened(hanako: Person) -> None:
    hanako.opens(f"/films/{spirited_away().pk}/record/")
    hanako.presses("記録する")
    hanako.reads("『千と千尋の神隠し』を記録しました。")

    assert faults_here(hanako.page) == []


def test_the_account_menu(hanako: Person) -> None:
    hanako.opens("/about/")
    hanako.presses("アカウント")
    expect(hanako.page.get_by_role("button", name="サインアウト")).to_be_visible()

    assert faults_here(hanako.page) == []


def test_the_welcome(visitor: Person) -> None:
    visitor.opens("/sign-in/")
    visitor.signs_in_at_the_provider("newcomer")
    visitor.is_at("/welcome/")
    assert faults_of(visitor, ["/welcome/"]) == {}

    visitor.opens("/welcome/")
    visitor.page.get_by_label("ユーザーID").fill("大文字")
    visitor.presses("はじめる")
    visitor.reads("使えるのは a〜z、0〜9、_ だけです。")
    assert faults_here(visitor.page) == []


def test_a_sign_in_that_came_to_nothing(visitor: Person, settings: Settings) -> None:
    assert faults_of(visitor, ["/sign-in/callback?code=old&state=old"]) == {}

    settings.OIDC_ISSUER = ""
    assert faults_of(visitor, ["/sign-in/"]) == {}


def test_what_is_not_there(visitor: Person) -> None:
    UserFactory(handle="taro")

    assert faults_of(visitor, ["/@nobody/", "/nowhere/", "/@taro/?order=sideways"]) == {}
    assert visitor.page.context.cookies() == []


def test_what_is_not_allowed(hanako: Person) -> None:
    assert hanako.opens("/staff/").status == 403
    assert faults_here(hanako.page) == []


def test_a_form_whose_session_is_over(hanako: Person) -> None:
    hanako.opens(f"/films/{spirited_away().pk}/record/")
    hanako.page.context.clear_cookies()
    hanako.presses("記録する")
    hanako.reads("ページを開いてから時間が経ちすぎました")

    assert faults_here(hanako.page) == []


def test_a_site_that_is_broken_or_closed(visitor: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the terms, which are never among the pages that are kept: those are sent again without asking what is broken."""

    def broken(*_: object) -> None:
        raise RuntimeError("as it happens")

    monkeypatch.setattr(pages, "render", broken)
    assert faults_of(visitor, ["/terms/"], is_broken=True) == {}
    visitor.reads("The film broke")

    settings.MAINTENANCE = True
    assert faults_of(visitor, ["/terms/"]) == {}
    visitor.reads("Intermission")
