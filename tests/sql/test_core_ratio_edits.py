"""core_ratio_edits: Hidiroglou-Berthelot on figures of two equally long periods."""

from typing import Any

import numpy as np
import pytest

Row = dict[str, Any]

PERIODS = """
    period  period_type previous_period
    2025-02 M2          -
    2025-03 M           2025-02
    2025-04 M           2025-03
    2025-06 M           -
"""
USUAL = {
    "ratio_size_exponent": 0.5,
    "ratio_least_spread": 0.05,
    "ratio_multiple": 20,
    "ratio_tail_pct": 25,
    "ratio_minimum_pairs": 4,
}
FEW = USUAL | {"ratio_minimum_pairs": 2}


def submissions(*receipts: tuple[int, str, list[str]]) -> list[Row]:
    return [
        {"receipt_no": number, "period": period, "credit_code": agency, "is_read": True}
        for number, period, agencies in receipts
        for agency in agencies
    ]


def cells(receipt: int, values: dict[str, float], measure="month", indicator="placements") -> list:
    return [
        {
            "receipt_no": receipt,
            "value_no": 10 * number + {"ytd": 1, "ytd_last_year": 2}.get(measure, 0),
            "credit_code": agency,
            "indicator_code": indicator,
            "measure_code": measure,
            "value": value,
            "unit": "人次",
        }
        for number, (agency, value) in enumerate(values.items(), start=1)
    ]


def registered(agencies: list[str], public: tuple[str, ...] = ()) -> dict[str, list[Row]]:
    """Return a register with these agencies, in force in every period."""
    periods = ["2025-02", "2025-03", "2025-04", "2025-06", "2023", "2024"]
    return {
        "core_frame_sources": [{"period": each, "register_receipt_no": 99} for each in periods],
        "stg_register": [
            {
                "receipt_no": 99,
                "unit_row": row,
                "credit_code": agency,
                "institution_group": "public" if agency in public else "market",
            }
            for row, agency in enumerate(agencies)
        ],
    }


@pytest.fixture
def judge(build):
    """Judge April's figures of agencies against March's and return the rows."""

    def judge_april(before: dict, now: dict, settings: Row = USUAL, **more: Any) -> list[Row]:
        agencies = sorted({*before, *now})
        return build(
            "core_ratio_edits",
            core_periods=PERIODS,
            ref_settings=[settings],
            stg_flash_submissions=submissions(
                (1, "2025-03", list(before)), (2, "2025-04", list(now))
            ),
            stg_values=cells(1, before) + cells(2, now),
            **registered(agencies, **more),
        )

    return judge_april


def flagged(rows: list[Row]) -> set[str]:
    return {row["credit_code"] for row in rows if row["edit_a15_ratio"]}


def test_a_case_worked_by_hand(judge):
    """Ratios 1/2, 1, 1, 2, 4 around M = 1; sizes 4, 4, 16, 16, 64, so max^½ = 2, 2, 4, 4, 8.

    s = -1, 0, 0, 1, 3 and E = -2, 0, 0, 4, 24: median 0, quartiles 0 and 4. Below the median nobody
    in the quarter differs, so that side takes the other's 4; with C = 4 the bounds are ∓16. For E,
    of size 64, they are s = ∓2: ratios 1/3 and 3; 24 is 8 beyond.
    """
    rows = judge(
        {"A": 4, "B": 4, "C": 16, "D": 8, "E": 16},
        {"A": 2, "B": 4, "C": 16, "D": 16, "E": 64},
        USUAL | {"ratio_multiple": 4},
    )
    assert [row["effect"] for row in rows] == pytest.approx([-2, 0, 0, 4, 24])
    assert {(row["effect_low"], row["effect_high"]) for row in rows} == {(-16, 16)}
    assert {(row["pair_count"], row["median_ratio"]) for row in rows} == {(5, 1)}
    assert [row["edit_a15_ratio"] for row in rows] == pytest.approx([0, 0, 0, 0, 8])
    assert (rows[4]["ratio_low"], rows[4]["ratio_high"]) == pytest.approx((1 / 3, 3))
    assert rows[4]["ratio"] == 4


