from pathlib import Path

import pytest

from infra.local import chores
from infra.local.chores import Chore


@pytest.fixture
def chore(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Chore:
    monkeypatch.setattr(chores, "FOLDER", tmp_path)
    (tmp_path / "in").write_text("words")
    made = Chore("Copying", ["-c", "open('out', 'w').write('words')"], [tmp_path / "in"], [tmp_path / "out"])
    monkeypatch.chdir(tmp_path)
    made.finish(made.start({}, holding=[]))
    return made


def test_what_was_done_is_not_done_again(chore: Chore) -> None:
    assert chore.is_done()


def test_it_is_done_again_when_what_it_is_made_from_changes(chore: Chore) -> None:
    chore.inputs[0].write_text("other words")

    assert not chore.is_done()


def test_it_is_done_again_when_what_it_made_is_gone(chore: Chore) -> None:
    chore.outputs[0].unlink()

    assert not chore.is_done()
