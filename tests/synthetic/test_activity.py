import datetime as dt

import numpy as np
import pytest

from pipelines.synthetic.activity import add_formulas, staff_at_year_end, work_a_year
from pipelines.synthetic.magnitudes import load_magnitudes
from pipelines.synthetic.population import found_agencies

MAGNITUDES = load_magnitudes()


@pytest.fixture(scope="module")
def agencies():
    return found_agencies(np.random.default_rng(2), MAGNITUDES)


@pytest.fixture(scope="module")
def activity(agencies):
    living = agencies.living(dt.date(2024, 12, 31))
    rng = np.random.default_rng(3)
    return work_a_year(rng, MAGNITUDES, agencies, 2024, agencies.active(2024), living)


def test_the_city_totals_are_met(agencies, activity):
    living = agencies.living(dt.date(2024, 12, 31))
    for code, total in MAGNITUDES.city_totals[2024].items():
        assert add_formulas(activity)[code][living].sum() == pytest.approx(total, rel=1e-3)


def test_nothing_is_negative_and_amounts_are_printable(activity):
    for code, values in activity.items():
        assert (values >= 0).all(), code
        if code.startswith(("revenue", "pass_through")):
            assert (values % 100 == 0).all(), code


def test_nothing_happens_outside_the_active_months(agencies, activity):
    idle = ~agencies.active(2024)
    assert idle.any()
    for code, values in activity.items():
        assert not values[idle].any(), code


def test_months_without_fairs_have_no_visitors(activity):
    held = activity["job_fairs"] > 0
    for code in ("fair_employers", "fair_vacancies", "fair_seekers"):
        assert (held == (activity[code] > 0)).all()


def test_net_booking_leaves_pass_through_out_of_revenue(agencies, activity):
    codes = [method.code for method in MAGNITUDES.accounting_methods]
    methods = np.array(codes)[agencies.accounting_method]
    assert not activity["pass_through_unbooked"][methods == "gross"].any()
    assert not activity["pass_through_booked"][methods == "net"].any()


def test_pass_through_is_about_four_fifths(activity):
    totals = {code: values.sum() for code, values in add_formulas(activity).items()}
    assert 1 - totals["revenue_excl"] / totals["revenue_incl"] == pytest.approx(0.8, abs=0.08)


def test_staff_is_the_sum_of_its_parts(agencies):
    staff = staff_at_year_end(np.random.default_rng(4), MAGNITUDES, agencies)
    parts = staff["staff_secondary"] + staff["staff_college"] + staff["staff_graduate"]
    assert (staff["staff"] == parts).all()
    assert (staff["staff_qualified"] <= staff["staff"]).all()
    assert (staff["staff_titled"] <= staff["staff"]).all()
    assert (staff["staff"] >= 1).all()
