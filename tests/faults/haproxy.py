"""A load balancer before several web servers, as in a deployment: one is emptied, replaced, and filled again."""

import shutil
import socket
import time
from pathlib import Path

from infra.local.aws import LOOPBACK, answers, free_port
from infra.local.processes import Part

CONFIG = """
global
  stats socket {control} mode 600 level admin
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
frontend front
  bind {loopback}:{port}
  default_backend web
backend web
  balance roundrobin
  option httpchk GET /healthz/live
  default-server check inter 500ms fall 2 rise 1
{servers}
"""


class Proxy:
    def __init__(self, folder: Path, *, servers: int) -> None:
        self.port, *self.ports = (free_port() for _ in range(servers + 1))
        self.control = folder / "haproxy.socket"
        config = folder / "haproxy.cfg"
        lines = "\n".join(f"  server web{place} {LOOPBACK}:{port}" for place, port in enumerate(self.ports))
        config.write_text(
            CONFIG.format(control=self.control, loopback=LOOPBACK, port=self.port, servers=lines).lstrip()
        )
        self.command = [shutil.which("haproxy") or "haproxy", "-db", "-f", config]
        self.log = folder / "haproxy.log"

    def __enter__(self) -> "Proxy":
        self.part = Part("haproxy", self.command, environment={}, log=self.log)
        return self

    def __exit__(self, *of_the_test: object) -> None:
        self.part.stop()

    def wait(self) -> None:
        self.part.wait_until(lambda: answers(self.port, "/about/"))

    def drain(self, number: int) -> None:
        """Nothing new goes there, and what is there comes to its end."""
        self._tell(f"set server web/web{number} state drain")
        deadline = time.monotonic() + 30
        while self._said(number, "scur") != "0" and time.monotonic() < deadline:
            time.sleep(0.1)

    def ready(self, number: int) -> None:
        """As soon as it has been looked at: before, there would be no other to drain."""
        self._tell(f"set server web/web{number} state ready")
        deadline = time.monotonic() + 30
        while not self._said(number, "status").startswith("UP") and time.monotonic() < deadline:
            time.sleep(0.1)

    def _said(self, number: int, column: str) -> str:
        head, *lines = self._tell("show stat web 4 -1").splitlines()
        names = head.lstrip("# ").split(",")
        for line in lines:
            said = dict(zip(names, line.split(","), strict=False))
            if said.get("svname") == f"web{number}":
                return said[column]
        return ""

    def _tell(self, words: str) -> str:
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(str(self.control))
            control.sendall(f"{words}\n".encode())
            said = b""
            while part := control.recv(1 << 16):
                said += part
        return said.decode()
