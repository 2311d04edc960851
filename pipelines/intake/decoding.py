"""Decodes workbooks in a worker process and says in Chinese why a file cannot be decoded.

The worker (`worker`) touches the bytes; here only its replies are read. What cells mean is the
matter of `reading`.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.intake import limits
from pipelines.intake.processes import ask_each, command_of

logger = logging.getLogger(__name__)

WORKER = command_of("pipelines.intake.worker")

NO_RESULT = "（公式没有计算结果）"
# Each follows 文件“…” and is followed by 。
REASONS = {
    "empty": "是空文件，请重新保存后报送",
    "too_large": "超出可接收的大小，请只保留填报内容后重新报送",
    "encrypted": "设有打开密码，无法读取，请去除密码后重新报送",
    "damaged": "已损坏或传输不完整，无法读取，请打开检查、重新保存后报送",
    "unsafe_xml": "内部含有文档类型声明，可能不安全，请用Excel打开后另存为.xlsx重新报送",
    "unsafe_package": "内部成员重名或路径异常，可能不安全，请用Excel打开后另存为.xlsx重新报送",
    "unsupported_format": (
        "是不能直接接收的工作簿格式（如.xlsb、Excel 4.0），请用Excel打开后另存为.xlsx重新报送"
    ),
    "web_page": "实际是网页，请用Excel打开后另存为.xlsx重新报送",
    "text_file": "实际是文本（如CSV），请用Excel打开后另存为.xlsx重新报送",
    "xml_table": "实际是XML格式的表格，请用Excel打开后另存为.xlsx重新报送",
    "pdf_file": "实际是PDF，请用下发的模板填写后报送.xlsx",
    "word_document": "实际是文字处理文档（如Word），请用下发的模板填写后报送.xlsx",
    "picture": "实际是图片，请用下发的模板填写后报送.xlsx",
    "archive_file": "实际是压缩包，请解压后把其中的工作簿逐个报送",
    "not_a_workbook": "不是Excel工作簿，请用下发的模板填写后报送",
    "archive_missing": "在档案中缺失，请从备份恢复档案后重新汇总",
    "decode_crashed": "内部结构异常，无法读取，请把内容复制到下发的模板后重新报送",
    "decode_timeout": "内容过于复杂，未能在规定时间内读完，请把内容复制到下发的模板后重新报送",
}


@dataclass(frozen=True)
class Unreadable:
    """What stands in a cell without being a value: an error, a time, a formula never calculated."""

    text: str


@dataclass(frozen=True)
class Formatted:
    """A number that its format shows as another one or in a unit: 12.5 as 12.50万元, 0.1 as 10%."""

    value: float
    format_code: str  # as in Excel; for an .ods, where formats are no codes, what is shown


CellValue = str | int | float | bool | dt.date | Unreadable | Formatted | None


@dataclass(frozen=True)
class Sheet:
    """The cells of a sheet; rows and columns count from 1, and rows may differ in length."""

    name: str
    is_visible: bool
    rows: list[list[CellValue]]
    first_row: int = 1
    first_column: int = 1


@dataclass(frozen=True)
class Workbook:
    """The sheets of a workbook, hidden ones too, in its own order."""

    sheets: list[Sheet]
    container: str = "xlsx"
    has_macros: bool = False
    epoch: int = 1900  # the year from which serial numbers of dates count: 1900 or 1904


@dataclass(frozen=True)
class DecodeFailure:
    """Why a file cannot be decoded; the message follows the file's name."""

    rule_code: str
    message: str


def decode_files(
    paths: Iterable[Path],
    worker: Sequence[str] = WORKER,
    seconds_per_file: float = limits.SECONDS_PER_FILE,
) -> Iterator[tuple[Path, Workbook | DecodeFailure]]:
    """Yield each path with its workbook, or with the reason why there is none.

    Args:
        paths: files to decode, in the order wanted.
        worker: command of the child process; a new one is started after each file that costs one.
        seconds_per_file: how long a file may take.
    """

    def seconds_for(path: Path) -> float:
        size_bytes = path.stat().st_size if path.exists() else 0
        return limits.for_size(seconds_per_file, size_bytes)

    for path, reply in ask_each(paths, os.fsencode, worker, seconds_for, _decode_cell):
        if reply[0] == "sheets":
            yield path, _workbook(*reply[1:])
        else:
            _, rule_code, detail = reply
            logger.info("%s: %s (%s)", path.name, rule_code, detail)
            yield path, DecodeFailure(rule_code, REASONS[rule_code])


def read_sheets(decoded: Sequence[Any]) -> Workbook:
    """Return the workbook that the worker has decoded, without JSON between."""
    for *_, rows in decoded[0]:
        for row in rows:
            for across, cell in enumerate(row):
                if type(cell) is dict:
                    row[across] = _decode_cell(cell)
    return _workbook(*decoded)


def _workbook(sheets: list[Any], container: str, has_macros: bool, epoch: int) -> Workbook:
    """Return the workbook that the worker has told."""
    return Workbook(
        [
            Sheet(name, is_visible, rows, first_row, first_column)
            for name, is_visible, first_row, first_column, rows in sheets
        ],
        container,
        has_macros,
        epoch,
    )


def _decode_cell(cell: dict[str, Any]) -> dt.date | Unreadable | Formatted:
    """Return a cell that JSON has no word for."""
    ((kind, text),) = cell.items()
    if kind == "formatted":
        value, format_code = text
        return Formatted(float(value), format_code)
    if kind == "date":
        return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
    return Unreadable(NO_RESULT if kind == "formula" else text)
