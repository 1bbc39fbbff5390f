"""The installed site, and what is read where there is no network: a real worker, in a real Chromium."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Browser, BrowserContext, expect
from pytest_django import Settings

from mymovie.offline import worker
from tests.browser.conftest import give_session
from tests.browser.inspection import faults_here
from tests.browser.person import Person
from tests.browser.scenery import wall_of
from tests.factories import EntryFactory, FilmFactory, UserFactory

pytestmark = pytest.mark.browser

KEPT = "(address) => caches.open('mymovie-1-pages').then((pages) => pages.match(address)).then(Boolean)"
COUNT = "caches.open('mymovie-1-pages').then((pages) => pages.keys()).then((keys) => keys.length)"
CONTROLLED = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


class Device(Person):
    """Somebody's own browser, in which the worker may live."""

    site: str
    context: BrowserContext

    def opens_and_keeps(self, address: str) -> None:
        self.opens(address)
        self.waits_for(KEPT, f"{self.site}{address}")

    def waits_for(self, truth: str, argument: str = "") -> None:
        """`truth` is a promise, which `wait_for_function` takes for true as it stands."""
        for _ in range(300):
            if self.page.evaluate(truth, argument):
                return
            self.page.wait_for_timeout(100)
        pytest.fail(f"not true after 30 s: {truth} {argument}")

    def goes_offline(self) -> None:
        self.context.set_offline(True)

    def signs_in_as(self, user: Any) -> None:
        give_session(self.context, user, self.site)

    @property
    def note(self) -> Any:
        return self.page.locator(".copy-note")

    @property
    def copies(self) -> Any:
        return self.page.locator("#copies a")


@pytest.fixture
def phone(browser: Browser, browser_context_args: dict[str, Any], site_url: str) -> Iterator[Device]:
    worker.script.cache_clear()
    context = browser.new_context(**browser_context_args | {"service_workers": "allow", "base_url": site_url})
    context.set_default_timeout(30_000)
    phone = Device(context.new_page())
    phone.context, phone.site = context, site_url
    yield phone
    context.close()


@pytest.fixture
def equipped(phone: Device) -> Device:
    """The worker has begun."""
    phone.opens("/terms/")
    phone.waits_for(CONTROLLED)
    return phone


@pytest.mark.parametrize("address", ["/", "/en/"])
def test_chromium_finds_the_site_installable(equipped: Device, address: str) -> None:
    equipped.opens(address)
    protocol = equipped.context.new_cdp_session(equipped.page)

    manifest = protocol.send("Page.getAppManifest")

    errors = protocol.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert manifest["errors"] == []
    # A test's browser leaves no traces, so nothing can be installed in it; that is all there is against it.
    assert [error["errorId"] for error in errors] == ["in-incognito"]
    assert manifest["url"] == f"{equipped.site}{address}manifest.webmanifest"


def test_a_wall_and_a_film_that_were_looked_at_are_read_without_a_network(equipped: Device) -> None:
    first = wall_of(UserFactory(handle="taro"), 4)[1]
    film = first.film.get_absolute_url()
    equipped.opens_and_keeps("/@taro/?order=score")
    equipped.opens_and_keeps(film)

    equipped.goes_offline()

    equipped.opens("/@taro/?order=score")
    expect(equipped.card("映画 1")).to_be_visible()
    expect(equipped.note).to_contain_text("年")
    assert equipped.page.evaluate("document.querySelectorAll('img.poster')[1].decode().then(() => true)")
    assert equipped.page.evaluate("getComputedStyle(document.querySelector('.wall')).display") == "flex"
    equipped.opens(film)
    expect(equipped.page.get_by_role("heading", level=1)).to_have_text("映画 1")
    expect(equipped.note).to_be_visible()


def test_the_page_that_brought_the_worker_is_kept_too(phone: Device) -> None:
    wall_of(UserFactory(handle="taro"), 2)
    phone.opens_and_keeps("/@taro/")

    phone.goes_offline()

    phone.opens("/@taro/")
    expect(phone.card("映画 1")).to_be_visible()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_a_page_that_nobody_looked_at_lists_those_that_were(equipped: Device, prefix: str) -> None:
    name = "<b>R&D</b> \"'"
    EntryFactory(owner=UserFactory(handle="taro", display_name=name), film=FilmFactory(original_title="Ran"))
    equipped.opens_and_keeps(f"{prefix}/@taro/")
    equipped.goes_offline()

    equipped.opens(f"{prefix}/settings/profile/")

    assert faults_here(equipped.page) == []
    expect(equipped.copies).to_have_count(1)
    expect(equipped.copies).to_contain_text(name)
    equipped.copies.click()
    expect(equipped.card("Ran")).to_be_visible()
    assert faults_here(equipped.page) == []


