"""The catalog as `ref_` tables, so that SQL can join what the statistics mean.

Nothing is decided here: each table repeats catalog entries, in base units where it holds figures.
The types of the columns stand in `database.PYTHON_SCHEMAS`; `ref_rules` comes from the suites, too
(`quality.suites`), and the row of `ref_release` is made by the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal

import pandas as pd
from scipy.special import stdtrit

from pipelines.catalog.calendar import reporting_calendar
from pipelines.catalog.geography import (
    UNPLACED,
    prefix_pattern,
    slip_pattern,
    successors,
    township_root,
)
from pipelines.catalog.models import Catalog, Form
from pipelines.warehouse.database import PYTHON_SCHEMAS

MOST_DEGREES_OF_FREEDOM = 2000
REFERENCE_MEANINGS = {
    "ref_units": "计量单位：每个单位一行，写明折合多少基本单位。",
    "ref_indicators": "统计指标：每个指标一行，写明名称、解释、单位和性质。",
    "ref_indicator_formulas": "计算指标：每个指标的每个计算项一行。",
    "ref_classifications": "分类标准：每个分类的每一项一行。",
    "ref_forms": "报表：每种报表的每个版本一行，写明有效期。",
    "ref_form_lines": "报表指标：每种报表每个版本的每个指标一行。",
    "ref_form_line_measures": "报表栏次：每种报表每个版本的每个指标、每个栏次一行。",
    "ref_areas": "地区：全国、全市、每个区县和功能区一行，写明有效期；未能承接的机构另有一行。",
    "ref_geographies": "区划：调整前、后的区划各一行，写明按其报送的月份。",
    "ref_area_successions": "区划承接：调整所涉区县的每个街镇在另一区划中归哪个区县一行。",
    "ref_reporting_units": "报送单位：每个报送单位一行，写明有效期。",
    "ref_strata": "抽样层：每层一行。",
    "ref_settings": "抽样、报送和审核设置：只有一行。",
    "ref_reporting_calendar": "报送日历：每个月一行，写明催报、截止、截数和发布日期。",
    "ref_bridges": "口径衔接：不同来源的同一指标之间有文件依据的系数，每条一行。",
    "ref_targets": "政策目标：文件中每项量化目标一行，数值折合为基本单位。",
    "ref_t_quantiles": "t 分布分位数：每个自由度一行。",
    "ref_spelling_rules": "改动写法的规则：读表时为识别单元格原文所作的每种改动一行。",
    "ref_rules": "审核规则：读表的规则和各报表的审核关系，每条一行。",
    "ref_release": "本次发布：只有一行，写明发布编号和最新报告期。",
}
Row = Mapping[str, object]


def reference_frames(catalog: Catalog) -> dict[str, pd.DataFrame]:
    """Return every `ref_` table that the catalog alone decides, by name.

    Codes and dates that the catalog leaves open are None. Factors are DECIMAL base units per unit.
    """
    rows: dict[str, Iterator[Row]] = {
        "ref_units": _units(catalog),
        "ref_indicators": _indicators(catalog),
        "ref_indicator_formulas": _formulas(catalog),
        "ref_classifications": _classifications(catalog),
        "ref_forms": _forms(catalog),
        "ref_form_lines": _form_lines(catalog),
        "ref_form_line_measures": _form_line_measures(catalog),
        "ref_areas": _areas(catalog),
        "ref_geographies": _geographies(catalog),
        "ref_area_successions": _area_successions(catalog),
        "ref_reporting_units": _reporting_units(catalog),
        "ref_strata": _strata(catalog),
        "ref_settings": _settings(catalog),
        "ref_reporting_calendar": map(asdict, reporting_calendar(catalog)),
        "ref_bridges": _bridges(catalog),
        "ref_targets": _targets(catalog),
        "ref_t_quantiles": _t_quantiles(catalog),
        "ref_spelling_rules": _spelling_rules(catalog),
    }
    return {
        name: pd.DataFrame(list(table), columns=list(PYTHON_SCHEMAS[name]), dtype=object)
        for name, table in rows.items()
    }


def _units(catalog: Catalog) -> Iterator[Row]:
    """Yield each printed unit and how many base units it holds."""
    for unit in catalog.units:
        yield {"unit": unit.unit, "base_unit": unit.base_unit, "factor": unit.factor}


def _spelling_rules(catalog: Catalog) -> Iterator[Row]:
    """Yield each change of spelling in the order in which they are made."""
    for order, rule in enumerate(catalog.spelling_rules, start=1):
        yield {
            "spelling_rule": rule.code,
            "spelling_rule_name": rule.name,
            "spelling_example": rule.example,
            "spelling_rule_order": order,
        }


def _indicators(catalog: Catalog) -> Iterator[Row]:
    """Yield each indicator in catalog order."""
    for order, indicator in enumerate(catalog.indicators, start=1):
        yield {
            "indicator_code": indicator.code,
            "indicator_name": indicator.name,
            "definition": indicator.definition,
            "topic": indicator.topic,
            "unit": indicator.unit,
            "display_unit": indicator.display_unit,
            "display_factor": catalog.unit(indicator.display_unit).factor,
            "measure_type": indicator.measure_type,
            "direction": indicator.direction,
            "auxiliary_code": indicator.auxiliary,
            "estimation_method": catalog.sampling.estimation_method
            if indicator.auxiliary
            else "expansion",
            "is_by_domain": indicator.by_domain,
            "revenue_basis": indicator.revenue_basis,
            "business_line_code": indicator.business_line,
            "part_of_code": indicator.part_of,
            "indicator_order": order,
        }


def _formulas(catalog: Catalog) -> Iterator[Row]:
    """Yield the terms of every indicator that is computed from others."""
    for indicator in catalog.indicators:
        for term, coefficient in (indicator.formula or {}).items():
            yield {
                "indicator_code": indicator.code,
                "term_code": term,
                "coefficient": coefficient,
            }


def _classifications(catalog: Catalog) -> Iterator[Row]:
    """Yield the items of every code list in its own order."""
    for classification in catalog.classifications:
        for order, item in enumerate(classification.items, start=1):
            yield {
                "classification_code": classification.code,
                "item_code": item.code,
                "item_name": item.name,
                "item_group": item.group,
                "item_order": order,
            }


def _forms(catalog: Catalog) -> Iterator[Row]:
    """Yield each form with its validity."""
    for form in catalog.forms:
        yield {
            "form_code": form.code,
            "form_name": form.name,
            "folder": form.folder,
            "valid_from": form.valid_from,
            "valid_to": form.valid_to,
            "period_type": form.period_type,
        }


def _lines(form: Form) -> Iterator[tuple[Row, Sequence[str]]]:
    """Yield what a form asks for and in which measures.

    A line is a line of a section, or a table's column that reports an indicator.
    """
    for section in form.sections:
        for line in section.lines:
            yield (
                {
                    "line_no": line.line,
                    "sheet_name": section.sheet,
                    "indicator_code": line.indicator,
                    "line_label": line.label,
                    "is_required": line.required,
                    "is_calculated": line.calculated is not None,
                },
                line.measures,
            )
    for table in form.tables:
        columns = [column for column in table.columns if column.indicator is not None]
        for number, column in enumerate(columns, start=1):
            yield (
                {
                    "line_no": f"{number:02d}",
                    "sheet_name": table.sheet,
                    "indicator_code": column.indicator,
                    "line_label": column.label,
                    "is_required": column.required,
                    "is_calculated": False,
                },
                ["annual"],
            )


def _form_lines(catalog: Catalog) -> Iterator[Row]:
    """Yield the lines of every form in form order."""
    for form in catalog.forms:
        for order, (line, _) in enumerate(_lines(form), start=1):
            yield {
                "form_code": form.code,
                "form_version": form.valid_from,
                **line,
                "line_order": order,
            }


def _form_line_measures(catalog: Catalog) -> Iterator[Row]:
    """Yield which measures each line asks for."""
    for form in catalog.forms:
        for line, measures in _lines(form):
            for measure in measures:
                yield {
                    "form_code": form.code,
                    "form_version": form.valid_from,
                    "line_no": line["line_no"],
                    "indicator_code": line["indicator_code"],
                    "measure_code": measure,
                }


def _areas(catalog: Catalog) -> Iterator[Row]:
    """Yield the country, the city, its divisions, its functional areas and what is unplaced."""
    geography = catalog.divisions
    redrawn = {code: change for change in reversed(geography.changes) for code in change.redrawn}
    areas: list[Row] = [
        {
            "area_code": geography.country_code,
            "area_name": geography.country_name,
            "area_type": "country",
        },
        {
            "area_code": geography.city_code,
            "area_name": geography.city_name,
            "area_type": "city",
        },
    ]
    areas += [
        {
            "area_code": division.code,
            "area_name": division.name,
            "area_type": "district",
            "group_2020": division.group_2020,
            "group_2024": division.group_2024,
            "valid_from": division.valid_from,
            "valid_to": division.valid_to,
            "redrawn_from": (
                redrawn[division.code].reporting_from if division.code in redrawn else None
            ),
        }
        for division in geography.divisions
    ]
    areas += [
        {
            "area_code": area.code,
            "area_name": area.name,
            "area_type": "functional_area",
            "valid_to": area.valid_to,
        }
        for area in geography.functional_areas
    ]
    areas.append({"area_code": UNPLACED, "area_name": "未能承接", "area_type": "unplaced"})
    open_values = dict.fromkeys(
        ("group_2020", "group_2024", "valid_from", "valid_to", "redrawn_from")
    )
    for order, area in enumerate(areas, start=1):
        yield {**open_values, **area, "area_order": order}


def _geographies(catalog: Catalog) -> Iterator[Row]:
    """Yield the geographies with the months reported in them: the first, and one a change."""
    changes = catalog.divisions.changes
    last_months = [*(change.last_month for change in changes), None]
    geographies = [
        *((change.old_geography, None, change) for change in changes[:1]),
        *((change.new_geography, change.reporting_from, change) for change in changes),
    ]
    for (code, valid_from, change), valid_to in zip(geographies, last_months, strict=True):
        yield {
            "geography": code,
            "legal_from": change.legal_from,
            "code_from": change.code_from,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "change_note": change.note,
        }


def _area_successions(catalog: Catalog) -> Iterator[Row]:
    """Yield where each 街镇 of a changed district lies in the other geography."""
    for order, item in enumerate(successors(catalog.divisions), start=1):
        root = None if item.township is None else township_root(item.township)
        yield {
            "coded_geography": item.coded_geography,
            "district_code": item.district_code,
            "township": item.township,
            "township_root": root,
            "slip_pattern": None if root is None else slip_pattern(root),
            "geography": item.geography,
            "area_code": item.area_code,
            "is_by_township": item.is_by_township,
            "prefix_pattern": prefix_pattern(catalog.divisions, item.district_code),
            "succession_order": order,
        }


def _reporting_units(catalog: Catalog) -> Iterator[Row]:
    """Yield who reports: the city itself, the divisions, the functional areas."""
    geography = catalog.divisions
    units: list[tuple[str, str, bool, str | None, str | None]] = [
        (geography.city_code, geography.direct_unit_name, False, None, None)
    ]
    units += [
        (division.code, division.name, False, division.valid_from, division.valid_to)
        for division in geography.divisions
    ]
    units += [
        (area.code, area.name, True, None, area.valid_to) for area in geography.functional_areas
    ]
    for order, (code, name, is_functional_area, valid_from, valid_to) in enumerate(units, start=1):
        yield {
            "reporting_unit_code": code,
            "reporting_unit_name": name,
            "is_functional_area": is_functional_area,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "unit_order": order,
        }


def _strata(catalog: Catalog) -> Iterator[Row]:
    """Yield the strata of the flash sample."""
    for order, stratum in enumerate(catalog.sampling.strata, start=1):
        yield {
            "stratum_code": stratum.code,
            "stratum_name": stratum.name,
            "institution_group": stratum.institution_group,
            "size_class": stratum.size_class,
            "is_take_all": stratum.is_take_all,
            "collapse_into_code": stratum.collapse_into,
            "stratum_order": order,
        }


def _settings(catalog: Catalog) -> Iterator[Row]:
    """Yield the one row of settings of the sample, the calendar and the edits."""
    yield {
        "confidence_level": float(catalog.sampling.confidence_level),
        "minimum_respondents": catalog.sampling.minimum_respondents,
        "maximum_cv_pct": float(catalog.sampling.maximum_cv_pct),
        "minimum_census_pct": float(catalog.sampling.minimum_census_pct),
        "ratio_group_minimum": catalog.sampling.ratio_group_minimum,
        "lonely_strata": "collapse",
        "ratio_size_exponent": float(catalog.editing.ratio_size_exponent),
        "ratio_least_spread": float(catalog.editing.ratio_least_spread),
        "ratio_multiple": float(catalog.editing.ratio_multiple),
        "ratio_tail_pct": float(catalog.editing.ratio_tail_pct),
        "ratio_minimum_pairs": catalog.editing.ratio_minimum_pairs,
        "annual_flash_pct": float(catalog.editing.annual_flash_pct),
        "annual_flash_least": float(catalog.editing.annual_flash_least),
        "priority_remainder_pct": float(catalog.editing.priority_remainder_pct),
    }


def _bridges(catalog: Catalog) -> Iterator[Row]:
    """Yield the documented bridges between sources."""
    for bridge in catalog.bridges:
        yield {
            "indicator_code": bridge.indicator,
            "from_source": bridge.from_source,
            "to_source": bridge.to_source,
            "bridge_period": bridge.period,
            "bridge_factor": bridge.factor,
            "bridge_document": bridge.document,
        }


def _targets(catalog: Catalog) -> Iterator[Row]:
    """Yield every target of every policy, its figures in base units."""
    targets = [(policy, target) for policy in catalog.policies for target in policy.targets]
    for order, (policy, target) in enumerate(targets, start=1):
        unit = catalog.unit(target.unit)
        high = target.target_value_high
        yield {
            "target_id": target.id,
            "policy_id": policy.id,
            "policy_title": policy.title,
            "document_no": policy.document_no,
            "clause": target.clause,
            "quote": target.quote,
            "lead_department": target.lead_department,
            "indicator_code": target.indicator,
            "area_code": target.area_code,
            "kind": target.kind,
            "comparator": target.comparator,
            "comparator_words": target.comparator_words,
            "force": target.force,
            "revenue_basis": target.revenue_basis,
            "unit_scope": target.unit_scope,
            "base_period": target.base.period,
            "base_source": target.base.source,
            "base_note": target.base.note,
            "target_period": target.target_period,
            "target_value": target.target_value * unit.factor,
            "target_value_high": None if high is None else high * unit.factor,
            "unit": unit.base_unit,
            "assumption": target.assumption,
            "target_order": order,
        }


def _t_quantiles(catalog: Catalog) -> Iterator[Row]:
    """Yield the two-sided quantile of Student's t for each number of degrees of freedom."""
    upper = (1 + catalog.sampling.confidence_level) / Decimal(2)
    for degrees in range(1, MOST_DEGREES_OF_FREEDOM + 1):
        yield {
            "degrees_of_freedom": degrees,
            "t_quantile": float(stdtrit(degrees, float(upper))),
        }
