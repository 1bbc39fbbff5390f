"""Pictures of what the inspection looks at, for people to look at: `make screenshots` runs the inspection with a camera."""

import os
import re
import shutil
import sys
from collections import Counter
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import Page, sync_playwright

from infra.local import chromium

WIDTHS = {390: 844, 1440: 900}
SCHEMES = ("light", "dark")
LONGEST = 2600  # pixels of a page that are worth a picture
ON_A_SHEET = {390: 14, 1440: 9}
SHEETS = "sheets"

SHEET = """
<!DOCTYPE html><meta charset="utf-8">
<style>
  body {{ margin: 0; padding: 16px; background: #888; display: grid; gap: 16px; align-items: start;
         grid-template-columns: repeat({columns}, 1fr); font: 13px sans-serif; }}
  figure {{ margin: 0; }}
  img {{ display: block; width: 100%; max-height: {height}px; object-fit: cover; object-position: top; }}
  figcaption {{ background: #000; color: #fff; padding: 2px 6px; overflow-wrap: anywhere; }}
</style>
{figures}
"""

taken: Counter[tuple[str, str]] = Counter()


def folder() -> Path | None:
    """Where pictures go; None: none are taken."""
    return Path(chosen) if (chosen := os.environ.get("SCREENSHOTS")) else None


def photograph(page: Page, into: Path) -> None:
    """What `page` shows, narrow and wide, light and dark; the language is the one it is open in."""
    size = page.viewport_size
    page.evaluate("scrollTo(0, 0)")  # else the header, which stays, stands in the middle
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            to = into / f"{width}-{scheme}-{language_of(page)}"
            to.mkdir(parents=True, exist_ok=True)
            long = min(page.evaluate("document.documentElement.scrollHeight"), LONGEST)
            clip = {"x": 0, "y": 0, "width": width, "height": max(long, height)}
            name = name_of(page, to.name)
            page.screenshot(path=to / name, full_page=True, clip=clip)  # type: ignore[arg-type]
    page.emulate_media(color_scheme="light")
    if size is not None:
        page.set_viewport_size(size)


def language_of(page: Page) -> str:
    return "en" if urlsplit(page.url).path.startswith("/en/") else "ja"


def name_of(page: Page, kind: str) -> str:
    """By the test, the order in it and the address, so that one page in all its kinds has one name."""
    test = (
        os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0].removeprefix("test_").replace("[chromium]", "")
    )
    taken[test, kind] += 1
    address = urlsplit(page.url)
    said = unquote(f"{re.sub('^/en/', '/', address.path)} {address.query}")[:60]
    return re.sub(r"[^\w@=.-]+", "-", f"{test}-{taken[test, kind]:02}-{said}").strip("-") + ".png"


def make_sheets(of: Path) -> None:
    """Several pages on one picture, so that a human can look through all of them."""
    sheets = of / SHEETS
    shutil.rmtree(sheets, ignore_errors=True)
    sheets.mkdir()
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=arguments)
        page = browser.new_page(viewport={"width": 1800, "height": 1000})
        for kind in sorted(path for path in of.iterdir() if path.name != SHEETS):
            width = int(kind.name.split("-")[0])
            pictures, many = sorted(kind.iterdir()), ON_A_SHEET[width]
            for first in range(0, len(pictures), many):
                html = sheets / f"{kind.name}-{first // many + 1:02}.html"
                html.write_text(sheet_of(pictures[first : first + many], width))
                page.goto(html.absolute().as_uri())
                page.screenshot(path=html.with_suffix(".png"), full_page=True)
                html.unlink()
        browser.close()


def sheet_of(pictures: list[Path], width: int) -> str:
    figures = [
        f'<figure><img src="../{path.parent.name}/{quote(path.name)}" alt=""><figcaption>{path.stem}</figcaption></figure>'
        for path in pictures
    ]
    columns, height = (7, 900) if width < 1000 else (3, 760)
    return SHEET.format(columns=columns, height=height, figures="\n".join(figures))


if __name__ == "__main__":
    make_sheets(Path(sys.argv[1]))
