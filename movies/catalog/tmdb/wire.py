import random
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property

import httpx
import structlog
from django.conf import settings

from movies.catalog.tmdb.answers import Answer, Json, understand
from movies.catalog.tmdb.breaker import Breaker
from movies.catalog.tmdb.clock import Clock
from movies.catalog.tmdb.errors import RateLimited, TmdbError, Unavailable
from movies.catalog.tmdb.token import read_access_token
from mymovie import places
from mymovie.pace import Bucket

logger = structlog.get_logger(__name__)

Params = Mapping[str, str | int]

LONGEST_PAUSES = (0.25, 0.5, 1.0)  # before the first, second and third retry; the pause itself is any part of it
LONGEST_BODY = 5 * 1024 * 1024
THREADS = 16


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait, in seconds: to be connected, for each next piece of an answer, and in total, with all retries."""

    connect: float
    read: float
    total: float


PAGE = Patience(connect=2, read=2, total=2)
JOB = Patience(connect=3, read=8, total=30)


class Wire:
    """Asks TMDB: in turn, within bounds of time and size, again where that may help, and not while it is down.

    The exchange itself runs in a thread that can be walked away from: no timeout of HTTP's bounds the lookup of a name
    or an answer that comes byte by byte.
    """

    def __init__(self, *, bucket: Bucket, clock: Clock = time) -> None:
        self.bucket = bucket
        self.clock = clock
        self.breaker = Breaker(clock=clock)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="tmdb")

    def ask(self, path: str, params: Params, patience: Patience) -> Json:
        deadline = self.clock.monotonic() + patience.total
        for longest_pause in LONGEST_PAUSES:
            try:
                return self._ask_once(path, params, patience, deadline)
            except Unavailable as failure:
                pause = max(random.uniform(0, longest_pause), failure.retry_after or 0)  # noqa: S311 (no secret)
                if not failure.is_passing or self.clock.monotonic() + pause >= deadline:
                    raise
            self.clock.sleep(pause)
        return self._ask_once(path, params, patience, deadline)

    def _ask_once(self, path: str, params: Params, patience: Patience, deadline: float) -> Json:
        request = self._http.build_request(  # before our turn: the first takes a tenth of a second to make
            "GET",
            f"{settings.TMDB_URL}/{path}",
            params=params,
            headers={"Authorization": f"Bearer {read_access_token()}"},
            timeout=httpx.Timeout(patience.read, connect=patience.connect),
        )
        self._wait_for_turn(deadline)
        began_at = self.clock.monotonic()
        outcome = "answered"
        try:
            answer = self._exchange(request, deadline)
            body = understand(answer, now=self.clock.time())
        except Unavailable as error:
            outcome = str(error)
            self.breaker.fail(retry_after=error.retry_after)
            raise
        except TmdbError as error:
            outcome = str(error)
            self.breaker.succeed()
            raise
        else:
            self.breaker.succeed()
            return body
        finally:
            logger.info("tmdb_asked", path=path, outcome=outcome, seconds=round(self.clock.monotonic() - began_at, 3))

    def _wait_for_turn(self, deadline: float) -> None:
        if not self.breaker.admit():
            raise Unavailable("TMDB failed several times and is left alone for a while")
        if not self.bucket.take(timeout=deadline - self.clock.monotonic()):
            raise RateLimited("too many of our own questions to TMDB are waiting")

    def _exchange(self, request: httpx.Request, deadline: float) -> Answer:
        exchange = self._threads.submit(self._fetch, request, deadline)
        try:
            with places.left_to_others():
                return exchange.result(timeout=deadline - self.clock.monotonic())
        except TimeoutError:
            exchange.cancel()
            raise Unavailable("TMDB did not answer in time") from None
        except httpx.HTTPError as error:
            # Without its cause: that one knows the address with the words in it.
            is_passing = isinstance(error, httpx.TransportError)
            raise Unavailable(f"TMDB was not reached ({type(error).__name__})", is_passing=is_passing) from None

    def _fetch(self, request: httpx.Request, deadline: float) -> Answer:
        body = bytearray()
        with closing(self._http.send(request, stream=True)) as response:
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > LONGEST_BODY:
                    raise Unavailable("TMDB's answer is too long")
                if self.clock.monotonic() > deadline:
                    raise Unavailable("TMDB's answer takes too long")
            return Answer(response.status_code, response.headers.get("Retry-After", ""), bytes(body))

    @cached_property
    def _http(self) -> httpx.Client:
        # Not brotli, in which a few bytes unfold to gigabytes before they can be counted.
        return httpx.Client(headers={"Accept": "application/json", "Accept-Encoding": "gzip"})
