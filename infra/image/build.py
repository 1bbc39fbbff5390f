"""Build the image from docker/Dockerfile."""

import contextlib
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from infra.image import base, engine
from infra.local.folder import ROOT, write_private

# Where packages come from, as pip and uv are told by their environment.
INDEX = (
    *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_TRUSTED_HOST"),
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_INSECURE_HOST"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
)
CERTIFICATES = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE")


def build() -> None:
    began = time.monotonic()
    engine.provide()
    with tempfile.TemporaryDirectory() as folder:
        told = list(secrets(Path(folder)))
        common = [
            "--build-arg",
            f"RELEASE={release()}",
            *told,
            "--tag",
            engine.NAME,
            "--file",
            "docker/Dockerfile",
            ".",
        ]
        if engine.is_docker():
            engine.aloud("docker", "build", *common)
        else:
            base.provide()
            # Docker's format, as the other one knows no health command.
            how = ["--format", "docker", "--layers", "--pull-never", "--isolation", "chroot", "--network", "host"]
            engine.aloud(*engine.builder(), "bud", "--quiet", *how, *common)
            # What builds of long ago have left; the younger ones are what makes the next build quick.
            engine.quietly(*engine.runner(), "image", "prune", "--force", "--filter", "until=168h")
    engine.said(f"Built {engine.NAME} in {time.monotonic() - began:.0f} s")


def release() -> str:
    """What a pipeline calls this version, else where git is."""
    if said := os.environ.get("RELEASE"):
        return said
    with contextlib.suppress(OSError):
        asked = ["git", "describe", "--always", "--dirty", "--abbrev=12"]
        return subprocess.run(asked, check=False, capture_output=True, text=True, cwd=ROOT).stdout.strip()
    return ""


def secrets(folder: Path) -> Iterator[str]:
    """Where this machine has packages from, and its certificates: in files that only we can read, for the time of the build."""
    files = {"index": "\n".join(f"{name}={shlex.quote(value)}" for name, value in index().items())}
    if not engine.is_docker():
        files["apt"] = f"deb {base.mirror()} {base.release()} main"  # the stand-in names no place to have any from
    for name, text in files.items():
        if text:
            write_private(folder / name, f"{text}\n")
            yield from ("--secret", f"id={name},src={folder / name}")
    if path := next((os.environ[name] for name in CERTIFICATES if Path(os.environ.get(name, "")).is_file()), None):
        yield from ("--secret", f"id=certificates,src={path}")


def index() -> dict[str, str]:
    """What the environment says, and what pip's own files do: uv does not read those."""
    said = {name: os.environ[name] for name in INDEX if os.environ.get(name)}
    for pip, uv, key in (
        ("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "global.index-url"),
        ("PIP_TRUSTED_HOST", "UV_INSECURE_HOST", "global.trusted-host"),
    ):
        if value := said.get(pip) or configured(key):
            said |= {pip: value} | ({uv: value} if uv not in said and "UV_INDEX_URL" not in said else {})
    return said


def configured(key: str) -> str:
    asked = [sys.executable, "-m", "pip", "config", "get", key]
    return subprocess.run(asked, check=False, capture_output=True, text=True).stdout.strip()
