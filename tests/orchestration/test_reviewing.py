"""Reviews from the workbook that goes out to the states of agencies, and the locks of periods."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.intake.decisions import read_decisions
from pipelines.orchestration.made_up_reviews import fill_reviews
from pipelines.orchestration.months import UnknownMonthError
from pipelines.orchestration.publication import (
    Confirmation,
    PublicationBlockedError,
    publish_again,
)
from pipelines.orchestration.published import ask
from pipelines.orchestration.reviewing import (
    LockError,
    decide_lock,
    is_locked,
    write_reviews,
)
from pipelines.orchestration.run import run
from pipelines.root import Root

PERIOD = "2025-06"
DAY = dt.date(2025, 7, 20)
ADDS_UP = """
    select count(*) from mart_reviews
    where expected_count <> missing_count + returned_count + submitted_count
        + district_reviewed_count + city_reviewed_count + locked_count"""


def internal(root: Root, table: str, columns: str, condition: str = "true") -> list[tuple]:
    path = str(root.internal / f"{table}.parquet")
    return ask(root, f"select {columns} from read_parquet(?) where {condition}", path).rows


def counts(root: Root) -> dict[str, int]:
    rows = internal(
        root, "core_review_states", "review_label, count(*)", f"period = '{PERIOD}' group by 1"
    )
    return dict(rows)


def decisions_of(sheet: Worksheet) -> dict[str, list[object]]:
    heads = [str(cell.value) for cell in sheet[3]]
    places = [heads.index(head) for head in ("统一社会信用代码", "受理号", "审核意见", "理由")]
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    return {str(row[places[0]]): [row[place] for place in places[1:]] for row in rows}


def change(
    path: Path, code: str, decision: str | None, reason: str | None, receipt: int | None
) -> None:
    """Write another decision into a filled workbook, on another version where one is given."""
    workbook = load_workbook(path)
    sheet = workbook.worksheets[1]
    heads = [str(cell.value) for cell in sheet[3]]
    for row in sheet.iter_rows(min_row=4):
        if row[heads.index("统一社会信用代码")].value == code:
            row[heads.index("审核意见")].value = decision
            row[heads.index("理由")].value = reason
            row[heads.index("受理号")].value = receipt or row[heads.index("受理号")].value
    workbook.save(path)


def sign(path: Path, name: str | None) -> None:
    workbook = load_workbook(path)
    for label, value in workbook.worksheets[0].iter_rows(min_row=4, max_row=8, max_col=2):
        if label.value == "审核人":
            value.value = name
    workbook.save(path)


def test_a_period_is_reviewed_by_districts_then_by_the_city_and_locked(own_root: Root) -> None:
    """One district takes its signature back, one row names a version that does not count."""
    before = counts(own_root)
    assert set(before) <= {"未报", "未审", "退回"}
    workbooks = write_reviews(own_root, PERIOD, is_of_city=False)
    assert {path.parent for path in workbooks} == {own_root.reports / "review" / PERIOD}
    filled = fill_reviews(own_root, workbooks, DAY)
    told = {path: decisions_of(load_workbook(path).worksheets[1]) for path in filled}
    of_districts = {path: rows for path, rows in told.items() if "市级直报" not in path.name}
    largest, second, *_ = sorted(of_districts, key=lambda path: -len(of_districts[path]))
    sign(second, "撤回")
    passed = [code for code, row in told[largest].items() if row[1] == "通过"]
    stale, returned, *_ = passed
    change(largest, stale, "通过", None, 1)
    change(largest, returned, "退回", "人数与上月不符", None)

    run(own_root)
    rows = internal(
        own_root,
        "core_review_states",
        "credit_code, review_label, district_decision, city_decision",
        f"period = '{PERIOD}'",
    )
    states = {code: label for code, label, *_ in rows}
    for path, decided in told.items():
        for code, (receipt, decision, _) in decided.items():
            if path == second or code == stale or (receipt and decision is None):
                assert states[code] in ("未审", "退回"), (path.name, code)
            elif code == returned or decision == "退回":
                assert states[code] == "退回"
            elif decision is not None:
                assert states[code] == ("市级复审" if "市级直报" in path.name else "区县初审")
    assert states[stale] == "未审"
    assert ask(own_root, ADDS_UP).rows == [(0,)]

    notes = dict(
        internal(
            own_root, "core_versions", "credit_code, version_note", "submission_state = 'refused'"
        )
    )
    assert notes[returned] == "审核退回：人数与上月不符"
    messages = [
        message
        for (message,) in ask(
            own_root,
            "select message from mart_findings where state = 'open' and rule_code in "
            "('refused_review', 'returned_by_review', 'signature_withdrawn')",
        ).rows
    ]
    assert any("所审的第1号文件已不是采用的报送" in message for message in messages)
    assert any("退回：“人数与上月不符”" in message for message in messages)
    assert any(second.name in message and "撤回签名" in message for message in messages)
    explained = [
        code for rows in told.values() for code, row in rows.items() if row[1] == "说明采纳"
    ]
    settled = ask(
        own_root,
        "select distinct state, explanation from mart_findings where period = ? "
        "and folder = 'reports' and severity = 'review' and credit_code = ? "
        "and submission_state = 'accepted'",
        PERIOD,
        next(code for code in explained if states[code] in ("区县初审", "市级复审")),
    ).rows
    assert settled == [("explained", "审核采纳说明：已电话核实，情况属实")]

    decide_lock(own_root, "lock", "2025-05", "李四", "审核完毕")
    city = write_reviews(own_root, PERIOD, is_of_city=True)
    sheet = load_workbook(city[0]).worksheets[1]
    direct = {code for path in told if path not in of_districts for code in told[path]}
    listed = direct | {code for code, label in states.items() if label == "区县初审"}
    assert decisions_of(sheet).keys() == listed
    assert f"区县还没有初审通过的{len(states) - len(listed)}家不在本表" in str(sheet["A2"].value)
    fill_reviews(own_root, city, DAY)
    late = fill_reviews(own_root, write_reviews(own_root, "2025-05", is_of_city=False), DAY)
    run(own_root)
    after = counts(own_root)
    assert after["市级复审"] > after.get("区县初审", 0)
    refused = internal(
        own_root,
        "core_review_decisions",
        "distinct decision_state, decision_note",
        "period = '2025-05'",
    )
    assert refused == [("refused", "不予采用：2025-05已锁定，请在解锁后再审核。")]
    assert len(late) > 1
    labels = internal(own_root, "core_review_states", "distinct review_label", "period = '2025-05'")
    assert {label for (label,) in labels} <= {"未报", "退回", "锁定（未审）"}
    assert ask(own_root, ADDS_UP).rows == [(0,)]


def test_a_year_is_reviewed_like_a_month(own_root: Root) -> None:
    """All agencies of the year's end stand in the workbooks, and what is returned is missing."""
    year, day = "2024", dt.date(2025, 7, 20)

    def labels() -> dict[str, str]:
        rows = internal(
            own_root, "core_review_states", "credit_code, review_label", f"period = '{year}'"
        )
        return dict(rows)

    def annual_states() -> dict[str, str]:
        rows = internal(
            own_root, "core_annual_states", "credit_code, annual_state", f"year = '{year}'"
        )
        return dict(rows)

    before = annual_states()
    of_months = counts(own_root)
    assert set(labels().values()) <= {"未报", "已提交", "退回"}
    workbooks = write_reviews(own_root, year, is_of_city=False)
    assert {path.parent for path in workbooks} == {own_root.reports / "review" / year}
    sent = [decisions_of(load_workbook(path).worksheets[1]) for path in workbooks]
    assert sorted(code for rows in sent for code in rows) == sorted(before)

    filled = fill_reviews(own_root, workbooks, day)
    assert {path.parent for path in filled} == {own_root.inbox / "review" / year}
    told = {path: decisions_of(load_workbook(path).worksheets[1]) for path in filled}
    with pytest.raises(PublicationBlockedError, match="年报的机构不少于上次发布"):
        run(own_root)
    publish_again(own_root, Confirmation("李四", "年报审核退回"))
    states = labels()
    wanted = {
        code: "退回"
        if decision == "退回"
        else ("市级复审" if "市级直报" in path.name else "区县初审")
        for path, rows in told.items()
        for code, (_, decision, _) in rows.items()
        if decision
    }
    assert {code: states[code] for code in wanted} == wanted
    returned = {code for code, label in wanted.items() if label == "退回"}
    assert returned
    assert {annual_states()[code] for code in returned} == {"missing"}
    assert {code: annual_states()[code] for code in before.keys() - returned} == {
        code: state for code, state in before.items() if code not in returned
    }
    explained = {
        code for rows in told.values() for code, row in rows.items() if row[1] == "说明采纳"
    }
    settled = ask(
        own_root,
        "select distinct credit_code, state, explanation, review_label from mart_findings "
        "where period = ? and folder = 'annual' and severity = 'review' "
        "and submission_state = 'accepted' and list_contains(?, credit_code)",
        year,
        sorted(explained),
    ).rows
    assert {code for code, *_ in settled} == explained
    assert {(state, text, label) for _, state, text, label in settled} <= {
        ("explained", "审核采纳说明：已电话核实，情况属实", label) for label in wanted.values()
    }
    assert counts(own_root) == of_months

    decide_lock(own_root, "lock", year, "李四", "年报定案")
    run(own_root)
    locked = labels()
    assert {locked[code] for code in wanted.keys() - returned} == {"锁定"}
    unlooked = {code for code, label in states.items() if label == "已提交"}
    assert {locked[code] for code in unlooked} == {"锁定（未审）"}
    assert ask(own_root, ADDS_UP).rows == [(0,)]


