"""Addresses that lists are full of. The pattern of each is found once: to find it takes longer than the rest of a card."""

from functools import cache
from urllib.parse import quote

from django.urls import reverse
from django.utils.http import RFC3986_SUBDELIMS
from django.utils.translation import get_language

SAFE = f"{RFC3986_SUBDELIMS}/~:@"
NUMBER, WORD = 7_919, 0xABCDEF  # values of a pattern that are to be replaced: like nothing else in an address


def address(name: str, *, known: tuple[tuple[str, str], ...] = (), **values: int | str) -> str:
    """What `reverse` makes of the same values, which have to fit. `known`: those that are one of a few."""
    kinds = tuple((key, type(value)) for key, value in values.items())
    quoted = {key: quote(f"{value}", safe=SAFE) for key, value in values.items()}
    return _pattern(name, known, kinds, get_language()).format_map(quoted)


@cache
def _pattern(
    name: str, known: tuple[tuple[str, str], ...], kinds: tuple[tuple[str, type], ...], _language: str | None
) -> str:
    stand_ins = {
        key: f"{NUMBER + place if kind is int else f'{WORD + place:x}'}" for place, (key, kind) in enumerate(kinds)
    }
    pattern = reverse(name, kwargs=dict(known) | stand_ins)
    for key, stand_in in stand_ins.items():
        pattern = pattern.replace(stand_in, f"{{{key}}}")
    return pattern
