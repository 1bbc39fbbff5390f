"""From choosing a file to the wall, as somebody goes that way; the worker is we."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from movies.diary.models import Entry
from movies.imports import jobs
from movies.imports.models import Batch
from tests.browser.person import Person
from tests.browser.scenery import searchable, spirited_away
from tests.movies.imports.conftest import zipped
from tests.movies.imports.naming import film

pytestmark = pytest.mark.browser

RATINGS = "Date,Name,Year,Letterboxd URI,Rating\n2025-03-02,Ran,1985,https://boxd.it/r,4.5\n"
DIARY = (
    "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
    "2025-03-02,Ran,1985,https://boxd.it/a,4,,,2025-03-01\n"
    "2026-01-03,Ran,1985,https://boxd.it/b,5,Yes,,2026-01-02\n"
)
FILMARKS = (
    "\ufeffTitle,Rating,Review,URL\n"
    "千と千尋の神隠し(2001年製作の映画),3.7,湯屋。,https://filmarks.com/movies/1\n"
    "白痴(1950年製作の映画),-,,https://filmarks.com/movies/2\n"
    "ドラマ版 最終回(2020年製作の映画),3.0,,https://filmarks.com/movies/3\n"
)


def brings(person: Person, name: str, content: bytes, tmp_path: Path) -> None:
    """A file, and waits for what would come of it."""
    path = tmp_path / name
    path.write_bytes(content)
    person.opens("/en/import/")
    person.presses("Bring a file")
    expect(person.page.locator(".upload button")).to_be_hidden()
    person.page.get_by_label("Choose a file, or drop it here").set_input_files(path)
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Reading your file")
    works()


def works() -> None:
    for batch in Batch.objects.at_work():
        while jobs.advance(batch.pk):
            pass


def test_a_letterboxd_archive_comes_onto_the_wall_and_off_again(hanako: Person, tmp_path: Path) -> None:
    film("Ran", 1985, title_ja="乱", original_title="乱", fame=9)

    brings(
        hanako, "letterboxd.zip", zipped(watched=RATINGS.replace(",4.5", ""), ratings=RATINGS, diary=DIARY), tmp_path
    )
    hanako.reads("letterboxd.zip")
    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("What would come of it")
    assert not Entry.objects.exists()
    hanako.presses("Import")
    works()
    hanako.follows("To your wall")

    expect(hanako.card("Ran")).to_contain_text("90")
    entry = Entry.objects.get()
    assert [f"{viewing.watched_on}" for viewing in entry.viewings.order_by("pk")] == ["2025-03-01", "2026-01-02"]
    hanako.opens(f"/en/import/{Batch.objects.get().pk}/")
    hanako.page.get_by_text("Take this import back").click()
    hanako.presses("Yes, take it back")
    works()
    hanako.opens("/en/@hanako/")
    expect(hanako.card("Ran")).to_have_count(0)


def test_what_is_doubtful_in_a_filmarks_file_is_chosen_and_remembered(hanako: Person, tmp_path: Path) -> None:
    spirited_away()
    searchable("白痴", "The Idiot", world_on="1951-05-23", world_precision="day")

    brings(hanako, "filmarks.csv", FILMARKS.encode(), tmp_path)
    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("What would come of it")
    hanako.presses("Import")
    works()
    hanako.follows("Choose the films")
    hanako.page.locator(".has-keys").wait_for()
    hanako.page.keyboard.press("1")
    expect(hanako.page.locator(".has-keys").get_by_role("heading", level=1)).to_have_text("ドラマ版 最終回")
    hanako.page.keyboard.press("n")
    expect(hanako.page.get_by_role("heading", level=1)).not_to_have_text("ドラマ版 最終回")

    scores = {entry.film.title_ja: entry.score for entry in Entry.objects.select_related("film")}
    assert scores == {"千と千尋の神隠し": 74, "白痴": None}
    brings(hanako, "filmarks.csv", FILMARKS.encode(), tmp_path)
    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("What would come of it")
    outcomes = Batch.objects.latest("pk").rows.order_by("number").values_list("outcome", flat=True)
    assert list(outcomes) == ["same", "same", "rejected"]