def test_a_period_is_locked_and_unlocked_by_somebody_for_a_reason(own_root: Root) -> None:
    with pytest.raises(LockError, match="没有锁定"):
        decide_lock(own_root, "unlock", PERIOD, "李四", "补报")
    decide_lock(own_root, "lock", PERIOD, "李四", "审核完毕")
    assert is_locked(own_root, PERIOD)
    with pytest.raises(LockError, match="已经锁定"):
        decide_lock(own_root, "lock", PERIOD, "李四", "审核完毕")
    decide_lock(own_root, "lock", "2024", "李四", "年报定案")
    decide_lock(own_root, "unlock", PERIOD, "王五", "补报")
    assert not is_locked(own_root, PERIOD)
    assert [
        (each.kind, each.period, each.person, each.reason) for each in read_decisions(own_root)
    ] == [
        ("lock", PERIOD, "李四", "审核完毕"),
        ("lock", "2024", "李四", "年报定案"),
        ("unlock", PERIOD, "王五", "补报"),
    ]


@pytest.mark.parametrize(
    ("period", "person", "reason", "error", "words"),
    [
        (PERIOD, " ", "审核完毕", LockError, "请写明锁定人和原因"),
        (PERIOD, "李四", "", LockError, "请写明锁定人和原因"),
        ("2019-06", "李四", "审核完毕", LockError, "没有 2019-06 的报表"),
        ("2019", "李四", "审核完毕", LockError, "没有 2019 的报表"),
        ("2025-01", "李四", "审核完毕", UnknownMonthError, "1月免报"),
        ("六月", "李四", "审核完毕", UnknownMonthError, "写法不对"),
    ],
)
def test_what_cannot_be_locked_is_said(
    demo_root: Root, period: str, person: str, reason: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        decide_lock(demo_root, "lock", period, person, reason)
    assert read_decisions(demo_root) == []
