import subprocess
import sys
from pathlib import Path

from infra.local.folder import ROOT
from tests.infra.running import bare_environment, processes_of, wait_until

A_TEST_THAT_STAYS = """
import os, time
def test_that_stays():
    print(os.environ["STATIC_ROOT"], flush=True)
    time.sleep(600)
"""


def test_kill_9_of_a_test_run_leaves_no_process_behind(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(A_TEST_THAT_STAYS)
    run = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-q", "-s", "-c", ROOT / "pyproject.toml", tmp_path / "test_it.py"],
        cwd=ROOT,
        env=bare_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert run.stdout
    folder = Path(next(line for line in run.stdout if "mymovie-tests-" in line).strip()).parent
    parts = processes_of(folder)

    run.kill()
    run.communicate()

    assert len(parts) > 2
    wait_until(lambda: not processes_of(folder))
