import os
import time
from pathlib import Path

import pytest

from mymovie.transport import DEAF_AFTER, Alive, Channel


@pytest.mark.parametrize(("seconds", "is_shown"), [(1, True), (DEAF_AFTER + 1, False)])
def test_a_worker_that_no_longer_asks_a_queue_is_not_alive(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seconds: float, is_shown: bool
) -> None:
    monkeypatch.setattr(Channel, "looked_at", {"media": time.monotonic() - seconds, "tmdb": time.monotonic()})
    file = tmp_path / "alive"
    file.touch()
    os.utime(file, (0, 0))

    Alive.show(file)

    assert (file.stat().st_mtime > 0) == is_shown
