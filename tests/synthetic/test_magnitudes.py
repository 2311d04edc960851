import pytest
from pydantic import ValidationError

from pipelines.catalog.geography import reporting_units
from pipelines.synthetic.magnitudes import Magnitudes, load_magnitudes

MAGNITUDES = load_magnitudes()


def test_units_are_the_reporting_units_of_the_time(catalog):
    known = {unit.code for unit in reporting_units(catalog.divisions, MAGNITUDES.register_period)}
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
    ],
)
def test_shares_add_up_to_a_hundred(shares):
    assert sum(shares) == pytest.approx(100)


def test_unknown_keys_are_refused():
    with pytest.raises(ValidationError, match="sesons"):
        Magnitudes.model_validate(MAGNITUDES.model_dump() | {"sesons": {}})
