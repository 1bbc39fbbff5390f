"""What the address of a wall asks for, and the address that asks for it; pages and API read the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import BadRequest
from django.db import models
from django.utils.http import urlencode
from django.utils.translation import pgettext_lazy

from movies.diary.sifting import Sieve
from movies.diary.wall import Arrangement, Dates, Direction, Order
from mymovie.paging import Cursor


class Density(models.TextChoices):
    CARDS = "cards", pgettext_lazy("density of a wall", "Cards")
    POSTERS = "posters", pgettext_lazy("density of a wall", "Posters")
    LIST = "list", pgettext_lazy("density of a wall", "List")


@dataclass(frozen=True)
class Asked:
    arrangement: Arrangement = field(default_factory=Arrangement)
    density: Density = Density.CARDS
    sieve: Sieve = field(default_factory=Sieve)
    after: Cursor | None = None
    is_choosing: bool = False
    """Whether the choices are open by which a wall can be sifted."""

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Asked":
        """Raises BadRequest for what no wall has ever linked to."""
        try:
            arrangement = Arrangement(
                Order(asked.get("order", Order.RELEASE)),
                Dates(asked.get("dates", Dates.JAPAN)),
                Direction(asked["direction"]) if "direction" in asked else None,
            )
            density, sieve = Density(asked.get("view", Density.CARDS)), Sieve.read(asked)
            if asked.get("filters", "1") != "1":
                raise ValueError("filters are open or not")
        except ValueError as error:
            raise BadRequest("no such order, view or filter") from error
        after = arrangement.read(asked["after"]) if "after" in asked else None
        return cls(arrangement, density, sieve, after, is_choosing="filters" in asked)

    def but(self, **changes: Any) -> "Asked":
        """The same wall otherwise, from its beginning unless `after` is among the changes. Another order begins in its
        natural direction; `without` takes one of the filters away."""
        asked = replace(self, after=None, is_choosing=False)
        for name, value in changes.items():
            match name:
                case "order":
                    asked = replace(asked, arrangement=Arrangement(value, asked.arrangement.dates))
                case "dates" | "direction":
                    asked = replace(asked, arrangement=replace(asked.arrangement, **{name: value}))
                case "without":
                    asked = replace(asked, sieve=asked.sieve.without(value))
                case _:
                    asked = replace(asked, **{name: value})
        return asked

    @cached_property
    def query(self) -> str:
        """As short as it can be: what is natural is not said. "" for the wall as it is."""
        said = _said(self.arrangement, self.density, self.sieve, self.is_choosing)
        return "&".join([*said, urlencode({"after": str(self.after)})] if self.after else said)

    @property
    def kept_by_form(self) -> list[tuple[str, str]]:
        """What the form of the choices carries along."""
        return parse_qsl(self.but(sieve=Sieve()).query)


@lru_cache(maxsize=500)
def _said(arrangement: Arrangement, density: Density, sieve: Sieve, is_choosing: bool) -> list[str]:
    """Of any address, as few are asked for again and again: each part of the query but the last."""
    said = {
        "order": arrangement.order if arrangement.order != Order.RELEASE else None,
        "dates": arrangement.dates if arrangement.dates != Dates.JAPAN else None,
        "direction": None if arrangement.is_natural else arrangement.direction,
        "view": density if density != Density.CARDS else None,
        **sieve.written(),
        "filters": "1" if is_choosing else None,
    }
    return [urlencode({name: str(value)}) for name, value in said.items() if value is not None]
