"""Load that does not wait: requests are sent at their hour, whether those before were answered or not.

Who asks only after an answer asks a slow site more slowly, and measures that it is fast. Times here begin when a request was
due. Connections stay open and are taken again, as a load balancer does it; where none is free, another is opened.
"""

import asyncio
import math
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

LOOPBACK = "127.0.0.1"
PATIENCE = 10  # seconds until nobody waits for an answer any more
MOST_OPEN = 4_000


@dataclass(frozen=True)
class Asking:
    kind: str
    path: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""

    def written(self, port: int) -> bytes:
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {LOOPBACK}:{port}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.method != "GET":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(self.body.encode())}"]
        return "\r\n".join([*lines, "", self.body]).encode()


@dataclass(frozen=True)
class Answered:
    asked: Asking
    due: float
    """Seconds after the first."""
    took: float
    status: int
    """0: none came, or half of one."""
    headers: Mapping[str, str]

    @property
    def is_failure(self) -> bool:
        return self.status == 0 or self.status >= 500


@dataclass(frozen=True)
class Stage:
    per_second: float
    seconds: float


class Load:
    """Runs beside the test, which does harm meanwhile: `with Load(port, stages, asking): …`, and what came of it."""

    def __init__(self, port: int, stages: Sequence[Stage], asking: Callable[[int], Asking]) -> None:
        self.port = port
        self.askings = [(due, asking(number)) for number, due in enumerate(hours_of(stages))]
        self.written = {id(asked): asked.written(port) for _, asked in self.askings}
        self.answers: list[Answered] = []
        self.begun = 0.0
        self._has_begun, self._is_enough = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="load")

    def __enter__(self) -> "Load":
        self._thread.start()
        self._has_begun.wait()
        return self

    def __exit__(self, *of_the_test: object) -> None:
        self._thread.join()

    def end(self) -> None:
        """Sooner than was planned."""
        self._is_enough.set()

    def at(self) -> float:
        """Seconds after the first request was due."""
        return monotonic() - self.begun

    def wait_until(self, second: float) -> None:
        threading.Event().wait(max(0, second - self.at()))

    async def _run(self) -> None:
        idle: list[Connection] = []
        tasks: set[asyncio.Task[None]] = set()
        self.begun = monotonic() + 0.05
        self._has_begun.set()
        for due, asking in self.askings:
            if (left := due - self.at()) > 0:
                await asyncio.sleep(left)
            if self._is_enough.is_set():
                break
            task = asyncio.create_task(self._ask(asking, due, idle))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        while tasks:
            await asyncio.wait(tasks)
        for connection in idle:
            connection.close()
        await asyncio.sleep(0)

    async def _ask(self, asking: Asking, due: float, idle: list["Connection"]) -> None:
        status, headers = 0, {}
        connection = None
        try:
            async with asyncio.timeout(PATIENCE):
                while idle and connection is None:
                    connection = idle.pop()
                    if connection.is_over:
                        connection = None
                if connection is None:
                    _, connection = await asyncio.get_running_loop().create_connection(Connection, LOOPBACK, self.port)
                status, headers = await connection.ask(self.written[id(asking)])
        except (OSError, TimeoutError):
            if connection:
                connection.close()
        else:
            if not connection.is_over:
                idle.append(connection)
        self.answers.append(Answered(asking, due, self.at() - due, status, headers))


class Connection(asyncio.Protocol):
    """One request at a time."""

    def __init__(self) -> None:
        self.is_over = False
        self.received = bytearray()
        self.waiting: asyncio.Future[tuple[int, dict[str, str]]] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    async def ask(self, written: bytes) -> tuple[int, dict[str, str]]:
        self.received.clear()
        self.head: tuple[int, int, dict[str, str]] | None = None
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(written)
        return await self.waiting

    def data_received(self, data: bytes) -> None:
        self.received += data
        if self.head is None and (end := self.received.find(b"\r\n\r\n")) >= 0:
            first, *lines = self.received[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            self.head = (end + 4, int(first.split()[1]), headers)
        if self.head and self._is_whole(*self.head):
            _, status, headers = self.head
            if headers.get("connection", "").lower() == "close":
                self.close()
            if self.waiting and not self.waiting.done():
                self.waiting.set_result((status, headers))

    def _is_whole(self, begin: int, status: int, headers: Mapping[str, str]) -> bool:
        if status in {204, 304}:
            return True
        if "content-length" in headers:
            return len(self.received) >= begin + int(headers["content-length"])
        return self.received.endswith(b"0\r\n\r\n")

    def connection_lost(self, error: Exception | None) -> None:
        self.is_over = True
        if self.waiting and not self.waiting.done():
            self.waiting.set_exception(error or ConnectionResetError("the server hung up"))

    def close(self) -> None:
        self.is_over = True
        self.transport.close()


def hours_of(stages: Iterable[Stage]) -> Iterable[float]:
    begun = 0.0
    for stage in stages:
        number = round(stage.per_second * stage.seconds)
        yield from (begun + place / stage.per_second for place in range(number))
        begun += stage.seconds


def percentile(answers: Iterable[Answered], part: float) -> float:
    """Milliseconds in which this part of them, of 100, had come."""
    took = sorted(answer.took for answer in answers)
    return 1000 * took[min(len(took) - 1, math.ceil(len(took) * part / 100) - 1)] if took else math.nan


def statuses(answers: Iterable[Answered]) -> dict[int, int]:
    return dict(sorted(Counter(answer.status for answer in answers).items()))


def failures(answers: Iterable[Answered]) -> list[Answered]:
    return sorted((answer for answer in answers if answer.is_failure), key=lambda answer: answer.due)
