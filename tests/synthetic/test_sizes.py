import datetime as dt
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from pipelines.synthetic.sizes import grow, spread_out

GROUPS = {2021: (8, 75, 430, 973, 1250), 2025: (13, 121, 616, 1205, 1695)}


@pytest.mark.parametrize("mean", [2, 3, 5, 8])
def test_spread_sizes_keep_bounds_and_mean(mean):
    sizes = spread_out(1, 10, mean, 50)
    assert sizes.mean() == pytest.approx(mean)
    assert 1 <= sizes.min() <= sizes.max() <= 10
    assert (np.diff(sizes) <= 0).all()


def test_a_mean_outside_the_bounds_is_refused():
    with pytest.raises(ValueError, match="sign"):
        spread_out(1, 10, 20, 50)


@pytest.mark.parametrize("year", [2021, 2025])
def test_size_groups_have_their_counts(industry, year):
    """Counts of domain.md §6b for 2021; 13 firms above 10亿元 in 2025."""
    living = industry.agencies.living(dt.date(year, 12, 31)) & ~industry.agencies.is_public
    levels = industry.sizes.revenue[year][living]
    bounds = [10**9, 10**8, 10**7, 10**6, -1]
    above = [int((levels > bound).sum()) for bound in bounds]
    assert tuple(np.diff([0, *above])) == GROUPS[year]


def test_the_largest_83_hold_about_seven_tenths_in_2021(industry):
    levels = np.sort(industry.sizes.revenue[2021])[::-1]
    assert levels[:83].sum() / levels.sum() == pytest.approx(0.71, abs=0.04)


def test_an_agency_has_a_history_of_its_own(industry):
    before, now = industry.sizes.revenue[2023], industry.sizes.revenue[2024]
    both = (before > 0) & (now > 0)
    growth = np.log(now[both] / before[both])
    assert np.corrcoef(np.log(before[both]), np.log(now[both]))[0, 1] > 0.95
    assert 0.1 < growth.std() < 0.3
    assert 0.1 < (growth < 0).mean() < 0.5


def test_size_classes_follow_the_levels(industry):
    classes = np.array(industry.sizes.size_classes[2024])
    living = industry.agencies.living(dt.date(2024, 12, 31))
    levels = industry.sizes.revenue[2024]
    assert (levels[living & (classes == "large")] >= 10**8).all()
    assert (levels[living & (classes == "medium")] < 10**8).all()
    assert Counter(classes[living].tolist())["unclassified"] == 110


def test_a_newcomer_has_its_first_class_before_it_comes(industry):
    newcomers = industry.agencies.registered > np.datetime64("2024-12-31", "D")
    classes = np.array(industry.sizes.size_classes[2024])[newcomers]
    levels = industry.agencies.start_level[newcomers]
    assert (classes[levels >= 10_100_000] == "medium").all()
    assert set(classes.tolist()) == {"medium", "small", "micro"}


def test_who_takes_another_over_grows(industry):
    """Against the same industry in which nobody takes anybody over."""
    alone = replace(industry.agencies, merged_into=np.full(len(industry.agencies), -1))
    without = grow(industry.chance, industry.magnitudes, alone, industry.scale)
    survivors = np.unique(industry.agencies.merged_into[industry.agencies.merged_into >= 0])
    survivors = survivors[without.revenue[2025][survivors] > 0]
    assert len(survivors) > 20
    more = industry.sizes.revenue[2025][survivors] / without.revenue[2025][survivors]
    assert more.mean() > 1.02
    assert (more > 0.99).mean() > 0.8  # the others' places in the order shift a little


def test_staff_is_near_the_published_number(industry):
    """2.85万人 at the end of 2021 (domain.md §2.2)."""
    living = industry.agencies.living(dt.date(2021, 12, 31))
    assert industry.sizes.staff[2021][living].sum() / 10_000 == pytest.approx(2.85, abs=0.3)
