"""Versions of a form, and reports that lie in another form's folder."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipelines.catalog.models import Catalog, Form
from pipelines.intake.decoding import Sheet, Workbook
from pipelines.intake.reading import WorkbookReader
from pipelines.intake.records import Reading
from tests.intake.books import (
    CATALOG,
    CODE,
    FORM,
    Sheets,
    at,
    beside,
    credit_code,
    expected_figures,
    figures,
    read,
    receipt,
    register,
    roll,
    rules,
    single,
)
from tests.intake.test_list_sheets import ledger, platforms

REGISTER = CATALOG.form("register")


def newer_flash() -> Form:
    """The form from 2025 on: 21 and 22 have changed places, 31 another name, 51 another unit.

    28 is new in it.
    """
    told = FORM.model_dump()
    lines = {line["line"]: line for section in told["sections"] for line in section["lines"]}
    for line in lines.values():
        line["line"] = {"21": "22", "22": "21"}.get(line["line"], line["line"])
    lines["31"] |= {"label": "接受服务人员总数", "aliases": []}
    lines["51"] |= {"unit": "万人次"}
    return Form(**told | {"valid_from": "2025-01"})


def older_flash() -> Form:
    """The form up to 2024, which did not ask for 28."""
    told = FORM.model_dump()
    for section in told["sections"]:
        section["lines"] = [line for line in section["lines"] if line["line"] != "28"]
    return Form(**told | {"valid_to": "2024-12"})


def newer_register() -> Form:
    told = REGISTER.model_dump()
    for column in told["tables"][0]["columns"]:
        if column["field"] == "agency_name":
            column |= {"label": "机构全称", "aliases": []}
    return Form(**told | {"valid_from": "2025-01"})


def older_register() -> Form:
    told = REGISTER.model_dump()
    columns = told["tables"][0]["columns"]
    told["tables"][0]["columns"] = [each for each in columns if each["field"] != "size_class"]
    return Form(**told | {"valid_to": "2024-12"})


@pytest.fixture(scope="module")
def reader() -> WorkbookReader:
    forms = [form for form in CATALOG.forms if form.code not in ("flash_report", "register")]
    forms += [older_flash(), newer_flash(), older_register(), newer_register()]
    return WorkbookReader(
        Catalog(**CATALOG.model_dump() | {"forms": [f.model_dump() for f in forms]})
    )


def read_by(
    reader: WorkbookReader, sheets: Sheets, folder: str = "reports", period: str | None = "2025-06"
) -> Reading:
    book = Workbook([Sheet(name, True, rows) for name, rows in sheets.items()])
    return reader.read(book, receipt(folder, period))


def without_28(sheets: Sheets) -> Sheets:
    return {name: [row for row in rows if row[:1] != ["28"]] for name, rows in sheets.items()}


def of_2025(sheets: Sheets) -> Sheets:
    for row in sheets["招聘活动"]:
        row[:1] = [{"21": "22", "22": "21"}.get(str(row[0]), row[0])] if row else []
    at(sheets, "服务对象", "31", "指标名称", "接受服务人员总数")
    at(sheets, "服务效果", "51", "计量单位", "万人次")
    return sheets


def test_the_form_of_the_period_is_read_by_its_own_labels(reader: WorkbookReader) -> None:
    reading = read_by(reader, of_2025(single()))
    assert reading.problems == []
    assert figures(reading) == expected_figures()
    assert reading.file["form_version"] == "2025-01"
    units = {v.indicator_code: v.unit for v in reading.values if v.measure_code}
    assert units["placements"] == "万人次"


def test_last_years_template_is_read_by_its_labels_and_reported(reader: WorkbookReader) -> None:
    reading = read_by(reader, without_28(single()))
    right = {key: value for key, value in expected_figures().items() if key[0] != "online_seekers"}
    assert figures(reading) == right
    assert reading.file["form_version"] == FORM.valid_from
    assert rules(reading) == [("agency", "old_template", None), ("agency", "missing_value", None)]
    assert [problem["severity"] for problem in reading.problems] == ["review", "mandatory"]
    assert [problem["message"] for problem in reading.problems] == [
        "文件“报表.xlsx”用的是2023年1月起的“抽样快报”模板，本期适用2025年1月起的模板，"
        "请改用新版模板。",
        "文件“报表.xlsx”工作表“招聘活动”没有新版模板的“28 网络发布求职信息”，"
        "请改用新版模板补填后重新报送。",
    ]
    units = {v.indicator_code: v.unit for v in reading.values if v.measure_code}
    assert units["placements"] == "人次"


def test_a_zero_report_on_last_years_template_is_asked_for_no_lines(reader: WorkbookReader) -> None:
    sheets = without_28(single(zero="是"))
    for name in sheets.keys() - {"封面"}:
        for row in sheets[name][4:]:
            row[3:6] = [None] * 3
    assert [rule for _, rule, _ in rules(read_by(reader, sheets))] == ["old_template"]


def test_this_years_template_is_read_for_last_years_months(reader: WorkbookReader) -> None:
    reading = read_by(reader, of_2025(single(period="2024年6月")), period="2024-06")
    assert [rule for _, rule, _ in rules(reading)] == ["old_template"]
    assert figures(reading) == expected_figures()


def test_a_roll_on_last_years_template_is_refused_for_what_is_new(reader: WorkbookReader) -> None:
    sheets = roll()
    columns = [place for place, code in enumerate(sheets["招聘活动"][2]) if code == "28"]
    for row in sheets["招聘活动"][1:]:
        del row[columns[0] : columns[-1] + 1]
    reading = read_by(reader, sheets)
    assert rules(reading) == [("row", "old_template", None), ("file", "missing_value", None)]
    assert "“28 网络发布求职信息”" in str(reading.file["refusal_message"])
    key = "job_fairs", "month"
    for code in (CODE, credit_code(2)):
        assert figures(reading, code)[key] == expected_figures()[key]


def test_codes_and_labels_of_two_versions_are_never_mixed(reader: WorkbookReader) -> None:
    """21 is another line in 2025: an old row in a new form is no match."""
    sheets = of_2025(single())
    for row in sheets["招聘活动"]:
        row[:1] = [{"21": "22", "22": "21"}.get(str(row[0]), row[0])] if row else []
    reading = read_by(reader, sheets)
    assert [rule for _, rule, _ in rules(reading)] == ["label_mismatch"] * 2
    assert {problem["cell_address"] for problem in reading.problems} == {"B5", "B6"}
    assert {indicator for indicator, _ in figures(reading)}.isdisjoint(
        {"job_fairs", "job_fairs_graduates"}
    )


def test_a_list_on_last_years_template_is_read_and_asked_for_what_is_new(
    reader: WorkbookReader,
) -> None:
    sheets = register()
    column = sheets["机构名录"][2].index("规模类别")
    for row in sheets["机构名录"][2:]:
        del row[column]
    reading = read_by(reader, sheets, "register", None)
    names = {v.text_value for v in reading.values if v.field_code == "agency_name"}
    assert names == {"机构1", "机构2", "机构3"}
    assert reading.file["form_version"] == REGISTER.valid_from
    assert rules(reading) == [("row", "old_template", None), ("file", "missing_column", None)]
    assert "没有新版模板的“规模类别”一列" in str(reading.file["refusal_message"])


def annual() -> Sheets:
    form = CATALOG.form("annual_return", "2024-12")
    heads = [column.label for column in form.tables[0].columns]
    label = form.cover[0].label
    return {form.tables[0].sheet: [["年报"], [label, "2024年"], [*heads], [CODE]]}


def sample() -> Sheets:
    form = CATALOG.form("sample")
    rows = [[column.label for column in form.tables[0].columns], [CODE]]
    cover = [[field.label, "2025年2月"] for field in form.cover]
    return {form.tables[0].sheet: [*cover, *rows]}


def published() -> Sheets:
    table = CATALOG.form("published_figures").tables[0]
    return {table.sheet: [[column.label for column in table.columns], ["甲"]]}


PLACES: dict[str, tuple[Callable[[], Sheets], str]] = {
    "抽样快报": (single, "reports/2025-06"),
    "年报": (annual, "annual/2024"),
    "机构名录": (register, "register"),
    "样本名录": (sample, "sample"),
    "台账": (ledger, "ledger"),
    "产业园和人才市场年度数据": (platforms, "platforms/2025"),
    "已公布数据": (published, "published"),
}


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.parametrize(
    ("folder", "period"),
    [
        ("reports", "2025-06"),
        ("register", None),
        ("annual", "2024"),
        ("sample", None),
        ("ledger", None),
    ],
)
def test_a_report_in_the_wrong_folder_is_told_where_it_belongs(
    name: str, folder: str, period: str | None
) -> None:
    make, place = PLACES[name]
    where = f"{folder}/{period}" if period else folder
    if where.split("/")[0] == place.split("/")[0]:
        return
    reading = read(make(), folder, period)
    assert rules(reading) == [("file", "wrong_folder", None)]
    assert reading.file["refusal_message"] == (
        f"文件“报表.xlsx”放在“{where}”，看似“{name}”，请放入{place}。"
    )
    assert reading.file["outcome"] == "refused"


@pytest.mark.parametrize("name", PLACES)
def test_a_report_in_no_folder_is_told_where_it_belongs(name: str) -> None:
    make, place = PLACES[name]
    reading = read(make(), "", None)
    assert rules(reading) == [("file", "unknown_folder", None)]
    assert f"看似“{name}”，请放入{place}。" in str(reading.file["refusal_message"])


def test_a_report_without_its_periods_folder_is_told_the_period() -> None:
    reading = read(single(), "reports", None)
    assert rules(reading) == [("file", "period_missing", None)]
    assert reading.file["refusal_message"] == (
        "文件“报表.xlsx”放在“reports”，看似“抽样快报”，请放入reports/2025-06。"
    )
    sheets = single()
    beside(sheets, "报告期", "某月")
    assert "请放入reports下按报告期命名的文件夹（如reports/2025-06）。" in str(
        read(sheets, "reports", None).file["refusal_message"]
    )


def test_a_zero_report_is_known_by_its_cover() -> None:
    zero = {"封面": single(zero="是")["封面"]}
    assert "请放入reports/2025-06" in str(read(zero, "register", None).file["refusal_message"])


@pytest.mark.parametrize("year", [2024, 2025])
def test_an_annual_return_is_told_by_what_it_lacks_of_the_other_version(year: int) -> None:
    """What was asked up to 2024 is asked since, too: any column more would else decide.

    有效期至 of the approval, in the head of the form, is a column's label since 2025.
    """
    form = CATALOG.form("annual_return", f"{year}-12")
    heads = [column.label for column in form.tables[0].columns]
    rows = [["", "有效期至："], ["所属年度", f"{year}年"], [*heads, "本区县自用"], [CODE]]
    for asked in (2024, 2025):
        reading = read({"年度统计表": rows}, "annual", str(asked))
        assert reading.file["form_version"] == form.valid_from
