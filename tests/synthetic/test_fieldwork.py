import datetime as dt
from collections import Counter
from decimal import Decimal

import pytest

from pipelines.synthetic.fieldwork import STRATA, last_day


def _all_reports(industry, period):
    rolls = [report for roll in industry.reports[period].values() for report in roll]
    if period != industry.singles_period:
        return rolls
    return rolls + [report for single in industry.singles for report in single.reports]


def _flash(catalog, industry):
    return catalog.form("flash_report", industry.singles_period)


@pytest.mark.parametrize(
    ("month", "day"),
    [("2025-02", dt.date(2025, 2, 28)), ("2024-02", dt.date(2024, 2, 29))],
)
def test_last_day(month, day):
    assert last_day(month) == day


def test_strata_are_the_catalogs(catalog):
    strata = {stratum.code: stratum for stratum in catalog.sampling.strata}
    assert set(STRATA.values()) == set(strata)
    for size_class, code in STRATA.items():
        expected = None if size_class == "unclassified" else size_class
        assert strata[code].size_class == expected


def test_sample_takes_all_large_agencies_and_draws_the_rest(industry):
    register = {row["credit_code"]: row for row in industry.register}
    counts = Counter(row["stratum"] for row in industry.sample)
    large = [row for row in industry.register if row["size_class"] == "large"]
    assert counts == {"LAR": len(large), "MED": 140, "SMA": 130, "MIC": 90, "PUB": 40}
    assert len({row["credit_code"] for row in industry.sample}) == len(industry.sample)
    for row in industry.sample:
        agency = register[row["credit_code"]]
        assert row["stratum"] == STRATA[agency["size_class"]]
        assert row["reporting_unit"] == agency["reporting_unit"]


def test_every_report_has_the_required_figures_or_is_a_zero_report(industry, catalog):
    required = {
        (line.indicator, measure)
        for line in _flash(catalog, industry).lines
        if line.required and not line.calculated
        for measure in line.measures
    }
    for period in industry.reports:
        for report in _all_reports(industry, period):
            assert set(report.values) == (set() if report.zero_report else required)


def test_figures_are_whole_numbers_in_the_forms_precision(industry, catalog):
    units = {line.indicator: catalog.unit(line.unit) for line in _flash(catalog, industry).lines}
    for period in industry.reports:
        for report in _all_reports(industry, period):
            for (indicator, _), value in report.values.items():
                assert isinstance(value, Decimal)
                assert value >= 0
                printed = value / units[indicator].factor
                decimals = 2 if units[indicator].unit == "万元" else 0
                assert printed == round(printed, decimals)


def test_audit_relations_hold_in_every_measure(industry, catalog):
    form = _flash(catalog, industry)
    relations = {
        "=": lambda left, right: left == right,
        "<=": lambda left, right: left <= right,
        ">=": lambda left, right: left >= right,
    }
    checked = 0
    for period in industry.reports:
        for report in _all_reports(industry, period):
            for measure in ("month", "ytd", "ytd_last_year") if report.values else ():
                lines = {
                    line.line: report.values.get((line.indicator, measure)) for line in form.lines
                }
                lines["04"] = lines["01"] - lines["02"]
                lines["05"] = lines["01"] + lines["03"]
                for check in form.checks:
                    right = sum(lines[line] for line in check.right.split("+"))
                    assert relations[check.relation](lines[check.left], right), check.audit_id
                    checked += 1
    assert checked > 20_000


def test_a_part_is_never_more_than_its_whole(industry, catalog):
    whole_of = {item.code: item.part_of for item in catalog.indicators if item.part_of}
    for period in industry.reports:
        for report in _all_reports(industry, period):
            for (indicator, measure), value in report.values.items():
                whole = whole_of.get(indicator)
                if (whole, measure) in report.values:
                    assert value <= report.values[whole, measure]


def test_cumulative_is_the_last_cumulative_plus_the_month(industry):
    periods = sorted(industry.reports)
    checked = 0
    for period, earlier in zip(periods, [None, *periods], strict=False):
        before = {
            report.credit_code: report.values
            for report in (_all_reports(industry, earlier) if earlier else [])
        }
        for report in (item for roll in industry.reports[period].values() for item in roll):
            for (indicator, measure), value in report.values.items():
                if measure != "ytd":
                    continue
                month = report.values[indicator, "month"]
                if earlier is None:
                    assert value == month
                elif (indicator, "ytd") in before.get(report.credit_code, {}):
                    assert value == before[report.credit_code][indicator, "ytd"] + month
                    checked += 1
    assert checked > 10_000


def test_reports_come_from_the_sample_once_and_through_the_right_unit(industry):
    sample = {row["credit_code"]: row for row in industry.sample}
    singles = {single.reports[-1].credit_code for single in industry.singles}
    for period, rolls in industry.reports.items():
        assert (set(rolls) == {"500000"}) == (period != industry.singles_period)
        senders = [report.credit_code for roll in rolls.values() for report in roll]
        assert len(set(senders)) == len(senders)
        if period == industry.singles_period:
            assert not singles & set(senders)
        for unit, roll in rolls.items():
            assert roll
            for report in roll:
                assert report.reporting_unit_code == unit
                if period == industry.singles_period:
                    assert sample[report.credit_code]["reporting_unit"] == unit
                else:
                    assert report.credit_code in sample


def test_response_is_as_planned(industry):
    strata = {row["credit_code"]: row["stratum"] for row in industry.sample}
    sampled = Counter(strata.values())
    answered = Counter(
        strata[code]
        for period in industry.reports
        for code in {report.credit_code for report in _all_reports(industry, period)}
    )
    asked = {stratum: count * len(industry.reports) for stratum, count in sampled.items()}
    assert answered["LAR"] / asked["LAR"] == pytest.approx(0.96, abs=0.03)
    others = [stratum for stratum in asked if stratum != "LAR"]
    share = sum(answered[item] for item in others) / sum(asked[item] for item in others)
    assert share == pytest.approx(0.88, abs=0.04)


def test_some_send_zero_reports_and_two_are_suspended_from_april(industry):
    for period in industry.reports:
        reports = _all_reports(industry, period)
        assert 3 <= sum(report.zero_report for report in reports) <= 20
        suspended = [report for report in reports if report.operating_status == "suspended"]
        assert len(suspended) <= (2 if period >= "2025-04" else 0)
        for report in suspended:
            assert not any(v for (_, measure), v in report.values.items() if measure == "month")
            assert any(v for (_, measure), v in report.values.items() if measure == "ytd")
    assert any(
        report.operating_status == "suspended"
        for period in industry.reports
        for report in _all_reports(industry, period)
    )


def test_four_agencies_send_workbooks_of_their_own(industry):
    singles = {single.kind: single.reports for single in industry.singles}
    assert {kind: len(reports) for kind, reports in singles.items()} == {
        "plain": 1,
        "corrected": 2,
        "zero": 1,
        "late": 1,
    }
    wrong, right = singles["corrected"]
    assert wrong.credit_code == right.credit_code
    booked = ("revenue_booked", "month")
    assert wrong.values[booked] == 10 * right.values[booked] > 0
    assert wrong.values["placements", "ytd"] == right.values["placements", "ytd"]
    assert singles["zero"][0].zero_report
