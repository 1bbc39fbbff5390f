"""S3, SQS, SES and Cognito over their real protocols, on a port of this machine (ministack)."""

import http.client
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.processes import Part

REGION = "ap-northeast-1"
ACCOUNT = "000000000000"  # ministack's
LOOPBACK = "127.0.0.1"


class LocalAws:
    """Keeps its state in `state_dir`, but writes it only when it is stopped."""

    def __init__(self, state_dir: Path, *, holding: Sequence[int] = ()) -> None:
        self.state_dir = state_dir.absolute()
        self.holding = holding
        self.port = free_port()
        self.endpoint = f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Start without waiting; `wait` waits."""
        self.state_dir.mkdir(parents=True, exist_ok=True)
        self.part = Part(
            "Local AWS (ministack)",
            [sys.executable, "-m", "ministack"],
            environment=os.environ
            | {
                "BIND_HOST": LOOPBACK,  # everybody's network otherwise
                "MINISTACK_HOST": LOOPBACK,
                "GATEWAY_PORT": str(self.port),
                "MINISTACK_REGION": REGION,
                "SERVICES": "s3,sqs,ses,cognito-idp",
                "IOT_MTLS_ENABLED": "0",  # these two listen on fixed ports
                "SFTP_ENABLED": "0",
                "PERSIST_STATE": "1",
                "STATE_DIR": str(self.state_dir),
                "S3_PERSIST": "1",
                "S3_DATA_DIR": str(self.state_dir / "s3"),
                "TMPDIR": str(self.state_dir),
            },
            log=self.state_dir.with_suffix(".log"),
            holding=self.holding,
        )

    def wait(self) -> None:
        self.part.wait_until(self._answers)

    def restart(self) -> None:
        self.stop()
        self.start()
        self.wait()

    def stop(self) -> None:
        self.part.stop()

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _answers(self) -> bool:
        return answers(self.port, "/_ministack/health")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
