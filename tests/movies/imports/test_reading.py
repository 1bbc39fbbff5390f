"""Rows, as they are stored."""

import pytest

from movies.imports.formats.rejects import HEADINGS
from movies.imports.models import Batch
from tests.movies.imports.conftest import letterboxd

pytestmark = pytest.mark.django_db


def test_a_mended_file_may_claim_any_part_and_file(me, bring):
    batch = bring(me, f"{','.join(HEADINGS)},Name\n{'p' * 60},{'f' * 400},1,,,,Ring\n")

    assert batch.state == Batch.State.READY
    assert batch.rows.get().reason == "unknown_part"


class TestADateThatMayBeReadInSeveralWays:
    """5/1/24 is neither the 24th of January 2005 nor anything else, until somebody says so."""

    @pytest.mark.parametrize(
        ("days", "read"),
        [
            (["5/1/24"], [None]),
            (["5/1/24", "13/1/2024"], ["2024-01-05", "2024-01-13"]),
            (["5/1/24", "1/13/24"], ["2024-05-01", "2024-01-13"]),
        ],
    )
    def test_in_a_table_of_anyones_own_is_what_the_others_allow(self, me, bring, days, read):
        rows = [f"Ring,{day}" for day in days]
        batch = bring(me, "\n".join(["title,seen", *rows]), columns={"title": "title", "watched_on": "seen"})

        said = batch.rows.order_by("number").values_list("said__watched_on", "reason")
        assert list(said) == [(day, "" if day else "unclear_date") for day in read]

    def test_is_not_guessed_where_a_service_writes_none_of_the_kind(self, me, bring):
        diary = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
        batch = bring(me, letterboxd(diary=diary + "2020-01-02,Ring,1998,https://boxd.it/a,4,,,5/1/24\n"))

        assert batch.rows.get().reason == "unclear_date"
