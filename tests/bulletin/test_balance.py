"""Who comes and goes: months add up to the year, and the sentence says what the table has."""

from __future__ import annotations

import dataclasses
import re

import pytest

from pipelines.bulletin.balance import balance_sentence, read_balance
from pipelines.bulletin.issue import DRAFT
from pipelines.bulletin.marts import read_marts
from pipelines.bulletin.page import render_bulletin
from pipelines.bulletin.tables import balance_table
from pipelines.catalog.load import load_catalog

NAMES = ("opening", "new", "moved_in", "other_in", "deregistered", "revoked", "merged", "exited")
NAMES += ("moved_out", "other_out", "closing", "exit", "net", "suspended", "lost_contact")


def month(period: str, opening_period: str, *counts: int) -> dict[str, object]:
    told = dict(zip((f"{name}_count" for name in NAMES), counts, strict=True))
    return {"period": period, "opening_period": opening_period, **told}


# Worked by hand: 100 + 9 + 1 + 2 − (3 + 1 + 1 + 1) − 2 − 1 = 103; 103 + 4 + 1 − 2 − 1 = 105.
FEBRUARY = month("2025-02", "2024-12", 100, 9, 1, 2, 3, 1, 1, 1, 2, 1, 103, 6, 3, 5, 7)
MARCH = month("2025-03", "2025-02", 103, 4, 1, 0, 2, 0, 0, 0, 0, 1, 105, 2, 2, 4, 8)


def test_the_months_add_up_to_the_year() -> None:
    balance = read_balance([FEBRUARY, MARCH], "2025-03")
    assert balance is not None
    assert balance.month == MARCH
    assert balance.year == month(
        "2025-03", "2024-12", 100, 13, 2, 2, 5, 1, 1, 1, 2, 2, 105, 8, 5, 4, 8
    )
    assert balance_sentence(balance) == (
        "截至3月末，全市共有人力资源服务机构105家，比上年末净增5家，"
        "其中新增13家、迁入2家、其他增加2家、退出8家、迁出2家、其他减少2家。"
    )
    table = balance_table(balance)
    assert [column.label for column in table.columns] == [
        "项目",
        "本期（2月末以来）",
        "年内累计（上年末以来）",
    ]
    assert [tuple(row) for row in table.bodies[0].rows] == [
        ("期初机构数", "103", "100"),
        ("新增", "4", "13"),
        ("迁入", "1", "2"),
        ("其他增加", "0", "2"),
        ("退出", "2", "8"),
        ("其中：注销", "2", "5"),
        ("其中：吊销", "0", "1"),
        ("其中：合并", "0", "1"),
        ("其中：原因不明", "0", "1"),
        ("迁出", "0", "2"),
        ("其他减少", "1", "2"),
        ("期末机构数", "105", "105"),
        ("其中：歇业", "4", "4"),
        ("其中：失联", "8", "8"),
        ("净增", "2", "5"),
    ]


@pytest.mark.parametrize(
    ("new", "exits", "words"),
    [
        (7, 2, "比上年末净增5家，其中新增7家、退出2家。"),
        (2, 7, "比上年末净减5家，其中新增2家、退出7家。"),
        (3, 3, "与上年末持平，其中新增3家、退出3家。"),
        (0, 0, "与上年末持平，其中新增0家、退出0家。"),
    ],
)
def test_a_net_loss_is_no_gain(new: int, exits: int, words: str) -> None:
    closing, net = 50 + new - exits, new - exits
    only = month(
        "2025-02", "2024-12", 50, new, 0, 0, exits, 0, 0, 0, 0, 0, closing, exits, net, 0, 0
    )
    balance = read_balance([only], "2025-02")
    assert balance is not None
    assert balance_sentence(balance) == (f"截至2月末，全市共有人力资源服务机构{closing}家，{words}")


def test_without_the_end_of_last_year_there_is_no_year_so_far() -> None:
    balance = read_balance([MARCH], "2025-03")
    assert balance is not None
    assert balance.year is None
    assert "比2月末净增2家，其中新增4家" in balance_sentence(balance)
    assert len(balance_table(balance).columns) == 2
    earlier = read_balance([{**MARCH, "opening_period": "2023-06"}], "2025-03")
    assert earlier is not None
    assert "比2023年6月末净增" in balance_sentence(earlier)


def test_the_first_register_has_nothing_to_be_compared_with(root) -> None:
    assert read_balance([], "2025-03") is None
    assert read_balance([FEBRUARY], "2025-03") is None
    assert read_marts(root, "2023-02").balance == []


def test_only_the_months_of_the_year_up_to_the_period_are_read(root) -> None:
    rows = read_marts(root, "2024-04").balance
    assert [row["period"] for row in rows] == ["2024-02", "2024-03", "2024-04"]


def test_the_page_says_what_the_table_and_the_indicators_say(page: str) -> None:
    """3,552 + 171 + 10 − 25 − 5 = 3,703: five periods of 5 exits, 2 moving in and 1 moving out."""
    assert (
        "截至6月末，全市共有人力资源服务机构3703家，比上年末净增151家，"
        "其中新增171家、迁入10家、退出25家、迁出5家。"
    ) in page
    section = page.partition("<h3>机构增减</h3>")[2].partition("</section>")[0]
    text = re.sub(r"<[^>]+>|\s", " ", section)
    assert re.search(r"期初机构数\s+3687\s+3552", text)
    assert re.search(r"期末机构数\s+3703\s+3703", text)
    assert (
        "单位：家。数据来源：人力资源服务机构名录和名录变动表。数据性质：快报数。数据截至2025年6月30日"
        in text
    )


def test_a_page_without_a_balance_has_no_such_section(marts) -> None:
    bare = dataclasses.replace(marts, balance=[])
    text = render_bulletin(bare, load_catalog(), made_up=True, issue=DRAFT)
    assert "机构增减" not in text
    short = dataclasses.replace(marts, balance=marts.balance[1:])
    text = render_bulletin(short, load_catalog(), made_up=True, issue=DRAFT)
    assert "没有上年末的机构数，不计算年内累计。" in text
