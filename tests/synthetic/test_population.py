import datetime as dt
from collections import Counter

import numpy as np
import pytest
from stdnum.cn import uscc

from pipelines.synthetic.chance import Chance
from pipelines.synthetic.magnitudes import load_magnitudes
from pipelines.synthetic.population import found_agencies

MAGNITUDES = load_magnitudes()


@pytest.fixture(scope="module")
def agencies():
    return found_agencies(Chance(1), MAGNITUDES, MAGNITUDES.natural_size)


@pytest.mark.parametrize(
    ("year", "registered", "exited", "living"),
    [
        (2020, None, 0, 2155),
        (2021, 691, 0, 2846),  # published
        (2022, 398, 139, 3105),
        (2023, 352, 155, 3302),
        (2024, 420, 142, 3580),
        (2025, 338, 158, 3760),
    ],
)
def test_counts_follow_the_path(agencies, year, registered, exited, living):
    def in_year(dates):
        return int((dates.astype("datetime64[Y]") == np.datetime64(str(year), "Y")).sum())

    assert int(agencies.living(dt.date(year, 12, 31)).sum()) == living
    assert in_year(agencies.exited) == exited
    assert registered is None or in_year(agencies.registered) == registered


def test_another_size_keeps_the_path_in_proportion():
    small = found_agencies(Chance(1), MAGNITUDES, 376)
    assert int(small.living(dt.date(2025, 12, 31)).sum()) == pytest.approx(376, abs=4)
    assert int(small.living(dt.date(2021, 12, 31)).sum()) == pytest.approx(285, abs=4)


def test_codes_and_names_are_valid_and_visibly_made_up(agencies):
    assert len(set(agencies.credit_codes)) == len(agencies) == 4354
    assert all(map(uscc.is_valid, agencies.credit_codes))
    assert all("示例" in name for name in [*agencies.names, *agencies.former_names])


def test_only_a_new_registration_shares_its_name_with_another(agencies):
    heirs = np.flatnonzero(agencies.successor_of >= 0)
    assert 5 <= len(heirs) <= 30
    shared = {name for name, count in Counter(agencies.names).items() if count > 1}
    assert shared == {agencies.names[heir] for heir in heirs}
    for heir in heirs.tolist():
        before = agencies.successor_of[heir]
        assert agencies.registered[heir] == agencies.exited[before]
        assert agencies.exit_reasons[before] == agencies.origins[heir] == "重新登记"
        assert agencies.former_unit[heir] == agencies.former_unit[before]
        for attribute in ("main_line", "accounting_method", "park", "start_level", "is_online"):
            assert getattr(agencies, attribute)[heir] == getattr(agencies, attribute)[before]


def test_nobody_leaves_before_registering_and_all_who_leave_have_a_reason(agencies):
    left = ~np.isnat(agencies.exited)
    assert (agencies.exited[left] > agencies.registered[left]).all()
    assert [bool(reason) for reason in agencies.exit_reasons] == left.tolist()
    reasons = Counter(reason for reason in agencies.exit_reasons if reason)
    assert set(reasons) == set(MAGNITUDES.exit_reasons)
    assert reasons["注销"] > 0.6 * reasons.total()


def test_who_merges_goes_to_a_larger_one_of_the_same_unit(agencies):
    gone = np.flatnonzero(agencies.merged_into >= 0)
    assert len(gone)
    assert gone.tolist() == np.flatnonzero(agencies.exit_reasons == "合并").tolist()
    for position in gone.tolist():
        survivor = agencies.merged_into[position]
        assert agencies.exit_reasons[position] == "合并"
        assert agencies.former_unit[survivor] == agencies.former_unit[position]
        assert agencies.start_level[survivor] > agencies.start_level[position]
        assert agencies.registered[survivor] < agencies.exited[position]
        assert np.isnat(agencies.exited[survivor])


def test_events_befall_the_living_only(agencies):
    for happened in (agencies.moved_on, agencies.renamed_on, agencies.upgraded_on):
        hit = ~np.isnat(happened)
        assert hit.any()
        assert (happened[hit] > agencies.registered[hit]).all()
        gone = hit & ~np.isnat(agencies.exited)
        assert (happened[gone] < agencies.exited[gone]).all()


def test_moves_and_renamings_are_as_frequent_as_planned(agencies):
    living_years = sum(
        int(agencies.living(dt.date(year, 1, 1)).sum()) for year in range(2022, 2026)
    )
    for happened, pct in (
        (agencies.moved_on, MAGNITUDES.events.moves),
        (agencies.renamed_on, MAGNITUDES.events.renamings),
    ):
        assert (~np.isnat(happened)).sum() / living_years * 100 == pytest.approx(pct, rel=0.2)


def test_place_and_name_change_on_their_day(agencies):
    position = int(np.flatnonzero(~np.isnat(agencies.moved_on))[0])
    day = agencies.moved_on[position].astype(object)
    before = day - dt.timedelta(days=1)
    assert agencies.place_on(position, before) == (
        agencies.former_unit[position],
        agencies.former_district_codes[position],
    )
    assert agencies.place_on(position, day)[0] == agencies.unit[position]
    assert agencies.place_on(position, before)[0] != agencies.place_on(position, day)[0]
    position = int(np.flatnonzero(~np.isnat(agencies.renamed_on))[0])
    day = agencies.renamed_on[position].astype(object)
    assert "老号" in agencies.name_on(position, day - dt.timedelta(days=1))
    assert "老号" not in agencies.name_on(position, day)


def test_public_agencies_stay_and_have_no_licence_to_upgrade(agencies):
    assert agencies.is_public.sum() == 110
    assert np.isnat(agencies.exited[agencies.is_public]).all()
    assert np.isnat(agencies.upgraded_on[agencies.is_public]).all()


def test_active_from_the_month_of_registration_to_before_the_month_of_exit(agencies):
    position = int(np.flatnonzero(agencies.exited >= np.datetime64("2024-07-01"))[0])
    year, last_month, _ = map(int, str(agencies.exited[position]).split("-"))
    months = np.flatnonzero(agencies.active(year)[position]) + 1
    first_month = (
        int(str(agencies.registered[position])[5:7])
        if str(agencies.registered[position]).startswith(str(year))
        else 1
    )
    assert months.tolist() == list(range(first_month, last_month))


def test_centre_holds_most_agencies(agencies):
    centre = [unit.group == "中心城区" for unit in MAGNITUDES.units]
    assert np.array(centre)[agencies.unit].mean() == pytest.approx(0.62, abs=0.03)


def test_holdings_and_parks_are_filled_as_planned(agencies):
    held = agencies.holding[agencies.holding >= 0]
    sizes = np.bincount(held)
    plan = MAGNITUDES.holdings
    assert len(sizes) == plan.count
    assert plan.smallest <= sizes.min() <= sizes.max() <= plan.largest
    assert set(agencies.park.tolist()) == {-1, *range(len(MAGNITUDES.parks))}
    own = [park.unit for park in MAGNITUDES.parks]
    units = [unit.code for unit in MAGNITUDES.units]
    for position in np.flatnonzero(agencies.park >= 0).tolist():
        unit = units[agencies.former_unit[position]]
        assert unit not in own or own[agencies.park[position]] == unit


def test_recruitment_is_the_most_frequent_line(agencies):
    codes = [line.code for line in MAGNITUDES.business_lines]
    main = np.array(codes)[agencies.main_line]
    assert np.mean(main == "recruitment") == pytest.approx(0.36, abs=0.05)
    assert (agencies.main_line != agencies.second_line).all()
