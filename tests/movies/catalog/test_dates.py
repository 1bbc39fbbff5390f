import datetime

import pytest
from django.template import Context, Template
from django.utils.translation import override

from movies.catalog.dates import in_words

DAY = datetime.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("language", "precision", "in_full", "in_short"),
    [
        ("ja", "day", "2026年11月22日（日）", "2026.11.22"),
        ("ja", "month", "2026年11月", "2026.11"),
        ("ja", "year", "2026年", "2026"),
        ("en", "day", "Sunday 22 November 2026", "22 Nov 2026"),
        ("en", "month", "November 2026", "Nov 2026"),
        ("en", "year", "2026", "2026"),
    ],
)
def test_a_day_is_said_as_exactly_as_it_is_known(language: str, precision: str, in_full: str, in_short: str) -> None:
    with override(language):
        assert in_words(DAY, precision) == in_full
        assert in_words(DAY, precision, is_short=True) == in_short


def test_templates_write_days_alike() -> None:
    template = Template('{{ day|date:"DATE_FORMAT" }} {{ day|date:"SHORT_DATE_FORMAT" }}')

    with override("ja"):
        assert template.render(Context({"day": DAY})) == "2026年11月22日（日） 2026.11.22"
