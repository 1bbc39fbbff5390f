"""What the container's health command asks, of web and worker alike. It ends with 1 where the container is to be replaced.

A worker touches the file named in WORKER_HEALTH_FILE while it asks its queues. A web server answers, whether the database
does or not: that is no reason to start another. It is asked on port 8000, or on that in HEALTH_PORT.
"""

import os
import socket
import sys
import time

LONGEST_SILENCE = 60  # seconds that a worker may leave its file alone
PATIENCE = 4  # seconds for an answer; the health command itself has five
QUESTION = b"GET /healthz/live HTTP/1.0\r\nHost: localhost\r\n\r\n"


def worker_is_well(file: str, now: float) -> bool:
    try:
        return now - os.stat(file).st_mtime < LONGEST_SILENCE
    except FileNotFoundError:
        return False


def web_is_well(port: int) -> bool:
    """By a bare socket: importing a client for HTTP takes longer than all the rest."""
    try:
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.settimeout(PATIENCE)
            connection.sendall(QUESTION)
            status = connection.recv(64).partition(b"\r\n")[0].split(b" ")
    except OSError:
        return False
    return status[0].startswith(b"HTTP/") and status[1:2] == [b"200"]


def main() -> int:
    if file := os.environ.get("WORKER_HEALTH_FILE"):
        is_well = worker_is_well(file, time.time())
    else:
        is_well = web_is_well(int(os.environ.get("HEALTH_PORT", "8000")))
    print("well" if is_well else "not well")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