def test_the_page_that_was_wanted_opens_once_there_is_a_network_again(equipped: Device) -> None:
    equipped.goes_offline()
    equipped.opens("/about/")
    expect(equipped.page.locator(".copies")).to_be_visible()

    equipped.context.set_offline(False)

    expect(equipped.page.locator(".copies")).to_have_count(0)
    equipped.is_at("/about/")


def test_a_network_that_leads_nowhere_opens_nothing_anew(equipped: Device) -> None:
    equipped.goes_offline()
    equipped.opens("/@nobody/")
    equipped.page.evaluate("window.isStill = true")

    with equipped.page.expect_event("requestfailed", lambda request: request.method == "HEAD"):
        equipped.page.evaluate("window.dispatchEvent(new Event('online'))")

    equipped.page.wait_for_timeout(300)
    assert equipped.page.evaluate("window.isStill") is True


def test_the_front_page_leads_to_ones_own_wall(equipped: Device) -> None:
    hanako = UserFactory(handle="hanako")
    wall_of(hanako, 2)
    wall_of(UserFactory(handle="taro"), 1)
    equipped.signs_in_as(hanako)
    equipped.opens_and_keeps("/@hanako/")
    equipped.opens_and_keeps("/@taro/")

    equipped.goes_offline()

    equipped.opens("/")
    equipped.is_at("/@hanako/")
    expect(equipped.card("映画 1")).to_be_visible()


def seen_in_private(device: Device) -> None:
    hanako = UserFactory(handle="hanako", wall_visibility="private")
    wall_of(hanako, 2)
    device.signs_in_as(hanako)
    device.opens_and_keeps("/@hanako/")


def finds_nothing(device: Device) -> None:
    device.goes_offline()
    device.opens("/@hanako/")
    expect(device.page.locator("#copies, .error")).to_be_visible()
    expect(device.page.locator("body")).not_to_contain_text("hanako")
    device.opens("/")
    expect(device.page.locator("body")).not_to_contain_text("映画 1")
    names = "Promise.all((await caches.keys()).map((name) => caches.open(name).then((cache) => cache.keys())))"
    kept = device.page.evaluate(f"(async () => (await {names}).flat().map((request) => request.url))()")
    assert [address for address in kept if "hanako" in address or "/posters/" in address] == []


def test_nothing_private_is_left_after_signing_out(equipped: Device) -> None:
    seen_in_private(equipped)

    equipped.signs_out()
    equipped.page.wait_for_url("/")
    equipped.opens("/terms/")
    equipped.waits_for(CONTROLLED)

    finds_nothing(equipped)


def test_signing_out_without_a_network_clears_the_device_at_once(equipped: Device) -> None:
    seen_in_private(equipped)
    equipped.goes_offline()

    with equipped.page.expect_event("requestfailed", lambda request: request.method == "POST"):
        equipped.page.evaluate("document.querySelector('.account form').requestSubmit()")
    equipped.page = equipped.context.new_page()  # the first goes on to Chromium's own page

    finds_nothing(equipped)


def test_nothing_private_is_left_when_the_session_has_ended(equipped: Device) -> None:
    seen_in_private(equipped)

    Session.objects.all().delete()
    equipped.opens_and_keeps("/about/")

    finds_nothing(equipped)


def test_nothing_of_the_one_before_is_shown_to_the_next(equipped: Device) -> None:
    seen_in_private(equipped)

    taro = UserFactory(handle="taro")
    wall_of(taro, 1)
    equipped.signs_in_as(taro)
    equipped.opens_and_keeps("/@taro/")
    equipped.goes_offline()

    equipped.opens("/@hanako/")
    expect(equipped.copies).to_have_count(1)
    expect(equipped.copies).to_contain_text("taro")


def test_a_copy_ends_with_the_session_though_nobody_tells(equipped: Device) -> None:
    seen_in_private(equipped)
    equipped.goes_offline()
    later = "const now = Date.now; Date.now = () => now() + 31 * 24 * 60 * 60 * 1000"

    equipped.context.service_workers[0].evaluate(later)

    equipped.opens("/@hanako/")
    expect(equipped.copies).to_have_count(0)


