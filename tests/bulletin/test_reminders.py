"""The list and the letters by which reports are chased."""

import datetime as dt
import io
import time

import docx
import openpyxl

from pipelines.bulletin.notices import Recipient
from pipelines.bulletin.reminders import Owing, reminder_list, write_reminder
from pipelines.catalog.calendar import WorkingCalendar, reporting_dates
from pipelines.catalog.load import load_catalog

CATALOG = load_catalog()
UNIT = Recipient("500103", "渝中区", is_bureau=False)
FORM = CATALOG.form("flash_report")
DATES = reporting_dates(CATALOG, WorkingCalendar(CATALOG.working_days), 2025, 6)
OWING = [
    Owing("500103", "渝中区", "91500103MA00000001", "=甲公司", "missing", None, 12.5),
    Owing("500103", "渝中区", "91500103MA00000002", "乙公司", "refused", "不符合：甲", None),
]


def test_the_list_has_all_who_owe_and_can_be_filtered():
    content = reminder_list(OWING, DATES, FORM, made_up=True)
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert sheet.title == "全市（模拟数据）"
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][0] == "2025年6月抽样快报催报名单（模拟数据，不是真实填报情况）"
    last = ("2025年7月18日（星期五）", "2025年7月23日（星期三）")
    assert rows[3:] == [
        (1, "渝中区", "=甲公司", "91500103MA00000001", "未报", None, 12.5, *last),
        (2, "渝中区", "乙公司", "91500103MA00000002", "退回", "不符合：甲", None, *last),
    ]
    assert sheet["C4"].data_type == "s"
    assert sheet.auto_filter.ref == "A3:I5"


def test_the_list_says_when_nobody_owes():
    content = reminder_list([], DATES, FORM, made_up=False)
    (sheet,) = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert sheet["A4"].value == "应报机构已全部报来，没有需要催报的"


def test_equal_lists_give_equal_bytes():
    first = reminder_list(OWING, DATES, FORM, made_up=False)
    time.sleep(2.1)  # a zip's times are told in steps of two seconds
    assert reminder_list(OWING, DATES, FORM, made_up=False) == first


def test_a_letter_counts_those_who_owe_and_names_the_dates():
    day = dt.date(2025, 7, 20)
    content = write_reminder(UNIT, OWING, 9, day, DATES, FORM, CATALOG.reporting, made_up=True)
    document = docx.Document(io.BytesIO(content))
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for told in (
        "关于催报2025年6月人力资源服务业抽样快报的通知",
        "模拟数据",
        "截至2025年7月20日（星期日）收到的报表",
        "渝中区报送单位：",
        "请督促名单所列机构",
        "渝中区2025年6月快报应报9家，已报7家，退回未更正1家，未报1家",
        "报送截止日期为2025年7月18日（星期五）",
        "截数日期为2025年7月23日（星期三）",
    ):
        assert told in words
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows][1:] == [
        ["1", "91500103MA00000001", "=甲公司", "未报", ""],
        ["2", "91500103MA00000002", "乙公司", "退回", "不符合：甲"],
    ]
