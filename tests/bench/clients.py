"""Who asks: wrk where it is installed, else a client of our own that does the same with less force."""

import json
import selectors
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

LONGEST_SILENCE = 10  # seconds
SAYS_IN_JSON = """
function done(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.read + summary.errors.timeout + summary.errors.connect
  io.write(string.format('\\n{"requests":%d,"seconds":%f,"bytes":%d,"failed":%d,"p50":%f,"p95":%f,"p99":%f}\\n',
    summary.requests, summary.duration / 1e6, summary.bytes, bad,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
"""


@dataclass(frozen=True)
class Answers:
    requests: int
    seconds: float
    bytes: int
    failed: int
    p50: float
    """Milliseconds, as `p95` and `p99`."""
    p95: float
    p99: float


@dataclass(frozen=True)
class Answered:
    headers: Message
    body: bytes


def once(url: str, headers: dict[str, str]) -> Answered:
    """Ask one time."""
    with urllib.request.build_opener(AsItIs).open(urllib.request.Request(url, headers=headers), timeout=60) as answer:
        return Answered(answer.headers, answer.read())


class AsItIs(urllib.request.HTTPErrorProcessor):
    """A 304 is an answer like others; what failed is not."""

    def http_response(self, request: urllib.request.Request, response: Any) -> Any:
        if response.status in {200, 304}:
            return response
        raise RuntimeError(f"{request.full_url}: {response.status}")


def ask(url: str, headers: dict[str, str], *, clients: int, seconds: int) -> Answers:
    """Over connections that stay open, each with one request at a time."""
    wrk = shutil.which("wrk")
    return by_wrk(wrk, url, headers, clients, seconds) if wrk else by_hand(url, headers, clients, seconds)


def by_wrk(wrk: str, url: str, headers: dict[str, str], clients: int, seconds: int) -> Answers:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SAYS_IN_JSON)
        script.flush()
        command = [
            wrk,
            "-t1",
            f"-c{clients}",
            f"-d{seconds}s",
            "--timeout=30s",
            "-s",
            script.name,
        ]  # 2 s are not enough for all
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        said = subprocess.run([*command, url], check=True, stdout=subprocess.PIPE, text=True).stdout
    return Answers(**json.loads(said.strip().splitlines()[-1]))


def by_hand(url: str, headers: dict[str, str], clients: int, seconds: float) -> Answers:
    where = urlsplit(url)
    lines = [f"GET {where.path}{'?' if where.query else ''}{where.query} HTTP/1.1", f"Host: {where.netloc}"]
    request = "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode()
    took: list[float] = []
    size = failed = 0
    with selectors.DefaultSelector() as selector:
        begun = time.perf_counter()
        for _ in range(clients):
            connection = socket.create_connection((where.hostname or "", where.port or 80))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(request)
            selector.register(connection, selectors.EVENT_READ, Answer(time.perf_counter()))
        while time.perf_counter() - begun < seconds:
            ready = selector.select(LONGEST_SILENCE)
            if not ready:
                raise TimeoutError(url)
            for key, _events in ready:
                answer: Answer = key.data
                connection = key.fileobj  # type: ignore[assignment]
                answer.take(connection.recv(1 << 18))
                if not answer.is_whole:
                    continue
                now = time.perf_counter()
                took.append(now - answer.asked_at)
                size += len(answer.received)
                failed += answer.status >= 400
                connection.sendall(request)
                selector.modify(connection, selectors.EVENT_READ, Answer(now))
        lasted = time.perf_counter() - begun
        for key in list(selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]
    took.sort()
    p50, p95, p99 = (1000 * took[min(len(took) - 1, len(took) * part // 100)] for part in (50, 95, 99))
    return Answers(len(took), lasted, size, failed, p50, p95, p99)


class Answer:
    """One answer as it comes in; of those with a length, as all of ours are."""

    def __init__(self, asked_at: float) -> None:
        self.asked_at = asked_at
        self.received = bytearray()
        self.length: int | None = None

    def take(self, part: bytes) -> None:
        if not part:
            raise ConnectionError("the server hung up")
        self.received += part
        end = self.received.find(b"\r\n\r\n") if self.length is None else -1
        if end >= 0:
            head = self.received[:end].lower()
            _, said, after = head.partition(b"content-length:")
            self.length = end + 4 + (int(after.split(b"\r\n")[0]) if said else 0)

    @property
    def is_whole(self) -> bool:
        return self.length is not None and len(self.received) >= self.length

    @property
    def status(self) -> int:
        return int(self.received[9:12])
