"""Figures of a benchmark that runs by itself, left for the one that starts them all."""

import json
import os
from pathlib import Path


def note(name: str, figure: float) -> None:
    """Where BENCH_NOTES says so, a line of JSON is added to that file."""
    if path := os.environ.get("BENCH_NOTES"):
        with Path(path).open("a") as file:
            file.write(json.dumps({name: figure}) + "\n")
