"""TMDB on loopback: serves the few films of tests/fixtures/tmdb by TMDB's own rules, and every fault on request."""

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from pytest_django import Settings

from movies.catalog import tmdb
from movies.catalog.tmdb.breaker import Breaker

FIXTURES = Path(__file__).parent.parent / "fixtures" / "tmdb"
TOKEN = "stand-in.read-access.token"
PAGE_SIZE = 20

NO_SUCH_FILM = {"success": False, "status_code": 34, "status_message": "The resource you requested could not be found."}
BAD_KEY = {"success": False, "status_code": 7, "status_message": "Invalid API key: You must be granted a valid key."}
BAD_PAGE = {"success": False, "status_code": 22, "status_message": "Invalid page: Pages start at 1 and max at 500."}

Headers = dict[str, str]


@dataclass(frozen=True)
class Call:
    """`address` is what came over the wire, `path` what it means, `at` when it came."""

    address: str
    path: str
    params: dict[str, str]
    headers: Headers
    at: float = field(default_factory=time.monotonic)


@dataclass(frozen=True)
class Response:
    """`body` is sent as it is, or as JSON; `promised` is a Content-Length that may be a lie."""

    status: int = 200
    body: object = field(default_factory=dict)
    headers: Headers = field(default_factory=dict)
    promised: int | None = None

    @property
    def payload(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class TmdbServer:
    """`calls` are the questions that arrived. Faults stand in line before the true answers, or last with `always`.

    `changed` and `opening` are the ids of the films that /movie/changes and /discover/movie tell of.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.always: Response | None = None
        self.changed: list[int] = []
        self.opening: list[int] = []
        self._queue: list[Response] = []
        self._lock = threading.Lock()
        self._released = threading.Event()
        self._released.set()
        self._drips = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/3"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def next(self, *responses: Response) -> None:
        self._queue.extend(responses)

    def hang(self) -> None:
        """Accept questions and say nothing, until `release`."""
        self._released.clear()

    def drip(self) -> None:
        """Answer byte by byte, each in time and the whole never."""
        self._drips = True
        self.hang()

    def release(self) -> None:
        self._released.set()

    def _answer(self, call: Call) -> Response:
        with self._lock:
            self.calls.append(call)
            if self._queue:
                return self._queue.pop(0)
        return self.always or self._news(call) or true_answer(call)

    def _news(self, call: Call) -> Response | None:
        match call.path.split("/"):
            case ["movie", "changes"]:
                return paged([{"id": tmdb_id, "adult": None} for tmdb_id in self.changed], call.params, size=100)
            case ["discover", "movie"]:
                return paged([item for item in stored_films() if item["id"] in self.opening], call.params)
        return None

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        standin = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                address = urlsplit(self.path)
                params = dict(parse_qsl(address.query, keep_blank_values=True))
                call = Call(self.path, unquote(address.path.removeprefix("/3/")), params, dict(self.headers))
                response = standin._answer(call)
                try:
                    if standin._drips:
                        self._drip()
                    standin._released.wait()
                    self._send(response)
                except OSError:
                    self.close_connection = True  # the asker has gone

            def _send(self, response: Response) -> None:
                payload = response.payload
                self.send_response(response.status)
                for name, value in ({"Content-Type": "application/json;charset=utf-8"} | response.headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(response.promised or len(payload)))
                self.send_header("Connection", "close")  # no test leaves a socket open for the next
                self.end_headers()
                self.wfile.write(payload)

            def _drip(self) -> None:
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
                while not standin._released.wait(0.02):
                    self.wfile.write(b".")

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


def true_answer(call: Call) -> Response:
    if call.headers.get("Authorization") != f"Bearer {TOKEN}":
        return Response(401, BAD_KEY)
    match call.path.split("/"):
        case ["configuration"]:
            return Response(body=stored("configuration"))
        case ["genre", "movie", "list"]:
            return Response(body=stored("genres"))
        case ["search", "movie"]:
            return search(call.params)
        case ["movie", "upcoming"]:
            return paged(stored_films(), call.params)
        case ["movie", tmdb_id]:
            return film(tmdb_id)
        case ["movie", tmdb_id, "release_dates"] if (FIXTURES / f"movie_{tmdb_id}.json").exists():
            return Response(body={"id": int(tmdb_id), **stored(f"movie_{tmdb_id}")["release_dates"]})
        case ["find", external_id]:
            return find(external_id)
    return Response(404, NO_SUCH_FILM)


def film(tmdb_id: str) -> Response:
    """In full for those with a file of their own; the rest say only what stands in lists."""
    if (FIXTURES / f"movie_{tmdb_id}.json").exists():
        return Response(body=stored(f"movie_{tmdb_id}"))
    found = [item for item in stored_films() if str(item["id"]) == tmdb_id]
    return Response(body=found[0]) if found else Response(404, NO_SUCH_FILM)


def search(params: dict[str, str]) -> Response:
    if not (query := params.get("query", "").strip().casefold()):
        return Response(422, {"errors": ["query must be provided"]})
    found = [
        item
        for item in stored_films()
        if query in f"{item['title']} {item['original_title']} {item['english_title']}".casefold()
        and item["release_date"].startswith(params.get("year", ""))
    ]
    return paged(found, params)


def find(external_id: str) -> Response:
    full = [json.loads(path.read_text()) for path in FIXTURES.glob("movie_*.json")]
    ids = {body["id"] for body in full if external_id in body["external_ids"].values()}
    return Response(body={"movie_results": [item for item in stored_films() if item["id"] in ids], "tv_results": []})


def paged(items: list[dict[str, object]], params: dict[str, str], *, size: int = PAGE_SIZE) -> Response:
    number = params.get("page", "1")
    if not re.fullmatch(r"[1-9]\d*", number) or int(number) > 500:
        return Response(400, BAD_PAGE)
    first = (int(number) - 1) * size
    return Response(
        body={
            "page": int(number),
            "results": items[first : first + size],
            "total_pages": -(-len(items) // size),
            "total_results": len(items),
        }
    )


def stored_films() -> list[dict[str, object]]:
    return stored("films")["films"]


def stored(name: str) -> dict:
    return json.loads((FIXTURES / f"{name}.json").read_text())


@pytest.fixture
def tmdb_server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TmdbServer]:
    """TMDB is switched on, and no failure of an earlier test is held against it."""
    with TmdbServer() as server:
        settings.TMDB_URL, settings.TMDB_TOKEN = server.url, TOKEN
        monkeypatch.setattr(tmdb.for_pages.wire, "breaker", Breaker())
        yield server
