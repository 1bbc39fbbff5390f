"""Write sheet.md anew from what the stacks are now."""

import tempfile
from pathlib import Path

from infra.aws.app import build
from infra.aws.cost.bill import HERE
from infra.aws.cost.sheet import sheet

SIZES = ("hobby", "shop", "large")


def written() -> str:
    with tempfile.TemporaryDirectory(prefix="mymovie-cost-") as name:
        folders = {size: Path(name, size) for size in SIZES}
        for size, folder in folders.items():
            build(size, out=str(folder)).synth()
        return sheet(folders)


if __name__ == "__main__":
    (HERE / "sheet.md").write_text(written())
