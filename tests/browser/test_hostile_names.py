"""What people call films and themselves is text, wherever it stands: markup in it opens no dialog and breaks no page."""

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.scenery import searchable
from tests.factories import CreditFactory, EntryFactory, GenreFactory, UserFactory

pytestmark = pytest.mark.browser

CORPUS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</title></textarea><script>alert(1)</script>",
    "{{ 7|add:7 }} {% now 'Y' %}",
    "<b>太字</b> & -- &lt;i&gt;",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("words", CORPUS)
def test_markup_in_names_is_only_read(hanako: Person, words: str) -> None:
    film = searchable(words, words, overview_ja=words)
    film.genres.add(GenreFactory(name_ja=words[:40]))
    CreditFactory(film=film, person__name=words, person__name_ja=words)
    EntryFactory(film=film, owner=UserFactory(handle="mallory", display_name=words), score=50)
    EntryFactory(film=film, owner=hanako.user)

    for address in ["/about/", "/@mallory/", "/@hanako/", film.get_absolute_url(), f"/films/{film.pk}/record/"]:
        hanako.opens(address)
        hanako.page.wait_for_load_state("networkidle")
        expect(hanako.page.locator("main script, main [onerror], main [onload]")).to_have_count(0)
    expect(hanako.page.get_by_role("heading", level=1)).to_have_text(words)

    hanako.opens("/search/")
    hanako.looks_for(words)
    expect(hanako.page.get_by_role("main").get_by_role("link", name=words, exact=True)).to_be_visible()
