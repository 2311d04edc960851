import datetime as dt

import numpy as np
import pytest
from stdnum.cn import uscc

from pipelines.synthetic.magnitudes import load_magnitudes
from pipelines.synthetic.population import credit_code, found_agencies

MAGNITUDES = load_magnitudes()


@pytest.fixture(scope="module")
def agencies():
    return found_agencies(np.random.default_rng(1), MAGNITUDES)


@pytest.mark.parametrize(("is_public", "head"), [(True, "12500103"), (False, "91500103")])
def test_credit_code_is_valid(is_public, head):
    code = credit_code(7, "500103", is_public=is_public)
    assert uscc.is_valid(code)
    assert code.startswith(head)


@pytest.mark.parametrize(
    ("year", "registered", "exited", "living"),
    [
        (2020, None, 0, 2155),
        (2021, 691, 0, 2846),
        (2022, 398, 139, 3105),
        (2023, 352, 155, 3302),
        (2024, 420, 142, 3580),
        (2025, 169, 79, 3670),
    ],
)
def test_counts_follow_the_path(agencies, year, registered, exited, living):
    def in_year(dates):
        return int((dates.astype("datetime64[Y]") == np.datetime64(str(year), "Y")).sum())

    assert int(agencies.living(dt.date(year, 12, 31)).sum()) == living
    assert in_year(agencies.exited) == exited
    assert registered is None or in_year(agencies.registered) == registered


def test_nobody_leaves_before_registering(agencies):
    left = ~np.isnat(agencies.exited)
    assert (agencies.exited[left] > agencies.registered[left]).all()


def test_public_and_large_agencies_stay(agencies):
    classes = np.array(agencies.size_classes)
    stays = np.isin(classes, ["unclassified", "large"])
    assert np.isnat(agencies.exited[stays]).all()
    assert (classes == "unclassified").sum() == agencies.is_public.sum() == 110


def test_active_from_the_month_of_registration_to_before_the_month_of_exit(agencies):
    position = int(np.flatnonzero(agencies.exited >= np.datetime64("2024-07-01"))[0])
    year = int(str(agencies.exited[position])[:4])
    last_month = int(str(agencies.exited[position])[5:7])
    months = np.flatnonzero(agencies.active(year)[position]) + 1
    first_month = (
        int(str(agencies.registered[position])[5:7])
        if str(agencies.registered[position]).startswith(str(year))
        else 1
    )
    assert months.tolist() == list(range(first_month, last_month))


def test_centre_holds_most_agencies_and_more_of_the_revenue(agencies):
    centre = [unit.code for unit in MAGNITUDES.units if unit.group == "中心城区"]
    is_centre = np.isin(agencies.reporting_unit_codes, centre)
    assert is_centre.mean() == pytest.approx(0.62, abs=0.03)
    share = agencies.revenue[is_centre].sum() / agencies.revenue.sum()
    assert share == pytest.approx(0.75, abs=0.1)


def test_dispatch_and_outsourcing_hold_most_of_the_revenue(agencies):
    codes = [line.code for line in MAGNITUDES.business_lines]
    main = np.array(codes)[agencies.main_line]
    share = agencies.revenue[np.isin(main, ["dispatch", "outsourcing"])].sum()
    assert 0.7 < share / agencies.revenue.sum() < 0.95
    assert np.mean(main == "recruitment") == pytest.approx(0.36, abs=0.05)
    assert (agencies.main_line != agencies.second_line).all()
