# ruff: noqa: E501 - a row of a table stays on one line
"""core_weights: expansion weights and collapsed strata."""

from typing import Any

import pytest

REFERENCE = {
    "ref_settings": """
        lonely_strata
        collapse
    """,
    "ref_indicators": """
        indicator_code measure_type
        placements     flow
    """,
    "ref_form_lines": """
        form_code     indicator_code
        flash_report  placements
        annual_return staff
    """,
}
STRATA = """
    stratum_code collapse_into_code stratum_order
    PUB          -                  1
    LAR          MED                2
    MED          SMA                3
    SMA          MED                4
    MIC          SMA                5
"""


def given(period: str, counts: dict[str, tuple[int, int, int]]) -> dict[str, list[dict[str, Any]]]:
    """Return frame and sample values with (N, n, r) agencies in each stratum."""
    frame = [
        {
            "period": period,
            "credit_code": f"{stratum}-{number}",
            "stratum_code": stratum,
            "is_sampled": number < sampled,
        }
        for stratum, (size, sampled, _) in counts.items()
        for number in range(size)
    ]
    values = [
        {
            "period": period,
            "indicator_code": "placements",
            "measure_code": "ytd",
            "credit_code": f"{stratum}-{number}",
            "stratum_code": stratum,
            "value": 1,
        }
        for stratum, (_, _, respondents) in counts.items()
        for number in range(respondents)
    ]
    return {
        "core_periods": [{"period": period}],
        "core_frame": frame,
        "core_sample_values": values,
    }


def test_plain_weights(check):
    check(
        "core_weights",
        **REFERENCE,
        ref_strata=STRATA,
        **given(
            "2025-06",
            {
                "PUB": (5, 3, 2),
                "LAR": (3, 3, 3),
                "MED": (8, 4, 4),
                "SMA": (9, 3, 2),
                "MIC": (0, 0, 0),
            },
        ),
        expect="""
            stratum_code estimation_stratum_code frame_count sampled_count respondent_count weight is_estimable
            LAR          LAR                     3           3             3                1      true
            MED          MED                     8           4             4                2      true
            MIC          SMA                     9           3             2                4.5    true
            PUB          PUB                     5           3             2                2.5    true
            SMA          SMA                     9           3             2                4.5    true
        """,
    )


def test_a_take_all_stratum_with_one_agency_that_responds_stands_alone(check):
    check(
        "core_weights",
        **REFERENCE,
        ref_strata=STRATA,
        **given("2025-06", {"LAR": (1, 1, 1), "MED": (8, 4, 4)}),
        expect="""
            stratum_code estimation_stratum_code frame_count respondent_count weight is_estimable
            LAR          LAR                     1           1                1      true
            MED          MED                     8           4                2      true
            MIC          MED                     8           4                2      true
            PUB          PUB                     0           0                -      true
            SMA          MED                     8           4                2      true
        """,
    )


@pytest.mark.parametrize(
    ("counts", "groups"),
    [
        pytest.param(
            {
                "PUB": (4, 3, 3),
                "LAR": (3, 3, 1),
                "MED": (8, 4, 4),
                "SMA": (9, 3, 3),
                "MIC": (9, 3, 3),
            },
            {
                "LAR": ("MED", 11, 5),
                "MED": ("MED", 11, 5),
                "SMA": ("SMA", 9, 3),
                "PUB": ("PUB", 4, 3),
            },
            id="one respondent of three joins the next class",
        ),
        pytest.param(
            {"LAR": (3, 3, 1), "MED": (8, 4, 1), "SMA": (9, 3, 3), "MIC": (9, 3, 3)},
            {"LAR": ("SMA", 20, 5), "MED": ("SMA", 20, 5), "SMA": ("SMA", 20, 5)},
            id="a chain goes to its end",
        ),
        pytest.param(
            {"LAR": (3, 3, 3), "MED": (8, 4, 1), "SMA": (9, 3, 1), "MIC": (9, 3, 0)},
            {
                "LAR": ("LAR", 3, 3),
                "MED": ("MED", 26, 2),
                "SMA": ("MED", 26, 2),
                "MIC": ("MED", 26, 2),
            },
            id="two that point at each other are one",
        ),
    ],
)
def test_short_strata_collapse_before_weighting(build, counts, groups):
    rows = build("core_weights", **REFERENCE, ref_strata=STRATA, **given("2025-06", counts))
    found = {
        row["stratum_code"]: (
            row["estimation_stratum_code"],
            row["frame_count"],
            row["respondent_count"],
        )
        for row in rows
    }
    assert groups.items() <= found.items()
    assert all(row["is_estimable"] for row in rows if row["frame_count"])


@pytest.mark.parametrize("respondents", [0, 1])
def test_a_stratum_that_stays_short_cannot_be_estimated(build, respondents):
    counts = {"PUB": (4, 3, respondents), "LAR": (3, 3, 3), "MED": (8, 4, 4), "SMA": (9, 3, 3)}
    rows = build("core_weights", **REFERENCE, ref_strata=STRATA, **given("2025-06", counts))
    assert {row["stratum_code"]: row["is_estimable"] for row in rows} == {
        "LAR": True,
        "MED": True,
        "MIC": True,
        "PUB": False,
        "SMA": True,
    }


# Office for National Statistics, statistical-methods-library 0fd75ca (MIT, Crown copyright),
# estimation/ht_ratio: groups as (N, n, sampled deaths and out of scope that answer nothing). Their
# weight (N/n)(1 + (D+O)/(n−D−O)) is N over the rest, and so is ours.
ONS = {
    "01_expansion 202012": {
        "0001": ((12, 8, 0), 1.5),
        "0002": ((18, 11, 3), 2.25),
        "0003": ((8, 4, 0), 2.0),
        "0004": ((8, 2, 0), 4.0),
    },
    "01_expansion 202101": {"0001": ((4, 2, 0), 2.0), "0002": ((4, 3, 0), 1.333333)},
    "04_out_of_scope_full 2010": {
        "1": ((5, 4, 2), 2.5),
        "2": ((5, 3, 0), 1.666667),
        "3": ((3, 3, 0), 1.0),
    },
    "04_out_of_scope_full 2011": {
        "1": ((5, 2, 0), 2.5),
        "2": ((5, 4, 1), 1.666666),
        "3": ((3, 3, 0), 1.0),
    },
}


@pytest.mark.parametrize("case", ONS)
def test_expansion_cases_of_the_ons(build, case):
    groups = ONS[case]
    strata = [{"stratum_code": group, "stratum_order": order} for order, group in enumerate(groups)]
    counts = {
        group: (size, sampled, sampled - gone)
        for group, ((size, sampled, gone), _) in groups.items()
    }
    rows = build("core_weights", **REFERENCE, ref_strata=strata, **given("2020-12", counts))
    weights = {row["stratum_code"]: row["weight"] for row in rows}
    assert weights == pytest.approx({group: w for group, (_, w) in groups.items()}, abs=1e-6)
