"""What an import writes, beside what its owner and others write meanwhile."""

import pytest

from movies.diary.models import Wish
from tests.movies.imports.conftest import letterboxd, taken

pytestmark = pytest.mark.django_db

FILMS = "Date,Name,Year,Letterboxd URI\n"
RING = "2024-01-02,Ring,1998,https://boxd.it/r\n"


def test_a_row_that_is_refused_does_not_keep_back_what_others_say_of_the_film(me, ring, bring):
    batch = taken(bring(me, letterboxd(likes__films=FILMS + RING, watchlist=FILMS + RING)))

    assert Wish.objects.filter(owner=me, film=ring).exists()
    assert {row.outcome: row.is_done for row in batch.rows.all()} == {"rejected": False, "new": True}
