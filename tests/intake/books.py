"""Workbooks built by hand for the intake's tests, as lists of rows by sheet name.

They owe nothing to the templates, so that reader and writer cannot share a mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook as OpenpyxlWorkbook
from stdnum.cn import uscc

from pipelines.catalog.load import load_catalog
from pipelines.intake.decoding import CellValue, Sheet, Workbook
from pipelines.intake.reading import WorkbookReader
from pipelines.intake.receipts import Receipt
from pipelines.intake.records import Reading

CATALOG = load_catalog()
READER = WorkbookReader(CATALOG)
FORM = CATALOG.form("flash_report")
MEASURES = {measure.code: measure for measure in FORM.measures}
SECTIONS = {section.sheet: section.lines for section in FORM.sections}
ASKED = [
    (line, measure) for line in FORM.lines if line.calculated is None for measure in line.measures
]
SINGLE_HEADS = ["代码", "指标名称", "计量单位", "本月", "1—本月", "上年同期1—本月", "校验"]

Rows = list[list[CellValue]]
Sheets = dict[str, Rows]


def credit_code(number: int) -> str:
    body = f"91500103{number:09d}"
    return body + uscc.calc_check_digit(body)


CODE = credit_code(1)


def figure(line: str, measure: str) -> float:
    """A whole number that no other cell of the form has."""
    return float(int(line) * 10 + list(MEASURES).index(measure) + 1000)


def expected_figures() -> dict[tuple[str, str], Decimal]:
    return {
        (line.indicator, measure): Decimal(int(figure(line.line, measure)))
        for line, measure in ASKED
    }


def single(code: CellValue = CODE, period: CellValue = "2025年6月", zero: str = "否") -> Sheets:
    sheets: Sheets = {
        "封面": [
            ["人力资源服务业抽样快报"],
            [None, None, "表号：", "渝人服快01表"],
            [],
            ["统一社会信用代码", code],
            ["单位详细名称", "示例人力资源有限公司"],
            ["所在区县", "渝中区"],
            ["报送单位", "渝中区"],
            ["报告期", period],
            ["单位运营状态", "正常营业"],
            ["零报告", zero],
            ["收入核算方法", "总额法"],
            [],
            ["单位负责人", "张三", "统计负责人", "李四"],
            ["填表人", None, "联系电话", "023-12345678"],
            ["报出日期", "2025年7月10日"],
        ]
    }
    for sheet, lines in SECTIONS.items():
        rows: Rows = [["抽样快报"], [], [*SINGLE_HEADS], ["甲", "乙", "丙", "1", "2", "3"]]
        for line in lines:
            values: list[CellValue] = [
                figure(line.line, measure) if measure in line.measures else "——"
                for measure in MEASURES
            ]
            rows.append([line.line, line.label, line.unit, *values, None])
        sheets[sheet] = rows
    return sheets


def roll(codes: Sequence[str] = (CODE, credit_code(2)), zero_codes: Sequence[str] = ()) -> Sheets:
    sheets: Sheets = {
        "封面": [["抽样快报"], ["报送单位", "渝中区"], ["报告期", "2025年6月"], ["填表人", "王五"]],
        "单位名单": [
            [
                "序号",
                "统一社会信用代码",
                "单位详细名称",
                "所在区县",
                "单位运营状态",
                "零报告",
                "收入核算方法",
            ],
            *(
                [number, code, f"机构{number}", "渝中区", "正常营业", "否", "净额法"]
                for number, code in enumerate(codes, start=1)
            ),
            *([None, code, "零机构", "渝中区", "停业", "是", None] for code in zero_codes),
        ],
    }
    for sheet, lines in SECTIONS.items():
        pairs = [(line, measure) for line in lines for measure in line.measures]
        heads: Rows = [
            ["序号", "统一社会信用代码", "单位详细名称"],
            [None, None, None],
            [None, None, None],
            [None, None, None],
        ]
        for line, measure in pairs:
            is_stock = CATALOG.indicator(line.indicator).measure_type == "stock"
            label = MEASURES[measure].stock_label if is_stock else MEASURES[measure].label
            column = [line.label if measure == "month" else None, line.line, line.unit, label]
            for head, text in zip(heads, column, strict=True):
                head.append(text)
        rows: Rows = [["抽样快报（汇总表）"], *heads]
        for number, code in enumerate(codes, start=1):
            values = [figure(line.line, measure) for line, measure in pairs]
            rows.append([number, code, f"机构{number}", *values])
        sheets[sheet] = rows
    return sheets


def register(count: int = 3) -> Sheets:
    columns = CATALOG.form("register").tables[0].columns
    row = {
        "district": "渝中区",
        "township": "解放碑街道",
        "reporting_unit": "渝中区",
        "institution_type": "民营性质的服务企业",
        "licence_kind": "许可",
        "first_registered_date": "2020-03-01",
        "business_line": "劳务派遣",
        "size_class": "小型",
    }
    rows: Rows = [["机构名录"], ["所属期末", "2025年6月"], [column.label for column in columns]]
    for number in range(1, count + 1):
        told = row | {"credit_code": credit_code(number), "agency_name": f"机构{number}"}
        rows.append([told.get(column.field) for column in columns])
    return {"机构名录": rows}


def place(sheets: Sheets, sheet: str, text: CellValue) -> tuple[int, int]:
    """Row and column (from 0) of the first cell that holds this."""
    return next(
        (row_no, row.index(text)) for row_no, row in enumerate(sheets[sheet]) if text in row
    )


def beside(sheets: Sheets, label: str, value: CellValue, sheet: str = "封面") -> None:
    """Put a value right of a label."""
    row, column = place(sheets, sheet, label)
    sheets[sheet][row][column + 1] = value


def at(sheets: Sheets, sheet: str, row_text: CellValue, head: str, value: CellValue) -> str:
    """Put a value where a row and a column meet; return the address."""
    row, _ = place(sheets, sheet, row_text)
    _, column = place(sheets, sheet, head)
    sheets[sheet][row][column] = value
    return f"{chr(65 + column)}{row + 1}"


def shifted(rows: Rows, down: int, right: int) -> Rows:
    return [[] for _ in range(down)] + [[None] * right + row for row in rows]


def save(sheets: Sheets, path: Path) -> Path:
    workbook = OpenpyxlWorkbook()
    del workbook["Sheet"]
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    workbook.save(path)
    return path


def receipt(folder: str = "reports", period: str | None = "2025-06", number: int = 1) -> Receipt:
    parts = [folder, *([period] if period else []), "报表.xlsx"]
    return Receipt(
        number, "0" * 64, folder, period, "/".join(parts), 1, "2026-07-10T09:00:00+08:00"
    )


def read(
    sheets: Sheets,
    folder: str = "reports",
    period: str | None = "2025-06",
    reader: WorkbookReader = READER,
) -> Reading:
    workbook = Workbook([Sheet(name, True, rows) for name, rows in sheets.items()])
    return reader.read(workbook, receipt(folder, period))


def figures(reading: Reading, code: str = CODE) -> dict[tuple[object, object], object]:
    """Figures by indicator and measure; a second value for one of them is an error."""
    found: dict[tuple[object, object], object] = {}
    for value in reading.values:
        if value.measure_code and value.credit_code == code:
            key = value.indicator_code, value.measure_code
            assert key not in found
            found[key] = value.number_value
    return found


def texts(reading: Reading, code: str | None = CODE) -> dict[object, object]:
    return {
        value.field_code: value.text_value
        for value in reading.values
        if value.measure_code is None and value.credit_code == code
    }


def rules(reading: Reading) -> list[tuple[object, object, object]]:
    """Scope, rule and cell of each problem."""
    return [(item["scope"], item["rule_code"], item["cell_address"]) for item in reading.problems]
