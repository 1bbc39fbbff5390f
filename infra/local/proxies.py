"""What tests put before the site: a load balancer, and a cache."""

import os
import shutil

from infra.local.chromium import runs

NAMES = ("haproxy", "nginx")


def ensure() -> None:
    """Without them, and without the right to install them, the tests that want them are left out, and say so."""
    missing = [name for name in NAMES if not shutil.which(name)]
    if not missing or os.geteuid() != 0:
        return
    if not runs("apt-get", "install", "--yes", *missing) and runs("apt-get", "update"):
        runs("apt-get", "install", "--yes", *missing)
