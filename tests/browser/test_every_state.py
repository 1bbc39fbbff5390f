"""The states of pages that one comes to only by way of something: empty, filled in wrongly, about to be lost, refused."""

import importlib
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.identity import services as identity
from accounts.identity.models import Scope
from accounts.identity.proof import PROVED_AT
from accounts.identity.tokens import make_token
from accounts.models import User
from movies.catalog.models import Film
from movies.diary.views import pages
from movies.imports.models import Batch
from movies.releases.addresses import CALENDARS
from mymovie.limits.services import Exceeded
from tests.browser.inspection import faults_after, faults_here, faults_of
from tests.browser.person import Person
from tests.browser.scenery import import_of, released, spirited_away, wall_of
from tests.factories import (
    BlockFactory,
    EntryFactory,
    FilmFactory,
    FilmListFactory,
    FollowFactory,
    MailboxFactory,
    UserFactory,
    WishFactory,
)

pytestmark = pytest.mark.browser


def sends(page: Page) -> None:
    page.locator("main form:not([role=search]) [type=submit]").first.click()


def opens_what_asks_again(page: Page) -> None:
    page.locator(".sure > summary").last.click()


def prove(person: Person) -> None:
    """The session of `person` has just seen their proof."""
    name = configured.SESSION_COOKIE_NAME
    (key,) = (cookie["value"] for cookie in person.page.context.cookies() if cookie["name"] == name)
    session = importlib.import_module(configured.SESSION_ENGINE).SessionStore(key)
    session[PROVED_AT] = time.time()
    session.save()


def test_the_front_page_with_a_century_of_films(visitor: Person) -> None:
    for number in range(0, 150, 4):
        FilmFactory(original_title=f"Film {number}", fame=number, **released(number, 150))
    Film.objects.filter(fame=4).update(world_on="2001-01-01")

    assert faults_of(visitor, ["/about/"]) == {}


def test_nobody_and_nothing_yet(hanako: Person) -> None:
    wall_of(UserFactory(handle="taro", display_name="太郎"), 3)

    assert (
        faults_of(
            hanako,
            [
                "/@hanako/following/",
                "/@hanako/compare/@taro/",
                "/@taro/following/",
                "/settings/privacy/people/",
                "/people/?after=x",
                "/upcoming/?by=nothing",
                "/import/",
            ],
        )
        == {}
    )


def test_what_somebody_noted_on_what_they_wait_for(hanako: Person) -> None:
    WishFactory(owner=hanako.user, film=spirited_away(), memo="予告で泣いた。\n母と観る約束。")
    WishFactory(owner=hanako.user)

    assert faults_of(hanako, ["/watchlist/"]) == {}
    expect(hanako.page.locator(".film-note")).to_contain_text("母と観る約束。")


def test_what_is_asked_once_more(hanako: Person) -> None:
    assert hanako.user is not None
    film_list = FilmListFactory(owner=hanako.user)
    ready = import_of(hanako.user, Batch.State.READY)
    done = import_of(hanako.user, Batch.State.DONE)
    CALENDARS.make(owner=hanako.user)
    make_token(owner=hanako.user, name="毎晩の控え", scope=Scope.READ, expires_at=timezone.now() - timedelta(days=1))
    addresses = [
        f"/lists/{film_list.pk}/",
        f"/import/{ready.pk}/",
        f"/import/{done.pk}/",
        "/settings/calendar/",
        "/settings/tokens/",
    ]

    assert faults_after(hanako, addresses, opens_what_asks_again) == {}


def test_a_block_is_asked_once_more(hanako: Person) -> None:
    FollowFactory(follower=hanako.user, followee=UserFactory(handle="taro", display_name="太郎"))

    def about_to_block(page: Page) -> None:
        page.locator(".more-acts > summary").click()
        opens_what_asks_again(page)

    assert faults_after(hanako, ["/@taro/"], about_to_block) == {}


def test_forms_that_were_filled_in_wrongly(hanako: Person) -> None:
    UserFactory(handle="taro", display_name="太郎")

    def writes_nonsense(page: Page) -> None:
        page.locator("[name=handle]").fill("大文字")
        sends(page)

    assert faults_after(hanako, ["/contact/", "/settings/tokens/", "/@taro/report/profile/"], sends_unchecked) == {}
    assert faults_after(hanako, ["/settings/account/"], writes_nonsense) == {}


def sends_unchecked(page: Page) -> None:
    """What the browser would hold back, the site answers for itself."""
    page.locator("main form").last.evaluate("(form) => { form.noValidate = true; }")
    page.locator("main form").last.locator("[type=submit]").click()


def test_pictures_and_mail_in_trouble(hanako: Person) -> None:
    assert hanako.user is not None
    assert faults_of(hanako, ["/settings/mail/"]) == {}

    MailboxFactory(user=hanako.user, complained_at=timezone.now())
    User.objects.filter(pk=hanako.user.pk).update(avatar_upload="avatars/new")
    assert faults_of(hanako, ["/settings/mail/", "/settings/picture/"]) == {}

    User.objects.filter(pk=hanako.user.pk).update(avatar_upload="", avatar_is_unreadable=True)
    assert faults_of(hanako, ["/settings/picture/"]) == {}


def test_leaving_and_coming_back(hanako: Person) -> None:
    assert hanako.user is not None
    assert faults_of(hanako, ["/goodbye/"]) == {}
    prove(hanako)
    assert faults_of(hanako, ["/settings/account/delete/"]) == {}
    hanako.opens("/settings/account/delete/")
    hanako.reads("アカウントの削除")

    identity.leave(user=hanako.user)
    hanako.page.context.clear_cookies()
    hanako.opens("/sign-in/")
    hanako.signs_in_at_the_provider("hanako")
    hanako.is_at("/welcome-back/")

    assert faults_of(hanako, ["/welcome-back/"]) == {}


def test_an_account_that_is_suspended(hanako: Person, sign_in: Callable[[User], None]) -> None:
    assert hanako.user is not None
    User.objects.filter(pk=hanako.user.pk).update(is_active=False, suspended_at=timezone.now())

    for address in ("/feed/", "/en/feed/"):
        sign_in(hanako.user)
        assert hanako.opens(address).status == 403
        assert faults_here(hanako.page) == []


def test_what_was_done_too_often(visitor: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the terms, which are never among the pages that are kept."""

    def too_often(*_: object) -> None:
        raise Exceeded(60)

    monkeypatch.setattr(pages, "render", too_often)

    assert visitor.opens("/terms/").status == 429
    assert faults_of(visitor, ["/terms/"]) == {}


def test_a_wall_that_is_not_for_everybody(hanako: Person, settings: Settings) -> None:
    FollowFactory(
        follower=hanako.user, followee=UserFactory(handle="jiro", wall_visibility="followers"), accepted_at=None
    )
    UserFactory(handle="saburo", wall_visibility="private")
    BlockFactory(blocker=hanako.user, blocked=UserFactory(handle="goro"))
    EntryFactory(owner=hanako.user)

    assert faults_of(hanako, ["/@jiro/", "/@saburo/", "/@goro/"]) == {}
