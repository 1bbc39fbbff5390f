"""Throw away what a site of this folder keeps."""

import os
import shutil
import sys

from infra.local import folder
from infra.local.trouble import Trouble


def reset() -> None:
    if not folder.FOLDER.exists():
        print("There is nothing to throw away.")
        return
    if os.environ.get("FORCE") != "1":
        if not sys.stdin.isatty():
            raise Trouble("Nobody is here to ask: FORCE=1 make reset throws .local away without asking.")
        if input(f"Throw away every film and person in {folder.FOLDER}? [y/N] ").strip().lower() != "y":
            print("Nothing was thrown away.")
            return
    with folder.claimed("make reset"):
        shutil.rmtree(folder.FOLDER)
    print("Thrown away.")
