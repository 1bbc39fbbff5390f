import pytest
from django.utils.translation import override

from movies.catalog.countries import country_name


@pytest.mark.parametrize(
    ("code", "in_japanese", "in_english"),
    [
        ("JP", "日本", "Japan"),
        ("US", "アメリカ", "United States"),
        ("HK", "香港", "Hong Kong"),
        ("SU", "ソビエト連邦", "Soviet Union"),
        ("QQ", "QQ", "QQ"),
        ("", "", ""),
    ],
)
def test_a_country_has_a_name_in_each_language(code, in_japanese, in_english):
    with override("ja"):
        assert country_name(code) == in_japanese
    with override("en"):
        assert country_name(code) == in_english
