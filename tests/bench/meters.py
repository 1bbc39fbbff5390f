"""What processes use, as the kernel counts it."""

import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


def tree(root: int) -> list[int]:
    """The process and all that came of it."""
    parents = {}
    for path in PROC.glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # gone meanwhile
    found = [root]
    for process in found:
        found += [child for child, parent in parents.items() if parent == process]
    return found


def cpu_of(root: int) -> float:
    """Seconds that the tree has run, all its threads together."""
    nanoseconds = 0
    for process in tree(root):
        for path in PROC.glob(f"{process}/task/*/schedstat"):
            try:
                nanoseconds += int(path.read_text().split()[0])
            except OSError:
                continue
    return nanoseconds / 1e9


def memory_of(root: int) -> float:
    """Megabytes (PSS): what several share is counted once."""
    kilobytes = 0
    for process in tree(root):
        kilobytes += int(re.findall(r"^Pss:\s+(\d+)", (PROC / f"{process}/smaps_rollup").read_text(), re.M)[0])
    return kilobytes / 1024


@dataclass
class Used:
    """Seconds: of the clock, of the server's processor time, of the database's."""

    clock: float = 0
    server: float = 0
    database: float = 0

    @property
    def cpu(self) -> float:
        return self.server + self.database


@contextmanager
def metered(server: int | None, database: int) -> Iterator[Used]:
    used = Used()
    before = time.perf_counter(), cpu_of(server) if server else math.nan, cpu_of(database)
    yield used
    used.clock = time.perf_counter() - before[0]
    used.server = cpu_of(server) - before[1] if server else math.nan
    used.database = cpu_of(database) - before[2]
