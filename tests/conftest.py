"""What long checks have found stands at the end of the output, also where they run in parallel."""

from __future__ import annotations

import pytest

import pipelines  # noqa: F401 - before anything imports openpyxl, which it sets up


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have recorded under the name `printed`."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    lines = [
        str(value)
        for report in reports
        if report.when == "call"
        for name, value in report.user_properties
        if name == "printed"
    ]
    if lines:
        terminalreporter.section("measured")
    for line in sorted(lines):
        terminalreporter.write_line(line)
