import os

import pytest

from infra.local import proxies


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """On a machine that has none of them, and where nothing can be installed."""
    tried: list[tuple[str, ...]] = []
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(proxies, "runs", lambda *command: bool(tried.append(command)))
    return tried


def test_root_installs_them(tried: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    proxies.ensure()

    assert tried == [("apt-get", "install", "--yes", "haproxy", "nginx"), ("apt-get", "update")]


def test_who_may_not_install_them_does_without(tried: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    proxies.ensure()

    assert not tried
