"""What is asked of every page: axe finds nothing in either colour scheme, and a small phone need not scroll sideways."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.person import Person

EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block"]}
PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}


def faults_of(person: Person, addresses: list[str], *, is_broken: bool = False) -> dict[str, list[str]]:
    """By address; each is opened in Japanese and in English. `is_broken`: the page of a fault is what is looked at."""
    found = {}
    for address in addresses:
        assert (person.opens(address).status == 500) == is_broken, address
        found[address] = faults_here(person.page)
        person.opens(f"/en{address}")
        person.page.evaluate(AXE_SCRIPT)
        found[f"/en{address}"] = violations(person.page, EVERYTHING) + too_wide(person.page)
    return {address: faults for address, faults in found.items() if faults}


def faults_here(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    faults = violations(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    faults += [f"dark: {fault}" for fault in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return faults + too_wide(page)


def violations(page: Page, options: dict[str, Any]) -> list[str]:
    found = page.evaluate("(options) => axe.run(options).then((results) => results.violations)", options)
    return [
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


def too_wide(page: Page) -> list[str]:
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size(DESKTOP)
    return [f"{width} px wide on a phone"] if width > PHONE["width"] else []
