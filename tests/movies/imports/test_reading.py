"""Rows, as they are stored."""

import pytest

from movies.imports.formats.rejects import HEADINGS
from movies.imports.models import Batch

pytestmark = pytest.mark.django_db


def test_a_mended_file_may_claim_any_part_and_file(me, bring):
    batch = bring(me, f"{','.join(HEADINGS)},Name\n{'p' * 60},{'f' * 400},1,,,,Ring\n")

    assert batch.state == Batch.State.READY
    assert batch.rows.get().reason == "unknown_part"
