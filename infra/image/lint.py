"""What can be said of Dockerfile and compose.yaml without an engine."""

import sys
from pathlib import Path

from infra.image.engine import aloud

PROGRAMS = Path(sys.executable).parent


def lint() -> None:
    aloud(PROGRAMS / "hadolint", "docker/Dockerfile")
    aloud(PROGRAMS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker/compose.yaml")
