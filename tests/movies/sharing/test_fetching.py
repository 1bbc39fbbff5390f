"""Posters from TMDB's image server: what is taken, and what is not."""

import struct
import time
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import httpx
import pytest
from django.conf import settings
from PIL import Image

from movies.catalog.tmdb.breaker import Breaker
from movies.sharing import fetching
from movies.sharing.fetching import NoImage, fetch, fetch_all

Answer = Callable[[httpx.Request], httpx.Response]


def jpeg(size: tuple[int, int] = (342, 513)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "#345").save(file, "JPEG")
    return file.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and has next to nothing to show for it."""
    header, body = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), zlib.compress(bytes(4096))
    chunks = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in [(b"IHDR", header), (b"IDAT", body), (b"IEND", b"")]
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, object]]:
    """Answers with `said` what it is asked for, and notes that in `asked`."""
    state: dict[str, object] = {"said": lambda request: httpx.Response(200, content=jpeg()), "asked": []}

    def answer(request: httpx.Request) -> httpx.Response:
        state["asked"].append(str(request.url))  # type: ignore[attr-defined]
        return state["said"](request)  # type: ignore[operator, no-any-return]

    client = httpx.Client(transport=httpx.MockTransport(answer))
    monkeypatch.setattr(fetching, "_http", lambda: client)
    monkeypatch.setattr(fetching, "breaker", Breaker())
    yield state
    client.close()


def soon() -> float:
    return time.monotonic() + 5


def test_a_poster_is_asked_for_where_the_settings_say(server: dict[str, object]) -> None:
    content = fetch("/abc-1_X.jpg", ends_at=soon())

    assert fetching.opened(content).size == (342, 513)
    assert server["asked"] == [f"{settings.TMDB_IMAGES_URL}w342/abc-1_X.jpg"]


@pytest.mark.parametrize(
    "path",
    ["", "abc.jpg", "//evil.test/a.jpg", "/../../x.jpg", "/a.jpg?x=1", "/a.svg", "/a b.jpg", "/@evil.test/a.jpg"],
)
def test_nothing_else_than_a_path_of_theirs_is_asked_for(server: dict[str, object], path: str) -> None:
    with pytest.raises(NoImage):
        fetch(path, ends_at=soon())

    assert server["asked"] == []


@pytest.mark.parametrize(
    "said",
    [
        lambda request: httpx.Response(200, content=png_of(12_000, 12_000)),
        lambda request: httpx.Response(200, content=png_of(60_000, 60_000)),
        lambda request: httpx.Response(200, content=b"<svg/>"),
        lambda request: httpx.Response(200, content=b""),
        lambda request: httpx.Response(200, content=bytes(fetching.MOST_BYTES + 1)),
        lambda request: httpx.Response(302, headers={"Location": "http://127.0.0.1/"}),
        lambda request: httpx.Response(404),
    ],
    ids=["12000 squared", "60000 squared", "an SVG", "nothing", "too many bytes", "a redirect", "none"],
)
def test_what_is_no_poster_is_refused_before_a_pixel_is_loaded(server: dict[str, object], said: Answer) -> None:
    server["said"] = said

    with pytest.raises(NoImage):
        fetch("/a.jpg", ends_at=soon())

    assert len(server["asked"]) == 1  # type: ignore[arg-type]
    assert fetching.breaker.admit(), "that is no fault of the server's being away"


def test_a_poster_that_is_broken_further_in_is_found_when_it_is_opened() -> None:
    whole = jpeg()

    fetching.judge(whole[: len(whole) // 2])
    with pytest.raises(NoImage):
        fetching.opened(whole[: len(whole) // 2])


def test_a_server_that_fails_is_left_alone(server: dict[str, object]) -> None:
    server["said"] = lambda request: httpx.Response(503)

    for number in range(12):
        with pytest.raises(NoImage):
            fetch(f"/{number}.jpg", ends_at=soon())

    assert len(server["asked"]) == fetching.breaker.limit  # type: ignore[arg-type]


def test_many_are_fetched_at_once_each_once_and_the_others_are_drawn(server: dict[str, object]) -> None:
    def said(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404) if "b.jpg" in str(request.url) else httpx.Response(200, content=jpeg())

    server["said"] = said

    found = fetch_all(["/a.jpg", "/b.jpg", "", "/a.jpg", "/c.jpg"], seconds=5)

    assert found.keys() == {"/a.jpg", "/c.jpg"}
    assert len(server["asked"]) == 3  # type: ignore[arg-type]


def test_nobody_waits_for_posters_beyond_their_time(server: dict[str, object]) -> None:
    assert fetch_all(["/a.jpg"], seconds=0) == {}
    assert server["asked"] == []
