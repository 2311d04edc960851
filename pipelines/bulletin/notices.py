"""The notice that goes to a reporting unit with the forms: who reports what, when and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.bulletin.documents import Grid, Heading, Letter, document_of
from pipelines.bulletin.words import day_name, span_name
from pipelines.catalog.calendar import ReportingDates
from pipelines.catalog.models import Contact, Form, Reporting

WIDTHS = {"序号": 12, "统一社会信用代码": 50, "单位名称": 66, "上次报送情况": 28}
BUREAU = "市人力社保局"
LINE_TO_FILL = "＿" * 7
UNKNOWN = Contact(office="", telephone="")
DAY_TO_FILL = "　　　　年　　月　　日"


@dataclass(frozen=True)
class Recipient:
    """A reporting unit that gets a letter; `is_bureau`: agencies report to the city itself."""

    code: str
    name: str
    is_bureau: bool

    @property
    def agencies(self) -> str:
        """Its agencies, as they are addressed."""
        return f"{self.name}{'的' if self.is_bureau else '有关'}人力资源服务机构"

    @property
    def office(self) -> str:
        """Who collects their reports."""
        return BUREAU if self.is_bureau else f"{self.name}报送单位"


@dataclass(frozen=True)
class AskedAgency:
    """An agency that has to report, and how it did the last time."""

    credit_code: str
    agency_name: str
    last_time: str


def write_notice(
    unit: Recipient,
    dates: ReportingDates,
    agencies: Sequence[AskedAgency],
    form: Form,
    reporting: Reporting,
    made_up: bool,
) -> bytes:
    """Return the notice of a reporting unit as a .docx.

    Args:
        unit: the reporting unit.
        dates: of the period to be reported.
        agencies: who has to report, in the order of the list.
        form: what is to be filled in.
        reporting: has the legal basis and the contacts.
        made_up: prints 模拟数据.
    """
    period = span_name(dates.reference_start_date, dates.period)
    letter = Letter(
        f"关于报送{period}{form.title}的通知",
        f"{unit.agencies}：",
        [
            f"按照{reporting.legal_basis}文件关于建立抽样快报机制的要求，"
            f"现将{period}快报报送事项通知如下。",
            Heading("一、报送范围"),
            f"{unit.name}本期抽中、应报送快报的机构共{len(agencies)}家，名单附后。"
            f"抽中后已注销、吊销或迁出的，请告知{unit.office}，不必填表。",
            Heading("二、报送内容"),
            f"《{form.title}》（{form.table_no}），报告期为{period}。"
            "所附报表已按名录填好统一社会信用代码、单位名称、所在区县、报送单位和报告期，"
            "掌握上年同期数的也已填入，请核对。",
            Heading("三、时间安排"),
            *schedule(dates),
            Heading("四、填报和报回"),
            "1．每家机构一个文件，文件名中有统一社会信用代码，请按代码转发，不要互换。",
            "2．请用原文件填写，不增删行列、工作表；具体要求见文件中的“填报说明”。"
            "本年以来全部业务均未发生的，在封面“零报告”选“是”。",
            f"3．机构填好后报{unit.office}。"
            + ("" if unit.is_bureau else "报送单位核对后将各文件原样报市人力社保局，不必合并。"),
            "4．报回后收到退回文件的，请按其中标注更正或说明，仍在上述时间内报回。",
            Heading("五、联系方式"),
            *contacts(unit, reporting),
        ],
        [form.issuing_authority, DAY_TO_FILL],
        [
            f"附：{unit.name}{period}应报送机构名单",
            Grid(
                WIDTHS,
                [
                    (str(number), agency.credit_code, agency.agency_name, agency.last_time)
                    for number, agency in enumerate(agencies, start=1)
                ],
            ),
        ],
    )
    return document_of(letter, dates.due_date, made_up)


def schedule(dates: ReportingDates) -> list[str]:
    """Return when reports are due, and what follows, as paragraphs."""
    paragraphs = [
        f"报送截止：{day_name(dates.due_date)}24时，其后报来的为逾期。",
        f"催报：{day_name(dates.reminder_date)}起，对尚未报送的催报。",
        f"截数：{day_name(dates.cut_off_date)}24时，其后报来的计入下一版次。",
        f"发布：{day_name(dates.release_date)}。",
    ]
    if not dates.is_announced:
        paragraphs.append(
            f"{dates.due_date.year}年节假日安排尚未公布，以上日期只避开了周末，公布后另行通知。"
        )
    return paragraphs


def contacts(unit: Recipient, reporting: Reporting) -> list[str]:
    """Return whom to ask, in the unit and in the bureau; what is not set is left to fill in."""
    asked = {BUREAU: reporting.contact}
    if not unit.is_bureau:
        asked = {unit.name: reporting.unit_contacts.get(unit.code, UNKNOWN), **asked}
    return [
        f"{name}：{contact.office or LINE_TO_FILL}　电话：{contact.telephone or LINE_TO_FILL}"
        for name, contact in asked.items()
    ]
