from decimal import Decimal

import numpy as np
import pytest

from pipelines.synthetic.fieldwork import draw_sample
from pipelines.synthetic.industry import last_day
from pipelines.synthetic.reports import write_reports

PERIODS = ("2025-02", "2025-03", "2025-04")


@pytest.fixture(scope="module")
def reports(industry):
    positions = draw_sample(industry, 2025).positions
    return {period: write_reports(industry, period, positions) for period in PERIODS}


@pytest.fixture(scope="module")
def form(catalog):
    return catalog.form("flash_report", "2025-06")


def test_every_report_has_the_required_figures_or_is_a_zero_report(reports, form):
    required = {
        (line.indicator, measure)
        for line in form.lines
        if line.required and not line.calculated
        for measure in line.measures
    }
    for report in reports["2025-03"]:
        assert set(report.values) == (set() if report.zero_report else required)
    assert 5 <= sum(report.zero_report for report in reports["2025-03"]) <= 60


def test_figures_are_whole_numbers_in_the_forms_precision(reports, form, catalog):
    units = {line.indicator: catalog.unit(line.unit) for line in form.lines}
    for report in reports["2025-03"]:
        for (indicator, _), value in report.values.items():
            assert value >= 0
            printed = Decimal(value) / units[indicator].factor
            assert printed == round(printed, 2 if units[indicator].unit == "万元" else 0)


def test_audit_relations_hold_in_every_measure(reports, form):
    relations = {"=": int.__eq__, "<=": int.__le__, ">=": int.__ge__}
    checked = 0
    for report in reports["2025-03"]:
        for measure in ("month", "ytd", "ytd_last_year") if report.values else ():
            lines = {line.line: report.values.get((line.indicator, measure)) for line in form.lines}
            lines["04"] = lines["01"] - lines["02"]
            lines["05"] = lines["01"] + lines["03"]
            for check in form.checks:
                right = sum(lines[line] for line in check.right.split("+"))
                assert relations[check.relation](lines[check.left], right), check.audit_id
                checked += 1
    assert checked > 10_000


def test_a_part_is_never_more_than_its_whole(reports, catalog):
    whole_of = {item.code: item.part_of for item in catalog.indicators if item.part_of}
    for report in reports["2025-03"]:
        for (indicator, measure), value in report.values.items():
            whole = whole_of.get(indicator)
            if (whole, measure) in report.values:
                assert value <= report.values[whole, measure]


def test_cumulative_is_the_last_cumulative_plus_the_month(reports):
    checked = 0
    for before, now in zip(reports["2025-03"], reports["2025-04"], strict=True):
        for (indicator, measure), value in now.values.items():
            if measure == "ytd" and before.values:
                month = now.values[indicator, "month"]
                assert value == before.values[indicator, "ytd"] + month
                checked += 1
    assert checked > 10_000
    for report in reports["2025-02"]:  # January and February together
        for (indicator, measure), value in report.values.items():
            if measure == "ytd":
                assert value == report.values[indicator, "month"]


def test_last_years_figures_are_last_years(industry, reports):
    report = next(report for report in reports["2025-03"] if report.values)
    truth = industry.work[2024]["placements"][report.position, :3].sum()
    assert report.values["placements", "ytd_last_year"] == truth


def test_reports_name_the_agency_as_it_is_then(industry):
    agencies = industry.agencies
    moved = np.flatnonzero(
        (agencies.moved_on > np.datetime64("2025-03-31"))
        & (agencies.moved_on <= np.datetime64("2025-12-01"))
        & agencies.living(last_day("2025-12"))
    )[:3]
    for period in ("2025-03", "2025-12"):
        for report in write_reports(industry, period, moved):
            unit, district = agencies.place_on(report.position, last_day(period))
            assert report.reporting_unit_code == industry.magnitudes.units[unit].code
            assert report.district_code == district
    before, after = (
        [report.reporting_unit_code for report in write_reports(industry, period, moved)]
        for period in ("2025-03", "2025-12")
    )
    assert before != after
