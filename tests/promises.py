"""The files of the tests that hold what the tables of tests/README.md promise: `python -m tests.promises Faults`."""

import re
import sys
from pathlib import Path

TESTS = Path(__file__).parent
FILE = re.compile(r"`([\w/]+\.py)`")


def files(heading: str) -> list[Path]:
    """Those named in the rows of the tables below `heading`, by the end of their path."""
    [text] = [part for part in (TESTS / "README.md").read_text().split("\n## ") if part.startswith(f"{heading}\n")]
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return sorted({found(name) for row in rows for name in FILE.findall(row)})


def found(name: str) -> Path:
    """Raises LookupError unless one file's path ends like that."""
    named = [path for path in TESTS.rglob(Path(name).name) if path.as_posix().endswith(f"/{name}")]
    if len(named) != 1:
        raise LookupError(f"tests/README.md: {name} is {len(named)} files")
    return named[0]


if __name__ == "__main__":
    print(*[path.relative_to(TESTS.parent) for path in files(sys.argv[1])])
