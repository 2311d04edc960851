"""Runs rules on a frame with Great Expectations: the only module that imports it.

Which frames there are and what a failure means to people is decided elsewhere.
"""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from pipelines.quality.suites import Rule

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.datasource.fluent.interfaces import Batch

logger = logging.getLogger(__name__)

POSITION = "position"


class RuleRaisedError(Exception):
    """A rule could not be carried out: that says nothing of the data, and stops the run."""


@dataclass(frozen=True)
class Failure:
    """A rule that does not hold: in which rows of the frame, or what was seen of the whole."""

    rule: Rule
    positions: list[int]  # from 0, ascending; empty for a rule on the whole frame
    observed: str | None


def validate(
    frame: pd.DataFrame,
    rules: Sequence[Rule],
) -> list[Failure]:
    """Return the rules that do not hold for a frame, in their order; its index does not matter.

    Args:
        frame: the rows; a missing value passes every rule that does not ask for it.
        rules: what should hold.

    Raises:
        RuleRaisedError: a rule names a column there is not, or a wrong argument.
    """
    if not rules:
        return []
    batch = _batches().get_batch({"dataframe": frame.reset_index(drop=True)})
    # Most rules hold, and saying no more than that takes two thirds of the time.
    broken = [
        rule
        for rule, result in zip(
            rules, _run(batch, rules, {"result_format": "BOOLEAN_ONLY"}), strict=True
        )
        if not result.success
    ]
    # Rows by position: naming index columns costs fourteen times more.
    complete = {"result_format": "COMPLETE", "include_unexpected_rows": False}
    return [
        _failure(rule, result.result)
        for rule, result in zip(broken, _run(batch, broken, complete), strict=True)
    ]


def _run(
    batch: Batch,
    rules: Sequence[Rule],
    result_format: Mapping[str, object],
) -> list[ExpectationValidationResult]:
    """Return the results of rules in their order."""
    if not rules:
        return []
    expectations = [_expectation(rule, position) for position, rule in enumerate(rules)]
    outcome = batch.validate(
        _great_expectations().ExpectationSuite(name="rules", expectations=expectations),
        result_format=dict(result_format),
    )
    # Results come in an order of their own.
    results = {result.expectation_config.meta[POSITION]: result for result in outcome.results}
    for position, rule in enumerate(rules):
        _refuse_raised(rule, results[position].exception_info)
    return [results[position] for position in range(len(rules))]


def columns_of(rules: Iterable[Rule]) -> list[str]:
    """Return the columns that rules read, in the order of their first mention."""
    return list(dict.fromkeys(name for rule in rules for name in _columns_of(rule.kwargs)))


def _columns_of(kwargs: Mapping[str, Any]) -> list[str]:
    """Return the columns that the arguments of a rule name."""
    named = [kwargs[name] for name in ("column", "column_A", "column_B") if name in kwargs]
    return [*named, *kwargs.get("column_list", []), *_columns_in(kwargs.get("row_condition", {}))]


def _columns_in(condition: Mapping[str, Any]) -> list[str]:
    """Return the columns that a row condition reads."""
    if "conditions" in condition:
        return [name for part in condition["conditions"] for name in _columns_in(part)]
    return [condition["column"]["name"]] if condition else []


def _expectation(rule: Rule, position: int) -> Any:
    """Return the rule as Great Expectations knows it, marked with its position."""
    gx = _great_expectations()
    configuration = gx.expectations.expectation_configuration.ExpectationConfiguration(
        type=rule.type,
        kwargs=dict(rule.kwargs),
        severity=rule.severity,
        meta={POSITION: position},
    )
    try:
        return configuration.to_domain_obj()
    except (gx.exceptions.GreatExpectationsError, ValueError) as error:
        raise _raised(rule, str(error)) from error


def _failure(rule: Rule, result: Mapping[str, Any]) -> Failure:
    """Return where a rule fails."""
    positions = sorted(int(position) for position in result.get("unexpected_index_list") or [])
    observed = result.get("observed_value")
    return Failure(rule, positions, None if observed is None else str(observed))


def _refuse_raised(rule: Rule, info: Mapping[str, Any] | None) -> None:
    """Stop where a rule raised: its result reads as failed, yet nothing was judged."""
    reports = [info or {}] if "raised_exception" in (info or {}) else list((info or {}).values())
    for report in reports:
        if report.get("raised_exception"):
            raise _raised(rule, str(report.get("exception_message")))


def _raised(rule: Rule, reason: str) -> RuleRaisedError:
    """Return the error that stops the run over a rule."""
    logger.error("rule %s raised: %s", rule.meta.rule_code, reason)
    return RuleRaisedError(
        f"审核规则“{rule.meta.name}”（{rule.meta.rule_code}）无法执行，运行已停止；"
        "这不是数据的问题，请按日志改正 expectations 中该规则的写法后重新运行。"
    )


@functools.cache
def _batches() -> BatchDefinition[Any]:
    """Return what makes a batch of a frame; one for all, in no project folder."""
    context = _great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("frame")
    batches: BatchDefinition[Any] = asset.add_batch_definition_whole_dataframe("whole")
    return batches


@functools.cache
def _great_expectations() -> Any:
    """Import Great Expectations, which takes seconds, where something is to be validated."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read while it is imported
    import great_expectations

    return great_expectations
