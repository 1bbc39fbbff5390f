"""The whole site on one machine: every part a child of this process, and gone with it."""

import contextlib
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType

import botocore.exceptions

from infra.local import chores, cognito, folder
from infra.local.aws import LOOPBACK, LocalAws, answers
from infra.local.environment import environment, port
from infra.local.postgres import Postgres
from infra.local.processes import Part, die_with_parent
from infra.local.trouble import Trouble


def run(*, reload: bool) -> None:
    """Serve until told to stop."""
    die_with_parent()
    with contextlib.suppress(KeyboardInterrupt), Site(reload=reload).started() as parts:
        while True:
            for part in parts:
                part.require_alive()
            time.sleep(0.5)


def manage(arguments: Sequence[str]) -> int:
    """Run manage.py on the data of this folder, beside its site or without one."""
    ...
