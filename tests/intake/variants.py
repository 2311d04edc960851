# ruff: noqa: E501 (lists of spellings are read along the line)
"""One valid report of one agency, damaged in the ways people damage reports, each with its outcome.

The outcomes were written down before anything was run: what a careful statistician would want. The
forms are those of the templates; their packages are changed cell by cell, or with openpyxl.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.intake.templates import (
    AgencyIdentity,
    AgencyReport,
    write_flash_roll,
    write_flash_single,
    write_list,
)
from tests.intake.books import CATALOG, CODE, credit_code, expected_figures
from tests.intake.hostile import Change, repacked

JUNE = "reports/2025-06"
COVER, MONEY, EVENTS, PEOPLE, EFFECTS = "封面", "营业收入", "招聘活动", "服务对象", "服务效果"
SHEETS = (COVER, MONEY, EVENTS, PEOPLE, EFFECTS)
Figure = tuple[str, str]  # indicator and measure
REVENUE: Figure = "revenue_booked", "month"  # 营业收入!D10, 1200.5万元
LAST_YEAR: Figure = "revenue_booked", "ytd_last_year"  # 营业收入!F10, not required
SEEKERS: Figure = "fair_seekers", "month"  # 招聘活动!D15, 1200人次
Problem = tuple[str, str | None, str | None]  # rule, sheet, cell
Book = Callable[[Workbook], None]


@dataclass(frozen=True)
class Outcome:
    """What must become of a variant; figures stand in base units, None where there is to be none.

    `problems` are all there are to be, and every other figure is to be the true one, unless the
    whole file is refused. `spelling` and `texts` are what must be kept of some cells and fields.
    """

    outcome: str = "read"
    problems: frozenset[Problem] = frozenset()
    figures: Mapping[Figure, Decimal | None] = field(default_factory=dict)
    spelling: Mapping[str, str | None] = field(default_factory=dict)  # by Sheet!A1
    texts: Mapping[str, str | None] = field(default_factory=dict)  # by field


@dataclass(frozen=True)
class Variant:
    """A damaged file, where it lies and what must become of it."""

    name: str
    make: Callable[[], bytes]
    outcome: Outcome
    place: str = JUNE
    suffix: str = ".xlsx"
    has_figures: bool = True  # of the flash report


@dataclass(frozen=True)
class Typed:
    """What is put into a cell: its XML, its type, and a number format if not the cell's own."""

    body: str
    kind: str = "n"
    number_format: str | None = None


def true_figures() -> dict[Figure, Decimal]:
    """Every figure of the valid report in its base unit."""
    units = {line.indicator: line.unit for line in CATALOG.form("flash_report").lines}
    factors = {unit.unit: unit.factor for unit in CATALOG.units}
    printed = expected_figures() | {REVENUE: Decimal("1200.5"), LAST_YEAR: Decimal("1200.5")}
    printed |= {SEEKERS: Decimal(1200)}
    return {place: number * factors[units[place[0]]] for place, number in printed.items()}


@cache
def valid(number: int = 1) -> bytes:
    """The valid report, as its template is written for an agency."""
    code = credit_code(number)
    identity = AgencyIdentity(code, "示例人力资源有限公司", "500103", "500103")
    report = AgencyReport(identity, accounting_method="gross", values=true_figures())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "valid.xlsx"
        write_flash_single(path, CATALOG, "2025-06", report)
        return path.read_bytes()


def with_cells(typed: Mapping[str, Typed], content: bytes | None = None) -> bytes:
    """A report with other things in some cells (Sheet!A1)."""
    formats = [each.number_format for each in typed.values() if each.number_format is not None]
    changes: dict[str, Change] = {}
    first = _count_styles()
    for place, each in typed.items():
        sheet, address = place.split("!")
        part = f"xl/worksheets/sheet{SHEETS.index(sheet) + 1}.xml"
        style = None
        if each.number_format is not None:
            style = first + formats.index(each.number_format)
        changes[part] = partial(_put, address, each, style, changes.get(part))
    if formats:
        changes["xl/styles.xml"] = partial(_add_styles, formats)
    return repacked(content or valid(), changes)


def _put(address: str, typed: Typed, style: int | None, before: Change, part: bytes) -> bytes:
    """A part of a sheet with another cell."""
    if callable(before):
        part = before(part)
    cell = re.compile(rf'<c r="{address}"(?: s="(\d+)")?[^>]*?(?:/>|>.*?</c>)'.encode(), re.DOTALL)
    found = cell.search(part)
    assert found is not None, address
    own = found[1].decode() if style is None and found[1] else str(style or 0)
    new = f'<c r="{address}" s="{own}" t="{typed.kind}">{typed.body}</c>'
    return part[: found.start()] + new.encode("utf-8", "surrogatepass") + part[found.end() :]


@cache
def _count_styles() -> int:
    """How many styles the template has."""
    styles = zipfile.ZipFile(io.BytesIO(valid())).read("xl/styles.xml")
    formats = re.search(rb"<cellXfs.*?</cellXfs>", styles, re.DOTALL)
    assert formats is not None
    return len(re.findall(rb"<xf ", formats[0]))


def _add_styles(formats: list[str], part: bytes) -> bytes:
    """The styles with one more for each number format."""
    numbered = list(enumerate(formats, start=900))
    codes = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for number, code in numbered
    )
    styles = "".join(f'<xf numFmtId="{n}" applyNumberFormat="1"/>' for n, _ in numbered)
    part = re.sub(rb"(<numFmts[^>]*>)", rb"\1" + codes.encode().replace(b"\\", rb"\\"), part)
    return part.replace(b"</cellXfs>", styles.encode() + b"</cellXfs>")


def text(words: str) -> Typed:
    """A text."""
    return Typed(f'<is><t xml:space="preserve">{escape(words)}</t></is>', "inlineStr")


def number(value: float | str, number_format: str | None = None) -> Typed:
    """A number, shown in a format."""
    return Typed(f"<v>{value}</v>", number_format=number_format)


def formula(code: str, result: str | None = None, kind: str = "n") -> Typed:
    """A formula and what it came to, if it was calculated."""
    return Typed(f"<f>{escape(code)}</f>" + (f"<v>{result}</v>" if result else ""), kind)


BLANK = Typed("")


def with_book(change: Book, content: bytes | None = None) -> bytes:
    """A report changed and saved with openpyxl."""
    book = openpyxl.load_workbook(io.BytesIO(content or valid()))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def read(
    figures: Mapping[Figure, Decimal | None] | None = None,
    spelling: Mapping[str, str | None] | None = None,
    texts: Mapping[str, str | None] | None = None,
    asked: set[Problem] | None = None,
) -> Outcome:
    """Read, with these figures other than the true ones, and these questions for review."""
    return Outcome("read", frozenset(asked or ()), figures or {}, spelling or {}, texts or {})


def flagged(
    *problems: Problem,
    lost: tuple[Figure, ...] = (),
    figures: Mapping[Figure, Decimal] | None = None,
) -> Outcome:
    """Read but for what is asked about, without the figures of those cells."""
    return Outcome("read", frozenset(problems), dict.fromkeys(lost) | dict(figures or {}))


def refused(*problems: Problem) -> Outcome:
    """Refused as a whole."""
    return Outcome("refused", frozenset(problems))


def quarantined(reason: str) -> Outcome:
    """Not opened."""
    return Outcome("quarantined", frozenset({(reason, None, None)}))


