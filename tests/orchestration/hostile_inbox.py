"""An inbox as bad as it gets, in two looks: what the files are, and what must become of each.

Reports are of June 2025, of one district. More files may be given; they lie among the reports.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from pipelines.intake.inbox import take_in
from pipelines.intake.templates import write_flash_roll, write_flash_single, write_list
from pipelines.root import PROJECT, Root
from tests.intake.books import save
from tests.intake.test_list_sheets import ledger, platforms
from tests.quality.form_cases import CATALOG, DISTRICT, MONTH, OTHER_UNIT, Agency

FIRST_LOOK = dt.datetime(2025, 7, 12, 12, tzinfo=dt.UTC)
SECOND_LOOK = dt.datetime(2025, 7, 22, 12, tzinfo=dt.UTC)  # after the due date, not the cut-off
REPORTS = f"reports/{MONTH}"
CORRECTED, STALE = 2, 3  # whose placements of June are corrected
PLACED = Decimal(1000)
STATES = {  # by path; what lies there twice is named in the order of arrival
    "annual/2024/年报.xlsx": ["accepted"],
    "corrections/更正.xlsx": ["superseded", "accepted"],
    "ledger/台账.xlsx": ["accepted"],
    "published/published_figures.xlsx": ["accepted"],
    "platforms/2024/平台.xlsx": ["accepted"],
    "register/名录.xlsx": ["superseded"],
    "register/名录（新）.xlsx": ["accepted"],
    "sample/样本.xlsx": ["accepted"],
    f"{REPORTS}/1.xlsx": ["superseded", "accepted"],
    f"{REPORTS}/5.xlsx": ["accepted"],  # by itself and, before, through its district
    f"{REPORTS}/6.xlsx": ["refused"],
    f"{REPORTS}/7a.xlsx": ["superseded"],  # both in one look: the later path counts
    f"{REPORTS}/7b.xlsx": ["accepted"],
    f"{REPORTS}/8.xlsx": ["superseded"],
    f"{REPORTS}/8（更正）.xlsx": ["accepted"],
    f"{REPORTS}/汇总表.xlsx": ["accepted"],  # agency 4 of it is refused, 5 superseded
    "reports/2025-05/六月的表.xlsx": ["refused"],
    "reports/没有报告期.xlsx": ["refused"],
    "其他/表.xlsx": ["refused"],
    "表.xlsx": ["refused"],
}
IGNORED = {
    f"{REPORTS}/.隐藏.xlsx",
    f"{REPORTS}/1（又一份）.xlsx",
    f"{REPORTS}/~$1.xlsx",
    f"{REPORTS}/没下完.xlsx.crdownload",
    f"{REPORTS}/管道.xlsx",
    f"{REPORTS}/链接.xlsx",
    "链接的文件夹",
}


def make_hostile_inbox(root: Root, more: Mapping[str, bytes]) -> list[bytes]:
    """Fill the inbox and take it in twice; return the bytes of every file that was received."""
    agencies = [Agency(serial) for serial in range(1, 31)]
    reports = root.inbox / REPORTS
    _write_lists(root, agencies)
    by_district = [agency.report(agency.now) for agency in agencies[8:]]
    wrong = {**agencies[3].now, ("employers_served", "month"): Decimal(101)}
    by_district += [agencies[number].report(agencies[number].now) for number in (1, 2, 4)]
    by_district.append(agencies[3].report(wrong))
    write_flash_roll(_new(reports / "汇总表.xlsx"), CATALOG, MONTH, DISTRICT, by_district)
    _report(reports / "1.xlsx", agencies[0], personnel_files=11)
    _report(reports / "6.xlsx", agencies[5], employers_served=101)
    _report(reports / "7a.xlsx", agencies[6], personnel_files=11)
    _report(reports / "7b.xlsx", agencies[6])
    _report(reports / "8.xlsx", agencies[7], personnel_files=11)
    _report(root.inbox / "reports/2025-05/六月的表.xlsx", agencies[8])
    _report(root.inbox / "reports/没有报告期.xlsx", agencies[9])
    _report(root.inbox / "其他/表.xlsx", agencies[10])
    _report(root.inbox / "表.xlsx", agencies[11])
    for name, content in more.items():
        (reports / name).write_bytes(content)
    _add_what_is_ignored(root, reports)
    received = _received(root)
    take_in(root, now=FIRST_LOOK)
    first = (reports / "1.xlsx").read_bytes()
    _report(reports / "1.xlsx", agencies[0], personnel_files=12)
    (reports / "1（又一份）.xlsx").write_bytes(first)
    _report(reports / "5.xlsx", agencies[4], sent_by=OTHER_UNIT, personnel_files=12)
    _report(reports / "8（更正）.xlsx", agencies[7])
    registered = [agency.registered for agency in agencies]
    path = root.inbox / "register/名录（新）.xlsx"
    write_list(path, CATALOG, "register", MONTH, [*registered, Agency(31).registered])
    write_corrections(root, {CORRECTED: PLACED, STALE: PLACED + 1})
    received += _received(root)
    take_in(root, now=SECOND_LOOK)
    return received


def _received(root: Root) -> list[bytes]:
    """Return the bytes of all files of the inbox but those that are to be ignored."""
    return [
        path.read_bytes()
        for path in root.inbox.rglob("*")
        if path.relative_to(root.inbox).as_posix() not in IGNORED
        and path.is_file()
        and path.name != "README.md"
    ]


def write_corrections(root: Root, old_values: Mapping[int, Decimal]) -> None:
    """Write 更正表: the placements of June of these agencies become 7777."""
    rows = [
        {
            "corrected_form": "flash_report",
            "period": MONTH,
            "credit_code": Agency(serial).credit_code,
            "indicator": "51 帮助实现就业和流动人次",
            "measure": "ytd",
            "old_value": old_value * 6,
            "new_value": Decimal(7777),
            "unit": "人次",
            "reason": "笔误",
            "corrected_by": "张三",
            "corrected_date": dt.date(2025, 7, 24),
        }
        for serial, old_value in old_values.items()
    ]
    path = _new(root.inbox / "corrections/更正.xlsx")
    write_list(path, CATALOG, "corrections", None, rows)


def _write_lists(root: Root, agencies: list[Agency]) -> None:
    """Write every list that the bureau keeps."""
    rows = [agency.registered for agency in agencies]
    write_list(_new(root.inbox / "register/名录.xlsx"), CATALOG, "register", MONTH, rows)
    sampled = [
        {
            "credit_code": agency.credit_code,
            "agency_name": agency.name,
            "reporting_unit": DISTRICT,
            "stratum": "MIC",
        }
        for agency in agencies
    ]
    write_list(_new(root.inbox / "sample/样本.xlsx"), CATALOG, "sample", MONTH, sampled)
    annual = [agency.annual_row(agency.year) for agency in agencies]
    path = _new(root.inbox / "annual/2024/年报.xlsx")
    write_list(path, CATALOG, "annual_return", "2024", annual)
    save(ledger(), _new(root.inbox / "ledger/台账.xlsx"))
    save(
        platforms() | {"封面": [["所属年度", "2024年"]]},
        _new(root.inbox / "platforms/2024/平台.xlsx"),
    )
    shutil.copytree(PROJECT / "data" / "raw" / "published", root.inbox / "published")


def _add_what_is_ignored(root: Root, reports: Path) -> None:
    """Put lock files, links and the like among the files."""
    for name in ("~$1.xlsx", ".隐藏.xlsx", "没下完.xlsx.crdownload"):
        (reports / name).write_bytes(name.encode())
    (reports / "README.md").write_text("说明")
    (reports / "链接.xlsx").symlink_to(reports / "1.xlsx")
    (root.inbox / "链接的文件夹").symlink_to(reports)
    os.mkfifo(reports / "管道.xlsx")


def _report(path: Path, agency: Agency, sent_by: str = DISTRICT, **changed: float) -> None:
    """Write an agency's report of June with other figures of the month."""
    values = agency.now | {(code, "month"): Decimal(value) for code, value in changed.items()}
    write_flash_single(_new(path), CATALOG, MONTH, agency.report(values, sent_by))


def _new(path: Path) -> Path:
    """Return the path with its folder made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
