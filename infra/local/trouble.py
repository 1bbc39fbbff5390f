"""What can go wrong on somebody's machine, said in one line. Read by any Python 3: install.py needs it."""

import contextlib
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT)


class Trouble(Exception):
    """Says in one line what is wrong here and what to do about it."""


@contextlib.contextmanager
def in_one_line() -> "Iterator[None]":
    """End with one line on stderr instead of a traceback."""
    try:
        yield
    except Trouble as trouble:
        sys.exit(str(trouble))
    except OSError as error:
        if error.errno not in DISK_IS_FULL:
            raise
        sys.exit(f"The disk is full: {error.filename or error}.")


def require_room(folder: Path, megabytes: int) -> None:
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise Trouble(f"The disk is full: {megabytes} MB must be free below {folder}, and {free} MB are.")


def require_own(folder: Path) -> None:
    """A first run as root, and the next one not as root, would fail in a hundred places."""
    if folder.exists() and not os.access(folder, os.W_OK):
        raise Trouble(f"{folder} belongs to another user: run as that user, or remove it.")
