"""A small SES with faults, in a process of its own: `python -m tests.standins.ses`. It takes what SESv2's SendEmail
sends, prints its address, and tells by POST /faults what it has taken."""

import asyncio
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from typing import Any

import httpx

from tests.standins.sqs import read_request


@dataclass
class Faults:
    """Shares are of 1."""

    error_share: float = 0.0
    """Of mails that are answered with 500, and not taken."""
    throttle_share: float = 0.0
    """Of mails that are told to come later."""
    lost_answer_share: float = 0.0
    """Of mails that are taken, and not answered: the connection closes."""
    slowness: float = 0.0
    """Seconds between a mail's being taken and the answer."""


class Ses:
    def __init__(self) -> None:
        self.faults = Faults()
        self.taken: list[str] = []
        """The tags of the mails, in the order in which they came."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                path, _headers, body = await read_request(reader, writer)
                status, said, kind = 200, json.dumps(self.taken), ""
                if path == "/faults":
                    self.faults = Faults(**json.loads(body))
                elif random.random() < self.faults.error_share:
                    status, said, kind = 500, "{}", "InternalServiceErrorException"
                elif random.random() < self.faults.throttle_share:
                    status, said, kind = 429, "{}", "TooManyRequestsException"
                else:
                    self.taken.append(json.loads(body)["EmailTags"][0]["Value"])
                    number = len(self.taken)
                    await asyncio.sleep(self.faults.slowness)
                    if random.random() < self.faults.lost_answer_share:
                        break
                    said = json.dumps({"MessageId": f"ses-{number}"})
                head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/json\r\nx-amzn-ErrorType: {kind}\r\n"
                writer.write(f"{head}Content-Length: {len(said)}\r\n\r\n{said}".encode())
                await writer.drain()
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(Ses().serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


@dataclass
class SesStandIn:
    address: str

    def suffer(self, **faults: Any) -> list[int]:
        """Have these faults from now on, and no others; says which notices' mails were taken so far, in order."""
        assert faults.keys() <= {one.name for one in fields(Faults)}
        answer: list[str] = httpx.post(f"{self.address}/faults", json=asdict(Faults(**faults))).json()
        return [int(tag) for tag in answer]


@contextmanager
def running_ses() -> Iterator[SesStandIn]:
    with subprocess.Popen([sys.executable, "-m", "tests.standins.ses"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield SesStandIn(process.stdout.readline().strip())
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(main())
