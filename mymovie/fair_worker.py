"""gunicorn's worker with threads, which leaves a new connection to a process that has fewer.

Connections are kept, by a load balancer above all, and whoever wakes up first accepts one: those of a moment can all fall
to one process, where they wait for each other for as long as they are kept, while the process beside it has nothing to do.
"""

import mmap
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

PATIENCE = 0.001
"""Seconds for the other one to wake up. Where it does not, it has enough to do."""
NOBODY = 2**31 - 1
"""Instead of a count: nobody accepts connections here, so that there is nobody to wait for."""

counts = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("i")[:64]
"""How many connections each process has, shared by all that are forked from this one."""
for place in range(len(counts)):
    counts[place] = NOBODY


class FairWorker(ThreadWorker):
    """One of the processes; each has a place among the counts, given out before it is forked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.place = counts.tolist().index(NOBODY)
        counts[self.place] = 0

    def leave(self) -> None:
        """To be called where the process has ended, in whatever way it has."""
        counts[self.place] = NOBODY

    def tell(self) -> None:
        counts[self.place] = self.nr_conns if self.alive else NOBODY

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        self.tell()
        super().wait_for_and_dispatch_events(timeout)

    def accept(self, listener: Any) -> None:
        self.tell()
        if self.nr_conns > min(counts):
            time.sleep(PATIENCE)
        super().accept(listener)
        self.tell()
