"""`make attack` runs these tests in their whole form, and has them tell what they have tried."""

import os
from collections.abc import Callable

import pytest

from tests.security.sending import Asked

FIGURE = "figure"
IS_WHOLE = os.environ.get("ATTACK") == "whole"

Tell = Callable[..., None]


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Tell:
    """`tell(requests=12)` stands in the table at the end, beside the name of the test."""
    return lambda **figures: record_property(FIGURE, ", ".join(f"{n:,} {name}" for name, n in figures.items()))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    return Asked(monkeypatch)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not IS_WHOLE:
        return
    terminalreporter.section("what was tried")
    for kind in ("passed", "failed"):
        for report in terminalreporter.getreports(kind):
            for name, figures in report.user_properties:
                if name == FIGURE and report.when == "call":
                    place = report.nodeid.removeprefix("tests/security/")
                    terminalreporter.line(f"{kind:>7} {report.duration:7.1f} s  {place}: {figures}")
