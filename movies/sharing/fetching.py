"""Posters from TMDB's own image server, for the worker: one size, from one place, and nothing larger than a poster is."""

import io
import re
import time
import warnings
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from functools import cache

import httpx
import structlog
from django.conf import settings
from PIL import Image

from movies.catalog.tmdb.breaker import Breaker

SIZE = "w342"  # larger ones for large sheets only
PATH = re.compile(r"/[A-Za-z0-9_-]{1,100}\.(jpg|jpeg|png|webp)")
FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 1024 * 1024
MOST_PIXELS = 2_000_000  # of w342 a poster has some 175,000
LONGEST = 5.0  # seconds for one image
THREADS = 6  # at once; TMDB asks for no more than twenty
BROKEN = (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError, Image.DecompressionBombWarning)

log = structlog.get_logger(__name__)
breaker = Breaker()


class NoImage(Exception):
    """The poster is not to be had now, or is no poster."""


def fetch_all(paths: Iterable[str], *, seconds: float, size: str = SIZE) -> dict[str, bytes]:
    """The files of as many of these as come in so many seconds; who lacks one draws it. They are judged already."""
    ends_at = time.monotonic() + seconds
    found: dict[str, bytes] = {}
    with ThreadPoolExecutor(THREADS, thread_name_prefix="posters") as threads:
        asked = {threads.submit(fetch, path, size=size, ends_at=ends_at): path for path in dict.fromkeys(paths) if path}
        for answer in as_completed(asked):
            try:
                found[asked[answer]] = answer.result()
            except NoImage as error:
                log.info("poster.missing", path=asked[answer], reason=str(error))
    return found


def fetch(path: str, *, size: str = SIZE, ends_at: float) -> bytes:
    """Raises NoImage."""
    if not PATH.fullmatch(path):
        raise NoImage("no path of TMDB's")
    if time.monotonic() > ends_at:
        raise NoImage("no time is left")
    if not breaker.admit():
        raise NoImage("TMDB's images are left alone for a while")
    try:
        content = _received(f"{settings.TMDB_IMAGES_URL}{size}{path}", min(ends_at, time.monotonic() + LONGEST))
    except httpx.HTTPError as error:
        breaker.fail()
        raise NoImage(type(error).__name__) from None
    breaker.succeed()
    judge(content)
    return content


def _received(address: str, deadline: float) -> bytes:
    body = bytearray()
    with closing(_http().send(_http().build_request("GET", address), stream=True)) as response:
        if response.status_code >= 500:
            response.raise_for_status()
        if response.status_code != 200:  # a redirect, too, is followed nowhere
            raise NoImage(f"answered {response.status_code}")
        if "Content-Encoding" in response.headers:  # in which few bytes unfold to many before they can be counted
            raise NoImage("packed, and not asked to be")
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MOST_BYTES:
                raise NoImage("too many bytes")
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("too slow")
    return bytes(body)


def judge(content: bytes) -> None:
    """By its header; no pixel is loaded. Raises NoImage."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                pixels = image.width * image.height
    except BROKEN as error:
        raise NoImage("no picture") from error
    if pixels > MOST_PIXELS:
        raise NoImage("too many pixels")


def opened(content: bytes) -> Image.Image:
    """Raises NoImage, as a header may promise what the rest does not hold."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            return image.convert("RGB")
    except BROKEN as error:
        raise NoImage("a broken picture") from error


@cache
def _http() -> httpx.Client:
    return httpx.Client(
        timeout=httpx.Timeout(4, connect=2), follow_redirects=False, headers={"Accept-Encoding": "identity"}
    )
