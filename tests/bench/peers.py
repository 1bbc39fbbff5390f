"""Pages of other servers that are measured in the same rounds."""

import argparse
import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.page import Page

LISTENS = "0A"


def pages(peers: Iterable[str]) -> Iterator[Page]:
    for peer in peers:
        name, _, url = peer.partition("=")
        if not urlsplit(url).netloc:
            raise argparse.ArgumentTypeError(f"--peer {peer}: NAME=URL is wanted")
        yield Page(f"peer: {name}", "peer", url)


def listener(port: int) -> int | None:
    """The process on this machine that listens on the port, the first of them; None where there is none to be seen."""
    inodes = {
        fields[9]
        for table in ("tcp", "tcp6")
        for fields in map(str.split, Path(f"/proc/net/{table}").read_text().splitlines()[1:])
        if int(fields[1].rpartition(":")[2], 16) == port and fields[3] == LISTENS
    }
    sockets = {f"socket:[{inode}]" for inode in inodes}
    processes = sorted(int(path.name) for path in Path("/proc").glob("[0-9]*"))
    return next((process for process in processes if sockets & set(opened_by(process))), None)


def opened_by(process: int) -> Iterator[str]:
    """What its descriptors lead to, as far as that may be seen."""
    try:
        descriptors = list(Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return
    for descriptor in descriptors:
        with contextlib.suppress(OSError):  # closed meanwhile
            yield str(descriptor.readlink())
