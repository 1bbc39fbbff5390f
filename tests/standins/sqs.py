"""A small, fast SQS with faults, in a process of its own: `python -m tests.standins.sqs`.

It speaks the JSON protocol, keeps everything in memory, and prints its address. What goes wrong is set, and what has
happened is read, by POST /faults. Emulators of all of AWS slow down with the depth of a queue; this one does not.
"""

import asyncio
import hashlib
import heapq
import json
import random
import subprocess
import sys
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import httpx

Json = dict[str, Any]


@dataclass
class Faults:
    """Shares are of 1."""

    is_down: bool = False
    """Every connection is closed."""
    is_hung: bool = False
    """Every question is taken, and none answered."""
    error_share: float = 0.0
    """Of questions that are answered with 500, not done."""
    duplicate_share: float = 0.0
    """Of messages that are given to two at once."""
    lost_ack_share: float = 0.0
    """Of deletions that are answered, and not done."""


@dataclass
class Held:
    body: str
    sent_at: float = field(default_factory=time.time)
    receives: int = 0
    edition: int = 0
    """Rises whenever it is given out or put off: what waits with an older number counts no more."""


@dataclass
class Queue:
    name: str
    attributes: dict[str, str]
    held: dict[str, Held] = field(default_factory=dict)
    visible: deque[str] = field(default_factory=deque)
    hidden: list[tuple[float, str, int]] = field(default_factory=list)

    def put(self, body: str) -> str:
        key = str(uuid.uuid4())
        self.held[key] = Held(body)
        self.visible.append(key)
        return key

    def hide(self, key: str, seconds: float) -> None:
        heapq.heappush(self.hidden, (time.time() + seconds, key, self.held[key].edition))

    def bring_back(self) -> None:
        while self.hidden and self.hidden[0][0] <= time.time():
            _at, key, edition = heapq.heappop(self.hidden)
            if key in self.held and self.held[key].edition == edition:
                self.visible.append(key)


