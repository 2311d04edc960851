"""core_recoded_areas: the 街镇 as registers write them, and the district they belong to."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.warehouse.reference import reference_frames

BEFORE, AFTER = "2025-12", "2026-02"
RESTS = ("悦来街道", "龙溪街道", "天生街道", "静观镇", "示例一街道", "示例二乡")


@pytest.fixture(scope="session")
def geography(catalog) -> dict[str, list[dict[str, Any]]]:
    frames = reference_frames(catalog)
    return {
        name: frames[name].to_dict("records")
        for name in ("ref_geographies", "ref_area_successions")
    }


@pytest.fixture
def recode(build, geography):
    """Return where 街镇 lie: (month, district, text) -> (area, known) in the other geography."""

    def recode_all(written: list[tuple[str, str, str | None]]) -> dict[Any, tuple[str, bool]]:
        rows = build(
            "core_recoded_areas",
            stg_register=[
                {
                    "receipt_no": 1,
                    "unit_row": row,
                    "credit_code": str(row),
                    "register_period": month,
                    "district_code": district,
                    "township": text,
                }
                for row, (month, district, text) in enumerate(written)
            ],
            **geography,
        )
        months = {"2020": BEFORE, "2025": AFTER}
        return {
            (months[row["coded_geography"]], row["district_code"], row["township"]): (
                row["area_code"],
                row["is_township_known"],
            )
            for row in rows
        }

    return recode_all


@pytest.mark.parametrize(
    ("month", "district", "text", "area"),
    [
        (BEFORE, "500105", None, "500157"),
        (BEFORE, "500105", "观音桥街道", "500157"),
        (BEFORE, "500112", "大湾", "500109"),
        (BEFORE, "500112", "大湾镇", "500109"),
        (BEFORE, "500112", "渝北区大湾镇", "500109"),
        (BEFORE, "500112", "重庆市渝北区 大湾镇", "500109"),
        (BEFORE, "500112", "渝北茨竹", "500109"),
        (BEFORE, "500112", "悦来街道", "500157"),
        (BEFORE, "500112", "悦来街道办事处", "500157"),
        (BEFORE, "500109", "水土", "500157"),
        (BEFORE, "500109", "两江新区水土街道", "500157"),
        (BEFORE, "500109", "童家溪镇人民政府", "500157"),
        (BEFORE, "500109", "天生街道", "500109"),
        # The same name counts for the district that has it: 兴隆 is 渝北's.
        (BEFORE, "500109", "兴隆镇", "500109"),
        (AFTER, "500157", "水土街道", "500109"),
        (AFTER, "500109", "大湾镇", "500112"),
        (AFTER, "500109", "天生街道", "500109"),
    ],
)
def test_where_a_township_lies(recode, month: str, district: str, text: str | None, area: str):
    assert recode([(month, district, text)]) == {(month, district, text or ""): (area, True)}


@pytest.mark.parametrize(
    ("month", "district", "text"),
    [
        (BEFORE, "500112", None),
        (BEFORE, "500109", None),
        (BEFORE, "500112", "渝北区"),
        (BEFORE, "500112", "不详"),
        (BEFORE, "500112", "龙溪"),  # no 街道 after it, and not one that the change names
        (BEFORE, "500112", "街道"),
        (BEFORE, "500112", "北碚区水土街道"),  # another district's
        (BEFORE, "500112", "大湾镇金凤村"),
        (BEFORE, "500112", "大弯镇"),  # a character off 大湾
        (BEFORE, "500109", "蔡家街道"),  # a character short of 蔡家岗
        (AFTER, "500109", None),
        (AFTER, "500157", ""),
    ],
)
def test_what_cannot_be_told_is_not_guessed(recode, month: str, district: str, text: str | None):
    assert recode([(month, district, text)]) == {(month, district, text or ""): ("UNPLACED", False)}


def test_the_rest_of_the_new_district_was_one_of_two(recode):
    assert recode([(AFTER, "500157", "观音桥街道")]) == {
        (AFTER, "500157", "观音桥街道"): ("UNPLACED", True)
    }


def test_a_district_that_was_succeeded_twice(check):
    """江北 became 两江新区 in 2025, and that 渝中 in 2030, but for 复兴街道, which is 北碚's."""
    check(
        "core_recoded_areas",
        stg_register="""
            receipt_no unit_row credit_code register_period district_code township
            1          4        A           2025-12         500105        复兴街道
            1          5        B           2025-12         500105        观音桥街道
            1          6        C           2025-12         500105        不详
        """,
        ref_geographies="""
            geography valid_from valid_to
            2020      -          2026-01
            2025      2026-02    2029-12
            2030      2030-01    -
        """,
        ref_area_successions=[
            {
                "coded_geography": "2020",
                "district_code": "500105",
                "township_root": root,
                "geography": geography,
                "area_code": area,
                "is_by_township": geography == "2030",
                "prefix_pattern": "^",
            }
            for geography, root, area in [
                ("2025", None, "500157"),
                ("2030", "复兴", "500109"),
                ("2030", None, "500103"),
            ]
        ],
        expect="""
            coded_geography district_code township   geography area_code is_township_known
            2020            500105        不详       2025      500157    true
            2020            500105        不详       2030      UNPLACED  false
            2020            500105        复兴街道   2025      500157    true
            2020            500105        复兴街道   2030      500109    true
            2020            500105        观音桥街道 2025      500157    true
            2020            500105        观音桥街道 2030      500103    true
        """,
    )


