"""What is said of a file that goes back, as its maker and the child process both know it.

Only plain data: it travels between processes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pipelines.catalog.severities import Severity
from pipelines.intake.grammar import plain

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
IN_ORIGINAL = "原文件"  # before the address of a cell that the workbook does not have any more

KNOWN_BY = (FINDING_ID, SEVERITY, EXPLANATION)


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
        has_cell: whether it is about a cell at all, of the file that was received.
        position: where that is in words, when there is no cell to be marked.
    """

    finding_id: str
    severity: Severity
    credit_code: str | None
    agency_name: str | None
    sheet_name: str | None
    place: Place | None
    has_cell: bool
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
        heading: which file this is.
        notes: what else is to be known of the workbook.
        remarks: the findings, in order.
    """

    source: str
    target: str
    is_refilled: bool
    title: str
    heading: str
    notes: Sequence[str]
    remarks: Sequence[Remark]

    def encode(self) -> bytes:
        """Return the order as it is sent."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "surrogateescape")


def find_heads(labels: Sequence[str]) -> dict[str, int]:
    """Return where in a row (plain form) the sheet's heads stand; empty if one is not there.

    A head with words added, as 说明（必填）, is that head.
    """
    places = {
        head: next((n for n, label in enumerate(labels) if label.startswith(plain(head))), None)
        for head in KNOWN_BY
    }
    found = {head: place for head, place in places.items() if place is not None}
    return found if len(found) == len(KNOWN_BY) else {}


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
