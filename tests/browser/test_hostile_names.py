"""What people call films and themselves is text, wherever it stands: markup in it runs nothing and breaks no page."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.person import Person
from tests.browser.scenery import searchable
from tests.factories import CreditFactory, EntryFactory, GenreFactory, UserFactory

pytestmark = pytest.mark.browser

NAMES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg onload=alert(1)>",
    "</title></textarea><script>alert(1)</script>",
    "{{ 7|add:7 }} {% now 'Y' %}",
    "<b>太字</b> & -- &lt;i&gt;",
    "javascript:alert(1)",
]


def test_markup_in_names_is_only_read(hanako: Person) -> None:
    films = [searchable(name, name, overview_ja=name) for name in NAMES]
    for number, film in enumerate(films):
        mallory = UserFactory(display_name=NAMES[number], handle=f"mallory{number}")
        film.genres.add(GenreFactory(id=number, name_ja=NAMES[number][:40]))
        CreditFactory(film=film, person__name=NAMES[number], person__name_ja=NAMES[number])
        EntryFactory(film=film, owner=mallory, score=50)
        EntryFactory(film=film, owner=hanako.user)

    for address in ["/about/", "/@hanako/", *[f"/@mallory{number}/" for number in range(len(NAMES))]]:
        hanako.opens(address)
        holds_no_markup_of_theirs(hanako)
    for film in films:
        hanako.opens(film.get_absolute_url())
        expect(hanako.page.get_by_role("heading", level=1)).to_have_text(film.original_title)
        holds_no_markup_of_theirs(hanako)
        hanako.opens(f"/search/?{urlencode({'q': film.original_title})}")
        expect(
            hanako.page.get_by_role("main").get_by_role("link", name=film.original_title, exact=True)
        ).to_be_visible()
        holds_no_markup_of_theirs(hanako)


def holds_no_markup_of_theirs(person: Person) -> None:
    expect(person.page.locator("main :is(script:not([src]), b:text('太字'), [onerror], [onload])")).to_have_count(0)
