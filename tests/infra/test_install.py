import subprocess
import sys
from pathlib import Path

import pytest

from tests.infra.running import bare_environment, copy_project

INSTALL = "import runpy; sys.argv = ['install', 'local']; runpy.run_module('infra.local.install', run_name='__main__')"


@pytest.mark.parametrize(
    ("machine", "line"),
    [
        ("sys.version_info = (3, 9, 2)", "Python 3.11 or later is needed; python3 here is 3.9."),
        (
            "sys.modules['ensurepip'] = None",
            "This Python makes no virtual environments: install its venv (apt-get install python3-venv).",
        ),
    ],
    ids=["an old Python", "a Python without venv"],
)
def test_a_python_that_will_not_do_is_told_in_one_line(tmp_path: Path, machine: str, line: str) -> None:
    folder = copy_project(tmp_path)

    install = subprocess.run(
        [sys.executable, "-c", f"import sys; {machine}; {INSTALL}"],
        cwd=folder,
        env=bare_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert install.returncode == 1
    assert install.stderr == f"{line}\n"
    assert not (folder / ".venv").exists()
