"""What is asked of every page: axe finds nothing in either colour scheme, a small phone need not scroll sideways, and a
finger hits whatever can be pressed."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser import camera
from tests.browser.person import Person

EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
COLOURS = EVERYTHING | {"runOnly": ["color-contrast", "link-in-text-block"]}
PHONE, DESKTOP = {"width": 320, "height": 640}, {"width": 1280, "height": 800}

# WCAG 2.5.5: 44 px each way, but for links in a sentence. What is chosen by its label is as large as the label. The rail
# beside a wall on a wide screen is for a mouse, and has a century to show: there 24 px are enough (2.5.8).
SMALL_TARGETS = """() => {
  const isWide = matchMedia("(width > 75rem)").matches;
  const pressed = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const isInASentence = (link) => getComputedStyle(link).display === "inline"
    && [...link.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const boxOf = (element) => {
    const label = ["radio", "checkbox"].includes(element.type) && element.labels[0];
    return (label || element).getBoundingClientRect();
  };
  return [...document.querySelectorAll(pressed)].filter((element) => {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.closest(".visually-hidden, .skip-link")) return false;
    const { width, height } = boxOf(element);
    const least = isWide && element.closest(".rail") ? 23.5 : 43.5;
    return (width < least || height < least) && !(element.matches("a") && isInASentence(element));
  }).map((element) => {
    const { width, height } = boxOf(element);
    return `${Math.round(width)} × ${Math.round(height)} px: ${element.cloneNode().outerHTML} ${element.textContent.trim().slice(0, 30)}`;
  });
}"""


def faults_of(person: Person, addresses: list[str], *, is_broken: bool = False) -> dict[str, list[str]]:
    """By address; each is opened in Japanese and in English. `is_broken`: the page of a fault is what is looked at."""
    found = {}
    for address in addresses:
        assert (person.opens(address).status == 500) == is_broken, address
        found[address] = faults_here(person.page)
        person.opens(f"/en{address}")
        found[f"/en{address}"] = faults_here(person.page)
    return {address: faults for address, faults in found.items() if faults}


def faults_after(person: Person, addresses: list[str], act: Callable[[Page], None]) -> dict[str, list[str]]:
    """By address; what `act` leads to on each, in both languages: it finds its way by names of fields, not by words."""
    found = {}
    for address in [address for path in addresses for address in (path, f"/en{path}")]:
        person.opens(address)
        act(person.page)
        found[address] = faults_here(person.page)
    return {address: faults for address, faults in found.items() if faults}


def faults_here(page: Page) -> list[str]:
    if (pictures := camera.folder()) is not None:
        camera.photograph(page, pictures)
        return []
    page.evaluate(AXE_SCRIPT)
    faults = violations(page, EVERYTHING)
    page.emulate_media(color_scheme="dark")
    faults += [f"dark: {fault}" for fault in violations(page, COLOURS)]
    page.emulate_media(color_scheme="light")
    return faults + too_wide(page) + too_small(page)


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


def too_small(page: Page) -> list[str]:
    found = [f"on a desk, {target}" for target in page.evaluate(SMALL_TARGETS)]
    page.set_viewport_size(PHONE)
    found += [f"on a phone, {target}" for target in page.evaluate(SMALL_TARGETS)]
    page.set_viewport_size(DESKTOP)
    return found
