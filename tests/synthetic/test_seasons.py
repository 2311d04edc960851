import datetime as dt

import pytest

from pipelines.synthetic.magnitudes import load_magnitudes
from pipelines.synthetic.seasons import january_share, season_of

MAGNITUDES = load_magnitudes()


@pytest.mark.parametrize(
    ("festival", "share"),
    [
        (dt.date(2024, 2, 10), 0),  # 7 to 21 February
        (dt.date(2023, 1, 22), 13 / 15),  # 19 to 31 January and two days of February
        (dt.date(2025, 1, 29), 6 / 15),
        (dt.date(2020, 1, 15), 1),
    ],
)
def test_share_of_the_holiday_in_january(festival, share):
    assert january_share(festival) == pytest.approx(share)


def test_a_year_adds_up_to_one():
    for year in MAGNITUDES.years:
        season = season_of(MAGNITUDES, year)
        assert season.revenue.sum() == pytest.approx(1)
        assert season.people.sum() == pytest.approx(1)


def test_an_early_festival_moves_the_peak_of_hiring_to_february():
    assert season_of(MAGNITUDES, 2023).people.argmax() == 1
    assert season_of(MAGNITUDES, 2024).people.argmax() == 2
    assert season_of(MAGNITUDES, 2023).revenue[0] < season_of(MAGNITUDES, 2024).revenue[0]


def test_the_rest_of_the_year_does_not_move():
    early, late = season_of(MAGNITUDES, 2023), season_of(MAGNITUDES, 2024)
    assert early.people[3:] == pytest.approx(late.people[3:])