def variants() -> list[Variant]:
    """Every variant."""
    groups = (
        _money_read(), _money_asked(), _counts(), _optional(), _stored(), _formats(), _codes(),
        _periods(), _dates(), _choices(), _units(), _notes(), _lines(), _sheets(), _places(),
        _containers(), _people(), _rolls(), _registers(),
    )  # fmt: skip
    found = [variant for group in groups for variant in group]
    assert len({variant.name for variant in found}) == len(found)
    return found


def _cell(name: str, place: str, typed: Typed, outcome: Outcome) -> Variant:
    """A variant with one other cell."""
    return Variant(name, partial(with_cells, {place: typed}), outcome)


def _money_read() -> Iterator[Variant]:
    """Spellings of 1200.5 in a cell of 万元 that mean one number."""
    whole = Decimal(12_000_000)
    spelt: list[tuple[str, str | None, Decimal | None]] = [
        ("1200.5", None, None),
        ("1200.50", None, None),
        ("1,200.5", "thousands", None),
        ("1，200.5", "full_width;thousands", None),
        ("１２００．５", "full_width", None),
        ("１，２００．５", "full_width;thousands", None),
        (" 1200.5 ", "spaces", None),
        ("\u00a01200.5", "spaces", None),
        ("\u30001200.5\u3000", "spaces", None),
        ("\t1200.5", "spaces", None),
        ("1200.5\n", "line_breaks", None),
        ("\ufeff1200.5", "invisible", None),
        ("1\u200b200.5", "invisible", None),
        ("1200\u00ad.5", "invisible", None),
        ("1200.5\u200e", "invisible", None),
        ("'1200.5", "apostrophe", None),
        ("+1200.5", "plus_sign", None),
        ("0001200.5", "leading_zeros", None),
        ("1 200.5", "thousands", None),
        ("1200.5万元", "unit_in_cell", None),
        ("1200.5 万元", "spaces;unit_in_cell", None),
        ("1200.5\n万元", "line_breaks;unit_in_cell", None),
        ("１，２００．５万元", "full_width;thousands;unit_in_cell", None),
        ("12005000元", "unit_in_cell", None),
        ("12,005,000.00 元", "spaces;thousands;unit_in_cell", None),
        ("12005千元", "unit_in_cell", None),
        ("0.12005亿元", "unit_in_cell", None),
        ("12.005百万元", "unit_in_cell", None),
        ("¥1200.5万元", "currency_sign;unit_in_cell", None),
        ("￥12,005,000元", "full_width;currency_sign;thousands;unit_in_cell", None),
        ("1200.5万元整", None, None),
        ("12005000.00 元整", None, None),
        ("一千二百", "chinese_numerals", whole),
        ("壹仟贰佰", "chinese_numerals", whole),
        ("壹仟贰佰万元", "chinese_numerals;unit_in_cell", whole),
        ("一千二百万元整", None, whole),
        ("壹仟贰佰元", "chinese_numerals;unit_in_cell", Decimal(1200)),
        ("1200.50元", "unit_in_cell", Decimal("1200.5")),
        ("0.12亿元", "unit_in_cell", whole),
        ("0", None, Decimal(0)),
        ("0.0", None, Decimal(0)),
        ("０", "full_width", Decimal(0)),
        ("零", "chinese_numerals", Decimal(0)),
        ("-1200.5", None, Decimal(-12_005_000)),
        ("－1200.5", "full_width", Decimal(-12_005_000)),
        ("− 1200.5", "full_width;spaces", Decimal(-12_005_000)),
        ("-1,200.5万元", "thousands;unit_in_cell", Decimal(-12_005_000)),
    ]
    for words, rules, amount in spelt:
        spelling = {} if "整" in words else {"营业收入!D10": rules}
        figures = {} if amount is None else {REVENUE: amount}
        outcome = read(figures, spelling)
        yield _cell(f"金额可读 {words!r}", "营业收入!D10", text(words), outcome)


def _money_asked() -> Iterator[Variant]:
    """What stands in a cell of 万元 and is not one number, by the rule that it breaks."""
    asked = {
        "missing_value": ["", "   ", "\u3000", "\u200b", "\n"],
        "ambiguous_number": [
            "1,20", "1200,5", "1.200,5", "12,00", "1,200,5", "1 20", "12\n00", "1200 5", "12  00",
            "(1200.5)", "（1200.5）", "[1200.5]", "1200.5万", "0.12亿", "12万", "1，20", "¥1200.5",
            "1200.5 1300.5", "1200\t5", "一千二百万",
        ],
        "percent_number": ["12%", "１２％", "12 %", "12‰", "百分之十二"],
        "scientific_number": ["1e5", "1.2E+3", "1E5", "1.2005e3", "1e400"],
        "approximate_number": [
            "约1200", "1200余", "近1200", "1200左右", "1200-1300", "1200~1300", "1200至1300", "≈1200",
            ">1200", "1200+", "约1200万元", "1200多万元", "不足1200",
            "2025-06-30", "<b>1200.5</b>",  # looks like a range, and is asked about
        ],
        "unknown_unit": ["1200人", "1200人次", "1200家", "¥1200人次"],
        "not_a_number": [
            "-", "—", "——", "－", "/", "／", "无", "空", "无数据", "#", "##", "N/A", "n/a", "#N/A", "TBD", "待定",
            "同上", "同左", "〃", "见附件", "不详", "O", "1O00", "l200", "１2oo", "nan", "NaN", "inf", "Infinity",
            "1_200", "0x10", "1200.5.3", "1200。5", "1200·5", "--1200", "+-5", "1200.5-", "1200.", ".5",
            "1200/12", "1/2", "$1200", "€1200", "1200美元", "USD1200", "①②", "1²", "10²", "1₂", "½", "Ⅻ",
            "Ⅴ", "١٢٠٠", "๑๒๐๐", "१२००", "○", "=1+1", "=SUM(D11)", "1200*", "1200?", "预计1200",
            "1200（估）", "1200（含税）", "1200.5万元（含税）", "是", "9" * 20, "1" * 120,
            "1200年", "2025年6月", "一千二", "三万五", "千", "万", "百", "无（零）", "0元无",
            "1200;1300", "1200、1300", "1200和1300", "1200，另有300", "*", "\\", "…", "1200元/月",
        ],
    }  # fmt: skip
    for rule, texts in asked.items():
        for words in texts:
            outcome = flagged((rule, MONEY, "D10"), lost=(REVENUE,))
            yield _cell(f"金额应问 {rule} {words[:20]!r}", "营业收入!D10", text(words), outcome)


def _counts() -> Iterator[Variant]:
    """What stands in a cell of 人次."""
    for words, rules, count in [
        ("1200", None, 1200),
        ("1,200", "thousands", 1200),
        ("１２００", "full_width", 1200),
        ("1200.0", None, 1200),
        ("1200人次", "unit_in_cell", 1200),
        ("1200 人次", "spaces;unit_in_cell", 1200),
        ("0.12万人次", "unit_in_cell", 1200),
        ("0.12万", "multiplier", 1200),
        ("12百", "multiplier", 1200),
        ("1.2千", "multiplier", 1200),
        ("一千二百", "chinese_numerals", 1200),
        ("1千2百", "chinese_numerals", 1200),
        ("两千", "chinese_numerals", 2000),
        ("十二", "chinese_numerals", 12),
        ("0", None, 0),
        ("零", "chinese_numerals", 0),
        ("0人次", "unit_in_cell", 0),
    ]:
        outcome = read({SEEKERS: Decimal(count)}, {"招聘活动!D15": rules})
        yield _cell(f"计数可读 {words}", "招聘活动!D15", text(words), outcome)
    asked = {
        "not_an_integer": ["1200.5", "0.00005万人次", "12.5"],
        "unknown_unit": ["1200人", "1200个", "1200万元", "1200元", "1200家次", "¥1200"],
        "approximate_number": ["近千人次", "上千", "数百", "十余", "1200+", "1200人次左右", "几十"],
        "not_a_number": ["无", "1200人/次", "一千二", "1200男", "若干", "多"],
        "ambiguous_number": ["1200 800", "1,2", "(1200)", "600\n600"],
        "missing_value": [" "],
    }
    for rule, texts in asked.items():
        for words in texts:
            outcome = flagged((rule, EVENTS, "D15"), lost=(SEEKERS,))
            yield _cell(f"计数应问 {rule} {words!r}", "招聘活动!D15", text(words), outcome)