def test_events_tell_the_divisions_of_their_own_month(build, geography):
    """After the change M moves within what the register still calls 渝北, E into 两江新区."""
    rows = build(
        "core_recoded_areas",
        stg_register=[
            {"credit_code": code, "register_period": BEFORE, "district_code": "500112"}
            for code in ("E", "M")
        ],
        stg_register_events="""
            changed_code event_date district_code township
            E            2026-02-03 500157        水土街道
            M            2026-02-04 -             大湾镇
        """,
        **geography,
    )
    found = {
        (row["coded_geography"], row["district_code"], row["township"]): row["area_code"]
        for row in rows
    }
    assert found == {
        ("2020", "500112", ""): "UNPLACED",
        ("2020", "500112", "大湾镇"): "500109",
        ("2025", "500157", "水土街道"): "500109",
    }


def test_districts_that_the_change_leaves_alone_have_no_rows(recode):
    assert recode([(BEFORE, "500103", "解放碑街道"), (AFTER, "500105", "观音桥街道")]) == {}


@given(data=st.data())
@settings(
    deadline=None, max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_spelling_does_not_move_an_agency(recode, geography, data):
    """However city, district, blanks and kind of a 街镇 are written, it lies where it lies."""
    successions = pd.DataFrame(geography["ref_area_successions"])
    named = successions[(successions.coded_geography == "2020") & successions.township.notna()]
    names = {"500112": "渝北区", "500109": "北碚区"}
    rests = {"500112": "500157", "500109": "500109"}
    known = {
        **{(row.district_code, row.township): row.area_code for row in named.itertuples()},
        **{(district, text): area for district, area in rests.items() for text in RESTS},
    }
    district, township = data.draw(st.sampled_from(sorted(known)))
    city = data.draw(st.sampled_from(["", "重庆市", "重庆"]))
    district_name = data.draw(st.sampled_from(["", names[district], names[district][:-1]]))
    blank = data.draw(st.sampled_from(["", " ", "\u3000"]))
    ending = data.draw(st.sampled_from(["", "办事处"] if township.endswith("街道") else [""]))
    text = blank.join([city, district_name, township + ending])
    assert recode([(BEFORE, district, text)]) == {
        (BEFORE, district, text): (known[district, township], True)
    }
