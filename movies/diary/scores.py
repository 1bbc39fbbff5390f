"""Scores stand in bands of ten, the last of eleven: 0–9, 10–19 … 90–100. A band is named by its first score."""

from django.db.models import Case, F, When
from django.db.models.expressions import Combinable

BANDS = range(90, -1, -10)


def band_of(score: int) -> int:
    return min(score // 10 * 10, BANDS[0])


def last_of_band(band: int) -> int:
    return 100 if band == BANDS[0] else band + 9


def band_in_sql() -> Case | Combinable:
    return Case(When(score__gte=BANDS[0], then=BANDS[0]), default=F("score") / 10 * 10)
