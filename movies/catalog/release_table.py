"""All days on which a film came out, by country."""

from collections.abc import Iterable
from dataclasses import dataclass

from movies.catalog.countries import country_name
from movies.catalog.models import ReleaseDate


@dataclass(frozen=True)
class CountryReleases:
    country: str
    days: list[ReleaseDate]


def by_country(releases: Iterable[ReleaseDate]) -> list[CountryReleases]:
    """`releases` in the order of their days; Japan stands first, the others as the film came to them."""
    days: dict[str, list[ReleaseDate]] = {"JP": []}
    for release in releases:
        days.setdefault(release.country, []).append(release)
    return [CountryReleases(country_name(code), of_country) for code, of_country in days.items() if of_country]
