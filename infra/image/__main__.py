"""What the Makefile calls: `python -m infra.image build | lint | size`."""

import sys

from infra.image import build, lint, size
from infra.local.trouble import in_one_line


def main(command: str) -> None:
    match command:
        case "build":
            build.build()
        case "lint":
            lint.lint()
        case "size":
            size.tell()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    with in_one_line():
        main(*sys.argv[1:])
