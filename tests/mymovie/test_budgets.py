"""What pages may weigh. A phone on a train is to have the wall before one wonders whether it comes."""

import datetime
import itertools
import json
import random
import re
import string
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from accounts.models import User
from movies.catalog.bundled import FILE
from movies.catalog.models import Film
from tests.factories import EntryFactory, FilmFactory, UserFactory

pytestmark = pytest.mark.django_db

KB = 1024
OF_A_FILE = 11  # the quality by which WhiteNoise compresses a file, once; a page is compressed for each visitor
OF_A_PAGE = 5
STATIC = Path(settings.STATICFILES_DIRS[0])
NOT_OF_PAGES = {"api-docs.js", "letter.css"}  # Swagger's page, and what staff see of letters


def weight(text: str | bytes, quality: int) -> int:
    return len(brotli.compress(text.encode() if isinstance(text, str) else text, quality=quality))


def files(ending: str) -> list[Path]:
    """All that any page may load, vendored ones too."""
    return sorted(path for path in STATIC.rglob(f"*.{ending}") if path.name not in NOT_OF_PAGES)


def loaded(page: str, ending: str) -> list[Path]:
    names = re.findall(rf'(?:href|src)="/static/([^"]+\.{ending})"', page)
    return [Path(str(finders.find(name))) for name in names]


@pytest.fixture
def wall() -> str:
    """60 films as they come: each with its own words in both languages, a poster of TMDB's, days and a score."""
    taro = UserFactory(handle="taro", display_name="太郎")
    for number, film in enumerate(films()):
        EntryFactory(
            pk=7_000_000 + number * 7919,
            owner=taro,
            film=film,
            score=(number * 37) % 101,
            watched_on=f"2024-{number % 12 + 1:02}-15",
        )
    return "/@taro/"


def films() -> Iterator[Film]:
    """As they lie in a grown catalogue: with ids and names of posters that cannot be compressed."""
    chance = random.Random(1)
    lines = map(json.loads, FILE.read_text().splitlines())
    titled = (facts for facts in lines if facts.get("title_ja") and facts.get("title_en") != facts["title_ja"])
    for number, facts in enumerate(itertools.islice(titled, 60)):
        day = datetime.date(1950 + number, number % 12 + 1, 11)
        yield FilmFactory(
            pk=chance.randrange(1_000_000),
            **{name: facts.get(name) or "" for name in ("original_title", "original_language", "title_ja", "title_en")},
            poster_path=f"/{''.join(chance.choices(string.ascii_letters + string.digits, k=27))}.jpg",
            japan_on=day,
            japan_precision="day",
            world_on=day,
            world_precision="day",
        )


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("is_owner", [False, True])
def test_a_wall_of_sixty_films_weighs_little(client: Client, wall: str, prefix: str, is_owner: bool) -> None:
    if is_owner:
        client.force_login(User.objects.get(handle="taro"))

    page = client.get(prefix + wall).content

    assert page.count(b'<li class="film"') == 60
    print(
        f"{prefix or '/ja'} {'owner' if is_owner else 'visitor'}: {len(page):,} B, {weight(page, OF_A_PAGE):,} B brotli"
    )
    assert len(page) <= 80 * KB
    assert weight(page, OF_A_PAGE) <= 10 * KB


@pytest.mark.parametrize(("ending", "most"), [("css", 40), ("js", 35)])
def test_all_styles_and_all_scripts_together_weigh_little(ending: str, most: int) -> None:
    weights = {str(path.relative_to(STATIC)): weight(path.read_bytes(), OF_A_FILE) for path in files(ending)}

    print(ending, sum(weights.values()), weights)
    assert sum(weights.values()) <= most * KB


def test_the_first_view_of_a_wall_weighs_little_beside_its_posters(client: Client, wall: str) -> None:
    page = client.get(wall).content.decode()
    parts = loaded(page, "css") + loaded(page, "js")

    total = weight(page, OF_A_PAGE) + sum(weight(path.read_bytes(), OF_A_FILE) for path in parts)

    held_up = loaded(page.partition("</head>")[0], "css")
    print(f"first view: {total:,} B in {1 + len(parts)} requests, {len(held_up)} of which hold up the first paint")
    assert [path.name for path in held_up] == ["every-page.css", "wall.css"]
    assert total <= 90 * KB


def test_nothing_holds_up_the_first_paint_but_styles(client: Client, wall: str) -> None:
    page = client.get(wall).content.decode()

    scripts = re.findall(r"<script\b[^>]*>", page)

    assert scripts
    assert [tag for tag in scripts if 'type="module"' not in tag and " defer" not in tag] == []


def test_no_template_carries_a_script_or_a_style_of_its_own() -> None:
    """Letters are not pages: mail knows no style sheets."""
    pages = [path for path in (settings.BASE_DIR / "templates").rglob("*.html") if "mail" not in path.parts]
    carried = re.compile(
        r"<style\b|\sstyle=|<script(?![^>]*\bsrc=)|\son(?:click|load|change|submit|input|error)=", re.I
    )

    assert pages
    assert [str(path) for path in pages if carried.search(path.read_text())] == []
