import pytest
from playwright.sync_api import expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.browser.watch import Watch

pytestmark = pytest.mark.browser

MISDEEDS = """
    console.error("said aloud")
    alert("in the way")
    setTimeout(() => { throw new Error("not caught") })
    new Image().src = "https://third.test/pixel"
    fetch("/missing/").finally(() => document.title = "done")
"""


def test_the_watch_notes_every_kind_of_fault(new_context: CreateContextCallback, site_url: str) -> None:
    context = new_context()
    watch = Watch(context, site_url)
    page = context.new_page()
    page.goto("/about/")

    page.evaluate(MISDEEDS)
    expect(page).to_have_title("done")

    said = "\n".join(watch.faults)
    assert "console: said aloud" in said
    assert "dialog: in the way" in said
    assert "exception: not caught" in said
    assert "violates the following Content Security Policy directive" in said
    assert f"404: {site_url}/missing/" in said
