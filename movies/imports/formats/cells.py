"""What stands in a cell, as one of our values. Each function raises RowRefused, naming the column."""

import datetime
import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from movies.imports.formats.rows import LONGEST_TITLE, FilmNamed, Options, RowRefused

LARGEST_NUMBER = 2**31 - 1
LONGEST_REVIEW = 50_000
LONGEST_TAG = 100
MOST_TAGS = 100

ORDERS = ("ymd", "mdy", "dmy")
EASTERNMOST = datetime.timezone(datetime.timedelta(hours=14))  # where a day begins first

_YEAR_FIRST = re.compile(r"(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})", re.ASCII)
_JAPANESE = re.compile(r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日", re.ASCII)
_OTHERWISE = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{1,2})", re.ASCII)
_LONGEST_DATE = 50


class Cells(Mapping[str, str]):
    """A row's cells by heading, whatever the heading's case, width and spaces; "" where there is no such column."""

    def __init__(self, raw: Mapping[str, str]) -> None:
        self.raw = raw
        self._by_key = {heading_key(heading): value.strip() for heading, value in raw.items()}

    def __getitem__(self, heading: str) -> str:
        return self._by_key.get(heading_key(heading), "")

    def __iter__(self) -> Iterator[str]:
        return iter(self.raw)

    def __len__(self) -> int:
        return len(self.raw)

    def __contains__(self, heading: object) -> bool:
        return isinstance(heading, str) and heading_key(heading) in self._by_key


@lru_cache(maxsize=2048)
def heading_key(heading: str) -> str:
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split())


def title(cells: Cells, column: str) -> str:
    """In one line."""
    text = " ".join(cells[column].split())
    if len(text) > LONGEST_TITLE:
        raise RowRefused("title_too_long", column)
    return text


def named(film: FilmNamed, column: str) -> FilmNamed:
    """The same film, if it has a title, for which `column` is the place, or a number."""
    if not (film.title or film.original_title or film.tmdb_id or film.imdb_id):
        raise RowRefused("no_title", column)
    return film


def year(cells: Cells, column: str) -> int | None:
    written = _plain(cells[column])
    if not written:
        return None
    if not re.fullmatch(r"\d{4}(\.0)?", written, re.ASCII) or not 1870 <= int(written[:4]) < 2200:
        raise RowRefused("not_a_year", column)
    return int(written[:4])


def tmdb_id(cells: Cells, column: str) -> int | None:
    written = _plain(cells[column])
    if not written:
        return None
    if not re.fullmatch(r"\d{1,10}", written, re.ASCII) or not 0 < int(written) <= LARGEST_NUMBER:
        raise RowRefused("not_a_tmdb_id", column)
    return int(written)


def imdb_id(cells: Cells, column: str) -> str:
    """A number alone is taken for one that has lost its "tt", and a short one has lost its noughts."""
    written = _plain(cells[column])
    if not written:
        return ""
    found = re.fullmatch(r"(?:tt)?(\d{5,10})", written, re.ASCII)
    if found is None:
        raise RowRefused("not_an_imdb_id", column)
    return f"tt{found[1]:0>7}"


def score(cells: Cells, column: str, *, most: int) -> int | None:
    """Of a scale that ends at `most`, as 0 to 100, halves rounded up; nothing and "-" are no score."""
    written = _plain(cells[column])
    if written in ("", "-", "–", "—"):
        return None
    if not re.fullmatch(r"\d{1,3}([.,]\d{1,20})?", written, re.ASCII):
        raise RowRefused("not_a_score", column, str(most))
    given = Decimal(written.replace(",", "."))
    if given > most:
        raise RowRefused("not_a_score", column, str(most))
    return int((given * 100 / most).quantize(Decimal(1), ROUND_HALF_UP))


def count(cells: Cells, column: str) -> int | None:
    written = _plain(cells[column])
    if not written:
        return None
    if not re.fullmatch(r"\d{1,6}", written, re.ASCII):
        raise RowRefused("not_a_number", column)
    return int(written)


