"""Divisions and reporting units before and after the change of 2025-11."""

import re
from itertools import permutations

import pytest

from pipelines.catalog.geography import (
    describe_retired,
    divisions_valid,
    find_division,
    find_reporting_unit,
    prefix_pattern,
    reporting_units,
    slip_pattern,
    successors,
    township_root,
)
from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Divisions, Succession

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


def areas_of(coded: str, district: str) -> dict[str | None, str]:
    """Return where the 街镇 of a district lie in the other geography; None: all others."""
    return {
        item.township: item.area_code
        for item in successors(DIVISIONS)
        if (item.coded_geography, item.district_code) == (coded, district)
    }


TO_BEIBEI = ("大湾镇", "统景镇", "大盛镇", "兴隆镇", "茨竹镇")
FROM_BEIBEI = ("水土街道", "复兴街道", "蔡家岗街道", "施家梁镇", "童家溪镇")


def test_succession_goes_by_township_as_announced():
    """人民日报客户端, 2025-11-07 (domain.md §4.1)."""
    assert areas_of("2020", "500105") == {None: "500157"}
    assert areas_of("2020", "500112") == {None: "500157", **dict.fromkeys(TO_BEIBEI, "500109")}
    assert areas_of("2020", "500109") == {None: "500109", **dict.fromkeys(FROM_BEIBEI, "500157")}
    by_township = {item.district_code for item in successors(DIVISIONS) if item.is_by_township}
    assert by_township == {"500109", "500112", "500157"}  # 江北 went as a whole


def test_going_back_what_cannot_be_told_is_not_guessed():
    """What of 两江新区 is neither of 北碚 was 江北 or 渝北; what has left 北碚 cannot be in it."""
    left = dict.fromkeys(FROM_BEIBEI, "500109")
    assert areas_of("2025", "500157") == {None: "UNPLACED", **left}
    came = dict.fromkeys(TO_BEIBEI, "500112")
    gone = dict.fromkeys(FROM_BEIBEI, "UNPLACED")
    assert areas_of("2025", "500109") == {None: "500109", **came, **gone}


@pytest.mark.parametrize(
    ("code", "text", "rest"),
    [
        ("500112", "渝北区大湾镇", "大湾镇"),
        ("500112", "渝北大湾镇", "大湾镇"),
        ("500112", "重庆市渝北区大湾镇", "大湾镇"),
        ("500112", "重庆渝北区大湾镇", "大湾镇"),
        ("500109", "两江新区水土街道", "水土街道"),
        ("500112", "北碚区水土街道", "北碚区水土街道"),
        ("500112", "大湾镇", "大湾镇"),
        ("500112", "渝北区", ""),
    ],
)
def test_what_may_stand_before_a_township(code: str, text: str, rest: str):
    assert re.sub(prefix_pattern(DIVISIONS, code), "", text) == rest


@pytest.mark.parametrize(
    ("name", "root"),
    [("大湾镇", "大湾"), ("水土街道", "水土"), ("水土街道办事处", "水土"), ("大湾", "大湾")],
)
def test_the_kind_of_a_township_is_left_out(name: str, root: str):
    assert township_root(name) == root


@pytest.mark.parametrize(
    ("text", "is_slip"),
    [
        ("蔡家", True),
        ("蔡冢岗", True),
        ("蔡家山岗", True),
        ("菜家岗", True),
        ("蔡家岗子村", False),
        ("菜家冈", False),
    ],
)
def test_a_slip_is_one_character_off(text: str, is_slip: bool):
    assert bool(re.search(slip_pattern("蔡家岗"), text)) == is_slip


@pytest.mark.parametrize(
    ("text", "month", "heirs"),
    [
        ("江北区", AFTER, "两江新区"),
        ("500105", "2027-01", "两江新区"),
        ("渝北", AFTER, "北碚区、两江新区"),
        ("两江新区功能区", AFTER, "北碚区、两江新区"),
        ("两江新区", AFTER, None),
        ("江北区", BEFORE, None),
        ("北碚区", AFTER, None),
        ("火星区", AFTER, None),
    ],
)
def test_who_has_the_agencies_of_a_retired_area(text: str, month: str, heirs: str | None):
    told = describe_retired(DIVISIONS, text, month)
    assert told == (heirs and f"自2026年2月起停用，其机构按所在街道（镇）由{heirs}承接")


