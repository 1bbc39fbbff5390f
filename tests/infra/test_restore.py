"""What was dumped comes back, and what does not come back is noticed."""

import os
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from infra.local import restore
from infra.local.comparison import contents, differences
from tests.browser.scenery import spirited_away, wall_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def source() -> dict[str, str]:
    """The database of the tests, with a wall in it and a limit that was counted."""
    wall_of(UserFactory(handle="hanako", display_name="花子"), 30)
    spirited_away()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO limits_count (key, n, ends_at) VALUES ('a', 1, now())")
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    return {"DATABASE_URL": f"{server}/{connection.settings_dict['NAME']}"}


def test_everything_comes_back_and_is_served(
    source: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    restore.rehearse(source, tmp_path)

    said = capsys.readouterr().out
    assert "Empty, as it should be: limits_count." in said
    assert "3 pages are equal: / /@hanako/ /films/" in said


def test_a_row_that_came_back_otherwise_fails_the_rehearsal(
    source: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load = restore.load

    def load_badly(dump: Path, restored: dict[str, str]) -> None:
        load(dump, restored)
        with psycopg.connect(restored["DATABASE_URL"]) as tampering:
            tampering.execute("UPDATE accounts_user SET display_name = '花于'")

    monkeypatch.setattr(restore, "load", load_badly)

    with pytest.raises(restore.Differs, match=r"accounts_user: as many rows \(1\), but not the same$"):
        restore.rehearse(source, tmp_path)


def test_a_page_that_is_another_one_fails_the_rehearsal(
    source: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []

    def pages(settings: dict[str, str], listener: object, addresses: list[str]) -> dict[str, bytes]:
        served.append(settings["DATABASE_URL"])
        return {address: str(len(served)).encode() * (address == "/") for address in addresses}

    monkeypatch.setattr(restore, "pages", pages)

    with pytest.raises(restore.Differs, match=r"These pages are not what they were: /$"):
        restore.rehearse(source, tmp_path)
    assert len(set(served)) == 2


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (
            "DELETE FROM movies_entry WHERE id = (SELECT max(id) FROM movies_entry)",
            "movies_entry: 30 rows, restored 29",
        ),
        ("SELECT setval('movies_entry_id_seq', 1)", "movies_entry_id_seq: the sequence stood at "),
        ("DROP TABLE movies_wish CASCADE", "movies_wish: the table is missing"),
        ("CREATE TABLE movies_more (id int)", "movies_more: a table that the source does not have"),
        (
            "ALTER TABLE movies_entry DROP CONSTRAINT entry_visibility_known",
            "missing: constraint entry_visibility_known",
        ),
        ("INSERT INTO limits_count VALUES ('b', 1, now())", "limits_count: unlogged, and yet 2 rows came back"),
    ],
)
def test_each_kind_of_loss_is_named(source: dict[str, str], damage: str, words: str) -> None:
    with psycopg.connect(source["DATABASE_URL"]) as changing:
        before = contents(changing)

        changing.execute(damage)

        found = list(differences(before, contents(changing), before.positions))
        changing.rollback()
    assert any(difference.startswith(words) for difference in found), found


def test_the_order_of_the_rows_is_no_difference(source: dict[str, str]) -> None:
    with psycopg.connect(source["DATABASE_URL"]) as changing:
        before = contents(changing)

        changing.execute("UPDATE movies_entry SET score = score WHERE id = (SELECT min(id) FROM movies_entry)")
        changing.execute("DELETE FROM limits_count")

        assert list(differences(before, contents(changing), before.positions)) == []
        changing.rollback()
