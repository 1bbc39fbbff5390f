from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from pytest_django import Settings

SHEET, PARTS = next(iter(settings.JOINED_STYLESHEETS.items()))


def read(part: str) -> str:
    return Path(str(finders.find(part))).read_text()


def test_a_joined_sheet_is_its_parts_in_their_order() -> None:
    sheet = read(SHEET)

    places = [sheet.index(read(part)) for part in PARTS[1:]]
    assert places == sorted(places)
    assert places[0] > 0  # the reset stands before them all
    assert "sourceMappingURL" not in sheet


def test_nothing_else_is_found_there() -> None:
    assert not finders.find("css/nothing.css")
    assert finders.find("css/nothing.css", find_all=True) == []
    assert len(finders.find(SHEET, find_all=True)) == 1


def test_who_reads_it_while_another_asks_for_it_reads_all_of_it() -> None:
    with Path(str(finders.find(SHEET))).open() as being_read:
        begun = being_read.read(100)

        assert begun + being_read.read() == read(SHEET)

    def ask(_number: int) -> str:
        return read(SHEET)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(200))) == {read(SHEET)}


def test_it_is_gathered_and_named_by_its_content(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    named = ManifestStaticFilesStorage(location=tmp_path).stored_name(SHEET)
    assert (tmp_path / named).read_text() == read(SHEET)
