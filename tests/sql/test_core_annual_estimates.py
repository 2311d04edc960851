# ruff: noqa: E501 - a row of a table stays on one line
"""core_annual_estimates: totals of strata and what non-response adds to their variance."""

import numpy as np
import pytest


def test_reported_and_estimated_add_up_and_vary_by_hand(check):
    """Ratio: r = 3, residuals 1, −2, 1, s² = 3, m = 2: 2·5/3·3 = 10. Mean: r = 4, values 1, 2, 3, 6,
    s² = 14/3, m = 1: 1·5/4·14/3 = 35/6."""
    check(
        "core_annual_estimates",
        core_annual_values="""
            year indicator_code credit_code stratum_code value value_marker is_by_ratio residual unit
            2025 staff          A           SMA          1     reported     true        1        人
            2025 staff          B           SMA          2     reported     true        -2       人
            2025 staff          C           SMA          3     reported     true        1        人
            2025 staff          D           SMA          6     reported     false       9        人
            2025 staff          E           SMA          5     ratio        true        -        人
            2025 staff          F           SMA          7     ratio        true        -        人
            2025 staff          G           SMA          3     mean         false       -        人
            2025 staff          H           LAR          9     reported     true        4        人
            2025 staff          I           MIC          9     reported     true        4        人
            2025 staff          J           MIC          -     none         true        -        人
        """,
        expect="""
            stratum_code reported_value estimated_value value variance       respondent_count ratio_count mean_count unestimated_count
            LAR          9              0               9     0              1                0           0          0
            MIC          9              0               9     0              1                0           0          1
            SMA          12             15              27    15.8333333333  4                2           1          0
        """,
    )


@pytest.mark.parametrize("has_auxiliary", [True, False])
def test_the_standard_error_is_that_of_repeated_non_response(build, has_auxiliary):
    """Of a stratum whose truth is known 30 of 200 are silent at random, 400 times over."""
    random = np.random.default_rng(7)
    before = random.lognormal(5, 1, 200)
    now = before * random.normal(1.2, 0.2, 200).clip(0.2)
    estimates, errors = [], []
    for _ in range(400):
        silent = np.zeros(200, dtype=bool)
        silent[random.choice(200, 30, replace=False)] = True
        ratio = now[~silent].sum() / before[~silent].sum()
        fitted = before * ratio if has_auxiliary else np.full(200, now[~silent].mean())
        values = np.where(silent, fitted, now)
        estimates.append(values.sum())
        if len(errors) < 20:
            marker = "ratio" if has_auxiliary else "mean"
            rows = [
                {
                    "year": "2025",
                    "indicator_code": "staff",
                    "credit_code": str(number),
                    "stratum_code": "SMA",
                    "value": round(float(values[number]), 4),
                    "value_marker": marker if silent[number] else "reported",
                    "is_by_ratio": has_auxiliary,
                    "residual": None if silent[number] else float(now[number] - fitted[number]),
                    "unit": "人",
                }
                for number in range(200)
            ]
            (row,) = build("core_annual_estimates", core_annual_values=rows)
            errors.append(row["variance"] ** 0.5)
    assert np.mean(errors) == pytest.approx(np.std(estimates), rel=0.15)
    assert np.mean(estimates) == pytest.approx(now.sum(), rel=0.01)