class Sqs:
    def __init__(self) -> None:
        self.queues: dict[str, Queue] = {}
        self.faults = Faults()
        self.asked: Counter[str] = Counter()
        self.address = ""

    async def answer(self, action: str, asked: Json) -> Json:
        self.asked[action] += 1
        if action == "CreateQueue":
            name = asked["QueueName"]
            self.queues.setdefault(name, Queue(name, dict(asked.get("Attributes") or {})))
            return {"QueueUrl": f"{self.address}/1/{name}"}
        queue = self.queues[asked["QueueUrl"].rpartition("/")[2]]
        match action:
            case "SetQueueAttributes":
                queue.attributes |= asked["Attributes"]
            case "GetQueueAttributes":
                return {"Attributes": self.attributes(queue)}
            case "SendMessage":
                return {"MessageId": queue.put(asked["MessageBody"]), "MD5OfMessageBody": md5(asked["MessageBody"])}
            case "SendMessageBatch":
                sent = [
                    {
                        "Id": one["Id"],
                        "MessageId": queue.put(one["MessageBody"]),
                        "MD5OfMessageBody": md5(one["MessageBody"]),
                    }
                    for one in asked["Entries"]
                ]
                return {"Successful": sent, "Failed": []}
            case "ReceiveMessage":
                return await self.receive(queue, asked)
            case "DeleteMessage":
                if random.random() >= self.faults.lost_ack_share:
                    queue.held.pop(asked["ReceiptHandle"].partition(":")[0], None)
            case "ChangeMessageVisibility":
                key = asked["ReceiptHandle"].partition(":")[0]
                if key in queue.held:
                    queue.held[key].edition += 1
                    queue.hide(key, asked["VisibilityTimeout"])
        return {}

    async def receive(self, queue: Queue, asked: Json) -> Json:
        deadline = time.monotonic() + int(asked.get("WaitTimeSeconds") or 0)
        while True:
            queue.bring_back()
            if given := list(self.give(queue, asked)):
                return {"Messages": given}
            if time.monotonic() >= deadline:
                return {}
            await asyncio.sleep(0.01)

    def give(self, queue: Queue, asked: Json) -> Iterator[Json]:
        hidden_for = int(asked.get("VisibilityTimeout") or queue.attributes.get("VisibilityTimeout", 30))
        redrive = json.loads(queue.attributes.get("RedrivePolicy", "{}"))
        wanted = int(asked.get("MaxNumberOfMessages") or 1)
        while queue.visible and wanted:
            key = queue.visible.popleft()
            if key not in queue.held:
                continue
            message = queue.held[key]
            message.receives += 1
            if redrive and message.receives > int(redrive["maxReceiveCount"]):
                self.queues[redrive["deadLetterTargetArn"].rpartition(":")[2]].put(queue.held.pop(key).body)
                continue
            message.edition += 1
            if random.random() < self.faults.duplicate_share:
                queue.visible.append(key)
            else:
                queue.hide(key, hidden_for)
            wanted -= 1
            yield {
                "MessageId": key,
                "ReceiptHandle": f"{key}:{message.edition}",
                "Body": message.body,
                "MD5OfBody": md5(message.body),
                "Attributes": {
                    "ApproximateReceiveCount": str(message.receives),
                    "SentTimestamp": str(int(message.sent_at * 1000)),
                },
            }

    def attributes(self, queue: Queue) -> dict[str, str]:
        queue.bring_back()
        visible = sum(key in queue.held for key in queue.visible)
        return queue.attributes | {
            "QueueArn": f"arn:aws:sqs:ap-northeast-1:1:{queue.name}",
            "ApproximateNumberOfMessages": str(visible),
            "ApproximateNumberOfMessagesNotVisible": str(len(queue.held) - visible),
        }

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                path, headers, body = await read_request(reader, writer)
                if path == "/faults":
                    self.faults = Faults(**json.loads(body))
                    status, said = 200, dict(self.asked)
                elif self.faults.is_down:
                    break
                elif self.faults.is_hung:
                    await asyncio.sleep(3600)
                elif random.random() < self.faults.error_share:
                    status, said = 500, {"__type": "InternalError", "message": "as asked for"}
                else:
                    status, said = 200, {}
                    try:
                        said = await self.answer(headers["x-amz-target"].rpartition(".")[2], json.loads(body or b"{}"))
                    except KeyError as error:
                        status, said = 400, {"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": str(error)}
                written = json.dumps(said).encode()
                head = f"HTTP/1.1 {status} Said\r\nContent-Type: application/x-amz-json-1.0\r\n"
                writer.write(f"{head}Content-Length: {len(written)}\r\n\r\n".encode() + written)
                await writer.drain()
        writer.close()


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[str, dict[str, str], bytes]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    if "expect" in headers:
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return first.split()[1], headers, await reader.readexactly(int(headers.get("content-length", 0)))


def md5(body: str) -> str:
    return hashlib.md5(body.encode()).hexdigest()


async def main() -> None:
    sqs = Sqs()
    server = await asyncio.start_server(sqs.serve, "127.0.0.1", 0)
    sqs.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(sqs.address, flush=True)
    await server.serve_forever()


@dataclass
class SqsStandIn:
    address: str

    def suffer(self, **faults: Any) -> dict[str, int]:
        """Have these faults from now on, and no others; says how often each thing was asked for so far."""
        assert faults.keys() <= {one.name for one in fields(Faults)}
        answer: dict[str, int] = httpx.post(f"{self.address}/faults", json=asdict(Faults(**faults))).json()
        return answer


@contextmanager
def running_sqs() -> Iterator[SqsStandIn]:
    with subprocess.Popen([sys.executable, "-m", "tests.standins.sqs"], stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield SqsStandIn(process.stdout.readline().strip())
        finally:
            process.kill()


if __name__ == "__main__":
    asyncio.run(main())
