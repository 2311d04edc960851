"""The catalog as ref_ tables: base units, open codes, and quantiles from a table of Student's t."""

import math
from decimal import Decimal

import pandas as pd
import pytest

from pipelines.catalog.load import load_catalog
from pipelines.warehouse.reference import REFERENCE_MEANINGS, reference_frames

KEYS = {
    "ref_units": ["unit"],
    "ref_indicators": ["indicator_code"],
    "ref_indicator_formulas": ["indicator_code", "term_code"],
    "ref_classifications": ["classification_code", "item_code"],
    "ref_forms": ["form_code", "valid_from"],
    "ref_form_lines": ["form_code", "form_version", "line_no"],
    "ref_form_line_measures": ["form_code", "form_version", "line_no", "measure_code"],
    "ref_areas": ["area_code"],
    "ref_geographies": ["geography"],
    "ref_area_successions": ["coded_geography", "district_code", "township", "geography"],
    "ref_reporting_units": ["reporting_unit_code"],
    "ref_strata": ["stratum_code"],
    "ref_settings": ["confidence_level"],
    "ref_reporting_calendar": ["period"],
    "ref_targets": ["target_id"],
    "ref_t_quantiles": ["degrees_of_freedom"],
    "ref_spelling_rules": ["spelling_rule"],
    "ref_bridges": ["indicator_code", "from_source", "to_source", "bridge_period"],
}


@pytest.fixture(scope="module")
def frames() -> dict[str, pd.DataFrame]:
    return reference_frames(load_catalog())


def only(frame: pd.DataFrame, **values: object) -> dict[str, object]:
    for column, value in values.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return frame.iloc[0].to_dict()


@pytest.mark.parametrize("name", KEYS)
def test_every_table_has_rows_and_a_key(frames: dict[str, pd.DataFrame], name: str) -> None:
    assert len(frames[name]) > 0 or name == "ref_bridges"  # none is documented yet
    assert not frames[name].duplicated(KEYS[name]).any()
    assert set(frames) == set(KEYS) == set(REFERENCE_MEANINGS) - {"ref_release", "ref_rules"}


def test_nothing_is_nan(frames: dict[str, pd.DataFrame]) -> None:
    for frame in frames.values():
        values = frame.to_numpy().flat
        assert not any(isinstance(value, float) and math.isnan(value) for value in values)


def test_targets_are_in_base_units(frames: dict[str, pd.DataFrame]) -> None:
    revenue = only(frames["ref_targets"], target_id="cq_2023_85_revenue_2025")
    assert (revenue["target_value"], revenue["unit"]) == (Decimal(150_000_000_000), "元")
    assert revenue["target_value_high"] is None
    placements = only(frames["ref_targets"], target_id="cq_2023_85_placements_2025")
    assert (placements["target_value"], placements["unit"]) == (Decimal(5_000_000), "人次")


def test_calculated_lines_are_told_apart(frames: dict[str, pd.DataFrame]) -> None:
    lines = frames["ref_form_lines"]
    assert only(lines, form_code="flash_report", line_no="05")["is_calculated"] is True
    assert only(lines, form_code="flash_report", line_no="01")["is_calculated"] is False


def test_a_stock_is_asked_for_at_the_end_of_the_month_only(
    frames: dict[str, pd.DataFrame],
) -> None:
    measures = frames["ref_form_line_measures"]
    dispatched = measures[measures["indicator_code"] == "dispatched_workers"]
    asked = dispatched.groupby("form_code")["measure_code"].unique()
    assert {form: list(codes) for form, codes in asked.items()} == {
        "annual_return": ["annual"],
        "flash_report": ["month"],
    }


def test_geography_has_the_city_and_who_reports_to_it(frames: dict[str, pd.DataFrame]) -> None:
    areas = frames["ref_areas"]
    assert list(areas["area_type"].drop_duplicates()) == [
        "country",
        "city",
        "district",
        "functional_area",
        "unplaced",
    ]
    assert only(areas, area_code="500105")["valid_to"] == "2026-01"
    assert only(areas, area_code="CQ-GXQ")["group_2020"] is None
    direct = only(frames["ref_reporting_units"], reporting_unit_code="500000")
    assert direct["reporting_unit_name"] == "重庆市（市级直报）"


def test_geographies_meet_in_the_first_month_of_reporting_in_the_new_one(
    frames: dict[str, pd.DataFrame],
) -> None:
    before = only(frames["ref_geographies"], geography="2020")
    after = only(frames["ref_geographies"], geography="2025")
    assert (before["valid_from"], before["valid_to"]) == (None, "2026-01")
    assert (after["valid_from"], after["valid_to"]) == ("2026-02", None)
    assert str(after["legal_from"]) == "2025-11-06"
    assert after["code_from"] == "2025-12"
    redrawn = frames["ref_areas"].set_index("area_code")["redrawn_from"].dropna()
    assert redrawn.to_dict() == {"500109": "2026-02"}


def test_successions_name_the_townships_without_their_kind(
    frames: dict[str, pd.DataFrame],
) -> None:
    successions = frames["ref_area_successions"]
    row = only(successions, coded_geography="2020", township="蔡家岗街道")
    assert (row["township_root"], row["district_code"]) == ("蔡家岗", "500109")
    assert (row["geography"], row["area_code"]) == ("2025", "500157")


def test_quantiles_agree_with_a_printed_table(frames: dict[str, pd.DataFrame]) -> None:
    quantiles = frames["ref_t_quantiles"].set_index("degrees_of_freedom")["t_quantile"]
    # NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, upper 0.975.
    printed = {1: 12.706, 2: 4.303, 10: 2.228, 30: 2.042, 100: 1.984}
    assert {degrees: round(quantiles[degrees], 3) for degrees in printed} == printed
