"""Every variant of the valid report has the outcome that was written down for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal

import pytest

from pipelines.intake.inbox import take_in
from pipelines.root import Root
from tests.intake.books import CATALOG
from tests.intake.frames import read_receipts_into_frames
from tests.intake.variants import Variant, true_figures, variants
from tests.messages import faults_of

ARRIVED = dt.datetime(2025, 7, 10, 9, 30)
FACTORS = {unit.unit: unit.factor for unit in CATALOG.units}


def disagreements(variant: Variant, frames: dict[str, list[dict[str, object]]]) -> list[str]:
    """What is otherwise than it was to be, each beginning with its kind."""
    (file,) = frames["raw_files"]
    values, problems = frames["raw_values"], frames["raw_problems"]
    wanted = variant.outcome
    found = {(str(p["rule_code"]), p["sheet_name"], p["cell_address"]): p for p in problems}
    told: list[str] = []
    for problem in found.keys() - wanted.problems:
        told.append(f"lost: {found[problem]['severity']} {problem} {found[problem]['message']}")
    for problem in wanted.problems - found.keys():
        told.append(f"silent: {problem}")
    for problem in problems:
        sheet, cell = problem["sheet_name"], problem["cell_address"]
        message = str(problem["message"])
        faults = faults_of(
            message, str(file["file_name"]), sheet and str(sheet), cell and str(cell)
        )
        if faults:
            told.append(f"unclear: {message}: {faults}")
    if file["outcome"] != wanted.outcome:
        told.append(f"outcome: {file['outcome']}")
    figures = (true_figures() if variant.has_figures else {}) | dict(wanted.figures)
    read: dict[tuple[str, str], Decimal] = {}
    for value in values:
        if value["measure_code"] is not None:
            key = str(value["indicator_code"]), str(value["measure_code"])
            amount = Decimal(str(value["number_value"])) * FACTORS[str(value["unit"])]
            if key in read or figures.get(key) != amount:
                told.append(f"wrong: {key} {amount} at {value['cell_address']}")
            read[key] = amount
    if wanted.outcome == "read":
        told += [
            f"lost: {key}"
            for key, amount in figures.items()
            if amount is not None and key not in read
        ]
    by_place = {f"{v['sheet_name']}!{v['cell_address']}": v["spelling_rules"] for v in values}
    for place, rules in wanted.spelling.items():
        if by_place.get(place) != rules:
            told.append(f"spelling: {place} {by_place.get(place)}")
    by_field = {v["field_code"]: v["text_value"] for v in values}
    for field, text in wanted.texts.items():
        if by_field.get(field) != text:
            told.append(f"text: {field} {by_field.get(field)!r}")
    return told


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The disagreements of each variant, all of which lie in one inbox."""
    root = Root(tmp_path_factory.mktemp("root"))
    names: dict[str, Variant] = {}
    for number, variant in enumerate(variants(), start=1):
        name = f"{variant.place}/{number:04} {variant.name.replace('/', '／')[:40]}{variant.suffix}"
        path = root.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(variant.make())
        names[name] = variant
    receipts = take_in(root, now=ARRIVED)
    frames = read_receipts_into_frames(root, receipts, CATALOG)
    by_file: dict[int, dict[str, list[dict[str, object]]]] = defaultdict(lambda: defaultdict(list))
    for table, frame in frames.items():
        told = frame.astype(object)
        for row in told.where(told.notna(), None).to_dict("records"):
            by_file[int(row["receipt_no"])][table].append(row)
    paths = {receipt.receipt_no: receipt.file_path for receipt in receipts}
    return {
        names[paths[number]].name: disagreements(names[paths[number]], rows)
        for number, rows in by_file.items()
    }


def test_every_variant_has_the_outcome_written_down(outcomes: dict[str, list[str]]) -> None:
    assert {name: told for name, told in outcomes.items() if told} == {}


def test_no_variant_is_passed_over(outcomes: dict[str, list[str]]) -> None:
    """Variants with equal bytes in one folder would be one arrival."""
    assert len(outcomes) == len(variants())
