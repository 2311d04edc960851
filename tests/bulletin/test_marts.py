import pytest

from pipelines.bulletin.marts import NothingPublishedError, read_marts, read_returns
from pipelines.root import Root


def test_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(NothingPublishedError, match="请先运行 hrstats run"):
        read_marts(Root(tmp_path), "2025-06")


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


def test_quality_is_of_the_flash_report_up_to_the_period(root):
    quality = read_marts(root, "2025-05").quality
    assert {row["form_code"] for row in quality} == {"flash_report"}
    assert max(row["period"] for row in quality) == "2025-05"
    totals = read_marts(root, "2025-05").response_totals
    assert {row["reporting_unit_code"] for row in totals} == {"TOTAL"}
    assert max(row["period"] for row in totals) == "2025-05"


def test_returns_are_the_open_findings_of_the_period(findings_source):
    findings = read_returns(findings_source, "2025-06")
    assert [row["finding_no"] for row in findings] == [2, 3, 4, 5, 6, 7, 1]
    assert {row["state"] for row in findings} == {"open"}
    assert all(row["first_seen_at"] is not None for row in findings)


def test_what_has_no_period_is_returned_by_itself(findings_source):
    (finding,) = read_returns(findings_source, None)
    assert (finding["folder"], finding["period"]) == ("register", None)
