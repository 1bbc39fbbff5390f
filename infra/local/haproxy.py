"""A load balancer for the rolling deployment in tests/faults."""

import os
import shutil

from infra.local.chromium import runs


def ensure() -> None:
    """Without one, and without the right to install one, the test that wants it is left out, and says so."""
    if shutil.which("haproxy") or os.geteuid() != 0:
        return
    if not runs("apt-get", "install", "--yes", "haproxy") and runs("apt-get", "update"):
        runs("apt-get", "install", "--yes", "haproxy")
