"""The policies say what their documents say."""

import re
import unicodedata
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import Target

SENTENCES = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "cq_2023_85.yml").read_text("utf-8")
)
POLICY = next(policy for policy in load_catalog().policies if policy.id == "cq_2023_85")
TARGETS = {target.id.removeprefix("cq_2023_85_"): target for target in POLICY.targets}


def plain(text: str) -> str:
    """Return the text without differences of width, spacing or dashes."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"[‐-―−]", "-", text)


def test_identity():
    assert POLICY.document_no == "渝人社〔2023〕85号"
    assert str(POLICY.issued_date) == "2023-03-02"
    assert POLICY.issuer == "重庆市人力资源和社会保障局"
    assert "创新发展行动计划（2023－2025年）" in POLICY.title


@pytest.mark.parametrize("copy", ["pdf", "web"])
@pytest.mark.parametrize("target", POLICY.targets, ids=lambda target: target.id)
def test_quote_stands_in_the_document(target: Target, copy: str):
    assert plain(target.quote) in plain(SENTENCES[copy])


@pytest.mark.parametrize("target", POLICY.targets, ids=lambda target: target.id)
def test_quote_carries_the_figure_and_the_comparator(target: Target):
    printed = f"{target.comparator_words}{target.target_value}{target.unit}"
    assert target.quote.endswith(printed)
    assert target.comparator == {"达": ">=", "达到": ">=", "超过": ">"}[target.comparator_words]


@pytest.mark.parametrize(
    ("name", "indicator", "kind", "comparator", "value", "unit"),
    [
        ("revenue_2023", "revenue_incl", "annual_level", ">=", 1000, "亿元"),
        ("institutions_2023", "institutions", "stock", ">", 3200, "家"),
        ("placements_2023", "placements", "annual_level", ">=", 380, "万人次"),
        ("revenue_2025", "revenue_incl", "annual_level", ">=", 1500, "亿元"),
        ("institutions_2025", "institutions", "stock", ">", 3500, "家"),
        ("placements_2025", "placements", "annual_level", ">=", 500, "万人次"),
    ],
)
def test_targets(name: str, indicator: str, kind: str, comparator: str, value: int, unit: str):
    target = TARGETS[name]
    assert (target.indicator, target.kind, target.comparator) == (indicator, kind, comparator)
    assert (target.target_value, target.unit) == (Decimal(value), unit)
    assert name.endswith(target.target_period)


def test_what_the_text_does_not_print_is_an_assumption():
    assert len(TARGETS) == 6
    for target in TARGETS.values():
        assert target.lead_department is None
        assert target.force == "commitment"
        assert target.base.period == "2021"
        assert target.unit_scope == "licensed_filed"
        assert target.assumption.startswith("A1：")
        is_revenue = target.indicator == "revenue_incl"
        assert target.revenue_basis == ("incl_pass_through" if is_revenue else None)
        assert ("含代收代付" in target.assumption) == is_revenue
    assert "力争" in TARGETS["placements_2025"].assumption


def test_targets_measure_what_their_indicator_is():
    catalog = load_catalog()
    for policy in catalog.policies:
        for target in policy.targets:
            indicator = catalog.indicator(target.indicator)
            assert (target.kind == "stock") == (indicator.measure_type == "stock")
            assert catalog.unit(target.unit).base_unit == catalog.unit(indicator.unit).base_unit
            assert target.revenue_basis == indicator.revenue_basis