def _optional() -> Iterator[Variant]:
    """What stands where nothing is required."""
    for words in ["", " ", "-", "—", "——", "－－", "/", "无", "空", "无数据", "\u200b", "―"]:
        yield _cell(f"选填空白 {words!r}", "营业收入!F10", text(words), flagged(lost=(LAST_YEAR,)))
    yield _cell("选填空格", "营业收入!F10", BLANK, flagged(lost=(LAST_YEAR,)))
    yield _cell("选填零", "营业收入!F10", text("0"), read({LAST_YEAR: Decimal(0)}))
    yield _cell("选填数零", "营业收入!F10", number(0), read({LAST_YEAR: Decimal(0)}))
    for words in ["同上", "待定", "N/A", "不适用", "见附件", "无（未开业）", "*", "#"]:
        outcome = flagged(("not_a_number", MONEY, "F10"), lost=(LAST_YEAR,))
        yield _cell(f"选填应问 {words}", "营业收入!F10", text(words), outcome)


def _stored() -> Iterator[Variant]:
    """Cells that hold no text: numbers, errors, formulas, dates, truth values."""
    lost = partial(flagged, lost=(REVENUE,))
    error = lost(("cell_error", MONEY, "D10"))
    for code in ["#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"]:
        yield _cell(f"错误值 {code}", "营业收入!D10", Typed(f"<v>{code}</v>", "e"), error)
    failed = formula("1/0", "#DIV/0!", "e")
    yield _cell("公式结果是错误", "营业收入!D10", failed, error)
    yield _cell("公式没有结果", "营业收入!D10", formula("D11+D12"), error)
    yield _cell("外部链接没有结果", "营业收入!D10", formula("[1]Sheet1!$A$1"), error)
    yield _cell("逻辑值", "营业收入!D10", Typed("<v>1</v>", "b"), error)
    summed = formula("1000+200.5", "1200.5")
    yield _cell("公式有结果", "营业收入!D10", summed, read(spelling={"营业收入!D10": None}))
    linked = formula("[1]Sheet1!$A$1", "1200.5")
    yield _cell("外部链接有结果", "营业收入!D10", linked, read())
    worded = formula('TEXT(1200.5,"0.0")', "1200.5", "str")
    yield _cell("公式结果是文本数字", "营业收入!D10", worded, read())
    emptied = formula('IF(1=1,"",1)', "", "str")
    missing = lost(("missing_value", MONEY, "D10"))
    missing = lost(("missing_value", MONEY, "D10"))
    yield _cell("公式结果是空文本", "营业收入!D10", emptied, missing)
    yield _cell("必填空白", "营业收入!D10", BLANK, missing)
    not_number = lost(("not_a_number", MONEY, "D10"))
    yield _cell("数字格式为日期", "营业收入!D10", number(45838, "yyyy-mm-dd"), not_number)
    yield _cell("数字格式为时间", "营业收入!D10", number(0.5, "h:mm"), error)
    yield _cell("数字格式为累计时间", "营业收入!D10", number(1200.5, "[h]:mm"), error)
    yield _cell("太大", "营业收入!D10", number("1E+15"), not_number)
    yield _cell("大得出奇", "营业收入!D10", number("1E+300"), not_number)
    minus = read({REVENUE: Decimal(-12_005_000)})
    yield _cell("负数", "营业收入!D10", number(-1200.5), minus)
    yield _cell("必填零", "营业收入!D10", number(0), read({REVENUE: Decimal(0)}))
    yield _cell("负零", "营业收入!D10", number("-0"), read({REVENUE: Decimal(0)}))
    small = read({REVENUE: Decimal("0.0001")})
    yield _cell("末位小数", "营业收入!D10", number("0.00000001"), small)
    count = flagged(("not_an_integer", EVENTS, "D15"), lost=(SEEKERS,))
    yield _cell("计数有小数", "招聘活动!D15", number(1200.5), count)
    yield _cell("计数有微小的小数", "招聘活动!D15", number("1200.0001"), count)
    rich = Typed("<is><r><t>12</t></r><r><t>00.5</t></r></is>", "inlineStr")
    yield _cell("分段的文本", "营业收入!D10", rich, read())
    nul = Typed("<is><t>12_x0000_00</t></is>", "inlineStr")
    yield _cell("空字符", "营业收入!D10", nul, not_number)
    bell = Typed("<is><t>12\x0700</t></is>", "inlineStr")
    yield _cell("不许有的字符", "营业收入!D10", bell, quarantined("damaged"))


def _formats() -> Iterator[Variant]:
    """Numbers that their format shows in a unit, as another number, or only otherwise."""
    place = "营业收入!D10"
    same = read(spelling={place: None})
    for code in [
        '0.00_);[Red](0.00)', '#,##0.00;[Red]-#,##0.00', '"¥"#,##0.00', "¥#,##0.00", "@", ";;;",
        "0.00E+00", "# ?/?", "[DBNum1]0.00", "[DBNum2][$-804]0.00", "General", "0.00;[Red]0.00",
        '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', "#,##0.0000", "0", "00000.0",
    ]:  # fmt: skip
        yield _cell(f"格式照旧 {code}", place, number(1200.5, code), same)
    for code in ["0.00_);[Red](0.00)", "0.00;[Red]0.00", '0.00;"-"0.00', "(0.00)"]:
        value = number(-1200.5, code)
        minus = read({REVENUE: Decimal(-12_005_000)}, {place: None})
        yield _cell(f"格式负数 {code}", place, value, minus)
    in_unit = {place: "unit_in_format"}
    for code, stored in {
        '0.00"万元"': "1200.5",
        '#,##0.00"元"': "12005000",
        "0.00\\亿\\元": "0.12005",
        '[>=0]0.00"万元";-0.00"万元"': "1200.5",
        '0.0"千元"': "12005",
    }.items():
        yield _cell(f"格式带单位 {code}", place, number(stored, code), read(spelling=in_unit))
    for rule, codes in {
        "percent_number": ["0.00%", "0%", '0.00"%"'],
        "ambiguous_number": [
            "#,##0,", "0.0,", '0!.0,', "0\\.0000", '0"."0,', "0.00,,", "0.0,\"万\"", '0.00"万"',
            "#,##0,\"千元\"",
        ],
        "unknown_unit": ['0"人"', '0"人次"', "0\\家"],
        "approximate_number": ['"约"0'],
        "not_a_number": ['0"（估）"', '"合计"0'],
    }.items():  # fmt: skip
        for code in codes:
            outcome = flagged((rule, MONEY, "D10"), lost=(REVENUE,))
            yield _cell(f"格式应问 {code}", place, number(1200.5, code), outcome)
    dash = flagged(("ambiguous_number", MONEY, "D10"), lost=(REVENUE,))
    yield _cell("格式只有横线", place, number(1200.5, '"——"'), dash)
    nought = read({REVENUE: Decimal(0)}, {place: None})
    yield _cell("零显示为横线", place, number(0, '#,##0.00;-#,##0.00;"-"'), nought)