@pytest.fixture
def changed_again() -> Divisions:
    """A made-up change of 2030: 两江新区 ends, 渝中 has it and two 街镇 of 北碚, which has 复兴."""
    (first,) = DIVISIONS.changes
    second = first.model_copy(
        update={
            "reporting_from": "2030-01",
            "old_geography": "2025",
            "new_geography": "2030",
            "retired": ["500157"],
            "created": [],
            "redrawn": ["500103", "500109"],
            "successions": [
                Succession(from_area="500109", to_area="500103", townships=["水土街道", "大湾镇"]),
                Succession(from_area="500109", to_area="500109", townships=[]),
                Succession(from_area="500157", to_area="500109", townships=["复兴街道"]),
                Succession(from_area="500157", to_area="500103", townships=[]),
                Succession(from_area="500103", to_area="500103", townships=["七星岗街道"]),
            ],
        }
    )
    divisions = [
        item.model_copy(update={"valid_to": "2029-12"}) if item.code == "500157" else item
        for item in DIVISIONS.divisions
    ]
    return DIVISIONS.model_copy(update={"divisions": divisions, "changes": [first, second]})


@pytest.mark.parametrize(
    ("coded", "geography", "district", "places"),
    [
        # 江北 -> 两江新区 -> 渝中, but for what is named.
        ("2020", "2030", "500105", {None: "500103", "复兴街道": "500109"}),
        (
            "2020",
            "2030",
            "500112",
            {
                None: "500103",
                **dict.fromkeys(TO_BEIBEI, "500109"),
                "大湾镇": "500103",
                "复兴街道": "500109",
            },
        ),
        (
            "2020",
            "2030",
            "500109",
            {
                None: "500109",
                **dict.fromkeys(FROM_BEIBEI, "500103"),
                "复兴街道": "500109",
                "大湾镇": "500103",
            },
        ),
        ("2025", "2030", "500157", {None: "500103", "复兴街道": "500109"}),
        ("2020", "2025", "500105", {None: "500157"}),
        # What is 渝中 in 2030 was 两江新区 in 2025, 北碚 before it where 北碚 had given it.
        (
            "2030",
            "2020",
            "500109",
            {
                None: "500109",
                **dict.fromkeys(TO_BEIBEI, "500112"),
                **dict.fromkeys(FROM_BEIBEI, "UNPLACED"),
                "复兴街道": "500109",
                "大湾镇": "UNPLACED",
            },
        ),
    ],
)
def test_what_changed_twice_is_followed_from_change_to_change(
    changed_again: Divisions, coded: str, geography: str, district: str, places: dict[str, str]
):
    found = [
        item
        for item in successors(changed_again)
        if (item.coded_geography, item.geography, item.district_code)
        == (coded, geography, district)
    ]
    assert {item.township: item.area_code for item in found} == places
    assert {item.is_by_township for item in found} == {len(places) > 1}


def test_each_geography_leads_to_every_other(changed_again: Divisions):
    pairs = {(item.coded_geography, item.geography) for item in successors(changed_again)}
    assert pairs == set(permutations(("2020", "2025", "2030"), 2))
    # What a change makes is not there before it.
    districts = {(item.coded_geography, item.district_code) for item in successors(changed_again)}
    assert {geography for geography, code in districts if code == "500157"} == {"2025"}
    assert {geography for geography, code in districts if code == "500105"} == {"2020"}


def test_the_heirs_of_heirs_are_told(changed_again: Divisions):
    """江北 ended in 2026; in 2030 渝中 and 北碚 have what was its own."""
    told = describe_retired(changed_again, "江北区", "2030-06")
    assert told == "自2026年2月起停用，其机构按所在街道（镇）由渝中区、北碚区承接"
    told = describe_retired(changed_again, "两江新区", "2030-06")
    assert told == "自2030年1月起停用，其机构按所在街道（镇）由渝中区、北碚区承接"


def test_the_last_month_of_the_old_geography_is_the_one_before():
    (change,) = DIVISIONS.changes
    assert change.last_month == BEFORE
    january = change.model_copy(update={"reporting_from": "2027-01"})
    assert january.last_month == "2026-12"
