"""Whether a film that a file names is one that is known, to us or to TMDB. Better none than a wrong one: a title and a
year that agree are enough, anything less needs a reason."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any, Generic, TypeVar

from movies.catalog.models import Film
from movies.catalog.search import ARTICLES
from movies.catalog.titles import is_japanese
from movies.catalog.tmdb import FilmFacts, FilmSummary
from movies.imports.formats.rows import FilmNamed
from mymovie.folding import JAPANESE_CHARACTER, normalise

T = TypeVar("T", Film, FilmSummary, FilmFacts)

WORDS_THAT_TELL = 4  # of 6,210 English titles that long, none is shared by films of neighbouring years; of 44,706, 141
SLIP = 1  # years by which those who date films differ
RIVALS_WITHIN = 2  # years
FAMOUS = 2  # Wikipedias, see Film.fame

_KATAKANA = re.compile(r"[ァ-ヶー・\W\d_]+")
normalised = lru_cache(maxsize=20_000)(normalise)


class Directors(Enum):
    AGREE = "agree"
    UNKNOWN = "unknown"
    DIFFER = "differ"


@dataclass(frozen=True, slots=True, eq=False)
class Known(Generic[T]):
    """What a film is told from others by. Titles and names are normalised, names as `_name` has them."""

    film: T
    titles: frozenset[str]
    title_ja: str = ""
    original_title: str = ""
    """"" also where it may be no more than the English one again."""
    years: frozenset[int] = frozenset()
    """In which it first came out: in any cinema, or at a festival before."""
    japan_year: int | None = None
    directors: frozenset[str] = frozenset()

    def also_called(self, other: Film) -> "Known[T]":
        """With the titles of a film that turned out to be this one."""
        return replace(self, titles=self.titles | of_film(other).titles)


@dataclass(frozen=True, slots=True)
class Verdict(Generic[T]):
    """The one film that is meant, or why none is surely (one of `refusals.WORDS`)."""

    known: Known[T] | None
    reason: str = ""


def named(said: dict[str, Any]) -> FilmNamed:
    """What `Mention.named` holds."""
    return FilmNamed(**{**said, "directors": tuple(said.get("directors", ()))})


def of_film(film: Film, *, released_in: int | None = None, directors: Iterable[str] = ()) -> Known[Film]:
    """`released_in`: the year of the first release of any kind; one after it was in cinemas is no first."""
    original = normalised(film.original_title)
    is_original = film.original_language == "en" or original != normalised(film.title_en)
    world_year = film.world_on.year if film.world_on else released_in
    years = {world_year, min(world_year, released_in or world_year)} if world_year else set()
    japan_year = film.japan_on.year if film.japan_on else None
    return Known(
        film=film,
        titles=_titles(film.title_ja, film.title_en, film.original_title, *film.alternative_titles),
        title_ja=normalised(film.title_ja),
        original_title=original if is_original else "",
        years=frozenset(years or filter(None, [japan_year])),
        japan_year=japan_year,
        directors=frozenset(map(_name, directors)) - {""},
    )


def of_summary(film: FilmSummary) -> Known[FilmSummary]:
    return Known(
        film=film,
        titles=_titles(film.title, film.original_title),
        title_ja=normalised(film.title) if is_japanese(film.title) else "",
        original_title=normalised(film.original_title),
        years=frozenset([film.released_on.year] if film.released_on else ()),
    )


def of_facts(film: FilmFacts) -> Known[FilmFacts]:
    days = [*(release.released_on for release in film.releases), film.primary_release_on]
    years = {day.year for day in days if day}
    return Known(
        film=film,
        titles=_titles(film.title_ja, film.title_en, film.original_title, *film.alternative_titles),
        title_ja=normalised(film.title_ja),
        original_title=normalised(film.original_title),
        years=frozenset([min(years)] if years else ()) | ({film.world_on.year} if film.world_on else set()),
        japan_year=film.japan_on.year if film.japan_on else None,
        directors=frozenset(_name(name) for each in film.directors for name in (each.name, each.original_name)) - {""},
    )


def by_title(
    named: FilmNamed, films: Sequence[Known[T]], *, bears_a_slip: bool, is_of_japan: bool = False
) -> Verdict[T]:
    """Which of these it is. `bears_a_slip`: a year that is off by one will do, where no other film comes near.
    `is_of_japan`: the year may be that of the release in Japan."""
    titled = [known for known in films if has_title(known, named)]
    if not titled:
        return Verdict(None, "no_such_film")
    if named.year is None:
        return Verdict(None, "no_year")
    off = {known: years_off(known, named, is_of_japan=is_of_japan) for known in titled}
    fitting = _within(off, named.year_slack) or _within(off, SLIP)
    agreeing = [known for known in fitting if directors(known, named) is Directors.AGREE]
    if len(agreeing) == 1:
        return Verdict(agreeing[0])
    if len(fitting) != 1:
        return Verdict(None, "several_films" if fitting else "year_differs")
    [known] = fitting
    if directors(known, named) is Directors.DIFFER:
        return Verdict(None, "directors_differ")
    has_rival = any(years is None or years <= RIVALS_WITHIN for other, years in off.items() if other is not known)
    if off[known] == 0 or (bears_a_slip and not has_rival):
        return Verdict(known)
    return Verdict(None, "year_differs")


def is_meant_by_id(known: Known[T], named: FilmNamed, *, has_other_id: bool) -> bool:
    """Whether the film with the id may be the one named. `has_other_id`: another of the ids given is not the film's.
    Without a year a title must bear it out, where there is one: the number may be a series'."""
    off = years_off(known, named, is_of_japan=True)
    if has_other_id:
        return has_title(known, named) and off is not None and off <= SLIP
    is_of_another_time = named.year is None or (off is not None and off > SLIP)
    return not (is_of_another_time and _shares_nothing(known, named))


