"""A small SES of the tests' own: it keeps what it was sent, and fails as it is told."""

import email.policy
import json
import random
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django import Settings

from accounts.mail import sending


@dataclass
class Ses:
    address: str = ""
    asked: list[dict] = field(default_factory=list)
    status: int = 200
    error: str = ""
    hangs_for: float = 0.0
    """Seconds until it answers."""
    hangs_up: bool = False
    """Once it has read everything, and before it has answered."""
    moodiness: float = 0.0
    """The share of mails of which it says that it is broken, as many that come too fast, and as many that it takes and
    hangs up on."""

    @property
    def notices(self) -> list[int]:
        """Whose mail it took, in order."""
        return [int(one["EmailTags"][0]["Value"]) for one in self.asked]

    def mood(self) -> tuple[int, str, bool]:
        match int(random.random() / self.moodiness) if self.moodiness else 3:
            case 0:
                return 500, "InternalServiceErrorException", False
            case 1:
                return 429, "TooManyRequestsException", False
            case 2:
                return 200, "", True
        return self.status, self.error, self.hangs_up

    @property
    def mails(self) -> list[EmailMessage]:
        parser = BytesParser(policy=email.policy.default)
        return [parser.parsebytes(b64decode(one["Content"]["Raw"]["Data"])) for one in self.asked]  # type: ignore[misc]


class Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Whoever was killed has hung up: that is what the drill is about."""


@contextmanager
def running_ses() -> Iterator[Ses]:
    ses = Ses()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, error, hangs_up = ses.mood()
            if status == 200:
                ses.asked.append(asked)
            time.sleep(ses.hangs_for)
            if hangs_up:
                self.close_connection = True
                return
            said = {"MessageId": f"ses-{len(ses.asked)}"} if status == 200 else {"message": "hanako@example.com"}
            body = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if error:
                self.send_header("x-amzn-errortype", error)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with Server(("127.0.0.1", 0), Handler) as server:
        ses.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield ses
        server.shutdown()
        thread.join()


def client_params(address: str) -> dict[str, object]:
    patience = {"connect_timeout": 1, "read_timeout": 0.5, "retries": {"max_attempts": 0}}
    return {"region_name": "ap-northeast-1", "endpoint_url": address, "config": patience}


@pytest.fixture
def ses(settings: Settings) -> Iterator[Ses]:
    """Mail goes out as in production, to this SES."""
    with running_ses() as ses:
        settings.EMAIL_BACKEND = "anymail.backends.amazon_ses.EmailBackend"
        settings.ANYMAIL = settings.ANYMAIL | {"AMAZON_SES_CLIENT_PARAMS": client_params(ses.address)}
        sending._connection.cache_clear()
        yield ses
        sending._connection.cache_clear()
