"""Put the hashed requirements into .venv: `python3 -m infra.local.install local|dev|aws`.

Runs on whatever python3 the machine has, before anything is installed: the standard library only, and no syntax that an
old Python could not read, so that it can still say that it is too old.
"""

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

from infra.local.trouble import Trouble, in_one_line, require_own, require_room

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
BOOTSTRAP = ROOT / "requirements" / "bootstrap.txt"
MEGABYTES = {"local": 400, "dev": 800, "aws": 1600}
"""How much room each needs. Each holds all of those before it, at the same versions."""


def install(which: str) -> None:
    levels = list(MEGABYTES)
    if any(is_installed(level) for level in levels[levels.index(which) :]):
        return
    require_python()
    require_own(VENV)
    require_room(ROOT, MEGABYTES[which])
    print(f"Installing requirements/{which}.txt into .venv", flush=True)
    if not works(PYTHON):
        call(sys.executable, "-m", "venv", "--clear", VENV)
    if not works(UV):
        call(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", BOOTSTRAP)
    command: list[str | Path] = [
        UV,
        "pip",
        "install",
        "--quiet",
        "--compile-bytecode",
        "--python",
        PYTHON,
        "--require-hashes",
    ]
    command += ["-r", requirements(which)]
    # What was downloaded once is installed without asking anybody: a slow network costs nothing the second time.
    if not succeeds(*command, "--offline"):
        call(*command)
    stamp(which).write_text(fingerprint(which))


def is_installed(which: str) -> bool:
    return stamp(which).exists() and stamp(which).read_text() == fingerprint(which) and works(PYTHON)


def require_python() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where those below are told
        raise Trouble(f"Python 3.11 or later is needed; python3 here is {sys.version_info[0]}.{sys.version_info[1]}.")
    try:
        import ensurepip  # noqa: F401 - Debian leaves it out of python3
    except ImportError:
        raise Trouble(
            "This Python makes no virtual environments: install its venv (apt-get install python3-venv)."
        ) from None


def works(program: Path) -> bool:
    """Say whether it runs at all: an interpreter that was upgraded away leaves a broken link."""
    return succeeds(program, "--version")


def succeeds(*command: "str | Path") -> bool:
    try:
        return (
            subprocess.call([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
        )
    except OSError:
        return False


def call(*command: "str | Path") -> None:
    words = [str(word) for word in command]
    if subprocess.call(words) != 0:
        raise Trouble(f"Installing failed at `{' '.join(words[:4])}`: its own words stand above.")


def requirements(which: str) -> Path:
    return ROOT / "requirements" / f"{which}.txt"


def stamp(which: str) -> Path:
    return VENV / f".installed-{which}"


def fingerprint(which: str) -> str:
    return hashlib.sha256(requirements(which).read_bytes()).hexdigest()


if __name__ == "__main__":
    with in_one_line(), BOOTSTRAP.open() as alone:
        fcntl.flock(alone, fcntl.LOCK_EX)  # two installations at once would trip over each other
        install(sys.argv[1])
