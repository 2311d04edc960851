"""How often the intervals of repeated samples hold the truth of a made-up population."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.sql.test_estimation_oracle import PERIODS, REFERENCE

STRATA = {"LAR": (40, 40), "MED": (150, 60), "SMA": (400, 80)}
DRAWS = 400
RESPONSE = 0.9
T_QUANTILE = 1.97  # of about 170 degrees of freedom
BOUNDS = (0.92, 0.98)


@pytest.mark.soak
def test_intervals_hold_the_truth(build):
    random = np.random.default_rng(2025)
    population = [
        (f"{stratum}-{number:03d}", stratum, before, before + float(random.gamma(4, 5)))
        for stratum, (size, _) in STRATA.items()
        for number, before in enumerate(random.gamma(4, 10, size).tolist())
    ]
    truth_now = sum(now for *_, now in population)
    truth_month = truth_now - sum(before for _, _, before, _ in population)
    periods: list[dict[str, Any]] = [
        {"period": PERIODS[0], "previous_period": None},
        {"period": PERIODS[1], "previous_period": PERIODS[0]},
    ]
    keys = [{"period": period} for period in PERIODS]
    domains = [
        {**key, "credit_code": code, "domain_type": "city", "domain_code": "500000"}
        for key in keys
        for code, *_ in population
    ]
    institutions = [{**key, "domain_type": "city", "domain_code": "500000"} for key in keys]
    held = {"ytd": 0, "month": 0}
    for _ in range(DRAWS):
        sampled = {
            code
            for stratum, (_, wanted) in STRATA.items()
            for code in random.choice([c for c, s, *_ in population if s == stratum], wanted, False)
        }
        frame = [
            {**key, "credit_code": code, "stratum_code": stratum, "is_sampled": code in sampled}
            for key in keys
            for code, stratum, *_ in population
        ]
        values = [
            {
                "period": period,
                "credit_code": code,
                "stratum_code": stratum,
                "indicator_code": "placements",
                "measure_code": "ytd",
                "value": figures[at],
            }
            for at, period in enumerate(PERIODS)
            for code, stratum, *figures in population
            if code in sampled and random.random() < RESPONSE
        ]
        weights = build(
            "core_weights",
            **REFERENCE,
            core_periods=periods,
            core_frame=frame,
            core_sample_values=values,
        )
        direct = build(
            "core_direct_estimates",
            ref_indicators=REFERENCE["ref_indicators"],
            core_weights=weights,
            core_institutions=institutions,
            core_domains=domains,
            core_sample_values=values,
        )
        [month] = build(
            "core_month_estimates",
            core_periods=periods,
            core_weights=weights,
            core_direct_estimates=direct,
            core_domains=domains,
            core_sample_values=values,
        )
        [now] = [row for row in direct if row["period"] == PERIODS[1]]
        for name, row, truth in (("ytd", now, truth_now), ("month", month, truth_month)):
            margin = T_QUANTILE * row["variance"] ** 0.5
            held[name] += abs(row["value"] - truth) <= margin
    for name, count in held.items():
        assert BOUNDS[0] <= count / DRAWS <= BOUNDS[1], (name, count / DRAWS)
