"""What is said of a file that goes back, as its maker and the child process both know it.

Only plain data: it travels between processes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pipelines.intake.records import Severity

REVIEW_SHEET = "审核意见"
NUMBER = "序号"
FINDING_ID = "问题编号"
SEVERITY = "性质"
CREDIT_CODE = "统一社会信用代码"
AGENCY_NAME = "单位名称"
SHEET_NAME = "工作表"
CELL = "单元格"
RAW_TEXT = "现填内容"
EXPECTED = "应填内容"
PROBLEM = "问题"
EXPLANATION = "说明"
SEVERITIES: dict[Severity, str] = {"mandatory": "强制性", "review": "核实性"}


@dataclass(frozen=True)
class Place:
    """A cell of a workbook."""

    sheet_name: str
    cell_address: str


@dataclass(frozen=True)
class Remark:
    """A finding as the sheet 审核意见 prints it.

    Attributes:
        place: the cell to be marked in the workbook that goes back; None where there is none.
        position: where that is in words, when there is no such cell.
    """

    finding_id: str
    severity: Severity
    credit_code: str | None
    agency_name: str | None
    sheet_name: str | None
    place: Place | None
    position: str
    raw_text: str | None
    expected: str | None
    problem: str
    related: Sequence[Place] = ()


@dataclass(frozen=True)
class Order:
    """What the child process is to make.

    Attributes:
        source: the workbook to be marked.
        target: where the marked one goes.
        is_refilled: whether the source is our own template, whose formulas may stay.
        title: what stands above the sheet 审核意见 and below each printed page of it.
        lines: what stands below the title.
        remarks: the findings, in order.
    """

    source: str
    target: str
    is_refilled: bool
    title: str
    lines: Sequence[str]
    remarks: Sequence[Remark]

    def encode(self) -> bytes:
        """Return the order as it is sent."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "surrogateescape")


def decode_order(request: bytes) -> Order:
    """Return the order that was sent."""
    order = json.loads(request.decode("utf-8", "surrogateescape"))
    remarks = [
        Remark(
            **each
            | {
                "place": Place(**each["place"]) if each["place"] else None,
                "related": [Place(**place) for place in each["related"]],
            }
        )
        for each in order["remarks"]
    ]
    return Order(**order | {"remarks": remarks})
