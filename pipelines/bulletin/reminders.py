"""Chasing (催报): the list of who still owes a report, and a letter for each reporting unit."""

from __future__ import annotations

import datetime as dt
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.bulletin.documents import Grid, Letter, document_of
from pipelines.bulletin.files import without_times
from pipelines.bulletin.notices import DAY_TO_FILL, Recipient, contacts
from pipelines.bulletin.sheets import Listing, new_book
from pipelines.bulletin.words import day_name, span_name
from pipelines.catalog.calendar import ReportingDates
from pipelines.catalog.models import Form, Reporting

SHEET = "全市"
STATUSES = {"missing": "未报", "refused": "退回"}
LIST_WIDTHS = {
    "序号": 6,
    "报送单位": 20,
    "单位名称": 36,
    "统一社会信用代码": 22,
    "报送状况": 10,
    "退回原因": 44,
    "占应报收入（%）": 16,
    "截止日期": 26,
    "截数日期": 26,
}
LETTER_WIDTHS = {"序号": 12, "统一社会信用代码": 48, "单位名称": 44, "情况": 12, "退回原因": 40}


@dataclass(frozen=True)
class Owing:
    """An agency whose report is missing or refused.

    Attributes:
        unit_code: the reporting unit through which it reports.
        unit_name: its name.
        credit_code: of the agency.
        agency_name: of the agency.
        status: missing or refused.
        reason: why it was refused, in short; None where it is missing.
        revenue_pct: its share of the revenue of all agencies that have to report; None if unknown.
    """

    unit_code: str
    unit_name: str
    credit_code: str
    agency_name: str
    status: str
    reason: str | None
    revenue_pct: float | None


def reminder_list(
    owing: Sequence[Owing], dates: ReportingDates, form: Form, made_up: bool
) -> bytes:
    """Return the workbook of all who owe, in the order given; `made_up` prints 模拟数据."""
    listing = Listing(
        SHEET,
        f"{span_name(dates.reference_start_date, dates.period)}{form.name}催报名单",
        "按机构收入占应报机构收入的比重从大到小排列，请从上往下催报；可按“报送单位”筛选。",
        LIST_WIDTHS,
        [
            [
                number,
                agency.unit_name,
                agency.agency_name,
                agency.credit_code,
                STATUSES[agency.status],
                agency.reason,
                agency.revenue_pct,
                day_name(dates.due_date),
                day_name(dates.cut_off_date),
            ]
            for number, agency in enumerate(owing, start=1)
        ],
        "应报机构已全部报来，没有需要催报的",
    )
    content = io.BytesIO()
    new_book([listing], made_up).save(content)
    return without_times(content.getvalue(), dates.due_date)


def write_reminder(
    unit: Recipient,
    owing: Sequence[Owing],
    expected_count: int,
    received_until: dt.date,
    dates: ReportingDates,
    form: Form,
    reporting: Reporting,
    made_up: bool,
) -> bytes:
    """Return the letter to a reporting unit as a .docx.

    Args:
        unit: the reporting unit.
        owing: those of the unit who owe, in the order of the list; at least one.
        expected_count: how many of the unit have to report.
        received_until: the day of the last report that is taken into account.
        dates: of the period.
        form: what is owed.
        reporting: has the contacts.
        made_up: prints 模拟数据.
    """
    period = span_name(dates.reference_start_date, dates.period)
    counts = Counter(agency.status for agency in owing)
    letter = Letter(
        f"关于催报{period}{form.title}的通知",
        f"{unit.agencies if unit.is_bureau else unit.office}：",
        [
            f"截至{day_name(received_until)}收到的报表，{unit.name}{period}快报应报{expected_count}家，"
            f"已报{expected_count - len(owing)}家，退回未更正{counts['refused']}家，"
            f"未报{counts['missing']}家，名单附后，按机构规模从大到小排列。",
            f"请{'' if unit.is_bureau else '督促'}名单所列机构尽快报送；"
            "退回的，请按退回文件的标注更正后重新报送。"
            "已注销、吊销或迁出的，请书面告知，并在机构名录中登记。",
            f"报送截止日期为{day_name(dates.due_date)}，其后报来的为逾期；"
            f"截数日期为{day_name(dates.cut_off_date)}，其后报来的计入下一版次。",
            *contacts(unit, reporting),
        ],
        [form.issuing_authority, DAY_TO_FILL],
        [
            f"附：{unit.name}{period}快报催报名单",
            Grid(
                LETTER_WIDTHS,
                [
                    (
                        str(number),
                        agency.credit_code,
                        agency.agency_name,
                        STATUSES[agency.status],
                        agency.reason or "",
                    )
                    for number, agency in enumerate(owing, start=1)
                ],
            ),
        ],
    )
    return document_of(letter, dates.due_date, made_up)
