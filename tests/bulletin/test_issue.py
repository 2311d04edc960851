"""What a page says of its release, and that this alone changes when it is withdrawn."""

import datetime as dt

from pipelines.bulletin.issue import DRAFT, FIRST, LAST, released_issue, withdrawn_issue
from pipelines.bulletin.page import mark_page, render_bulletin
from pipelines.catalog.load import load_catalog

DAY = dt.date(2025, 7, 18)


def test_a_draft_says_so(page):
    assert "草稿，未经签发。" in page
    assert page.count(FIRST) == page.count(LAST) == 1


def test_a_release_names_roles_and_day(marts):
    issue = released_issue(DAY, "甲", "乙", ["丙", "丁"])
    page = render_bulletin(marts, load_catalog(), made_up=True, issue=issue)
    for term, text in (
        ("发布状态", "正式发布"),
        ("编制", "甲"),
        ("审核", "乙"),
        ("签发", "丙、丁"),
        ("签发日期", "2025年7月18日"),
    ):
        assert f"<dt>{term}</dt><dd>{text}</dd>" in page
    assert "草稿" not in page


def test_names_are_text(marts):
    issue = released_issue(DAY, "<script>alert(1)</script>", "乙", ["丙"])
    page = render_bulletin(marts, load_catalog(), made_up=True, issue=issue)
    assert "<script>alert(1)" not in page


def test_withdrawing_changes_nothing_else_on_the_page(marts, page):
    signed = render_bulletin(
        marts, load_catalog(), made_up=True, issue=released_issue(DAY, "甲", "乙", ["丙"])
    )
    withdrawn = mark_page(signed, withdrawn_issue(DAY, "填报有误。"))
    assert "已撤回：本版于2025年7月18日撤回，原因：填报有误。<" in withdrawn
    assert "正式发布" not in withdrawn
    assert mark_page(withdrawn, DRAFT) == page
