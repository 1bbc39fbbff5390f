"""A stand-in for the base image, out of Debian's own packages, where no registry can be asked.

It has the name that the Dockerfile says, the same Debian and the same Python, but Debian's build of it. A label marks it and
whatever is built on it: such an image is for trying, not for shipping.
"""

import os
import re
import shutil
from pathlib import Path

from infra.image import engine
from infra.local.folder import ROOT
from infra.local.trouble import Trouble

PACKAGES = ("ca-certificates", "netbase", "tzdata", "python3", "python3-venv", "python-is-python3")
LABEL = "mymovie.base=stand-in"
# The official image has no manuals and no bytecode either; the rest would tell of this machine.
LEFT_OUT = (
    *("usr/share/doc/*", "usr/share/man/*", "usr/share/info/*", "usr/share/locale/*", "var/cache/apt/*"),
    *("var/lib/apt/lists/*", "var/log/*", "debootstrap", "etc/apt/sources.list", "etc/resolv.conf", "etc/hostname"),
    "usr/lib/python3*/**/__pycache__",
)


def name() -> str:
    """As the Dockerfile has it."""
    found = re.search(r"^ARG BASE=(\S+)$", (ROOT / "docker" / "Dockerfile").read_text(), re.MULTILINE)
    if found is None:
        raise Trouble("docker/Dockerfile names no BASE.")
    return found[1]


def release() -> str:
    """Debian's, which stands last in the name."""
    return name().rpartition("-")[2]


def provide() -> None:
    if name() not in engine.quietly(*engine.builder(), "images", "--format", "{{.Name}}:{{.Tag}}").splitlines():
        make()


def make() -> None:
    engine.said(f"Making a base out of Debian {release()}'s packages")
    container = engine.quietly(*engine.builder(), "from", "scratch").strip()
    try:
        tree = Path(engine.quietly(*engine.builder(), "mount", container).strip())
        engine.quietly(
            *("debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", release(), tree, mirror()),
            environment=os.environ | proxy(),
        )
        strip(tree)
        configured = ("--env", "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "--label", LABEL)
        engine.quietly(*engine.builder(), "config", *configured, "--cmd", "python3", container)
        engine.quietly(*engine.builder(), "commit", "--quiet", container, name())
    finally:
        engine.quietly(*engine.builder(), "rm", container)


def mirror() -> str:
    """Where apt takes Debian itself from, which is neither its updates nor its security fixes."""
    asked = ("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages")
    for line in engine.quietly(*asked).splitlines():
        address, release, component = line.split()
        if component == "main" and "-" not in release:
            return address
    raise Trouble("apt knows no place that has Debian's packages: its sources name none.")


def proxy() -> dict[str, str]:
    """What apt goes through, for debootstrap too."""
    said = engine.quietly("apt-config", "shell", "HTTP", "Acquire::http::Proxy", "HTTPS", "Acquire::https::Proxy")
    pairs = (line.partition("=") for line in said.splitlines())
    return {f"{name.lower()}_proxy": value.strip("'") for name, _, value in pairs}


def strip(tree: Path) -> None:
    for pattern in LEFT_OUT:
        for path in list(tree.glob(pattern)):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