def text(cells: Cells, column: str) -> str:
    """Prose, with its line breaks."""
    written = cells[column].replace("\r\n", "\n").replace("\r", "\n")
    if len(written) > LONGEST_REVIEW:
        raise RowRefused("text_too_long", column)
    return written


def tags(cells: Cells, column: str) -> tuple[str, ...]:
    """Separated by commas, each once."""
    given = dict.fromkeys(filter(None, (" ".join(tag.split()) for tag in cells[column].split(","))))
    if len(given) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in given):
        raise RowRefused("tags_too_long", column)
    return tuple(given)


def is_yes(cells: Cells, column: str) -> bool:
    written = _plain(cells[column])
    if written in ("yes", "true", "1", "y"):
        return True
    if written in ("", "no", "false", "0", "n"):
        return False
    raise RowRefused("not_yes_or_no", column)


def day(cells: Cells, column: str, options: Options) -> datetime.date | None:
    """A day as written, or the day on which a moment falls in the owner's zone: 2024-05-01, 2024/5/1, 2024年5月1日,
    2024-05-01T20:15:00Z; 5/1/24 only where `options.date_order` says how to read it. None is still to come, wherever
    on earth that was written."""
    written = _plain(cells[column])
    if not written:
        return None
    if found := _moment(written):
        _possible(found.date(), column)
        on = found.astimezone(options.zone).date() if found.tzinfo else found.date()
    else:
        on = _possible(_day(written, options.date_order, column), column)
    if on > datetime.datetime.now(EASTERNMOST).date():
        raise RowRefused("date_impossible", column)
    return on


def moment(cells: Cells, column: str, options: Options) -> datetime.datetime | None:
    """When something was written down. A day alone is its noon, UTC; a time without a zone is UTC's."""
    written = _plain(cells[column])
    if not written:
        return None
    if found := _moment(written):
        _possible(found.date(), column)
        return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)
    return noon(_possible(_day(written, options.date_order, column), column))


def noon(on: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(on, datetime.time(12), datetime.UTC)


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().casefold()


def _moment(written: str) -> datetime.datetime | None:
    """Only what has a time of day."""
    if not re.match(r"\d{4}-\d{1,2}-\d{1,2}[t ]\d", written):
        return None
    try:
        return datetime.datetime.fromisoformat(written.upper())
    except ValueError:
        return None


def _day(written: str, order: str, column: str) -> datetime.date:
    written = tidy_date(written)
    if found := _YEAR_FIRST.fullmatch(written) or _JAPANESE.fullmatch(written):
        on = _date(int(found["y"]), int(found["m"]), int(found["d"]))
    elif is_unordered(written) and order not in ORDERS:
        raise RowRefused("unclear_date", column)
    else:
        on = in_order(written, order)
    if on is None:
        raise RowRefused("not_a_date", column)
    return on


def tidy_date(written: str) -> str:
    """2024. 5. 1. is 2024.5.1; what is too long for a date is none."""
    if len(written) > _LONGEST_DATE:
        return ""
    return "".join(written.split()).rstrip(".")


def is_unordered(written: str) -> bool:
    """Whether only an order tells the day from the month, or the year."""
    return _OTHERWISE.fullmatch(written) is not None


def in_order(written: str, order: str) -> datetime.date | None:
    """5/1/24, read as one of ORDERS; None if it cannot be."""
    found = _OTHERWISE.fullmatch(written)
    if found is None:
        return None
    given = {letter: int(found[group]) for letter, group in zip(order, (1, 3, 4), strict=True)}
    century = 0 if given["y"] > 99 else 2000 if given["y"] < 70 else 1900
    return _date(given["y"] + century, given["m"], given["d"])


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def _possible(on: datetime.date, column: str) -> datetime.date:
    if not 1888 <= on.year < 2200:
        raise RowRefused("date_impossible", column)
    return on
