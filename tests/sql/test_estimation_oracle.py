"""The estimation tables against an independent implementation, agency by agency, on random data.

The oracle writes a domain's variable out with its zeros, where SQL works with sums; it knows no
collapsed strata, so the random samples are drawn with enough respondents in each stratum but one,
which the collapse is checked with by renaming it beforehand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

STRATA = {"LAR": (12, 12), "MED": (60, 30), "SMA": (150, 40), "MIC": (400, 60)}
AREAS = ["500101", "500102", "500103"]
PERIODS = ["2025-02", "2025-03"]
CHAIN = (
    "core_weights",
    "core_ratio_groups",
    "core_residuals",
    "core_domain_auxiliaries",
    "core_direct_estimates",
    "core_month_estimates",
)
REFERENCE = {
    "ref_settings": """
        lonely_strata ratio_group_minimum
        collapse      1
    """,
    "ref_indicators": """
        indicator_code measure_type is_by_domain estimation_method
        placements     flow         true         expansion
    """,
    "ref_form_lines": """
        form_code    indicator_code
        flash_report placements
    """,
    "ref_strata": """
        stratum_code collapse_into_code stratum_order
        LAR          MED                1
        MED          SMA                2
        SMA          MED                3
        MIC          SMA                4
        PUB          MED                5
    """,
}

Agency = dict[str, Any]


def random_industry(seed: int) -> list[Agency]:
    """Return agencies with stratum, area, sample mark and, per period, scope and an answer."""
    random = np.random.default_rng(seed)
    agencies: list[Agency] = []
    for stratum, (size, sampled) in {**STRATA, "PUB": (3, 3)}.items():
        for number in range(size):
            before = float(np.round(random.lognormal(3, 1.5), 2))
            now = before + float(np.round(random.lognormal(2, 1), 2))
            in_scope = [random.random() > 0.03, random.random() > 0.03]
            answers = [number < sampled and random.random() < 0.85 for _ in PERIODS]
            if stratum == "PUB":
                in_scope, answers = [True, True], [number == 0, number == 0]
            agencies.append(
                {
                    "credit_code": f"{stratum}-{number:03d}",
                    "stratum_code": stratum,
                    "areas": [AREAS[number % 3], AREAS[(number + (number % 17 == 0)) % 3]],
                    "is_sampled": number < sampled,
                    "in_scope": in_scope,
                    "values": [
                        value if answered and scope else None
                        for value, answered, scope in zip(
                            [before, now], answers, in_scope, strict=True
                        )
                    ],
                }
            )
    return agencies


def as_tables(agencies: Sequence[Agency]) -> dict[str, list[dict[str, Any]]]:
    """Return the agencies as the tables that estimation reads."""
    frame, domains, values = [], [], []
    for at, period in enumerate(PERIODS):
        for agency in agencies:
            key = {"period": period, "credit_code": agency["credit_code"]}
            stratum = {"stratum_code": agency["stratum_code"]}
            if not agency["in_scope"][at]:
                continue
            frame.append({**key, **stratum, "is_sampled": agency["is_sampled"]})
            domains.append({**key, "domain_type": "city", "domain_code": "500000"})
            domains.append({**key, "domain_type": "area", "domain_code": agency["areas"][at]})
            if agency["values"][at] is not None:
                measure = {"indicator_code": "placements", "measure_code": "ytd"}
                values.append({**key, **stratum, **measure, "value": agency["values"][at]})
    return {"core_frame": frame, "core_domains": domains, "core_sample_values": values}


class Oracle:
    """Textbook estimators with every zero written out."""

    def __init__(self, agencies: Sequence[Agency]) -> None:
        self.agencies = [
            {**agency, "stratum_code": agency["stratum_code"].replace("PUB", "MED")}
            for agency in agencies
        ]
        self.strata = sorted(STRATA)

    def size(self, stratum: str, at: int) -> int:
        return sum(a["in_scope"][at] for a in self.agencies if a["stratum_code"] == stratum)

    def respondents(self, stratum: str, at: int) -> list[Agency]:
        members = [a for a in self.agencies if a["stratum_code"] == stratum]
        return [a for a in members if a["values"][at] is not None]

    def z(self, agency: Agency, at: int, area: str | None) -> float:
        is_in = area is None or agency["areas"][at] == area
        return float(agency["values"][at]) if is_in and agency["values"][at] is not None else 0.0

    def direct(self, at: int, area: str | None) -> tuple[float, float, int]:
        """Return total, variance and degrees of freedom of the cumulative figure."""
        total, variance, freedom = 0.0, 0.0, 0
        for stratum in self.strata:
            big_n, sample = self.size(stratum, at), self.respondents(stratum, at)
            n = len(sample)
            z = np.array([self.z(agency, at, area) for agency in sample])
            total += big_n * z.mean()
            if n < big_n:
                variance += big_n**2 * (1 - n / big_n) / n * z.var(ddof=1)
                freedom += n - 1
        return total, variance, freedom

    def month(self, area: str | None) -> tuple[float, float, int]:
        """Return the same of the difference; the agencies of the area are those of now."""
        (_, before, freedom_before), (_, now, freedom_now) = (
            self.direct(0, area),
            self.direct(1, area),
        )
        total, variance = 0.0, before + now
        for stratum in self.strata:
            sizes = [self.size(stratum, at) for at in (0, 1)]
            samples = [self.respondents(stratum, at) for at in (0, 1)]
            for sign, at in ((-1, 0), (1, 1)):
                z = [self.z_of_now(agency, at, area) for agency in samples[at]]
                total += sign * sizes[at] * float(np.mean(z))
            common = [agency for agency in samples[0] if agency in samples[1]]
            z_both = [[self.z_of_now(agency, at, area) for agency in common] for at in (0, 1)]
            if any(len(sample) == size for sample, size in zip(samples, sizes, strict=True)):
                continue  # a known total goes along with nothing
            overlap = len(common) / (len(samples[0]) * len(samples[1])) - 1 / max(sizes)
            variance -= 2 * sizes[0] * sizes[1] * overlap * float(np.cov(*z_both)[0, 1])
        return total, max(variance, 0.0), min(freedom_before, freedom_now)

    def z_of_now(self, agency: Agency, at: int, area: str | None) -> float:
        """Return the value of a period where the agency is in the area now, or was when it left."""
        area_of_now = agency["areas"][1 if agency["in_scope"][1] else 0]
        return float(agency["values"][at]) if area in (None, area_of_now) else 0.0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_agrees_with_the_oracle(build_chain, seed):
    agencies = random_industry(seed)
    tables = as_tables(agencies)
    periods: list[dict[str, Any]] = [
        {"period": PERIODS[0], "previous_period": None},
        {"period": PERIODS[1], "previous_period": PERIODS[0]},
    ]
    groups = [("city", "500000"), *(("area", area) for area in AREAS)]
    institutions = [
        {"period": period, "domain_type": kind, "domain_code": code}
        for period in PERIODS
        for kind, code in groups
    ]
    built = build_chain(
        CHAIN, **REFERENCE, core_periods=periods, core_institutions=institutions, **tables
    )
    direct, month = built["core_direct_estimates"], built["core_month_estimates"]
    oracle = Oracle(agencies)
    assert len(direct) == len(institutions)
    assert len(month) == len(groups)
    for row in direct:
        area = None if row["domain_type"] == "city" else row["domain_code"]
        expected = oracle.direct(PERIODS.index(row["period"]), area)
        found = (row["value"], row["variance"], row["degrees_of_freedom"])
        assert found == pytest.approx(expected, rel=1e-11)
    for row in month:
        area = None if row["domain_type"] == "city" else row["domain_code"]
        found = (row["value"], row["variance"], row["degrees_of_freedom"])
        assert found == pytest.approx(oracle.month(area), rel=1e-9)
        before, now = (
            next(
                each["value"]
                for each in direct
                if each["period"] == period and each["domain_code"] == row["domain_code"]
            )
            for period in PERIODS
        )
        if area is None:
            assert row["value"] == pytest.approx(now - before, rel=1e-9)
