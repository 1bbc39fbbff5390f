import subprocess
import sys

from django.conf import settings

# What is registered first runs last.
LOOK = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count())); import mymovie.celery"


def test_a_process_that_ends_collects_nothing_first() -> None:
    answer = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )

    assert int(answer.stdout) > 10_000
