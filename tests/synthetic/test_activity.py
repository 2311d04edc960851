import numpy as np
import pytest

from pipelines.synthetic.activity import add_formulas, staff_at_year_end, suspended_since
from pipelines.synthetic.chance import Chance

YEAR = 2024


@pytest.fixture(scope="module")
def activity(industry):
    return industry.work[YEAR]


def test_nothing_is_negative_and_amounts_are_printable(activity):
    for code, values in activity.items():
        assert (values >= 0).all(), code
        if code.startswith(("revenue", "pass_through")):
            assert (values % 100 == 0).all(), code


def test_nothing_happens_outside_the_active_months(industry, activity):
    idle = ~industry.agencies.active(YEAR)
    assert idle.any()
    for code, values in activity.items():
        assert not values[idle].any(), code


def test_the_suspended_stop_in_their_month(industry, activity):
    since = suspended_since(
        industry.chance, industry.magnitudes, industry.agencies, industry.sizes, YEAR
    )
    stopped = np.flatnonzero(since)
    assert 1 <= len(stopped) <= 20
    for position in stopped.tolist():
        assert not activity["revenue_booked"][position, since[position] - 1 :].any()


def test_months_without_fairs_have_no_visitors(activity):
    held = activity["job_fairs"] > 0
    for code in ("fair_employers", "fair_vacancies", "fair_seekers"):
        assert (held == (activity[code] > 0)).all()


def test_three_quarters_hold_no_fairs(industry, activity):
    active = industry.agencies.active(YEAR).any(axis=1) & ~industry.agencies.is_public
    without = ~activity["job_fairs"][active].any(axis=1)
    assert without.mean() == pytest.approx(0.75, abs=0.1)


def test_net_booking_leaves_pass_through_out_of_revenue(industry, activity):
    codes = [method.code for method in industry.magnitudes.accounting_methods]
    methods = np.array(codes)[industry.agencies.accounting_method]
    assert not activity["pass_through_unbooked"][methods == "gross"].any()
    assert not activity["pass_through_booked"][methods == "net"].any()


def test_pass_through_is_about_four_fifths(activity):
    totals = {code: values.sum() for code, values in add_formulas(activity).items()}
    assert 1 - totals["revenue_excl"] / totals["revenue_incl"] == pytest.approx(0.8, abs=0.08)


@pytest.mark.parametrize(
    ("line", "share"), [("dispatch", 0.38), ("outsourcing", 0.46), ("recruitment", 0.03)]
)
def test_business_lines_hold_their_share_of_revenue(industry, line, share):
    """Shares of domain.md §6b, which are those of 2021."""
    activity = industry.work[2021]
    total = add_formulas(activity)["revenue_incl"].sum()
    part = activity[f"revenue_incl_{line}"].sum()
    assert part / total == pytest.approx(share, abs=0.05)


def test_public_agencies_help_a_fifth_into_work(industry, activity):
    placements = activity["placements"].sum(axis=1)
    assert placements[industry.agencies.is_public].sum() / placements.sum() == pytest.approx(
        0.2, abs=0.01
    )


def test_staff_is_the_sum_of_its_parts(industry):
    staff = staff_at_year_end(Chance(4), industry.magnitudes, industry.sizes.staff[YEAR], YEAR)
    parts = staff["staff_secondary"] + staff["staff_college"] + staff["staff_graduate"]
    assert (staff["staff"] == parts).all()
    assert (staff["staff_qualified"] <= staff["staff"]).all()
    assert (staff["staff_titled"] <= staff["staff"]).all()
    assert (staff["staff"] >= 1).all()