def _codes() -> Iterator[Variant]:
    """Spellings of the 统一社会信用代码."""
    place, right = "封面!B9", CODE
    for words, rules in {
        right.lower(): "letter_case",
        f" {right} ": "spaces",
        f"\u00a0{right}": "spaces",
        f"{right[:8]} {right[8:]}": "spaces",
        f"{right[:6]}-{right[6:]}": "hyphens",
        f"'{right}": "apostrophe",
        f"{right}\u200b": "invisible",
        f"{right}\n": "line_breaks",
        "".join(chr(ord(c) + 0xFEE0) for c in right): "full_width",
    }.items():
        outcome = read(spelling={place: rules}, texts={"credit_code": right})
        yield _cell(f"代码可读 {words!r}", place, text(words), outcome)
    bad = refused(("invalid_credit_code", COVER, "B9"))
    for words in [
        right[:17], right + "1", right[:-1] + "R", right.replace("Q", "O"), right.replace("0", "O", 1),
        "9.15001E+17", "9.15001030000000E+17", "无", "待办", "=B10", "'; DROP TABLE raw_files; --",
        f"{right}（新）", f"{right}/{credit_code(2)}", "５００１０３１９９００１０１１２３４", "500103000000001",
        "../../etc/passwd", "<script>alert(1)</script>", "{{7*7}}", right[::-1],
    ]:  # fmt: skip
        yield _cell(f"代码不可读 {words[:24]!r}", place, text(words), bad)
    yield _cell("代码成数字", place, number("915001030000000000"), bad)
    yield _cell("代码成短数字", place, number(91500103), bad)
    yield _cell(
        "代码错误值", place, Typed("<v>#REF!</v>", "e"), refused(("cell_error", COVER, "B9"))
    )
    yield _cell("代码空白", place, text(" "), refused(("missing_value", COVER, "B9")))
    yield _cell("代码公式没有结果", place, formula("A1"), refused(("cell_error", COVER, "B9")))


def _periods() -> Iterator[Variant]:
    """Spellings of the report's period."""
    place = "封面!B13"
    for words in [
        "2025-06", "2025/6", "2025/06", "2025.6", "2025.06", "202506", "2025年06月", "2025年6月份",
        "２０２５年６月", "二〇二五年六月", "二○二五年六月", "2025年六月", " 2025年6月 ", "2025 年 6 月",
        "2025年6月30日", "2025-06-30", "2025/6/1", "20250630", "2025年\n6月", "2025年6月：",
    ]:  # fmt: skip
        yield _cell(f"报告期可读 {words!r}", place, text(words), read(texts={"period": "2025-06"}))
    for name, typed in {
        "数字": number(202506),
        "序列号": number(45809),
        "日期": number(45809, "yyyy-mm-dd"),
        "显示为年月的日期": number(45838, 'yyyy"年"m"月"'),
        "带时间的日期": number(45809.5, "yyyy-mm-dd h:mm"),
        "公式结果": formula('"2025年6月"', "2025年6月", "str"),
    }.items():
        yield _cell(f"报告期 {name}", place, typed, read(texts={"period": "2025-06"}))
    bad = partial(refused)
    for words in [
        "2025年", "6月", "六月", "25年6月", "2025年13月", "2025年0月", "2025年第二季度", "2025年上半年",
        "2025年1-6月", "2025年6月至7月", "2025年6-7月", "本月", "当月", "上月", "同上", "2025年6月（补报）",
        "2025/06/31", "2025年6月31日", "6/2025", "Jun-25", "June 2025", "25-06", "2025年二月三十日", "2025-6月",
    ]:  # fmt: skip
        outcome = bad(("not_a_month", COVER, "B13"))
        yield _cell(f"报告期不可读 {words!r}", place, text(words), outcome)
    yield _cell("报告期成小数", place, number(2025.6), bad(("not_a_month", COVER, "B13")))
    yield _cell("报告期空白", place, BLANK, bad(("period_missing", COVER, "B13")))
    yield _cell("报告期错误值", place, Typed("<v>#N/A</v>", "e"), bad(("cell_error", COVER, "B13")))
    other = bad(("period_mismatch", COVER, "B13"))
    for words in ["2025年5月", "2024年6月", "2026年6月", "2025年7月", "2024-06-30", "2025年1—2月"]:
        yield _cell(f"报告期不符 {words}", place, text(words), other)
    yield _cell("报告期是另一年的日期", place, number(45444, "yyyy-mm-dd"), other)
    epoch = partial(_in_1904, {place: number(45809 - 1462, "yyyy-mm-dd")})
    yield Variant("1904年起的日期", epoch, read(texts={"period": "2025-06"}))
    serial = partial(_in_1904, {place: number(45809 - 1462)})
    yield Variant("1904年起的序列号", serial, read(texts={"period": "2025-06"}))
    pasted = partial(_in_1904, {place: number(45809, "yyyy-mm-dd")})
    yield Variant("1900年起的日期粘入1904年起的工作簿", pasted, other)


def _in_1904(typed: Mapping[str, Typed]) -> bytes:
    """A report whose dates count from 1904, with other cells."""

    def change(part: bytes) -> bytes:
        if b"<workbookPr" in part:
            return part.replace(b"<workbookPr", b'<workbookPr date1904="1"', 1)
        return re.sub(rb"(<workbook [^>]*>)", rb'\1<workbookPr date1904="1"/>', part, count=1)

    return repacked(with_cells(typed), {"xl/workbook.xml": change})


def _dates() -> Iterator[Variant]:
    """Spellings of the date of report, which is not required."""
    place = "封面!B20"
    right = read(texts={"report_date": "2025-07-10"})
    for words in [
        "2025年7月10日", "2025-07-10", "2025-7-10", "2025/7/10", "2025.7.10", "20250710",
        "2025-07-10 10:30", "二〇二五年七月十日", "２０２５年７月１０日", "2025 年 7 月 10 日",
    ]:  # fmt: skip
        yield _cell(f"日期可读 {words!r}", place, text(words), right)
    yield _cell("日期", place, number(45848, "yyyy-mm-dd"), right)
    yield _cell("日期序列号", place, number(45848), right)
    for words in [
        "2025/06/31", "2025-02-30", "7月10日", "2025年7月", "10/7/2025", "2025-13-01", "昨天", "25.7.10",
        "2025年七月初十", "45848", "2025-07-10至2025-07-12",
    ]:  # fmt: skip
        outcome = read(texts={"report_date": None}, asked={("not_a_date", COVER, "B20")})
        yield _cell(f"日期应问 {words!r}", place, text(words), outcome)
    blank = read(texts={"report_date": None})
    yield _cell("日期无", place, text("—"), blank)


