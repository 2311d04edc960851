from collections import Counter

import numpy as np
import pytest
from stdnum.cn import uscc

from pipelines.catalog.load import load_catalog
from pipelines.intake.fields import FieldReader
from pipelines.intake.locating import Cell
from pipelines.intake.records import Rejected
from pipelines.synthetic.fieldwork import draw_sample
from pipelines.synthetic.mistakes import MONEY, REFUSED_KINDS, SPELLINGS, printed, spoil
from pipelines.synthetic.reports import write_reports

PERIOD = "2025-06"
READER = FieldReader(load_catalog())


def read(indicator, text):
    """What intake makes of a text where a figure of the flash report should stand."""
    unit = load_catalog().indicator(indicator).unit
    unit = "万元" if indicator.startswith(MONEY) else unit
    return READER.read_number(Cell("表", 1, 1, text), unit, READER.counts_whole(unit))


@pytest.fixture(scope="module")
def right(industry):
    reports = write_reports(industry, PERIOD, draw_sample(industry, 2025).positions)
    return [report for report in reports if report.values]


@pytest.fixture(scope="module")
def spoilt(industry, right):
    rng = np.random.default_rng(5)
    return [
        (report, spoil(rng, industry.magnitudes, PERIOD, report, dirtiness=1))
        for _ in range(4)
        for report in right
    ]


def test_things_go_wrong_at_the_stated_rates(industry, spoilt):
    rates = industry.magnitudes.mistakes
    kinds = Counter(each.mistake.kind for _, each in spoilt if each.mistake)
    refused = sum(kinds[kind] for kind in REFUSED_KINDS)
    assert refused / len(spoilt) * 100 == pytest.approx(rates.refused, rel=0.15)
    slips = kinds["unit_slip"] + kinds["unit_slip_everywhere"]
    assert slips / len(spoilt) * 100 == pytest.approx(rates.unit_slips, rel=0.6)
    assert kinds["corrected_revenue"] / len(spoilt) * 100 == pytest.approx(1, rel=0.5)
    repaired = [
        e.correction is not None for _, e in spoilt if e.mistake and e.mistake.kind in REFUSED_KINDS
    ]
    assert 100 * np.mean(repaired) == pytest.approx(rates.repaired, abs=8)
    typed = sum(len(each.sent.typed) for report, each in spoilt if not each.mistake)
    figures = sum(len(report.values) for report, each in spoilt if not each.mistake)
    assert typed / figures * 100 == pytest.approx(rates.typed, rel=0.1)


def test_a_correction_is_the_right_report(spoilt):
    for report, each in spoilt:
        if each.correction is not None:
            assert each.correction == report
            assert each.sent != report


def test_without_dirt_nothing_goes_wrong(industry, right):
    rng = np.random.default_rng(5)
    for report in right:
        each = spoil(rng, industry.magnitudes, PERIOD, report, dirtiness=0)
        assert each.sent == report
        assert each.mistake is None


@pytest.mark.parametrize("kind", REFUSED_KINDS)
def test_what_is_refused_really_breaks_something(right, kind):
    rng = np.random.default_rng(3)
    for report in right[:40]:
        sent, place = REFUSED_KINDS[kind](rng, report)
        values = sent.values
        if kind == "broken_sum":
            parts = [
                code for code in values if code[0].startswith(f"{place[0]}_") and code[1] == "month"
            ]
            assert values[place] != sum(values[part] for part in parts)
        elif kind == "part_above_total":
            whole = place[0].removesuffix("_graduates").removesuffix("_migrants")
            whole = "revenue_booked" if place[0] == "pass_through_booked" else whole
            assert values[place] > values[whole, "month"]
        elif kind == "wrong_code":
            assert not uscc.is_valid(sent.credit_code)
            assert sent.credit_code[:-1] == report.credit_code[:-1]
        elif kind == "blank":
            assert sent.typed[place] == ""
        else:
            assert isinstance(read(place[0], sent.typed[place]), Rejected)


def test_a_unit_slip_multiplies_money_only(spoilt):
    slips = [(r, e) for r, e in spoilt if e.mistake and e.mistake.kind.startswith("unit_slip")]
    assert {each.mistake.kind for _, each in slips} == {"unit_slip", "unit_slip_everywhere"}
    for report, each in slips:
        for key, value in each.sent.values.items():
            slipped = key[0].startswith(MONEY) and (
                key[1] == "month" or each.mistake.kind == "unit_slip_everywhere"
            )
            assert value == report.values[key] * (10_000 if slipped else 1)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize(
    ("indicator", "value"), [("revenue_booked", 12_345_678_900), ("placements", 0)]
)
def test_typed_figures_read_back_to_the_same_number(spelling, indicator, value):
    figure = printed(indicator, value)
    found = read(indicator, spelling(figure, "万元" if indicator.startswith(MONEY) else ""))
    assert found.number == figure
    assert found.unit in (None, "万元")
