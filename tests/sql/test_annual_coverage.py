"""The annual totals of a made-up industry of which some are silent: their intervals hold the truth.

The truth is that of everybody, the answers those of a small industry's agencies in 2024 and 2025.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

from pipelines.catalog.load import load_catalog
from pipelines.synthetic.annual import figures_of_year
from pipelines.synthetic.fieldwork import STRATA
from pipelines.synthetic.industry import make_industry
from pipelines.warehouse.reference import reference_frames

ASKED = ("revenue_booked", "pass_through_unbooked", "placements", "staff", "training_courses")
WANTED = ("revenue_incl", "placements", "staff", "training_courses")
NEW = {"training_courses"}  # not asked before 2025: estimated by the mean
DRAWS, SILENT = 30, 0.1


@pytest.fixture(scope="module")
def industry():
    return make_industry(size=400)


@pytest.fixture
def draws(industry, build):
    """Return the totals of each draw of who is silent, by indicator, and the truth."""
    reference = reference_frames(load_catalog())
    living = np.flatnonzero(industry.agencies.living(np.datetime64("2025-12-31", "D")))
    codes = [industry.agencies.credit_codes[position] for position in living]
    sizes = [industry.sizes.size_classes[2025][position] for position in living]
    answers = {
        year: _answers(industry, year, living, [code for code in ASKED if _is_asked(code, year)])
        for year in (2024, 2025)
    }
    random = np.random.default_rng(20251231)
    found = []
    for _ in range(DRAWS):
        heard = {year: random.random(len(living)) >= SILENT for year in answers}
        states = [
            {
                "year": "2025",
                "credit_code": code,
                "stratum_code": STRATA[size],
                "annual_state": "reported" if is_heard else "missing",
            }
            for code, size, is_heard in zip(codes, sizes, heard[2025], strict=True)
        ]
        observations = [
            {
                "period": str(year),
                "form_code": "annual_return",
                "credit_code": code,
                "indicator_code": indicator,
                "measure_code": "annual",
                "unit": "元",
                "value": Decimal(int(value)),
            }
            for year, columns in answers.items()
            for indicator, values in columns.items()
            for code, value, is_heard in zip(codes, values, heard[year], strict=True)
            if is_heard
        ]
        values = build(
            "core_annual_values",
            core_annual_states=states,
            core_observations=observations,
            ref_indicator_formulas=_rows(reference["ref_indicator_formulas"]),
        )
        estimates = build("core_annual_estimates", core_annual_values=values)
        totals = build(
            "core_annual_totals",
            core_annual_states=states,
            core_annual_estimates=estimates,
            ref_t_quantiles=_rows(reference["ref_t_quantiles"]),
        )
        found.append({row["indicator_code"]: row for row in totals})
    truth = {code: int(sum(column)) for code, column in answers[2025].items()}
    return found, truth


def _is_asked(code: str, year: int) -> bool:
    return code not in NEW or year == 2025


def _answers(industry, year, living, asked):
    """Return what everybody would report of a year, with the revenue that is computed."""
    figures = figures_of_year(industry, year)
    columns = {code: figures[code][living] for code in asked}
    revenue = columns["revenue_booked"] + columns["pass_through_unbooked"]
    return {**columns, "revenue_incl": revenue}


def _rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    return frame.to_dict("records")


def test_totals_hold_the_truth_as_often_as_they_say_and_add_up(draws):
    found, truth = draws
    for row in (row for draw in found for row in draw.values()):
        assert row["value"] == row["reported_value"] + row["estimated_value"]
        counted = row["reported_count"] + row["missing_count"] + row["out_of_scope_count"]
        assert counted == row["frame_count"]
        assert 0 < row["estimated_pct"] < 100
    for code in WANTED:
        totals, reported, low, high = (
            np.array([float(draw[code][column]) for draw in found])
            for column in ("value", "reported_value", "ci_low", "ci_high")
        )
        held = ((low <= truth[code]) & (truth[code] <= high)).sum()
        assert held >= binom.ppf(0.005, DRAWS, 0.9), code
        assert totals.mean() == pytest.approx(truth[code], rel=0.03), code
        if code not in NEW:  # a mean is right on average, of skewed figures no more
            error = np.abs(totals - truth[code]).mean()
            assert error < np.abs(reported - truth[code]).mean(), code
