"""What is said of a workbook that was filled on another version of its form than the period's."""

from __future__ import annotations

from pipelines.catalog.models import Form
from pipelines.intake.lines import asked_lines
from pipelines.intake.opened import OpenedFile
from pipelines.intake.periods import spell_period
from pipelines.intake.records import Unit


def report_old_template(file: OpenedFile, in_force: Form) -> None:
    """Ask for the right template, and report as missing what only that one requires.

    Each agency of a report is asked by itself, one without business for nothing.
    """
    reading, used = file.reading, file.form
    is_single = reading.file["layout"] == "single"
    agencies = sorted({v.credit_code for v in reading.values if v.credit_code})
    idle = {
        v.credit_code
        for v in reading.values
        if v.field_code == "zero_report" and v.text_value == "yes"
    }
    for unit in [Unit(code) for code in agencies] if is_single else [Unit()]:
        reading.report(
            unit,
            "old_template",
            f"用的是{spell_period(used.valid_from, False)}起的“{used.name}”模板，"
            f"本期适用{spell_period(in_force.valid_from, False)}起的模板，请改用新版模板",
            severity="review",
        )
    had = {line.indicator for section in used.sections for line in asked_lines(section)}
    asking = [code for code in agencies if code not in idle]
    for section in in_force.sections if asking else []:
        new = [line for line in asked_lines(section) if line.required and line.indicator not in had]
        names = "、".join(f"“{line.line} {line.label}”" for line in new)
        for concerned in ([Unit(code) for code in asking] if is_single else [None]) if new else []:
            words = f"工作表“{section.sheet}”没有新版模板的{names}，请改用新版模板补填后重新报送"
            reading.report(concerned, "missing_value", words, sheet_name=section.sheet)
    known = {column.field for table in used.tables for column in table.columns}
    for column in (column for table in in_force.tables for column in table.columns):
        if column.required and column.field not in known:
            reading.report(
                None,
                "missing_column",
                f"没有新版模板的“{column.label}”一列，请改用新版模板填写",
                item=file.item(column),
                expected=column.label,
            )