def _choices() -> Iterator[Variant]:
    """Spellings of choices and areas."""
    for words in ["正常营业 ", "正 常 营 业", "正常营业\n", "正常\u200b营业"]:
        outcome = read(texts={"operating_status": "normal"})
        yield _cell(f"状态可读 {words!r}", "封面!B14", text(words), outcome)
    for words in ["其它", "正常营业/停业", "营", "√", "正常营业（部分）", "是", "同上", "?"]:
        outcome = flagged(("not_a_choice", COVER, "B14"))
        yield _cell(f"状态应问 {words!r}", "封面!B14", text(words), outcome)
    yield _cell("状态空白", "封面!B14", BLANK, flagged(("missing_value", COVER, "B14")))
    yield _cell("状态无", "封面!B14", text("无"), flagged(("not_a_choice", COVER, "B14")))
    for words in ["是/否", "无", "不是零", "0", "×"]:
        outcome = flagged(("not_a_choice", COVER, "B15"))
        yield _cell(f"零报告应问 {words}", "封面!B15", text(words), outcome)
    conflict = flagged(("zero_report_conflict", COVER, "B15"))
    for words in ["是", "√", "Y"]:
        yield _cell(f"零报告填{words}而有数据", "封面!B15", text(words), conflict)
    yield _cell(
        "零报告逻辑值", "封面!B15", Typed("<v>0</v>", "b"), flagged(("cell_error", COVER, "B15"))
    )
    yield _cell("零报告空白", "封面!B15", BLANK, flagged(("missing_value", COVER, "B15")))
    for words in ["渝中区 ", "渝 中 区", "渝中\u3000区", "500103"]:
        yield _cell(
            f"区县可读 {words!r}", "封面!B11", text(words), read(texts={"district": "500103"})
        )
    for words in ["渝中區", "渝种区", "重庆", "四川省", "渝中区、江北区", "500199", "/", "同上"]:
        outcome = flagged(("unknown_area", COVER, "B11"))
        yield _cell(f"区县应问 {words}", "封面!B11", text(words), outcome)


def _money_figures() -> dict[Figure, Decimal]:
    """The figures of the sheet 营业收入."""
    lines = {line.indicator for line in CATALOG.form("flash_report").sections[0].lines}
    return {place: amount for place, amount in true_figures().items() if place[0] in lines}


def _revenue(factor: str) -> dict[Figure, Decimal]:
    """The figures of line 01, times something."""
    found = {key: amount for key, amount in _money_figures().items() if key[0] == REVENUE[0]}
    return {key: amount * Decimal(factor) for key, amount in found.items()}


def _units() -> Iterator[Variant]:
    """Units in the column 计量单位, in heads and labels, and what goes together."""
    place = "营业收入!C10"
    for words, factor in {
        "元": "0.0001", "亿元": "10000", "千元": "0.1", "万 元": "1", "萬元": None, "": "1", "万元 ": "1",
    }.items():  # fmt: skip
        own = tuple(_revenue("1"))
        outcome = (
            flagged(("unknown_unit", MONEY, "C10"), lost=own)
            if factor is None
            else read(_revenue(factor))
        )
        yield _cell(f"单位栏 {words!r}", place, text(words), outcome)
    own = tuple(_revenue("1"))
    for words in [
        "人次",
        "万元（含税）",
        "万",
        "美元",
        "万美元",
        "元/月",
        "%",
        "RMB",
        "同上",
        "万元或元",
    ]:
        outcome = flagged(("unknown_unit", MONEY, "C10"), lost=own)
        yield _cell(f"单位栏应问 {words}", place, text(words), outcome)
    both = partial(with_cells, {place: text("元"), "营业收入!D10": text("1200.5万元")})
    wins = read(_revenue("0.0001") | {REVENUE: Decimal(12_005_000)})
    yield Variant("单位栏元而单元格万元", both, wins)
    money = {place: text("元"), "营业收入!D10": number(12_005_000, '0"元"')}
    yield Variant("单位栏元而格式元", partial(with_cells, money), wins)
    shown = {place: text("元"), "营业收入!D10": number(1200.5, '0.00"万元"')}
    yield Variant("单位栏元而格式万元", partial(with_cells, shown), wins)
    yield _cell("单位栏人而指标人次", "招聘活动!C15", text("人"),
                flagged(("unknown_unit", EVENTS, "C15"), lost=tuple(_seekers("1"))))  # fmt: skip
    yield _cell("单位栏万人次", "招聘活动!C15", text("万人次"), read(_seekers("10000")))
    label = text("人力资源服务营业收入（元）")
    asked = flagged(("label_mismatch", MONEY, "B10"), lost=own)  # the label is another's
    yield _cell("指标名称带元而单位栏万元", "营业收入!B10", label, asked)
    # The other columns say no unit: are they in 万元, as the form has it, or in 元, too?
    months = tuple(_money_figures())
    asked = flagged(("unit_conflict", MONEY, "F8"), lost=months)
    for words in ["本月（元）", "本月（亿元）"]:
        yield Variant(f"表头 {words} 而单位栏空", partial(_head_in, words), asked)
    yield Variant("表头 本月（万元） 而单位栏空", partial(_head_in, "本月（万元）"), read())
    asked = flagged(("unit_conflict", MONEY, "D8"), lost=months)
    yield _cell("表头元而单位栏万元", "营业收入!D8", text("本月（元）"), asked)


def _seekers(factor: str) -> dict[Figure, Decimal]:
    """The figures of line 26, times something."""
    found = {key: amount for key, amount in true_figures().items() if key[0] == SEEKERS[0]}
    return {key: amount * Decimal(factor) for key, amount in found.items()}


def _money_rows() -> list[int]:
    """The rows of the sheet 营业收入 that are read."""
    return [10, 11, 12, *range(15, 25)]


def _head_in(words: str) -> bytes:
    """A report with another head over the month, and without units beside the lines."""
    blanks = {f"营业收入!C{row}": BLANK for row in range(10, 25)}
    return with_cells({"营业收入!D8": text(words)} | blanks)


def _notes() -> Iterator[Variant]:
    """Notes of a unit above the table, below it and on other sheets."""
    months = tuple(_money_figures())
    conflict = {("unit_conflict", MONEY, f"C{row}") for row in _money_rows()}
    asked = flagged(*conflict, lost=months)
    for words in [
        "单位：元", "金额单位：元", "单位：亿元", "计量单位：元", "货币单位：元", "（单位：元）", "单位: 元",
        "单 位：元", "单位（元）", "单位：人民币元", "单位：元（人民币）", "单位：元 币种：人民币", "以元为单位", "金额以元为单位",
        "注：以下金额单位为元", "单位：元、人次", "金额单位为元", "单位:元/人次", "计量单位（元）",
    ]:  # fmt: skip
        yield _cell(f"表上注 {words}", "营业收入!A7", text(words), asked)
    for words in ["单位：万元", "金额单位：万元", "单位：万元、人次", "填报单位：示例公司", "单位：示例人力资源有限公司",
                  "报送单位：渝中区", "单位负责人：张三", "单位电话：12345", "金额以万元为单位"]:  # fmt: skip
        yield _cell(f"表上无碍 {words}", "营业收入!A7", text(words), read())
    two = {"营业收入!F7": text("金额单位"), "营业收入!G7": text("元")}
    yield Variant("注在两格", partial(with_cells, two), asked)
    colon = {"营业收入!F7": text("单位："), "营业收入!G7": text("元")}
    yield Variant("注在两格有冒号", partial(with_cells, colon), asked)
    yield _cell("封面上注元", "封面!A2", text("金额单位：元"), asked)
    yield _cell("填报说明改为元", "营业收入!A2", text("2025年6月　单位：元"), asked)
    below = partial(with_book, partial(_note_below, "注：金额单位为元"))
    yield Variant("表下注元", below, asked)
    below = partial(with_book, partial(_note_below, "单位：元"))
    yield Variant("表下单位元", below, asked)
    blanks = {f"营业收入!C{row}": BLANK for row in range(10, 25)}
    noted = partial(with_cells, blanks | {"营业收入!A7": text("单位：元")})
    less = {key: amount / 10_000 for key, amount in _money_figures().items()}
    yield Variant("注元而单位栏空", noted, read(less))
    myriads = {"招聘活动!A7": text("单位：万人次")}
    people = {("unit_conflict", EVENTS, "C15")}
    yield Variant(
        "注万人次", partial(with_cells, myriads), flagged(*people, lost=tuple(_seekers("1")))
    )
    yield Variant("说明表改单位", partial(with_book, _rewrite_instruction), asked)


