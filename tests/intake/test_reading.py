"""Which form a file should be, and files that are none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.decoding import CellValue, DecodeFailure, Unreadable
from pipelines.intake.reading import read_failure
from tests.intake.books import (
    CATALOG,
    CODE,
    Sheets,
    at,
    beside,
    credit_code,
    figures,
    read,
    receipt,
    register,
    roll,
    rules,
    single,
)


@pytest.mark.parametrize(
    ("folder", "period", "rule"),
    [
        ("reports", None, "period_missing"),
        ("annual", None, "period_missing"),
        ("platforms", None, "period_missing"),
        ("", None, "unknown_folder"),
        ("新建文件夹", None, "unknown_folder"),
        ("reports", "2019-05", "unknown_folder"),  # before the form was in force
        ("platforms", "2023", "unknown_folder"),
    ],
)
def test_a_file_in_the_wrong_place_is_refused(folder: str, period: str | None, rule: str) -> None:
    reading = read(single(), folder, period)
    assert rules(reading) == [("file", rule, None)]
    assert reading.file["outcome"] == "refused"
    assert reading.file["form_code"] is None


def test_a_file_in_no_forms_folder_is_told_where_each_form_goes() -> None:
    (problem,) = read({"菜谱": [["周一"], ["豆腐"]]}, "新建文件夹", None).problems
    assert problem["message"] == (
        "文件“报表.xlsx”所在位置“新建文件夹”没有可接收的报表，"
        "请放入 data/raw 下对应的文件夹：年报 annual、更正表 corrections、抽样快报 reports、"
        "台账 ledger、产业园和人才市场年度数据 platforms、已公布数据 published、"
        "机构名录 register、名录变动表 register_events、审核表 review、样本名录 sample。"
    )


@pytest.mark.parametrize(
    ("label", "end"),
    [
        ("零报告", "“乱写”，不在可选项内，请改填“是”或“否”。"),
        ("收入核算方法", "“乱写”，不在可选项内，请改填“总额法”、“净额法”、“混合”之一。"),
        ("所在区县", "不是可识别的区县或功能区名称，请改填报告期内区县或功能区的全称，如渝中区。"),
    ],
)
def test_a_word_that_is_no_choice_is_told_what_to_write(label: str, end: str) -> None:
    sheets = single()
    beside(sheets, label, "乱写")
    (problem,) = read(sheets).problems
    assert str(problem["message"]).endswith(end)


@pytest.mark.parametrize(
    "sheets",
    [
        {},
        {"Sheet1": []},
        {"菜谱": [["周一", "周二"], ["红烧肉", "豆腐"]]},
        {"利润表": [["项目", "本月"], ["营业收入", 5.0]]},
    ],
)
def test_another_workbook_among_the_reports_is_unrelated(sheets: Sheets) -> None:
    reading = read(sheets)
    assert rules(reading) == [("file", "unrelated", None)]
    assert reading.file["refusal_message"] == (
        "文件“报表.xlsx”不是“抽样快报”，没有找到应有的栏目，请用下发的模板填写后重新报送。"
    )
    assert reading.file["layout"] is None


def test_a_report_among_the_lists_is_in_the_wrong_folder() -> None:
    for sheets in (single(), roll()):
        assert rules(read(sheets, "register", None)) == [("file", "wrong_folder", None)]


def test_a_file_that_could_not_be_decoded_is_a_row_and_a_problem() -> None:
    failure = DecodeFailure("encrypted", "设有打开密码，请取消密码后重新报送")
    reading = read_failure(failure, receipt(), CATALOG)
    assert reading.file["form_code"] == "flash_report"
    assert reading.file["refusal_rule"] == "encrypted"
    assert reading.file["outcome"] == "quarantined"
    assert rules(reading) == [("file", "encrypted", None)]
    assert reading.values == []
    assert reading.problems[0]["message"] == ("文件“报表.xlsx”设有打开密码，请取消密码后重新报送。")


def test_equal_bytes_give_equal_rows() -> None:
    for sheets in (single(), roll()):
        assert read(sheets) == read(sheets)


def test_long_and_broken_texts_are_quoted_short() -> None:
    sheets = single()
    at(sheets, "营业收入", "01", "本月", "很长\n" * 50)
    message = str(read(sheets).problems[0]["message"])
    assert "很长 很长" in message
    assert "…”" in message
    assert "\n" not in message


def spoiled() -> list[Sheets]:
    """Workbooks with many kinds of problems."""
    first, second, third = single(), roll(zero_codes=[credit_code(3)]), single(zero="是")
    at(first, "营业收入", "01", "本月", "一千")
    at(first, "招聘活动", "21", "本月", 1.5)
    at(first, "招聘活动", "22", "计量单位", "次")
    at(first, "招聘活动", "23", "本月", None)
    del first["服务对象"]
    beside(first, "所在区县", "火星区")
    beside(first, "报出日期", "某日")
    second["招聘活动"].append([3.0, credit_code(9), "外来", 1.0])
    second["招聘活动"].append([3.0, CODE, "机构1", 1.0])
    second["服务效果"].pop()
    second["单位名单"].append([9.0, "123", "无名"])
    beside(second, "报告期", "2025年5月")
    return [first, second, third, single(code="1"), {}]


def test_every_message_is_one_plain_chinese_sentence() -> None:
    problems = [problem for sheets in spoiled() for problem in read(sheets).problems]
    assert len({problem["rule_code"] for problem in problems}) > 10
    for problem in problems:
        message = str(problem["message"])
        assert re.fullmatch(r"文件“报表\.xlsx”[^。\n]+请[^。\n]+。", message), message
        for place in ("sheet_name", "cell_address", "raw_text"):
            if problem["cell_address"]:
                assert str(problem[place] or "") in message
        assert not re.search(r"[A-Za-z]{4,}", message.replace("xlsx", "")), message


def test_a_problem_says_which_item_it_is_about() -> None:
    """So that it can be found again wherever the item stands."""
    items = {
        (problem["field_code"], problem["indicator_code"], problem["measure_code"])
        for sheets in spoiled()
        for problem in read(sheets).problems
        if problem["rule_code"] in ("missing_value", "unknown_area", "not_a_date", "not_in_list")
        and problem["cell_address"]
    }
    figure = ("job_fairs_migrants", "job_fairs_migrants", "month")
    fields = {(name, None, None) for name in ("district", "report_date", "credit_code")}
    assert items == {figure, *fields}


CELLS = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.builds(Unreadable, st.just("#REF!")),
    st.sampled_from(
        ["统一社会信用代码", "报告期", "本月", "指标名称", "01", "合计", CODE, "零报告"]
    ),
)


@given(
    kind=st.sampled_from(["single", "roll", "register"]),
    changes=st.lists(
        st.tuples(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), CELLS), max_size=8
    ),
)
def test_whatever_stands_in_the_cells_is_read_or_reported(
    kind: str, changes: list[tuple[int, int, int, CellValue]]
) -> None:
    sheets = {"single": single, "roll": roll, "register": register}[kind]()
    for sheet_no, row_no, column_no, value in changes:
        rows = list(sheets.values())[sheet_no % len(sheets)]
        row = rows[row_no % len(rows)]
        row.extend([None] * 5)
        row[column_no % len(row)] = value
    reading = read(sheets) if kind != "register" else read(sheets, "register", None)
    names = ("credit_code", "field_code", "measure_code")
    keys = [
        (value.unit_row * (kind == "register"), *(getattr(value, name) for name in names))
        for value in reading.values
    ]
    assert len(set(keys)) == len(keys)
    for problem in reading.problems:
        assert str(problem["message"]).startswith("文件“报表.xlsx”")
        assert problem["scope"] in {"file", "agency", "row"}
        assert (problem["scope"] == "agency") <= (problem["credit_code"] is not None)


def test_a_problem_of_one_agency_leaves_the_others_alone() -> None:
    sheets = roll()
    at(sheets, "单位名单", CODE, "单位运营状态", "半停业")
    reading = read(sheets)
    assert {problem["credit_code"] for problem in reading.problems} == {CODE}
    assert figures(reading, credit_code(2))
