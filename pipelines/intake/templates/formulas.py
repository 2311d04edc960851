"""Formulas of the flash report: calculated lines and the cross-check cells.

Where a line's cell lies is the layout's matter; the relations themselves stand in the catalog.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.catalog.models import FormCheck, FormLine, FormMeasure, Measure

PASSED = "通过"
TO_CHECK = "请核对："

VIOLATIONS = {"=": "<>", "<=": ">", ">=": "<"}
SIGNS = {"=": "=", "<=": "≤", ">=": "≥"}

Cells = Mapping[tuple[str, Measure], str]  # address by line and measure


@dataclass(frozen=True)
class Check:
    """A cross-check ready to be written: the relation, its wording, its measures and precision."""

    check: FormCheck
    wording: str
    measures: Sequence[tuple[FormMeasure, str]]  # with the label its column bears
    decimals: int


def split_terms(expression: str) -> list[tuple[str, str]]:
    """Return the (sign, line) terms of an expression such as 01+03.

    Raises:
        ValueError: The expression is anything else than lines joined by + and -.
    """
    if not re.fullmatch(r"\d{2}([+-]\d{2})*", expression):
        raise ValueError(f"not a sum of lines: {expression}")
    return [(sign or "+", line) for sign, line in re.findall(r"([+-]?)(\d{2})", expression)]


def relation(check: FormCheck) -> str:
    """Return the relation as statistical forms print it: 02≤01."""
    return f"{check.left}{SIGNS[check.relation]}{check.right}"


def quoted(text: str) -> str:
    """Return the text as formulas quote it."""
    return '"' + text.replace('"', '""') + '"'


def lines_of(check: FormCheck) -> list[str]:
    """Return the lines a check speaks of."""
    return [line for side in (check.left, check.right) for _, line in split_terms(side)]


def calculation(line: FormLine, measure: Measure, cells: Cells) -> str:
    """Return the formula of a calculated line; empty until all its terms are filled."""
    terms = split_terms(line.calculated or "")
    addresses = [cells[term, measure] for _, term in terms]
    total = "".join(sign + cells[term, measure] for sign, term in terms).removeprefix("+")
    return f'=IF(COUNT({",".join(addresses)})={len(terms)},{total},"")'


def cross_check(checks: Sequence[Check], cells: Cells) -> str:
    """Return the formula of a check cell: 通过, or 请核对 with columns and relations.

    It stays empty while required figures are missing. Sums are compared at the printed precision.
    """
    violated = {
        (number, measure.code): _violation(item, measure.code, cells)
        for number, item in enumerate(checks)
        for measure, _ in item.measures
    }
    sentences = [_sentence(number, item, violated) for number, item in enumerate(checks)]
    needed = [
        cells[line, measure.code]
        for item in checks
        for measure, _ in item.measures
        if measure.required
        for line in lines_of(item.check)
    ]
    needed = list(dict.fromkeys(needed))
    return (
        f'=IF(OR({",".join(violated.values())}),"{TO_CHECK}"&{"&".join(sentences)},'
        f'IF(COUNT({",".join(needed)})={len(needed)},"{PASSED}",""))'
    )


def _violation(item: Check, measure: Measure, cells: Cells) -> str:
    """Return the condition that the figures are complete and contradict the relation."""
    addresses = ",".join(cells[line, measure] for line in lines_of(item.check))
    count = addresses.count(",") + 1
    difference = f"{_sum(item.check.left, measure, cells)}-{_sum(item.check.right, measure, cells)}"
    operator = VIOLATIONS[item.check.relation]
    return f"AND(COUNT({addresses})={count},ROUND({difference},{item.decimals}){operator}0)"


def _sum(expression: str, measure: Measure, cells: Cells) -> str:
    """Return a sum that takes cells still empty as nothing, where + would be an error."""
    terms = split_terms(expression)
    added = ",".join(cells[line, measure] for sign, line in terms if sign == "+")
    taken = "".join(f"-SUM({cells[line, measure]})" for sign, line in terms if sign == "-")
    return f"(SUM({added}){taken})"


def _sentence(number: int, item: Check, violated: Mapping[tuple[int, Measure], str]) -> str:
    """Return what a violated check says: in which columns, and what should hold."""
    conditions = [violated[number, measure.code] for measure, _ in item.measures]
    columns = "&".join(
        f'IF({violated[number, measure.code]},{quoted(label + " ")},"")'
        for measure, label in item.measures
    )
    return f'IF(OR({",".join(conditions)}),TRIM({columns})&{quoted(f"，{item.wording}。")},"")'
