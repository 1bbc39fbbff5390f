import os

import pytest

from infra.local import haproxy


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """On a machine that has none, and where nothing can be installed."""
    tried: list[tuple[str, ...]] = []
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(haproxy, "runs", lambda *command: bool(tried.append(command)))
    return tried


def test_root_installs_it(tried: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    haproxy.ensure()

    assert tried == [("apt-get", "install", "--yes", "haproxy"), ("apt-get", "update")]


def test_who_may_not_install_it_does_without(tried: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    haproxy.ensure()

    assert not tried
