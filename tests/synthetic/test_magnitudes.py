import pytest
from pydantic import ValidationError

from pipelines.catalog.geography import reporting_units
from pipelines.synthetic.magnitudes import Magnitudes, load_magnitudes
from pipelines.synthetic.mistakes import REFUSED_KINDS

MAGNITUDES = load_magnitudes()


def test_units_are_the_reporting_units_of_the_time(catalog):
    known = {unit.code for unit in reporting_units(catalog.divisions, "2025-06")}
    assert {unit.code for unit in MAGNITUDES.units} == known
    assert len(MAGNITUDES.units) == 41


def test_codes_are_the_catalogs(catalog):
    def codes(classification):
        return {item.code for item in catalog.classification(classification).items}

    assert {line.code for line in MAGNITUDES.business_lines} == codes("business_lines")
    assert {item.code for item in MAGNITUDES.accounting_methods} == codes("accounting_methods")
    assert {*MAGNITUDES.public_types, *MAGNITUDES.market_types} == codes("institution_types")
    assert {group.size_class for group in MAGNITUDES.size_groups} | {"unclassified"} == codes(
        "size_classes"
    )


def test_areas_within_the_catalogs_functional_areas(catalog):
    within = {area.code: area.within for area in catalog.divisions.functional_areas}
    for unit in MAGNITUDES.units:
        if unit.sites and within[unit.code]:
            assert set(unit.sites) <= set(within[unit.code])


@pytest.mark.parametrize(("group", "shares"), MAGNITUDES.area_groups.items())
def test_weights_add_up_to_the_groups_share(group, shares):
    weights = [unit.weight for unit in MAGNITUDES.units if unit.group == group]
    assert sum(weights) == pytest.approx(shares.agencies)


@pytest.mark.parametrize(
    "shares",
    [
        MAGNITUDES.seasons.revenue,
        MAGNITUDES.seasons.people,
        [line.large for line in MAGNITUDES.business_lines],
        [line.medium for line in MAGNITUDES.business_lines],
        [line.small for line in MAGNITUDES.business_lines],
        [line.micro for line in MAGNITUDES.business_lines],
        [group.agencies for group in MAGNITUDES.area_groups.values()],
        [group.large for group in MAGNITUDES.area_groups.values()],
        *[[100 * share for share in parts.values()] for parts in MAGNITUDES.parts.values()],
        list(MAGNITUDES.exit_reasons.values()),
        list(MAGNITUDES.origins.values()),
        list(MAGNITUDES.mistakes.refused_kinds.values()),
    ],
)
def test_shares_add_up_to_a_hundred(shares):
    assert sum(shares) == pytest.approx(100)


def test_an_early_festival_moves_work_within_the_first_three_months():
    for late, early in (
        (MAGNITUDES.seasons.revenue, MAGNITUDES.seasons.early_festival.revenue),
        (MAGNITUDES.seasons.people, MAGNITUDES.seasons.early_festival.people),
    ):
        assert sum(early) == pytest.approx(sum(late[:3]))


@pytest.mark.parametrize("year", MAGNITUDES.years)
def test_size_groups_and_public_agencies_are_all_that_live(year):
    """Counts at a year's end against registrations and exits up to it."""
    living = sum(
        cohort.registered - cohort.exited
        for cohort in MAGNITUDES.cohorts
        if cohort.last_date.year <= year
    )
    public = sum(unit.public for unit in MAGNITUDES.units)
    assert sum(group.counts[year] for group in MAGNITUDES.size_groups) + public == living


def test_platforms_lie_in_known_units():
    known = {unit.code for unit in MAGNITUDES.units}
    assert {platform.unit for platform in MAGNITUDES.parks + MAGNITUDES.markets} <= known


def test_mistakes_are_kinds_that_exist():
    assert set(MAGNITUDES.mistakes.refused_kinds) == set(REFUSED_KINDS)


def test_unknown_keys_are_refused():
    with pytest.raises(ValidationError, match="sesons"):
        Magnitudes.model_validate(MAGNITUDES.model_dump() | {"sesons": {}})