def _note_below(words: str, book: Workbook) -> None:
    book[MONEY]["B25"] = words


def _rewrite_instruction(book: Workbook) -> None:
    book["填报说明"]["A4"] = "2．金额以元为单位。"


def _lines() -> Iterator[Variant]:
    """Rows and columns moved, renamed, doubled, left out, and rows that are no lines of the form."""
    book = _booked
    mismatch = flagged(("label_mismatch", MONEY, "B10"), lost=tuple(_revenue("1")))
    for words in [
        "人力资源服务收入",
        "主营业务收入",
        "05中：劳务派遣",
        "",
        "营业总收入",
        "利润总额",
    ]:
        yield _cell(f"名称改为 {words!r}", "营业收入!B10", text(words), mismatch)
    for words in [
        "人力资源服务 营业收入",
        "人力资源服务营业收入：",
        "营业收入",
        "人力资源服务营业收入\n",
    ]:
        yield _cell(f"名称可认 {words!r}", "营业收入!B10", text(words), read())
    for words in ["1", "０１", "01 ", "", " 01"]:
        yield _cell(f"代码栏 {words!r}", "营业收入!A10", text(words), read())
    yield _cell("代码栏成数字", "营业收入!A10", number(1), read())
    yield _cell("代码栏是别的代码", "营业收入!A10", text("02"), Outcome(
        "read", frozenset({("label_mismatch", MONEY, "B10"), ("missing_value", MONEY, None)}),
        dict.fromkeys(_revenue("1"))))  # fmt: skip
    yield _cell("代码栏没有的代码", "营业收入!A10", text("99"), Outcome(
        "read", frozenset({("label_mismatch", MONEY, "B10")}), dict.fromkeys(_revenue("1"))))  # fmt: skip

    def insert_row(at: int) -> Book:
        return lambda opened: opened[MONEY].insert_rows(at)

    yield book("表上插入空行", insert_row(8), read())
    yield book("表中插入空行", insert_row(12), read())
    yield book("插入空列", lambda opened: opened[MONEY].insert_cols(1), read())
    yield book("中间插入空列", lambda opened: opened[MONEY].insert_cols(5), read())
    yield book("工作表改名", lambda opened: setattr(opened[MONEY], "title", "收入"), read())
    yield book("工作表换序", lambda opened: opened.move_sheet(MONEY, 2), read())
    yield book("隐藏工作表", lambda opened: setattr(opened[MONEY], "sheet_state", "hidden"), read())
    yield book("极隐藏工作表", lambda o: setattr(o[MONEY], "sheet_state", "veryHidden"), read())
    yield book("隐藏行", lambda o: setattr(o[MONEY].row_dimensions[10], "hidden", True), read())
    yield book("隐藏列", lambda o: setattr(o[MONEY].column_dimensions["D"], "hidden", True), read())
    yield book("合并名称", lambda opened: opened[MONEY].merge_cells("A25:B25"), read())
    dispatch = ("revenue_incl_recruitment", "month")
    yield book("合并两行数据", lambda opened: opened[MONEY].merge_cells("D15:D16"), flagged(
        ("missing_value", MONEY, "D16"), lost=(("revenue_incl_dispatch", "month"),)))  # fmt: skip
    gone = {key: None for key in _money_figures() if key[0] == dispatch[0]}
    yield book("删去一行", lambda opened: opened[MONEY].delete_rows(15), Outcome(
        "read", frozenset({("missing_value", MONEY, None)}), gone))  # fmt: skip
    yield book("删去一表", lambda opened: opened.remove(opened[MONEY]), Outcome(
        "read", frozenset({("missing_value", MONEY, None)}), dict.fromkeys(_money_figures())))  # fmt: skip
    yield book("删去本月一列", lambda opened: opened[MONEY].delete_cols(4), Outcome(
        "read", frozenset({("missing_column", MONEY, None)}),
        {key: None for key in _money_figures() if key[1] == "month"}))  # fmt: skip
    yield book("换列", _swap_columns, read())
    yield book("换行", _swap_rows, read())
    yield _cell("表头两个本月", "营业收入!E8", text("本月"), Outcome(
        "read", frozenset({("duplicate_label", MONEY, None), ("missing_column", MONEY, None)}),
        {key: None for key in _money_figures() if key[1] in ("month", "ytd")}))  # fmt: skip
    yield _cell("表头改为本年", "营业收入!E8", text("全年"), Outcome(
        "read", frozenset({("missing_column", MONEY, None), ("unknown_column", MONEY, "E8")}),
        {key: None for key in _money_figures() if key[1] == "ytd"}))  # fmt: skip
    yield _cell("表头累计", "营业收入!E8", text("本年累计"), read())
    yield _cell("表头去年同期", "营业收入!F8", text("上年同期累计"), read())
    doubled = {("duplicate_label", MONEY, "B25")}
    yield book("一行写两遍", partial(_add_row, "01", "人力资源服务营业收入", 999), Outcome(
        "read", frozenset(doubled), {}))  # fmt: skip
    strange = {("unknown_line", MONEY, "B25")}
    for code, label in {
        ("16", "05中：直播带岗"), ("", "其他人力资源服务收入"), ("", "补充：平台收入"), ("99", "其中：灵活用工"),
        ("", "06 人力资源招骋"),
    }:  # fmt: skip
        outcome = read(asked=strange)
        yield book(f"表外的行 {code}{label}", partial(_add_row, code, label, 500), outcome)
    for label in ["合计", "小计", "总　计"]:
        yield book(f"合计行 {label}", partial(_add_row, "", label, 500), read())
    yield book("表外的空行", partial(_add_row, "", "其他说明", None), read())
    yield book(
        "没有名称的数",
        partial(_add_row, "", None, 500),
        read(asked={("unknown_line", MONEY, "D25")}),
    )
    yield book("表旁的备注", lambda opened: opened[MONEY].__setitem__("I10", "核对无误"), read())
    yield book("表旁多一列数", partial(_add_column, "其中：线上", 5), read(
        asked={("unknown_column", MONEY, "H8")}))  # fmt: skip
    yield book("表旁一列备注", partial(_add_column, "备注", "已核"), read())
    yield book("表旁一列增长率", partial(_add_column, "同比增长（%）", 5), read())
    yield book("并排两张表", _side_by_side, Outcome(
        "read", frozenset({("duplicate_label", MONEY, None)}), dict.fromkeys(_money_figures())))  # fmt: skip


def _booked(name: str, change: Book, outcome: Outcome) -> Variant:
    """A variant made with openpyxl."""
    return Variant(name, partial(with_book, change), outcome)


def _swap_columns(book: Workbook) -> None:
    sheet = book[MONEY]
    for row in range(8, 25):
        left, right = sheet[f"D{row}"], sheet[f"E{row}"]
        left.value, right.value = right.value, left.value


def _swap_rows(book: Workbook) -> None:
    sheet = book[MONEY]
    for column in "ABCDEF":
        upper, lower = sheet[f"{column}16"], sheet[f"{column}17"]
        upper.value, lower.value = lower.value, upper.value


