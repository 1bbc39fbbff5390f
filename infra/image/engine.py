"""What builds images and runs them: Docker where its engine answers, else Debian's tools, which need neither an engine nor a
registry, but root."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from infra.local import folder
from infra.local.trouble import Trouble

NAME = "mymovie"
FOLDER = folder.FOLDER / "image"
TOOLS = ("buildah", "podman", "runc", "debootstrap")


@cache
def is_docker() -> bool:
    return shutil.which("docker") is not None and (
        subprocess.run(["docker", "version"], check=False, capture_output=True, timeout=30).returncode == 0
    )


def runner() -> list[str]:
    """What `run`, `exec`, `inspect` and so on are said to."""
    if is_docker():
        return ["docker"]
    # runc, as crun wants more of the kernel than a container grants; cgroupfs, as systemd may not be there.
    return ["podman", *storage(), "--runtime", "runc", "--cgroup-manager", "cgroupfs"]


def builder() -> list[str]:
    return ["buildah", *storage()]


def storage() -> list[str]:
    return ["--root", str(FOLDER / "store"), "--runroot", str(FOLDER / "run"), "--storage-driver", "overlay"]


def provide() -> None:
    """Have Docker, or Debian's tools; whoever may not install them is told which are missing."""
    if is_docker():
        return
    if os.geteuid() != 0:
        raise Trouble(
            "No Docker answers here, and Debian's tools build images for root only: start Docker, or be root."
        )
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        if not shutil.which("apt-get"):
            raise Trouble(f"No Docker answers here, and {', '.join(missing)} cannot be installed without apt-get.")
        said("Installing", *missing)
        quietly("apt-get", "update")
        quietly("apt-get", "install", "--yes", "--no-install-recommends", *missing)
    FOLDER.mkdir(parents=True, exist_ok=True)


def quietly(*command: str | Path, environment: dict[str, str] | None = None) -> str:
    """What it printed. It is heard in full where it fails."""
    done = subprocess.run(
        [str(word) for word in command], check=False, capture_output=True, text=True, env=environment, cwd=folder.ROOT
    )
    if done.returncode != 0:
        raise Trouble(f"`{name_of(command)}` failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def aloud(*command: str | Path) -> None:
    if subprocess.run([str(word) for word in command], check=False, cwd=folder.ROOT).returncode != 0:
        raise Trouble(f"`{name_of(command)}` failed: its own words stand above.")


def name_of(command: Sequence[str | Path]) -> str:
    """The program and what it was to do, without all that it was told."""
    return " ".join(str(word) for word in command if not str(word).startswith(("-", "/")))[:80]


def said(*words: str) -> None:
    print(*words, flush=True)
