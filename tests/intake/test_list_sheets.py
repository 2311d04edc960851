"""List forms of several sheets: which sheet is which table, which may be missing, what is lost."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.intake.decoding import CellValue, Workbook, decode_files
from pipelines.intake.grammar import parse_choice
from pipelines.intake.records import Reading
from pipelines.intake.templates import write_lists
from tests.intake.books import (
    CATALOG,
    CODE,
    READER,
    Rows,
    Sheets,
    at,
    beside,
    read,
    receipt,
    rules,
)

LEDGER = CATALOG.form("ledger")
PLATFORMS = CATALOG.form("platform_report")
PLATFORM_FIELDS = {column.field: column for column in PLATFORMS.tables[0].columns}

AGREEMENT = ["协同发展协议", "渝中区", dt.date(2024, 3, 1), None, "协议〔2024〕3号", "流动处", None]
STANDARD = ["服务规范", "川渝", "DB50/T 1", "2024年5月6日", None, "公告", None, "—"]
LISTED = ["示例人力资源有限公司", CODE, "江北区", "国家级", "2025-01-02", None, "名单", None, None]


def ledger() -> Sheets:
    rows: dict[str, list[CellValue]] = {
        "战略合作": [*AGREEMENT],
        "地方标准": [*STANDARD],
        "专精特新": [*LISTED],
    }
    sheets: Sheets = {"封面": [["台账"], ["所属期末", "2025年6月"]]}
    for table in LEDGER.tables:
        head: list[CellValue] = [column.label for column in table.columns]
        filled = [rows[table.sheet]] if table.sheet in rows else []
        sheets[table.sheet] = [[f"台账　{table.sheet}"], head, *filled]
    return sheets


def platforms() -> Sheets:
    words = {
        "platform_name": "示例产业园",
        "platform_kind": "综合园",
        "platform_level": "市级",
        "district": "渝中区",
        "floor_area": 10000.5,
    }
    values: Rows = [[]]
    for number, (field, column) in enumerate(PLATFORM_FIELDS.items()):
        figure = float(number) if column.type == "number" and column.required else None
        values[0].append(words.get(field, figure))
    tenants = [column.label for column in PLATFORMS.tables[1].columns]
    tenant: list[CellValue] = ["示例产业园", CODE, "示例公司", "线下", "是", "否", 1234.5]
    elsewhere: list[CellValue] = ["示例市场", *tenant[1:3], "线上", *tenant[4:]]
    return {
        "封面": [["所属年度", "2025年"]],
        "平台年度数据": [[column.label for column in PLATFORM_FIELDS.values()], *values],
        "入驻企业": [[*tenants], tenant, elsewhere],
    }


def read_ledger(sheets: Sheets) -> Reading:
    return read(sheets, "ledger", None)


def read_platforms(sheets: Sheets) -> Reading:
    return read(sheets, "platforms", "2025")


def row_of(reading: Reading, sheet: str, row: int) -> dict[object, object]:
    return {
        value.field_code: value.number_value if value.text_value is None else value.text_value
        for value in reading.values
        if (value.sheet_name, value.unit_row) == (sheet, row)
    }


def test_each_sheet_of_a_ledger_is_read_as_its_own_table() -> None:
    reading = read_ledger(ledger())
    assert reading.problems == []
    assert reading.file["layout"] == "list"
    assert reading.file["period"] == "2025-06"
    assert {value.credit_code for value in reading.values} == {None}
    assert row_of(reading, "战略合作", 3) == {
        "item_name": "协同发展协议",
        "district": "500103",
        "item_date": "2024-03-01",
        "evidence": "协议〔2024〕3号",
        "responsible_office": "流动处",
    }
    assert row_of(reading, "地方标准", 3) == {
        "item_name": "服务规范",
        "standard_level": "regional",
        "standard_no": "DB50/T 1",
        "item_date": "2024-05-06",
        "evidence": "公告",
    }
    assert row_of(reading, "专精特新", 3) == {
        "item_name": "示例人力资源有限公司",
        "credit_code": CODE,
        "district": "500105",
        "specialised_level": "national",
        "item_date": "2025-01-02",
        "evidence": "名单",
    }
    addresses = {value.field_code: value.cell_address for value in reading.values}
    assert (addresses["district"], addresses["period"]) == ("C3", "B2")


def test_sheets_without_rows_may_be_left_out_or_empty() -> None:
    full, sheets = read_ledger(ledger()), ledger()
    for name in ("年度活动", "产业园"):
        del sheets[name]
    sheets["人才市场"] = []
    reading = read_ledger(sheets)
    assert reading.problems == []
    assert reading.values == full.values


def test_a_ledger_without_any_row_is_refused() -> None:
    sheets = {name: rows[:2] for name, rows in ledger().items()}
    reading = read_ledger(sheets)
    assert rules(reading) == [("file", "missing_value", None)]
    assert reading.file["refusal_message"] == (
        "文件“报表.xlsx”没有填写任何一行，请补填后重新报送。"
    )


@pytest.mark.parametrize(
    ("sheet", "column", "value", "rule"),
    [
        ("战略合作", "依据材料", None, "missing_value"),
        ("战略合作", "合作区县", "火星区", "unknown_area"),
        ("地方标准", "标准级别", "国家级", "not_a_choice"),
        ("专精特新", "认定或入库日期", "去年", "not_a_date"),
    ],
)
def test_a_row_without_what_is_required_is_left_out_and_its_cell_named(
    sheet: str, column: str, value: CellValue, rule: str
) -> None:
    sheets, full = ledger(), read_ledger(ledger())
    address = at(sheets, sheet, ledger()[sheet][2][0], column, value)
    reading = read_ledger(sheets)
    assert rules(reading) == [("row", rule, address)]
    (problem,) = reading.problems
    start = f"文件“报表.xlsx”工作表“{sheet}”单元格{address}“{column}”"
    assert str(problem["message"]).startswith(start)
    assert (problem["severity"], problem["sheet_name"]) == ("mandatory", sheet)
    assert reading.file["outcome"] == "read"
    kept = [(value.sheet_name, value.field_code) for value in full.values]
    kept = [pair for pair in kept if pair[0] != sheet]
    assert [(value.sheet_name, value.field_code) for value in reading.values] == kept


def test_a_wrong_optional_cell_is_for_review_and_the_row_stays() -> None:
    sheets = ledger()
    at(sheets, "专精特新", LISTED[0], "统一社会信用代码", "123")
    reading = read_ledger(sheets)
    assert [(each["scope"], each["severity"]) for each in reading.problems] == [("row", "review")]
    row = row_of(reading, "专精特新", 3)
    assert (row["item_name"], "credit_code" in row) == (LISTED[0], False)


def test_a_sheet_without_a_column_refuses_the_file_even_without_rows() -> None:
    sheets = ledger()
    sheets["产业园"][1][0] = "代号"
    sheets["人才市场"] = [["暂无"]]
    reading = read_ledger(sheets)
    markets = next(table for table in LEDGER.tables if table.sheet == "人才市场")
    asked = [column.label for column in markets.columns if column.required]
    assert [
        (each["rule_code"], each["sheet_name"], each["expected"]) for each in reading.problems
    ] == [
        ("missing_column", "产业园", "产业园名称"),
        *(("missing_column", "人才市场", label) for label in asked),
    ]


@pytest.mark.parametrize("name", ["战略合作 (2)", "合作"])
def test_rows_on_a_sheet_of_another_name_refuse_the_file(name: str) -> None:
    sheets = ledger()
    sheets[name] = [list(row) for row in sheets["战略合作"]]
    reading = read_ledger(sheets)
    assert rules(reading) == [("file", "unknown_sheet", None)]
    assert reading.problems[0]["sheet_name"] == name
    sheets[name] = sheets[name][:2]  # a head without rows
    assert read_ledger(sheets).problems == []


def test_a_name_is_known_whatever_its_spacing_but_only_once() -> None:
    sheets = {f" {name}　" if name == "战略合作" else name: rows for name, rows in ledger().items()}
    reading = read_ledger(sheets)
    assert reading.problems == []
    assert row_of(reading, " 战略合作　", 3)["district"] == "500103"
    sheets["战略合作"] = [list(row) for row in ledger()["战略合作"]]
    assert rules(read_ledger(sheets)) == [("file", "duplicate_label", None)]


def test_only_a_workbook_without_any_of_the_sheets_is_unrelated() -> None:
    for sheets in ({}, {"菜谱": [["周一"], ["豆腐"]]}):
        assert rules(read_ledger(sheets)) == [("file", "unrelated", None)]
    alone = {name: rows for name, rows in ledger().items() if name in ("封面", "地方标准")}
    assert read_ledger(alone).problems == []


def test_a_ledger_speaks_of_a_month_that_has_come() -> None:
    sheets = ledger()
    beside(sheets, "所属期末", "2027年1月")
    assert ("file", "period_not_over", "B2") in rules(read_ledger(sheets))


def test_figures_of_platforms_are_read_in_their_units() -> None:
    reading = read_platforms(platforms())
    assert reading.problems == []
    row = row_of(reading, "平台年度数据", 2)
    assert row["platform_kind"] == "comprehensive_park"
    assert row["floor_area"] == Decimal("10000.5")
    units = {value.field_code: value.unit for value in reading.values}
    assert (units["floor_area"], units["taxes"], units["research_results"]) == ("㎡", "万元", "项")
    assert {value.indicator_code for value in reading.values} == {None}
    figures = {field for field, column in PLATFORM_FIELDS.items() if column.type == "number"}
    required = {field for field in figures if PLATFORM_FIELDS[field].required}
    assert figures & row.keys() == required


def test_an_enterprise_may_be_a_tenant_of_several_platforms() -> None:
    reading = read_platforms(platforms())
    rows = [row_of(reading, "入驻企业", row) for row in (2, 3)]
    assert [(row["platform_name"], row["tenancy"]) for row in rows] == [
        ("示例产业园", "offline"),
        ("示例市场", "online"),
    ]
    assert {row["credit_code"] for row in rows} == {CODE}
    assert {row["last_year_revenue"] for row in rows} == {Decimal("1234.5")}


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("分散场地", 1.5, "not_an_integer"),
        ("建筑面积", "一万五", "not_a_number"),
        ("经核实或处罚的违法违规", None, "missing_value"),
        ("新孵化特定人才设立的企业", "若干", "not_a_number"),
    ],
)
def test_a_wrong_figure_leaves_the_platform_out(column: str, value: CellValue, rule: str) -> None:
    sheets = platforms()
    row = sheets["平台年度数据"]
    row[1][row[0].index(column)] = value
    reading = read_platforms(sheets)
    assert [(each["scope"], each["rule_code"]) for each in reading.problems] == [("row", rule)]
    assert row_of(reading, "平台年度数据", 2) == {}
    assert row_of(reading, "入驻企业", 2)


def test_a_header_may_say_square_metres() -> None:
    sheets = platforms()
    head = sheets["平台年度数据"][0]
    head[head.index("建筑面积")] = "建筑面积（平方米）"
    reading = read_platforms(sheets)
    assert reading.problems == []
    assert {v.unit for v in reading.values if v.field_code == "floor_area"} == {"平方米"}


def test_tenants_may_be_left_out_but_platforms_may_not() -> None:
    sheets = platforms()
    del sheets["入驻企业"]
    assert read_platforms(sheets).problems == []
    sheets = platforms()
    del sheets["平台年度数据"]
    reading = read_platforms(sheets)
    assert rules(reading) == [("file", "missing_column", None)]
    assert reading.file["refusal_message"] == (
        "文件“报表.xlsx”没有工作表“平台年度数据”，请按模板恢复该表并填写。"
    )
    sheets["平台年度数据"] = platforms()["平台年度数据"][:1]
    assert rules(read_platforms(sheets)) == [("file", "missing_value", None)]


def test_platforms_stand_in_the_folder_of_their_year() -> None:
    assert rules(read(platforms(), "platforms", "2024")) == [("file", "period_mismatch", "B1")]
    (problem,) = read(platforms(), "platforms", None).problems
    assert (problem["rule_code"], problem["expected"]) == ("period_missing", "platforms/2025")


def sample_rows(form_code: str) -> dict[str, list[dict[str, object]]]:
    """Two rows for each sheet, every column filled: the codes and base units of the catalog."""
    words = {"area": "500103", "yes_no": "yes", "credit_code": CODE}
    rows: dict[str, list[dict[str, object]]] = {}
    for table in CATALOG.form(form_code).tables:
        rows[table.sheet] = [{}, {}]
        for number, row in enumerate(rows[table.sheet], start=1):
            for place, column in enumerate(table.columns):
                if column.choices:
                    items = CATALOG.classification(column.choices).items
                    row[column.field] = items[number % len(items)].code
                elif column.type == "number":
                    row[column.field] = Decimal(10_000 * (number * 100 + place))
                elif column.type == "date":
                    row[column.field] = dt.date(2024, number, place + 1)
                else:
                    row[column.field] = words.get(column.type, f"{column.label}{number}")
    return rows


@pytest.mark.parametrize(
    ("form_code", "folder", "folder_period", "period"),
    [("ledger", "ledger", None, "2025-06"), ("platform_report", "platforms", "2025", "2025")],
)
def test_what_is_written_is_read_back(
    tmp_path: Path, form_code: str, folder: str, folder_period: str | None, period: str
) -> None:
    rows = sample_rows(form_code)
    path = tmp_path / "报表.xlsx"
    write_lists(path, CATALOG, form_code, period, rows)
    ((_, workbook),) = decode_files([path])
    assert isinstance(workbook, Workbook)
    reading = READER.read(workbook, receipt(folder, folder_period))
    assert reading.problems == []
    assert reading.file["period"] == period
    for sheet, written in rows.items():
        places = sorted({v.unit_row for v in reading.values if v.sheet_name == sheet})
        assert len(places) == len(written)
        for place, row in zip(places, written, strict=True):
            expected = {
                name: value.isoformat() if isinstance(value, dt.date) else value
                for name, value in row.items()
            }
            assert in_base_units(reading, sheet, int(str(place))) == expected


def in_base_units(reading: Reading, sheet: str, row: int) -> dict[object, object]:
    return {
        value.field_code: value.text_value
        if value.number_value is None
        else Decimal(str(value.number_value)) * CATALOG.unit(str(value.unit)).factor
        for value in reading.values
        if (value.sheet_name, value.unit_row) == (sheet, row)
    }


def test_what_the_form_does_not_have_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    for rows in ({"猎头基地": []}, {"产业园": [{"standard_no": "1"}]}):
        with pytest.raises(ValueError, match="not in ledger"):
            write_lists(path, CATALOG, "ledger", "2025-06", rows)
    assert not path.exists()


def test_every_alias_of_the_new_lists_is_read() -> None:
    """Whatever people write for an item of a drop-down, in one spelling each."""
    spellings = {
        "platform_kinds": ("专业园", "specialised_park"),
        "platform_levels": ("区县", "district"),
        "specialised_levels": ("后备库", "local_reserve"),
        "standard_levels": ("川渝", "regional"),
        "yearly_events": ("专精特新企业认定", "specialised_recognition"),
        "tenancies": ("协议入驻", "online"),
        "enterprise_options": ("2.2", "business"),
        "talent_options": ("输送", "supplied"),
    }
    for code, (text, expected) in spellings.items():
        assert parse_choice(text, CATALOG.classification(code)) == expected
