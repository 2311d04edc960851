"""The suites of `expectations/` as typed data: which rule bounds which table, and what it says.

Nothing is validated here (see `validation`); unknown keys and repeated rules are refused.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import Field, ValidationError, field_validator, model_validator

from pipelines.catalog.models import Catalog, CatalogModel, Code, Location, refuse
from pipelines.catalog.severities import Severity
from pipelines.catalog.yaml_files import CatalogError, describe_fault, read_yaml
from pipelines.root import EXPECTATIONS_FOLDER

SEVERITIES: dict[str, Severity] = {"critical": "mandatory", "warning": "review"}


class RuleMeta(CatalogModel):
    """What a rule says when it fails, and of which cells it speaks.

    `message` and `expected` are templates over the columns of the rule's table. A form's rule
    names the indicators or the field whose cells are concerned; the finding stands at the first.
    It says nothing of a cell of which a rule of `unless` has spoken, compared with the same report.
    """

    rule_code: Code
    name: str
    message: str
    audit_id: str | None = Field(default=None, pattern=r"^A(0[1-9]|1\d|20)$")
    expected: str | None = None
    indicators: list[Code] = []
    field: Code | None = None
    together: bool = False  # all rows of a submission make one finding
    unless: list[Code] = []


class Rule(CatalogModel):
    """An expectation as Great Expectations takes it; critical is 强制性, warning is 核实性."""

    type: str = Field(pattern=r"^expect_[a-z_]+$")
    kwargs: dict[str, Any]
    severity: Literal["critical", "warning"]
    meta: RuleMeta

    @field_validator("kwargs")
    @classmethod
    def _condition_is_data(cls, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a condition in words: which columns it reads could not be told."""
        if not isinstance(kwargs.get("row_condition", {}), dict):
            raise ValueError("row_condition 应写成 {type: comparison, …}")
        return kwargs

    @property
    def audit_severity(self) -> Severity:
        """The severity in the words of the findings."""
        return SEVERITIES[self.severity]


class Suite(CatalogModel):
    """The rules of a form or of a table, by the table that they bound."""

    name: Code
    meaning: str
    tables: dict[Code, list[Rule]]

    @property
    def rules(self) -> list[Rule]:
        """All rules of the suite, in the order of its file."""
        return [rule for rules in self.tables.values() for rule in rules]

    @model_validator(mode="after")
    def _rule_codes_are_unique(self) -> Suite:
        """Refuse two rules of one code: their findings could not be told apart."""
        places: dict[str, Location] = {}
        repeated: list[tuple[str, Location]] = []
        for table, rules in self.tables.items():
            for position, rule in enumerate(rules):
                at = ("tables", table, position, "meta", "rule_code")
                if places.setdefault(rule.meta.rule_code, at) is not at:
                    repeated.append((rule.meta.rule_code, at))
        refuse("repeated_code", repeated)
        return self

    @model_validator(mode="after")
    def _rules_give_way_to_rules_of_the_suite(self) -> Suite:
        """Refuse a rule that gives way to one that is not here, or that itself gives way to it."""
        known = {rule.meta.rule_code: rule.meta.unless for rule in self.rules}
        odd: list[tuple[str, Location]] = [
            (other, ("tables", table, position, "meta", "unless"))
            for table, rules in self.tables.items()
            for position, rule in enumerate(rules)
            for other in rule.meta.unless
            if other not in known or rule.meta.rule_code in known[other]
        ]
        refuse("unknown_reference", odd)
        return self


@functools.cache
def load_suites(folder: Path = EXPECTATIONS_FOLDER) -> dict[str, Suite]:
    """Return the suites of that folder by name, in order of their names.

    Raises:
        CatalogError: A file is not YAML, says what the models refuse, or is called otherwise than
            its suite.
    """
    suites: dict[str, Suite] = {}
    for path in sorted(folder.glob("*.yml")):
        file = read_yaml(path, f"{folder.name}/{path.name}")
        try:
            suite = Suite.model_validate(file.data)
        except ValidationError as error:
            faults = [describe_fault(f, {(): file}) for f in error.errors(include_url=False)]
            raise CatalogError("\n".join(faults)) from error
        if suite.name != path.stem:
            raise CatalogError(f"{file.name}:1：name 应与文件名相同，请改为 {path.stem}")
        suites[suite.name] = suite
    return suites


def form_suites(suites: Mapping[str, Suite], catalog: Catalog) -> dict[str, Suite]:
    """Return the suites of forms by the form's code; the others are tables'."""
    forms = {form.code for form in catalog.forms}
    return {name: suite for name, suite in suites.items() if name in forms}


def rule_frame(suites: Mapping[str, Suite], catalog: Catalog) -> pd.DataFrame:
    """Return the rows of ref_rules: what reading can find, then the rules of the forms' suites.

    Raises:
        CatalogError: two forms give one rule code another name or audit relation.
    """
    named = {rule.code: (rule.name, rule.audit_id) for rule in catalog.reading_rules}
    for suite in form_suites(suites, catalog).values():
        for rule in suite.rules:
            meta = rule.meta
            names = meta.name, meta.audit_id
            if named.setdefault(meta.rule_code, names) != names:
                raise CatalogError(
                    f"expectations/{suite.name}.yml：规则 {meta.rule_code} 的名称或编号"
                    f"与别处的“{named[meta.rule_code][0]}”不一致，请改成一致，或换一个代码"
                )
    rows = [
        {"rule_code": code, "rule_name": name, "audit_id": audit_id, "rule_order": order}
        for order, (code, (name, audit_id)) in enumerate(named.items(), start=1)
    ]
    return pd.DataFrame(rows, dtype=object)
