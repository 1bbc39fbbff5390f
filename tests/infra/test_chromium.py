import pytest

from infra.local import chromium
from infra.local.trouble import Trouble


def test_a_chosen_browser_goes_before_what_stands_in_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM_BIN", "/opt/own/chrome")

    assert chromium.find() == "/opt/own/chrome"


def test_no_browser_and_no_way_to_one_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CHROMIUM_BIN", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    tried: list[tuple[str, ...]] = []
    monkeypatch.setattr(chromium, "runs", lambda *command: tried.append(command[-2:]))

    with pytest.raises(Trouble, match="BROWSER=no make test"):
        chromium.ensure()

    assert tried[-1] == ("install", "chromium")
