from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

from pipelines.intake.records import Reading
from tests.messages import faults_of

# A busy machine is no failure.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(autouse=True)
def messages_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold every message that reading writes in any of these tests to what a message must be."""
    report = Reading.report

    def report_and_check(reading: Reading, *given: Any, **named: Any) -> None:
        before = len(reading.problems)
        report(reading, *given, **named)
        problem = reading.problems[before]
        sheet_name, cell = problem["sheet_name"], problem["cell_address"]
        faults = faults_of(
            str(problem["message"]),
            reading.receipt.shown_name,
            sheet_name and str(sheet_name),
            cell and str(cell),
        )
        assert not faults, f"{problem['message']}: {faults}"

    monkeypatch.setattr(Reading, "report", report_and_check)
