"""Writing about a film in a real browser, and reading what others have written, be it meant to do harm."""

import pytest
from playwright.sync_api import expect

from movies.diary.models import Entry
from tests.browser.person import Person
from tests.factories import EntryFactory, FilmFactory, UserFactory
from tests.movies.diary.test_reviews import HOSTILE

pytestmark = pytest.mark.browser


def test_hostile_reviews_are_only_read(hanako: Person) -> None:
    """The watch over every journey sees dialogs, and what the Content-Security-Policy has stopped."""
    film, mallory = FilmFactory(), UserFactory(handle="mallory")
    entry = EntryFactory(owner=mallory, film=film, review="\n\n".join(HOSTILE))
    for text in HOSTILE:
        EntryFactory(owner=mallory, review=text, has_spoilers=len(text) % 2 == 0)

    for address in (
        f"/en/@mallory/films/{film.pk}-{film.slug}/",
        "/en/@mallory/reviews/",
        film.get_absolute_url(),
        f"/en/films/{film.pk}-{film.slug}/reviews/",
    ):
        hanako.opens(address)
        for summary in hanako.page.locator("details.spoiler summary").all():
            summary.click()
        for hostile in (
            "script",
            "img[src*=evil]",
            "svg",
            "iframe",
            "style",
            "form[action*=evil]",
            "[onclick]",
            "[style]",
        ):
            expect(hanako.page.locator(f".review-text {hostile}")).to_have_count(0)
        expect(hanako.page.locator(".review-text a[href^=javascript], .review-text a[href^=data]")).to_have_count(0)
    assert entry.review == "\n\n".join(HOSTILE)


def test_a_review_is_looked_at_before_it_is_saved(hanako: Person) -> None:
    film = FilmFactory()
    hanako.opens(f"/en/films/{film.pk}/record/")
    page = hanako.page

    page.get_by_text("Review, private notes, tags").click()
    page.get_by_label("Review", exact=True).fill("**Rain** <script>alert(1)</script>")
    page.get_by_role("button", name="Preview").click()

    expect(page.locator("#review-preview strong")).to_have_text("Rain")
    assert not Entry.objects.exists()
    page.get_by_label("Tags").fill("4K, rain")
    page.get_by_role("button", name="Record", exact=True).click()
    page.wait_for_url("**/@hanako/")
    assert Entry.objects.values_list("review", "tags").get() == ("**Rain** <script>alert(1)</script>", ["4K", "rain"])


def test_two_windows_are_asked_which_text_is_to_stay(hanako: Person) -> None:
    entry = EntryFactory(owner=hanako.user, review="Rain.")
    hanako.opens(f"/en/films/{entry.film_id}/record/")
    Entry.objects.update(review="Sun.")

    hanako.page.get_by_label("Review", exact=True).fill("Snow.")
    hanako.page.get_by_role("button", name="Save", exact=True).click()

    expect(hanako.page.get_by_label("Stands there now")).to_have_value("Sun.")
    expect(hanako.page.get_by_label("Review", exact=True)).to_have_value("Snow.")
    hanako.page.get_by_role("button", name="Keep this one").click()
    hanako.page.wait_for_url("**/@hanako/")
    assert Entry.objects.get().review == "Sun."
