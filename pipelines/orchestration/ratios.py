"""The ratios of a period that stand out among the others, for people to look at.

Only what is published is read. What becomes of each is said by the findings, not here.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipelines.catalog.load import load_catalog
from pipelines.orchestration.published import ask
from pipelines.quality.wording import FormWords
from pipelines.root import Root

TABLES = ("core_ratio_edits", "core_versions", "core_findings", "core_frame")
OUTLIERS = """
    with ratios as (
        select * from read_parquet($core_ratio_edits)
        where period = $period and edit_a15_ratio <> 0
    ),
    accepted as (
        select receipt_no, credit_code
        from read_parquet($core_versions)
        where submission_state = 'accepted'
    ),
    asked as (
        select
            findings.receipt_no, findings.credit_code, findings.indicator_code,
            findings.measure_code, string_agg(distinct marts.rule_name, '、') as rule_names
        from read_parquet($core_findings) as findings
        inner join mart_findings as marts using (finding_no)
        where marts.audit_id = 'A15'
        group by all
    )
    select
        ratios.form_code, frame.agency_name, ratios.credit_code, ratios.indicator_code,
        ratios.measure_code, ratios.unit, ratios.compared_words, ratios.compared_value,
        ratios.value, ratios.ratio, ratios.ratio_low, ratios.ratio_high, asked.rule_names
    from ratios
    inner join accepted using (receipt_no, credit_code)
    left join accepted as compared
        on
            ratios.compared_receipt_no = compared.receipt_no
            and ratios.credit_code = compared.credit_code
    inner join read_parquet($core_frame) as frame
        on ratios.period = frame.period and ratios.credit_code = frame.credit_code
    left join asked
        on
            ratios.receipt_no = asked.receipt_no
            and ratios.credit_code = asked.credit_code
            and ratios.indicator_code = asked.indicator_code
            and ratios.measure_code = asked.measure_code
    where ratios.compared_receipt_no = 0 or compared.receipt_no is not null
    order by abs(ratios.edit_a15_ratio) desc, ratios.credit_code, ratios.indicator_code"""


@dataclass(frozen=True)
class Outlier:
    """A ratio outside its group's bounds, in words."""

    agency: str
    item: str
    compared: str
    value: str
    ratio: float
    usual: str
    asked: str


def find_outliers(root: Root, period: str) -> list[Outlier]:
    """Return the accepted figures of a period whose ratio stands out, the furthest first.

    Raises:
        NothingPublishedError: The last release was made before there were ratio edits.
    """
    paths = {name: str(root.internal / f"{name}.parquet") for name in TABLES}
    catalog = load_catalog()
    found = []
    for row in ask(root, OUTLIERS, period=period, **paths).rows:
        form_code, name, code, indicator, measure, unit, compared_words, *figures = row
        compared, value, ratio, low, high, asked = figures
        words = FormWords(catalog, catalog.form(form_code, period))
        printed_unit = words.item(indicator, measure).unit or unit
        found.append(
            Outlier(
                f"{name}（{code}）",
                words.item(indicator, measure).name,
                f"{compared_words} {words.amount(compared, printed_unit)}",
                words.amount(value, printed_unit),
                ratio,
                f"{low:,.2f}—{high:,.2f}",
                asked or "",
            )
        )
    return found
