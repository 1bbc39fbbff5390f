"""What TMDB's answers mean: https://developer.themoviedb.org/docs/errors."""

import json
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import NoReturn

from movies.catalog.tmdb.errors import BadKey, Invalid, NotFound, RateLimited, TmdbError, Unavailable

Json = dict[str, object]

NO_SUCH_ID = (6, 34)
OUR_FAULT = (400, 405, 406, 422)
PASSING = (500, 502, 503, 504)
LONGEST_RETRY_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    retry_after: str
    body: bytes


def understand(answer: Answer, *, now: float) -> Json:
    try:
        body = json.loads(answer.body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        body = None
    if answer.status != 200:
        raise _error(answer, body, now=now)
    if body is None:
        raise Unavailable("TMDB answered with something that is not JSON")
    if not isinstance(body, dict):
        raise Invalid("TMDB answered with JSON that is not an object")
    return body


def seconds_until(retry_after: str, *, now: float) -> float | None:
    """Read a Retry-After header, seconds or a date; at most a minute, so that no answer can silence us for long."""
    try:
        seconds = float(retry_after) if retry_after.isascii() and retry_after.isdigit() else _moment(retry_after) - now
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _moment(http_date: str) -> float:
    return parsedate_to_datetime(http_date).timestamp()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _error(answer: Answer, body: object, *, now: float) -> TmdbError:
    code = body.get("status_code") if isinstance(body, dict) else None
    said = f"HTTP {answer.status}" + (f", code {code}" if isinstance(code, int) else "")
    retry_after = seconds_until(answer.retry_after, now=now)
    match answer.status:
        case 401 | 403 if isinstance(code, int):
            return BadKey(f"TMDB refuses our token ({said}): check TMDB_TOKEN")
        case 404 if code in NO_SUCH_ID:
            return NotFound(f"TMDB knows no such film ({said})")
        case 429:
            return RateLimited(f"TMDB asks us to slow down ({said})", is_passing=True, retry_after=retry_after)
        case status if status in OUR_FAULT:
            return Invalid(f"TMDB cannot read our question ({said})")
        case status:
            return Unavailable(f"TMDB failed ({said})", is_passing=status in PASSING, retry_after=retry_after)
