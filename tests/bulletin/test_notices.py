"""What a notice says; dates and weekdays looked up by hand."""

import datetime as dt
import io
from dataclasses import replace

import docx
import pytest

from pipelines.bulletin.notices import AskedAgency, Recipient, write_notice
from pipelines.catalog.calendar import WorkingCalendar, reporting_dates
from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Contact

CATALOG = load_catalog()
UNIT = Recipient("500103", "渝中区", is_bureau=False)
FORM = CATALOG.form("flash_report")
AGENCIES = [
    AskedAgency("91500103MA00000001", "甲公司", "按时报送"),
    AskedAgency("91500103MA00000002", "乙公司", "新抽中"),
]


def dates(year, month):
    return reporting_dates(CATALOG, WorkingCalendar(CATALOG.working_days), year, month)


def notice(when, reporting=CATALOG.reporting, unit=UNIT):
    content = write_notice(unit, when, AGENCIES, FORM, reporting, made_up=False)
    return docx.Document(io.BytesIO(content))


def text(document):
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_it_says_who_reports_what_and_when():
    document = notice(dates(2025, 6))
    words = text(document)
    for told in (
        "关于报送2025年6月人力资源服务业抽样快报的通知",
        "渝人社〔2023〕85号",
        "机构共2家",
        "（渝人服快01表）",
        "报送截止：2025年7月18日（星期五）24时",
        "催报：2025年7月15日（星期二）起",
        "截数：2025年7月23日（星期三）24时",
        "发布：2025年7月25日（星期五）",
        "重庆市人力资源和社会保障局",
    ):
        assert told in words
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["序号", "统一社会信用代码", "单位名称", "上次报送情况"],
        ["1", "91500103MA00000001", "甲公司", "按时报送"],
        ["2", "91500103MA00000002", "乙公司", "新抽中"],
    ]


@pytest.mark.parametrize(
    ("start", "period", "name"),
    [("2025-01-01", "2025-02", "2025年1—2月"), ("2025-04-01", "2025-06", "2025年4—6月")],
)
def test_periods_of_several_months_are_named_whole(start, period, name):
    when = replace(dates(2025, int(period[5:])), reference_start_date=dt.date.fromisoformat(start))
    assert f"关于报送{name}人力资源服务业抽样快报的通知" in text(notice(when))


def test_dates_of_a_year_without_announced_holidays_are_not_promised():
    assert "节假日安排尚未公布" in text(notice(dates(2031, 6)))
    assert "节假日" not in text(notice(dates(2025, 6)))


def test_whom_to_ask_is_a_setting_or_a_line_to_fill():
    words = text(notice(dates(2025, 6)))
    assert "渝中区：＿＿＿＿＿＿＿　电话：＿＿＿＿＿＿＿" in words
    assert "市人力社保局：＿＿＿＿＿＿＿　电话：＿＿＿＿＿＿＿" in words
    reporting = CATALOG.reporting.model_copy(
        update={
            "contact": Contact(office="就业处", telephone="023-12345678"),
            "unit_contacts": {"500103": Contact(office="区就业局", telephone="")},
        }
    )
    words = text(notice(dates(2025, 6), reporting))
    assert "市人力社保局：就业处　电话：023-12345678" in words
    assert "渝中区：区就业局　电话：＿＿＿＿＿＿＿" in words


def test_who_reports_straight_to_the_bureau_is_not_sent_to_a_district():
    words = text(notice(dates(2025, 6), unit=Recipient("500000", "市级直报", is_bureau=True)))
    assert "市级直报的人力资源服务机构：" in words
    assert "3．机构填好后报市人力社保局。\n" in words
    assert "报送单位核对" not in words
    assert words.count("电话：") == 1
    assert "3．机构填好后报渝中区报送单位。报送单位核对后" in text(notice(dates(2025, 6)))
