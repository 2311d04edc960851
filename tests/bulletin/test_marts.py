import pytest

from pipelines.bulletin.marts import NothingPublishedError, read_marts, read_returns
from pipelines.root import Root


def test_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(NothingPublishedError, match="请先运行 hrstats run"):
        read_marts(Root(tmp_path), "2025-06")
    with pytest.raises(NothingPublishedError, match="请先运行 hrstats run"):
        read_returns(Root(tmp_path), "2025-06")


def test_unknown_period_names_those_there_are(root):
    with pytest.raises(
        NothingPublishedError, match=r"没有2025-07这一期（已有：2023-02、.*2025-06）"
    ):
        read_marts(root, "2025-07")


def test_rows_are_of_the_period_and_none_is_later(root):
    marts = read_marts(root, "2024-12")
    assert marts.period == "2024-12"
    assert max(row["period"] for row in marts.industry) == "2024-12"
    assert max(row["year"] for row in marts.years) == "2024"


def test_returns_are_the_mandatory_findings_still_open(root):
    """Of the period and of what has none: the register is to be mended whatever the month."""
    findings = read_returns(root, "2025-06")
    assert {row["severity"] for row in findings} == {"mandatory"}
    assert {row["period"] for row in findings} == {"2025-06", None}
    assert "corrected" not in {row["submission_state"] for row in findings}
    assert {row["scope"] for row in findings} == {"file", "agency", "row"}
    assert all(row["first_seen_at"] is not None for row in findings)
