"""Divisions and reporting units before and after the change of 2025-11."""

import pytest

from pipelines.catalog.geography import (
    divisions_valid,
    find_division,
    find_reporting_unit,
    reporting_units,
)
from pipelines.catalog.load import load_catalog

DIVISIONS = load_catalog().divisions
BEFORE, AFTER = "2026-01", "2026-02"


@pytest.mark.parametrize(
    ("month", "divisions", "units"),
    [
        ("2021-12", 38, 41),
        ("2025-11", 38, 41),
        (BEFORE, 38, 41),
        (AFTER, 37, 39),
        ("2030-01", 37, 39),
    ],
)
def test_counts(month: str, divisions: int, units: int):
    assert len(divisions_valid(DIVISIONS, month)) == divisions
    assert len(reporting_units(DIVISIONS, month)) == units


def test_what_changed():
    before = {division.code for division in divisions_valid(DIVISIONS, BEFORE)}
    after = {division.code for division in divisions_valid(DIVISIONS, AFTER)}
    assert before - after == {"500105", "500112"}
    assert after - before == {"500157"}


def test_validity_agrees_with_the_change():
    (change,) = DIVISIONS.changes
    assert str(change.legal_from) == "2025-11-06"
    assert (change.code_from, change.reporting_from) == ("2025-12", AFTER)
    created = {
        item.code for item in DIVISIONS.divisions if item.valid_from == change.reporting_from
    }
    retired = {item.code for item in DIVISIONS.divisions if item.valid_to}
    assert created == set(change.created)
    assert retired == set(change.retired)
    assert change.redrawn == ["500109"]


def test_adcode_order():
    codes = [division.code for division in DIVISIONS.divisions]
    assert codes == sorted(codes)
    assert len(set(codes)) == 39


@pytest.mark.parametrize(
    ("grouping", "month", "sizes"),
    [
        (
            "group_2020",
            BEFORE,
            {"中心城区": 9, "主城新区": 12, "渝东北三峡库区城镇群": 11, "渝东南武陵山区城镇群": 6},
        ),
        (
            "group_2020",
            AFTER,
            {"中心城区": 8, "主城新区": 12, "渝东北三峡库区城镇群": 11, "渝东南武陵山区城镇群": 6},
        ),
        (
            "group_2024",
            BEFORE,
            {
                "中心城区": 9,
                "渝西地区": 8,
                "渝东新城": 5,
                "渝东北三峡库区": 10,
                "渝东南武陵山区": 6,
            },
        ),
    ],
)
def test_groups(grouping: str, month: str, sizes: dict[str, int]):
    groups = [getattr(division, grouping) for division in divisions_valid(DIVISIONS, month)]
    assert {group: groups.count(group) for group in groups} == sizes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("500103", "500103"),
        ("渝中区", "500103"),
        (" 渝 中 ", "500103"),
        ("重庆市渝中区", "500103"),
        ("５００２４０", "500240"),
        ("石柱", "500240"),
        ("石柱县", "500240"),
        ("彭水苗族土家族自治县", "500243"),
        ("忠县", "500233"),
        ("忠", None),
        ("重庆市", None),
        ("全国", None),
        ("", None),
        ("双桥区", None),
        ("万盛经开区", None),
    ],
)
def test_find_division(text: str, code: str | None):
    found = find_division(DIVISIONS, text, BEFORE)
    assert (found and found.code) == code


@pytest.mark.parametrize("text", ["两江新区", "两江", "重庆市两江新区"])
def test_liangjiang_is_a_functional_area_then_a_division(text: str):
    assert find_division(DIVISIONS, text, BEFORE) is None
    before = find_reporting_unit(DIVISIONS, text, BEFORE)
    assert before is not None
    assert (before.code, before.is_functional_area) == ("CQ-LJXQ-FUNC", True)
    assert set(before.parent_codes) == {"500105", "500109", "500112"}

    division = find_division(DIVISIONS, text, AFTER)
    after = find_reporting_unit(DIVISIONS, text, AFTER)
    assert division is not None
    assert after is not None
    assert division.code == after.code == "500157"
    assert not after.is_functional_area


@pytest.mark.parametrize("text", ["江北区", "江北", "500105", "渝北区", "500112"])
def test_retired_divisions_are_unknown_afterwards(text: str):
    assert find_division(DIVISIONS, text, BEFORE) is not None
    assert find_division(DIVISIONS, text, AFTER) is None
    assert find_reporting_unit(DIVISIONS, text, AFTER) is None


def test_code_of_the_new_division_is_unknown_before():
    assert find_division(DIVISIONS, "500157", BEFORE) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [("高新区", "CQ-GXQ"), ("cq-wsjk", "CQ-WSJK"), ("万盛", "CQ-WSJK"), ("綦江", "500110")],
)
def test_find_reporting_unit(text: str, code: str):
    for month in (BEFORE, AFTER):
        found = find_reporting_unit(DIVISIONS, text, month)
        assert found is not None
        assert found.code == code


def test_ambiguous_name_is_not_guessed():
    twins = [
        division.model_copy(update={"short_names": ["江"]})
        for division in DIVISIONS.divisions
        if division.code in ("500105", "500116")
    ]
    divisions = DIVISIONS.model_copy(update={"divisions": twins})
    assert find_division(divisions, "江", BEFORE) is None
    assert find_reporting_unit(divisions, "江", BEFORE) is None
    found = find_division(divisions, "江", AFTER)
    assert found is not None
    assert found.code == "500116"


def test_no_two_units_share_a_spelling_in_any_month():
    for month in (BEFORE, AFTER):
        entries = [*divisions_valid(DIVISIONS, month), *DIVISIONS.functional_areas]
        entries = [entry for entry in entries if month <= (entry.valid_to or "9999-12")]
        for entry in entries:
            for spelling in [entry.code, entry.name, *entry.short_names]:
                found = find_reporting_unit(DIVISIONS, spelling, month)
                assert found is not None, spelling
                assert found.code == entry.code
