"""The sheet 填报说明: how to fill the form, which relations must hold, what each line means."""

from __future__ import annotations

from openpyxl.workbook import Workbook

from pipelines.catalog.severities import SEVERITY_NAMES
from pipelines.intake.templates.formulas import relation
from pipelines.intake.templates.sheets import add_sheet, protect, put, set_page
from pipelines.intake.templates.style import Style, row_height
from pipelines.intake.templates.template import Template

SHEET = "填报说明"
WIDTH = 76


def add_notes(workbook: Workbook, template: Template) -> None:
    """Add the sheet: instructions, cross-checks and the meanings of the indicators asked for."""
    sheet = add_sheet(workbook, SHEET, [WIDTH])
    put(sheet, (1, 1), template.title(SHEET), Style.TITLE)
    sheet.row_dimensions[1].height = 32
    row = 2
    for heading, paragraphs in _chapters(template):
        put(sheet, (row, 1), heading, Style.HEADING)
        sheet.row_dimensions[row].height = 26
        for paragraph in paragraphs:
            row += 1
            put(sheet, (row, 1), paragraph, Style.PARAGRAPH)
            sheet.row_dimensions[row].height = row_height(paragraph, WIDTH, font_size=12)
        row += 1
    protect(sheet)
    set_page(sheet, template)


def _chapters(template: Template) -> list[tuple[str, list[str]]]:
    """Return the chapters with something to say, numbered in Chinese."""
    form = template.form
    columns = [column for table in form.tables for column in table.columns if column.indicator]
    asked = [(f"{line.line} {line.label}", line.indicator) for line in form.lines]
    asked += [(column.label, column.indicator or "") for column in columns]
    chapters = [
        (
            "填报要求",
            [f"{number}．{text}" for number, text in enumerate(form.instructions, start=1)],
        ),
        (
            "审核关系",
            [
                f"{check.audit_id}　{check.sheet}：{relation(check)}"
                f"（{SEVERITY_NAMES[check.severity]}审核）。{check.message}。"
                for check in form.checks
            ],
        ),
        (
            "指标解释",
            [
                f"{label}：{template.catalog.indicator(indicator).definition}"
                for label, indicator in asked
            ],
        ),
    ]
    present = [(heading, paragraphs) for heading, paragraphs in chapters if paragraphs]
    return [
        (f"{numeral}、{heading}", paragraphs)
        for numeral, (heading, paragraphs) in zip("一二三", present, strict=False)
    ]
