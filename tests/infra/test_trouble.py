import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from infra.local.trouble import Trouble, in_one_line, require_room


def test_trouble_ends_the_program_with_its_one_line() -> None:
    with pytest.raises(SystemExit, match=r"^The port is taken\.$"), in_one_line():
        raise Trouble("The port is taken.")


def test_a_disk_that_is_full_ends_the_program_with_one_line() -> None:
    with pytest.raises(SystemExit, match=r"^The disk is full"), in_one_line(), open("/dev/full", "w") as file:
        file.write("more than there is room for")


def test_another_fault_is_no_trouble_and_keeps_its_traceback() -> None:
    with pytest.raises(FileNotFoundError), in_one_line():
        Path("/there is no such file").read_text()


def test_too_little_room_is_said_before_anything_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=199 * 2**20))

    require_room(tmp_path, 199)
    with pytest.raises(Trouble, match=r"200 MB must be free below .*, and 199 MB are"):
        require_room(tmp_path, 200)
