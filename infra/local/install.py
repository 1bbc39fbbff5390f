"""Put the hashed requirements into .venv: `python3 -m infra.local.install local|dev`.

Runs on whatever python3 the machine has, before anything is installed: the standard library only, and no syntax that an
old Python could not read, so that it can still say that it is too old.
"""

import fcntl
import hashlib
import os
import subprocess
import sys

from infra.local.trouble import Trouble, in_one_line, require_own, require_room

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
BOOTSTRAP = os.path.join(ROOT, "requirements", "bootstrap.txt")
MEGABYTES = {"local": 400, "dev": 800}
WIDER = {"local": "dev", "dev": "dev"}  # dev.txt holds all of local.txt, at the same versions


def install(which):
    if is_installed(which) or is_installed(WIDER[which]):
        return
    require_python()
    require_own(VENV)
    require_room(ROOT, MEGABYTES[which])
    print("Installing requirements/%s.txt into .venv" % which, flush=True)
    if not works(PYTHON):
        call(sys.executable, "-m", "venv", "--clear", VENV)
    if not works(os.path.join(VENV, "bin", "uv")):
        call(PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", BOOTSTRAP)
    call(PYTHON, "-m", "uv", "pip", "install", "--quiet", "--python", PYTHON, "--require-hashes",
         "--requirement", requirements(which))  # fmt: skip
    with open(stamp(which), "w") as file:
        file.write(fingerprint(which))


def is_installed(which):
    try:
        with open(stamp(which)) as file:
            return file.read() == fingerprint(which) and works(PYTHON)
    except OSError:
        return False


def require_python():
    if sys.version_info < (3, 11):
        raise Trouble("Python 3.11 or later is needed; python3 here is %d.%d." % sys.version_info[:2])
    try:
        import ensurepip  # noqa: F401 - Debian leaves it out of python3
        import venv  # noqa: F401
    except ImportError:
        raise Trouble("This Python cannot make virtual environments: apt-get install python3-venv, or the like.") from None


def works(program):
    """False also for a program whose interpreter was upgraded away beneath it."""
    try:
        return subprocess.call([program, "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def call(*command):
    if subprocess.call(command, cwd=ROOT) != 0:
        raise Trouble("Installing failed at `%s`; its own words stand above." % " ".join(command[:5]))


def requirements(which):
    return os.path.join(ROOT, "requirements", "%s.txt" % which)


def stamp(which):
    return os.path.join(VENV, ".installed-%s" % which)


def fingerprint(which):
    with open(requirements(which), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def main():
    with in_one_line():
        with open(BOOTSTRAP) as alone:
            fcntl.flock(alone, fcntl.LOCK_EX)  # two installations at once would trip over each other
            install(sys.argv[1])


if __name__ == "__main__":
    main()