def has_title(known: Known[T], named: FilmNamed) -> bool:
    given = _titles(named.title, named.original_title)
    original = normalised(named.original_title)
    if original not in known.titles and _are_of_one_script(original, known.original_title):
        return False
    halves: frozenset[str] = said_twice(named.title)
    return bool(given & known.titles) or (bool(halves & known.titles) and known.title_ja in {"", *halves})


def lines(named: FilmNamed) -> frozenset[str]:
    """All that one of its titles may be, normalised."""
    return _titles(named.title, named.original_title) | said_twice(named.title)


def said_twice(title: str) -> frozenset[str]:
    """Both halves of a title that says itself in Latin letters and in katakana: Michael／マイケル, but neither
    スター・ウォーズ／最後のジェダイ nor Face/Off."""
    halves = [half.strip() for half in title.replace("／", "/").split("/")]
    spoken = [half for half in halves if is_japanese(half) and _KATAKANA.fullmatch(half)]
    written = [half for half in halves if not is_japanese(half)]
    return _titles(*halves) if len(spoken) == len(written) == 1 and len(halves) == 2 else frozenset()


def years_off(known: Known[T], named: FilmNamed, *, is_of_japan: bool = False) -> int | None:
    """By how many years they differ at least; None where one has none."""
    years = known.years | ({known.japan_year} if is_of_japan and known.japan_year else set())
    return min((abs(year - named.year) for year in years), default=None) if named.year is not None else None


def directors(known: Known[T], named: FilmNamed) -> Directors:
    """They agree where one of them is the same, and differ where both sides are in Latin letters and share no word."""
    given = set(filter(None, map(_name, named.directors)))
    if given & known.directors:
        return Directors.AGREE
    theirs = set(filter(str.isascii, known.directors))
    if not given or not theirs or not all(map(str.isascii, given)):
        return Directors.UNKNOWN
    return Directors.UNKNOWN if _long_words(given) & _long_words(theirs) else Directors.DIFFER


def rests_on_other_title(known: Known[Film], named: FilmNamed) -> bool:
    """Whether nothing tells but a short title that was given to the film abroad, or besides: such are given twice. There
    are two films called Black Rain of 1989, and three called Pinocchio of 2022. In English, a film that is known far and
    wide is meant all the same."""
    film, title = known.film, normalised(named.title)
    if named.original_title or directors(known, named) is Directors.AGREE or is_telling(named.title):
        return False
    if title not in map(normalised, (film.title_ja, film.title_en, film.original_title)):
        return title in map(normalised, film.alternative_titles)  # else it is that of a film merged into this one
    is_translated = film.original_language not in ("", "en") and title.isascii() and title != known.original_title
    return is_translated and film.fame < FAMOUS


def is_telling(title: str) -> bool:
    """Whether hardly two films are called so. No Japanese title is: a book is filmed, and drawn, in neighbouring years."""
    words = [word for word in normalised(title).split() if word not in ARTICLES]
    return len(words) >= WORDS_THAT_TELL and not is_japanese(title)


def _within(off: dict[Known[T], int | None], years: int) -> list[Known[T]]:
    return [known for known, difference in off.items() if difference is not None and difference <= years]


def _titles(*titles: str) -> frozenset[str]:
    return frozenset(map(normalised, titles)) - {""}


def _name(name: str) -> str:
    """Latin names in whatever order: Miyazaki Hayao."""
    return " ".join(sorted(normalised(name).split()))


def _long_words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in name.split() if len(word) > 2}


def _are_of_one_script(one: str, other: str) -> bool:
    """Of those in which the same title would be written the same."""
    if not one or not other:
        return False
    return (one.isascii() and other.isascii()) or (is_japanese(one) and is_japanese(other))


def _shares_nothing(known: Known[T], named: FilmNamed) -> bool:
    given = lines(named)
    return bool(given) and _pieces(given).isdisjoint(_pieces(known.titles)) and given.isdisjoint(known.titles)


def _pieces(titles: Iterable[str]) -> set[str]:
    """Words that tell something, and each two neighbours in Japanese."""
    words = {word for title in titles for word in title.split() if len(word) > 2 and word not in ARTICLES}
    pairs = {title[n : n + 2] for title in titles for n in range(len(title) - 1)}
    return words | {pair for pair in pairs if len(JAPANESE_CHARACTER.findall(pair)) == 2}