def _add_row(code: str, label: str | None, figure: float | None, book: Workbook) -> None:
    sheet = book[MONEY]
    for column, value in zip(
        "ABCDEF", [code or None, label, "万元", figure, figure, figure], strict=True
    ):
        sheet[f"{column}25"] = value


def _add_column(head: str, value: object, book: Workbook) -> None:
    sheet = book[MONEY]
    sheet["H8"] = head
    for row in range(10, 25):
        sheet[f"H{row}"] = value


def _side_by_side(book: Workbook) -> None:
    sheet = book[MONEY]
    for row in range(8, 25):
        for column in range(1, 7):
            value = sheet.cell(row, column).value
            sheet.cell(row, column + 8).value = 7 if isinstance(value, int | float) else value


def _sheets() -> Iterator[Variant]:
    """Copies, other sheets, and sheets of other agencies or months."""
    yield _booked("多一张空表", lambda opened: opened.create_sheet("Sheet1"), read())
    yield _booked("多一张草稿", _add_draft, read())
    copies = {("duplicate_label", f"{MONEY} Copy", f"B{row}") for row in _money_rows()}
    yield _booked("复制一张表", _copy_money, Outcome("read", frozenset(copies), {}))
    yield _booked("复制一张空表", _copy_blank, read())
    yield _booked("复制封面", lambda opened: opened.copy_worksheet(opened[COVER]), read())
    yield _booked("复制封面改状态", _copy_other_cover, Outcome(
        "read", frozenset({("duplicate_agency", "封面 Copy", None)}), {}))  # fmt: skip
    other = text(f"统一社会信用代码：{credit_code(2)}")
    yield _cell("别家的表", "营业收入!A6", other, flagged(("unclear_owner", MONEY, None)))
    yield _cell(
        "别的月份的表", "营业收入!A2", text("2025年5月"), flagged(("period_mismatch", MONEY, "A2"))
    )
    yield _booked("没有封面", lambda opened: opened.remove(opened[COVER]), refused(
        ("unrelated", None, None)))  # fmt: skip
    yield _booked("只有封面", _only_cover, Outcome(
        "read", frozenset(("missing_value", sheet, None) for sheet in SHEETS[1:]),
        dict.fromkeys(true_figures())))  # fmt: skip
    yield _booked("删去填报说明", lambda opened: opened.remove(opened["填报说明"]), read())
    yield _booked("加批注", _add_comment, read())
    yield _booked("加图表", _add_chart, read())
    yield _booked("定义名称", _define_name, read())
    yield _booked("筛选", lambda o: setattr(o[MONEY].auto_filter, "ref", "A8:F24"), read())
    yield _booked("格式刷到底", _format_far, read())


def _add_draft(book: Workbook) -> None:
    sheet = book.create_sheet("草稿")
    for row in range(1, 5):
        sheet.append([f"第{row}季", row * 100])


def _copy_money(book: Workbook) -> None:
    book.copy_worksheet(book[MONEY])


def _copy_blank(book: Workbook) -> None:
    sheet = book.copy_worksheet(book[MONEY])
    for row in range(10, 25):
        for column in "DEF":
            sheet[f"{column}{row}"] = None


def _copy_other_cover(book: Workbook) -> None:
    book.copy_worksheet(book[COVER])["B14"] = "停业"


def _only_cover(book: Workbook) -> None:
    for sheet in SHEETS[1:]:
        book.remove(book[sheet])


def _add_comment(book: Workbook) -> None:
    book[MONEY]["D10"].comment = openpyxl.comments.Comment("单位：元", "甲")


def _add_chart(book: Workbook) -> None:
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(book[MONEY], min_col=4, min_row=10, max_row=12))
    book[MONEY].add_chart(chart, "I2")


def _define_name(book: Workbook) -> None:
    name = openpyxl.workbook.defined_name.DefinedName("收入", attr_text="'营业收入'!$D$10")
    book.defined_names["收入"] = name


def _format_far(book: Workbook) -> None:
    sheet: Worksheet = book[MONEY]
    for column in range(1, 40):
        sheet.column_dimensions[get_column_letter(column)].width = 9
    sheet["Z3000"].number_format = "0.00"


def _places() -> Iterator[Variant]:
    """The valid report in other folders and under other names."""
    yield Variant(
        "放错月份", partial(valid, 2), refused(("period_mismatch", COVER, "B13")), "reports/2025-05"
    )
    yield Variant(
        "放在没有月份的文件夹",
        partial(valid, 3),
        refused(("period_missing", None, None)),
        "reports",
    )
    yield Variant("放在名录", partial(valid, 4), refused(("wrong_folder", None, None)), "register")
    yield Variant(
        "放在年报", partial(valid, 5), refused(("wrong_folder", None, None)), "annual/2024"
    )
    yield Variant("放在别处", partial(valid, 6), refused(("unknown_folder", None, None)), "其他")
    yield Variant("放在深处", partial(valid, 7), read(), "reports/2025-06/渝中区/7月报")
    yield Variant("名为旧格式", partial(valid, 8), read(), suffix=".xls")
    yield Variant("名为文本", partial(valid, 9), read(), suffix=".csv")
    yield Variant("没有后缀", partial(valid, 10), read(), suffix="")
    # Names of files.
    yield Variant("=cmd|' /C calc'!A0 文件名", partial(valid, 11), read())
    yield Variant("<script>alert(1)<script> 文件名", partial(valid, 12), read())
    yield Variant("%2e%2e%2f文件名", partial(valid, 13), read())
    yield Variant("'; DROP TABLE raw_files; -- 文件名", partial(valid, 14), read())
    yield Variant("{{7*7}} 文件名", partial(valid, 15), read())


def _containers() -> Iterator[Variant]:
    """Files that are no workbook, or not a whole one."""
    good = valid()
    middle = len(good) // 2
    rows = "代码,指标名称,本月\n01,人力资源服务营业收入,1200.5\n"
    for name, content, reason in [
        ("空文件", b"", "empty"),
        ("文本", rows.encode(), "text_file"),
        ("国标文本", rows.encode("gb18030"), "text_file"),
        ("网页", f"<html><table><tr><td>{rows}</td></tr></table></html>".encode(), "web_page"),
        ("便携文档", b"%PDF-1.7\n1200.5", "pdf_file"),
        ("图片", b"\x89PNG\r\n\x1a\n" + bytes(60), "picture"),
        ("截断", good[:middle], "damaged"),
        ("只有头", good[:40], "damaged"),
        ("翻一位", good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :], "damaged"),
        ("前面有字", b"x" * 100 + good, "not_a_workbook"),
    ]:
        yield Variant(f"容器 {name}", partial(bytes, content), quarantined(reason))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("报表.xlsx", good)
    yield Variant("容器 压缩包", packed.getvalue, quarantined("archive_file"))
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "1200.5">]>'

    def declare(part: bytes) -> bytes:
        return entity + part.partition(b"?>")[2] if part.startswith(b"<?xml") else entity + part

    for part in ["xl/worksheets/sheet2.xml", "xl/workbook.xml", "docProps/core.xml"]:
        make = partial(repacked, good, {part: declare})
        yield Variant(f"容器 实体 {part}".replace("/", "_"), make, quarantined("unsafe_xml"))
    case = partial(_with_twin, "xl/worksheets/Sheet2.xml")
    yield Variant("容器 大小写重名", case, quarantined("unsafe_package"))
    up = partial(repacked, good, {"../../evil.xml": b"<x/>"})
    yield Variant("容器 上级路径", up, quarantined("unsafe_package"))
    gone = partial(repacked, good, {"xl/worksheets/sheet2.xml": None})
    yield Variant("容器 少一张表的内容", gone, quarantined("damaged"))
    macros = partial(repacked, good, {"xl/vbaProject.bin": b"macro"})
    yield Variant("容器 宏", macros, read())


