"""An address that is filled into a pattern is the one that Django would find."""

import pytest
from django.urls import reverse
from django.utils import translation

from mymovie.addresses import address


@pytest.mark.parametrize("language", ["ja", "en"])
class TestAnAddress:
    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("wall", {"handle": "some_one_1"}),
            ("wall", {"handle": "7919"}),
            ("record", {"pk": 7_919}),
            ("report_entry", {"pk": 10**15}),
            ("film", {"pk": 7_919, "slug": "film"}),
            ("film", {"pk": 1, "slug": "千と千尋の神隠し"}),
            ("film", {"pk": 1, "slug": "abcdf0-7919-{pk}-100%-a'b"}),
        ],
    )
    def test_is_what_django_finds(self, name: str, values: dict[str, int | str], language: str) -> None:
        with translation.override(language):
            assert address(name, **values) == reverse(name, kwargs=values)

    @pytest.mark.parametrize("poster_of", ["ja", "en"])
    def test_knows_what_is_one_of_a_few(self, poster_of: str, language: str) -> None:
        with translation.override(language):
            drawn = address("drawn_poster", known=(("language", poster_of),), pk=5, version="65a1b2c3f")

            assert drawn == reverse("drawn_poster", args=[5, "65a1b2c3f", poster_of])
