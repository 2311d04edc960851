"""What agencies are told: every reason has its sentence, and exceptions never speak."""

from __future__ import annotations

import pytest

from pipelines.intake.decoding import REASONS, DecodeFailure
from pipelines.intake.reading import read_failure
from pipelines.intake.rows import PROGRAM_FAULT
from tests.intake.books import CATALOG, receipt
from tests.messages import faults_of


@pytest.mark.parametrize(
    "failure", [*(DecodeFailure(code, words) for code, words in REASONS.items()), PROGRAM_FAULT]
)
def test_every_reason_is_a_sentence_with_what_to_do(failure: DecodeFailure) -> None:
    reading = read_failure(failure, receipt(), CATALOG)  # conftest holds the message
    assert reading.is_refused


@pytest.mark.parametrize(
    "message",
    [
        "文件“a.xlsx”已损坏，无法读取。",
        "文件“a.xlsx”已损坏。请重新报送。",
        "文件“a.xlsx”工作表“表”单元格A2不对，请更正。",
        "文件“a.xlsx”工作表“表”单元格A1 invalid literal，请更正。",
        "文件“b.xlsx”工作表“表”单元格A1不对，请更正。",
        "文件“a.xlsx”工作表“表”单元格A1为None，请更正。",
    ],
)
def test_the_check_of_messages_can_fail(message: str) -> None:
    assert faults_of(message, "a.xlsx", "表", "A1")


def test_the_check_of_messages_can_hold() -> None:
    message = "文件“a.xlsx”工作表“表”单元格A1填的是“bad。”，请改填整数。"
    assert faults_of(message, "a.xlsx", "表", "A1") == []