def _with_twin(name: str) -> bytes:
    """A report with a second part whose name differs only in case."""
    other = with_cells({"营业收入!D10": number(88_888_888)})
    part = zipfile.ZipFile(io.BytesIO(other)).read("xl/worksheets/sheet2.xml")
    return repacked(valid(), {name: part})


def _people() -> Iterator[Variant]:
    """Texts with personal data, and texts that are formulas, markup or commands elsewhere."""
    place = "封面!B10"
    personal = {("personal_data", COVER, "B10")}
    for words in [
        "示例公司（张三 110101199003070011）",
        "示例公司13812345678",
        "示例公司 138 1234 5678",
    ]:
        yield _cell(f"名称有隐私 {words[:6]}{len(words)}", place, text(words), read(asked=personal))
    for words in [
        '=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(1)", "=cmd|' /C calc'!A0", "<script>alert(1)</script>",
        "{{7*7}}", "${7*7}", "'; DROP TABLE raw_values; --", "a\tb", "../../etc/passwd", "%s%n",
    ]:  # fmt: skip
        outcome = read(texts={"agency_name": words})
        yield _cell(f"名称 {words!r}", place, text(words), outcome)
    yield _cell("名称空白", place, text("\u3000"), flagged(("missing_value", COVER, "B10")))
    yield _cell("名称横线", place, text("—"), flagged(("missing_value", COVER, "B10")))
    day = number(dt.date(2025, 7, 1).toordinal() - 693594, "yyyy-mm-dd")
    yield _cell("名称是日期", place, day, read(texts={"agency_name": "2025-07-01"}))


@cache
def roll() -> bytes:
    """The valid report as the only row of a roll: D12 is 1200.5万元, F12 last year's."""
    identity = AgencyIdentity(CODE, "示例人力资源有限公司", "500103", "500103")
    report = AgencyReport(identity, accounting_method="gross", values=true_figures())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roll.xlsx"
        write_flash_roll(path, CATALOG, "2025-06", "500103", [report])
        return path.read_bytes()


def _rolls() -> Iterator[Variant]:
    """A roll with other cells."""
    conflict = refused(("unit_conflict", MONEY, "F10"))
    changes: list[tuple[str, dict[str, object], Outcome]] = [
        ("不变", {}, read()),
        ("金额带单位", {"D12": "１，２００．５万元"}, read()),
        ("金额约数", {"D12": "约1200"}, flagged(("approximate_number", MONEY, "D12"), lost=(REVENUE,))),
        ("金额空白", {"D12": None}, flagged(("missing_value", MONEY, "D12"), lost=(REVENUE,))),
        ("选填横线", {"F12": "——"}, flagged(lost=(LAST_YEAR,))),
        ("一列换单位", {"E10": "元"}, conflict),
        ("首列换单位", {"D10": "元"}, conflict),
        ("三列换单位", {"D10": "元", "E10": "元", "F10": "元"}, read(_revenue("0.0001"))),
        ("一列单位在表头", {"E11": "1—本月（元）"}, conflict),
        ("单位不认识", {"D10": "人次", "E10": "人次", "F10": "人次"}, refused(("unknown_unit", MONEY, "F10"))),
        ("代码错一位", {"B12": CODE[:-1] + "R"}, Outcome("read", frozenset({
            ("invalid_credit_code", MONEY, "B12"), ("missing_value", MONEY, None)}),
            dict.fromkeys(_money_figures()))),
        ("代码小写", {"B12": CODE.lower()}, read()),
        ("代码成数字", {"B12": 9.15001030000000e17}, Outcome("read", frozenset({
            ("invalid_credit_code", MONEY, "B12"), ("missing_value", MONEY, None)}),
            dict.fromkeys(_money_figures()))),
        ("不在名单", {"B13": credit_code(2), "D13": 5}, read(asked={("not_in_list", MONEY, "B13")})),
        ("重复一行", {"B13": CODE, "D13": 5}, read(asked={("duplicate_agency", MONEY, "B13")})),
        ("合计", {"C13": "合计", "D13": 1200.5}, read()),
        ("合计不符", {"C13": "合计", "D13": 1300}, read(asked={("total_mismatch", MONEY, "D13")})),
        ("没有代码的数", {"D13": 500}, read(asked={("missing_value", MONEY, "B13")})),
        ("表外的列", {"AZ8": "其他新业务", "AZ9": "16", "AZ10": "万元", "AZ11": "本月", "AZ12": 5},
         read(asked={("unknown_line", MONEY, "AZ8")})),
        ("注元", {"D3": "单位：元"}, refused(*{("unit_conflict", MONEY, f"{c}10") for c in _last_columns()})),
    ]  # fmt: skip
    for name, cells, outcome in changes:
        yield Variant(
            f"汇总表 {name}", partial(with_book, partial(_fill, MONEY, cells), roll()), outcome
        )


def _last_columns() -> list[str]:
    """The last column of each line of the roll's sheet 营业收入 that is read."""
    return [get_column_letter(6 + 3 * number) for number in (0, 1, 2, *range(5, 15))]


def _fill(sheet: str, cells: Mapping[str, object], book: Workbook) -> None:
    for address, value in cells.items():
        book[sheet][address] = value


@cache
def register() -> bytes:
    """A valid register of one agency."""
    row = {
        "credit_code": CODE, "agency_name": "示例人力资源有限公司", "district": "500103",
        "reporting_unit": "500103", "first_registered_date": "2020-03-01",
    }  # fmt: skip
    for column in CATALOG.form("register").tables[0].columns:
        if column.type == "choice" and column.choices:
            row[column.field] = CATALOG.classification(column.choices).items[0].code
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "register.xlsx"
        write_list(path, CATALOG, "register", "2025-06", [row])
        return path.read_bytes()


def _registers() -> Iterator[Variant]:
    """A register with other cells."""
    book = openpyxl.load_workbook(io.BytesIO(register()))
    sheet = book.worksheets[0]
    name = sheet.title
    places = {str(cell.value): cell for row in sheet.iter_rows() for cell in row if cell.value}
    code, district = places[CODE], places["所在区县"]
    row = code.row
    at = f"{get_column_letter(district.column)}{row}"
    below = f"{code.column_letter}{row + 1}"
    for words, cells, outcome in [
        ("不变", {}, read()),
        ("代码小写", {code.coordinate: CODE.lower()}, read(texts={"credit_code": CODE})),
        ("代码错", {code.coordinate: CODE[:-1] + "R"}, read(asked={("invalid_credit_code", name, code.coordinate)})),
        ("代码重复", {below: CODE}, read(asked={("duplicate_agency", name, below)})),
        ("区县不认识", {at: "渝种区"}, read(asked={("unknown_area", name, at)})),
        ("区县空白", {at: None}, read(asked={("missing_value", name, at)})),
        ("列名改了", {district.coordinate: "地区"}, refused(("missing_column", name, None))),
        ("列名重复", {"Z" + str(district.row): "所在区县"}, refused(("duplicate_label", name, "Z" + str(district.row)))),
        ("合计行", {f"A{row + 1}": "合计"}, read()),
    ]:  # fmt: skip
        make = partial(with_book, partial(_fill, name, cells), register())
        yield Variant(f"名录 {words}", make, outcome, "register", has_figures=False)
