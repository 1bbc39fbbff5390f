"""The server of pytest-django's ``live_server``, which knows when nobody is connected any more."""

import socket
import threading
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer


class AttentiveServer(ThreadedWSGIServer):
    """One thread for each connection, all of them counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.connections = 0
        self.changed = threading.Condition()
        super().__init__(*args, **kwargs)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self.changed:
            self.connections += 1
        super().process_request(request, client_address)

    def process_request_thread(self, request: socket.socket, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.changed:
                self.connections -= 1
                self.changed.notify_all()

    def is_at_rest(self, *, within: float) -> bool:
        """Wait for at most so many seconds until the last connection is closed, its request answered."""
        with self.changed:
            return self.changed.wait_for(lambda: self.connections == 0, within)
