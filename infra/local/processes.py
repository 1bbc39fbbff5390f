"""Child processes that end when we end, however we end."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from infra.local.trouble import Trouble

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def die_with_parent(last_signal: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send `last_signal` to this process when its parent is gone, be it by kill -9."""
    _libc.prctl(PR_SET_PDEATHSIG, last_signal)


class Part:
    """One long-lived child. Start it in the main thread: the kernel takes the end of the thread for the parent's."""

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str],
        log: Path | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        holding: Sequence[int] = (),
    ) -> None:
        """Without a `log` the part writes where we write. It keeps the descriptors in `holding` open while it lives."""
        parent = os.getpid()

        def tie_to_parent() -> None:
            die_with_parent(stop_signal)
            if os.getppid() != parent:
                os._exit(1)

        self.name = name
        self.log = log
        self.stop_signal = stop_signal
        output: IO[bytes] | None = log.open("wb") if log else None
        try:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output and subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches us alone, and we stop the parts in order
                pass_fds=holding,
                preexec_fn=tie_to_parent,
            )
        finally:
            if output:
                output.close()

    def require_alive(self) -> None:
        if self.process.poll() is not None:
            raise Trouble(f"{self.name} stopped by itself: {self.last_words()}")

    def wait_until(self, is_ready: Callable[[], bool], *, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not is_ready():
            self.require_alive()
            if time.monotonic() > deadline:
                raise Trouble(f"{self.name} was not ready after {seconds:.0f} seconds: {self.last_words()}")
            time.sleep(0.02)

    def require_success(self) -> None:
        """Wait for a part that does one job and ends."""
        if self.process.wait() != 0:
            raise Trouble(f"{self.name} failed: {self.last_words()}")

    def last_words(self) -> str:
        if self.log is None:
            return f"exit code {self.process.poll()}."
        lines = [line.strip() for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
        if any("No space left on device" in line for line in lines[-50:]):
            return "the disk is full."
        return f"{lines[-1] if lines else 'it said nothing.'} ({self.log})"

    def stop(self, *, patience: float = 10) -> None:
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