def effects_of(ratios: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return E as the article defines it, written apart from the SQL."""
    middle = np.median(ratios)
    s = np.array([r / middle - 1 if r >= middle else 1 - middle / r for r in ratios])
    return s * np.sqrt(sizes)


def bounds_of(effects: np.ndarray, multiple: float, tail: float) -> tuple[float, float]:
    low, middle, high = np.percentile(effects, [tail, 50, 100 - tail])
    least = abs(0.05 * middle)
    return (
        middle - multiple * max(middle - low, least),
        middle + multiple * max(high - middle, least),
    )


def industry() -> tuple[dict[str, float], dict[str, float], set[str]]:
    """Return two months of 60 agencies with three planted errors: two slips and a lost digit.

    Two others changed by half for good reasons.
    """
    rng = np.random.default_rng(0)
    before = np.round(np.exp(rng.normal(6, 0.5, 60))) + 5
    now = np.round(before * np.exp(rng.uniform(-0.2, 0.2, 60)))
    now[[20, 21]] = np.round(before[[20, 21]] * [1.6, 0.62])
    planted = [5, 10, 15]
    now[planted] = before[planted] * [1000, 10, 0.05]
    names = [f"N{number:02}" for number in range(60)]
    return (
        dict(zip(names, before.tolist(), strict=True)),
        dict(zip(names, now.tolist(), strict=True)),
        {names[number] for number in planted},
    )


@pytest.mark.parametrize(("multiple", "tail"), [(20, 25), (4, 10), (4, 25)])
def test_the_same_as_the_formula_in_numpy(judge, multiple, tail):
    before, now, _ = industry()
    rows = judge(before, now, USUAL | {"ratio_multiple": multiple, "ratio_tail_pct": tail})
    ratios = np.array([now[name] / before[name] for name in before])
    effects = effects_of(ratios, np.array([max(now[name], before[name]) for name in before]))
    low, high = bounds_of(effects, multiple, tail)
    assert len(rows) == 60
    assert [row["effect"] for row in rows] == pytest.approx(effects.tolist(), rel=1e-12)
    assert rows[0]["effect_low"] == pytest.approx(low, rel=1e-12)
    assert rows[0]["effect_high"] == pytest.approx(high, rel=1e-12)
    outside = (effects < low) | (effects > high)
    assert [bool(row["edit_a15_ratio"]) for row in rows] == outside.tolist()
    # The bounds as ratios say the same.
    assert [
        not row["ratio_low"] <= row["ratio"] <= row["ratio_high"] for row in rows
    ] == outside.tolist()


def test_exactly_the_planted_errors_are_flagged(judge):
    """Our own example (the one of the method note is not at hand), with its outcome."""
    before, now, planted = industry()
    assert flagged(judge(before, now)) == planted
    wide = USUAL | {"ratio_multiple": 4, "ratio_tail_pct": 10}
    assert flagged(judge(before, now, wide)) == planted
    narrow = flagged(judge(before, now, USUAL | {"ratio_multiple": 4}))
    assert narrow == planted | {"N20", "N21"}


def test_size_makes_a_change_count(judge):
    """With U = 0 the small agency's doubling is as odd as the large one's."""
    before = {f"N{number:02}": 1000 + number for number in range(40)}
    now = {name: value + (value % 5 - 2) * 10 for name, value in before.items()}
    before |= {"large": 90_000, "small": 4}
    now |= {"large": 180_000, "small": 8}
    assert flagged(judge(before, now)) == {"large"}
    assert flagged(judge(before, now, USUAL | {"ratio_size_exponent": 0})) == {"large", "small"}


def test_too_few_or_all_alike_judge_nobody(judge):
    few = {"A": 10, "B": 20, "C": 30}
    rows = judge(few, few | {"C": 9000})
    assert [(row["pair_count"], row["edit_a15_ratio"], row["ratio_high"]) for row in rows] == [
        (3, None, None)
    ] * 3
    alike = {f"N{number}": 10 for number in range(8)}
    assert not flagged(judge(alike, alike | {"N7": 9000}))


def test_public_agencies_are_a_group_of_their_own(judge):
    market = {f"M{number}": 100 + number for number in range(6)}
    public = {f"P{number}": 100 + number for number in range(6)}
    now = {name: value * (3 if name in public else 1) for name, value in (market | public).items()}
    rows = judge(market | public, now, public=tuple(public))
    medians = {row["institution_group"]: row["median_ratio"] for row in rows}
    assert medians == {"market": 1, "public": 3}


def test_zeros_and_strangers_are_left_out(judge):
    before = {"A": 10, "B": 20, "C": 30, "D": 0, "E": 5}
    rows = judge(before, {"A": 12, "B": 0, "C": -3, "D": 7, "E": 5})
    assert [row["credit_code"] for row in rows] == ["A", "E"]


def test_only_equally_long_periods_are_compared(check):
    """March has two months before it, so both are held against last year's sum to date."""
    check(
        "core_ratio_edits",
        core_periods=PERIODS,
        ref_settings=[FEW],
        stg_flash_submissions=submissions(
            (1, "2025-02", ["A"]),
            (2, "2025-03", ["A"]),
            (3, "2025-04", ["A"]),
            (4, "2025-06", ["A"]),
        ),
        stg_values=[
            row
            for receipt in (1, 2, 3, 4)
            for measure, value in (("month", 10), ("ytd", 20), ("ytd_last_year", 16))
            for row in cells(receipt, {"A": value + receipt}, measure)
        ],
        **registered(["A"]),
        expect="""
            receipt_no period  measure_code compared_receipt_no compared_words value compared_value
            1          2025-02 ytd          0                   上年同期       21    17
            2          2025-03 ytd          0                   上年同期       22    18
            3          2025-04 month        2                   上期           13    12
            4          2025-06 ytd          0                   上年同期       24    20
        """,
    )


def test_every_version_is_held_against_every_version_and_the_last_ones_make_the_bounds(build):
    """A's first version of April and B's refused file of March count for nobody else."""
    rows = build(
        "core_ratio_edits",
        core_periods=PERIODS,
        ref_settings=[FEW],
        stg_flash_submissions=[
            *submissions(
                (1, "2025-03", ["A", "B"]), (2, "2025-04", ["A", "B"]), (3, "2025-04", ["A"])
            ),
            {"receipt_no": 4, "period": "2025-03", "credit_code": "B", "is_read": False},
        ],
        stg_values=[
            *cells(1, {"A": 10, "B": 10}),
            *cells(2, {"A": 900, "B": 11}),
            *cells(3, {"A": 13}),
            *cells(4, {"B": 500}),
        ],
        **registered(["A", "B"]),
    )
    found = [(row["receipt_no"], row["credit_code"], row["compared_receipt_no"]) for row in rows]
    assert found == [(2, "A", 1), (2, "B", 1), (3, "A", 1)]
    assert {row["pair_count"] for row in rows} == {2}
    assert rows[0]["median_ratio"] == pytest.approx(1.2)
    assert rows[0]["edit_a15_ratio"] > 0


def test_annual_returns_are_held_against_the_year_before(build):
    agencies = ["A", "B"]
    rows = build(
        "core_ratio_edits",
        ref_settings=[FEW],
        stg_annual_submissions=submissions((1, "2023", agencies), (2, "2024", agencies)),
        stg_values=cells(1, {"A": 10, "B": 10}, "annual", "staff")
        + cells(2, {"A": 11, "B": 12}, "annual", "staff"),
        **registered(agencies),
    )
    assert [(row["form_code"], row["compared_words"]) for row in rows] == [
        ("annual_return", "上年年报")
    ] * 2
    assert [row["ratio"] for row in rows] == pytest.approx([1.1, 1.2])