def test_a_page_that_may_no_longer_be_seen_loses_its_copy(equipped: Device) -> None:
    taro = UserFactory(handle="taro")
    wall_of(taro, 1)
    equipped.opens_and_keeps("/@taro/")
    taro.delete()

    equipped.opens("/@taro/")
    equipped.waits_for(f"(address) => ({KEPT})(address).then((kept) => !kept)", f"{equipped.site}/@taro/")

    equipped.goes_offline()
    equipped.opens("/@taro/")
    expect(equipped.copies).to_have_count(0)


def test_what_was_recorded_last_stands_on_the_wall_that_is_read_without_a_network(equipped: Device) -> None:
    hanako, film = UserFactory(handle="hanako"), FilmFactory(title_ja="乱")
    equipped.signs_in_as(hanako)
    equipped.opens_and_keeps("/@hanako/")
    equipped.opens(f"/films/{film.pk}/record/")
    equipped.score.fill("95")
    equipped.presses("記録する")
    equipped.is_at("/@hanako/")
    equipped.waits_for("caches.match(location.href).then((page) => page.text()).then((text) => text.includes('乱'))")

    equipped.goes_offline()

    equipped.opens("/")
    equipped.is_at("/@hanako/")
    expect(equipped.card("乱")).to_be_visible()


def test_forms_and_settings_are_never_kept(equipped: Device) -> None:
    hanako = UserFactory(handle="hanako")
    entry = EntryFactory(owner=hanako)
    equipped.signs_in_as(hanako)
    for address in ("/settings/privacy/", f"/films/{entry.film.pk}/record/", "/feed/", "/search/?q=ran", "/settings/"):
        equipped.opens(address)
    equipped.opens_and_keeps("/@hanako/")

    assert equipped.page.evaluate(COUNT) == 1


def test_what_is_sent_and_parts_of_pages_and_downloads_pass_through(equipped: Device) -> None:
    hanako = UserFactory(handle="hanako")
    wall_of(hanako, 61)
    equipped.signs_in_as(hanako)
    equipped.opens("/@hanako/")
    equipped.follows("さらに表示")
    expect(equipped.wall.locator(".film")).to_have_count(61)

    equipped.opens("/settings/data/")
    with equipped.page.expect_download() as download:
        equipped.page.locator("a[href*='/settings/data/download/'], form[action*='download'] button").first.click()

    assert download.value.failure() is None
    film = FilmFactory(title_ja="乱")
    equipped.opens(f"/films/{film.pk}/record/")
    equipped.score.fill("95")
    equipped.presses("記録する")
    equipped.reads("『乱』を記録しました。")


def test_no_more_pages_are_kept_than_thirty_and_the_oldest_go(equipped: Device) -> None:
    films = [FilmFactory() for _ in range(31)]
    for film in films:
        equipped.opens_and_keeps(film.get_absolute_url())

    equipped.waits_for(f"{COUNT}.then((count) => count === 30)")

    equipped.goes_offline()
    equipped.opens(films[0].get_absolute_url())
    expect(equipped.copies).to_have_count(30)
    expect(equipped.copies.first).to_contain_text(films[-1].title)


def test_a_new_release_takes_over_under_an_open_page_and_keeps_the_copies(equipped: Device, settings: Settings) -> None:
    wall_of(UserFactory(handle="taro"), 1)
    equipped.opens_and_keeps("/@taro/")
    settings.RELEASE = "the-next-one"
    worker.script.cache_clear()

    equipped.page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration.update())")

    release = "() => self.SITE?.release ?? SITE.release"
    equipped.waits_for("navigator.serviceWorker.getRegistration().then((r) => r.active && !r.waiting && !r.installing)")
    assert equipped.context.service_workers[-1].evaluate(release) == "the-next-one"
    equipped.goes_offline()
    equipped.opens("/@taro/")
    expect(equipped.card("映画 0")).to_be_visible()


def test_a_bad_worker_can_be_taken_back(equipped: Device, settings: Settings) -> None:
    wall_of(UserFactory(handle="taro"), 1)
    equipped.opens_and_keeps("/@taro/")
    settings.SERVICE_WORKER = False

    equipped.opens("/about/")

    equipped.waits_for("navigator.serviceWorker.getRegistrations().then((all) => all.length === 0)")
    equipped.waits_for("caches.keys().then((names) => names.length === 0)")
