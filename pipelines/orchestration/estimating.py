"""Estimates of anyone's survey from a frame and a sample, by the SQL that makes our own.

The two files become the tables that `core_weights` and its followers read: one period, one
indicator, a domain for each crossing of the columns asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pandas as pd

from pipelines.catalog.load import load_catalog
from pipelines.catalog.models import EstimationMethod
from pipelines.warehouse.database import PYTHON_SCHEMAS, open_database, replace_frame
from pipelines.warehouse.reference import reference_frames
from pipelines.warehouse.sql_files import load_sql_tables

LonelyStrata = Literal["collapse", "remove", "average", "adjust"]
SQL_TABLES = (
    "core_weights",
    "core_ratio_groups",
    "core_residuals",
    "core_domain_auxiliaries",
    "core_direct_estimates",
    "core_intervals",
)
KEY = {"period": "VARCHAR", "indicator_code": "VARCHAR"}
DOMAIN = {"period": "VARCHAR", "domain_type": "VARCHAR", "domain_code": "VARCHAR"}
SCHEMAS: dict[str, dict[str, str]] = {
    "core_periods": {"period": "VARCHAR", "is_first_period": "BOOLEAN"},
    "core_frame": {
        "period": "VARCHAR",
        "credit_code": "VARCHAR",
        "stratum_code": "VARCHAR",
        "is_sampled": "BOOLEAN",
    },
    "core_sample_values": {
        **KEY,
        "measure_code": "VARCHAR",
        "credit_code": "VARCHAR",
        "stratum_code": "VARCHAR",
        "value": "DOUBLE",
    },
    "core_auxiliaries": {
        **KEY,
        "credit_code": "VARCHAR",
        "ratio_group_code": "VARCHAR",
        "auxiliary_value": "DOUBLE",
    },
    "core_domains": {**DOMAIN, "credit_code": "VARCHAR"},
    "core_institutions": DOMAIN,
    "core_month_estimates": {
        **DOMAIN,
        "indicator_code": "VARCHAR",
        "value": "DOUBLE",
        "variance": "DOUBLE",
        "degrees_of_freedom": "INTEGER",
        "respondent_count": "INTEGER",
        "previous_respondent_count": "INTEGER",
        "is_estimable": "BOOLEAN",
    },
}
# The one period and indicator that a survey is taken for; the whole is called city.
PERIOD, INDICATOR, MEASURE, WHOLE, DOMAINS = "2000-01", "y", "ytd", "city", "by"
FOUND = """
    select
        domain_code, is_estimable, respondent_count, value, standard_error, ci_low, ci_high
    from core_intervals
    where measure_code = $measure
    order by domain_type <> $whole, cast(domain_code as integer)"""
NOTHING = [None] * 4
ENCODINGS = ("utf-8-sig", "gb18030")
MOST_NAMED = 5


class SurveyFileError(Exception):
    """A frame or a sample that cannot be used; the message names the file and what to do."""


def estimate_survey(
    frame_path: Path,
    sample_path: Path,
    method: EstimationMethod,
    by: Sequence[str] = (),
    lonely: LonelyStrata = "collapse",
) -> pd.DataFrame:
    """Return estimates of the total of y: of the whole first, then of each crossing of columns.

    Columns: those of `by`, n_respondents, estimate, standard_error, ci_low, ci_high. What cannot be
    told, as of a stratum without respondents that no other stands in for, is blank.

    Args:
        frame_path: CSV with every unit: unit_id, stratum; x, group, collapse_into and columns of
            domains where they are wanted.
        sample_path: CSV with the respondents: unit_id, y.
        method: how y is estimated; all but expansion need x.
        by: columns of the frame whose crossings are domains.
        lonely: what becomes of a stratum with one respondent of several units.

    Raises:
        SurveyFileError: a column is missing, a number is none, a unit is there twice or is not in
            the frame.
    """
    needed = ["unit_id", "stratum", *by, *([] if method == "expansion" else ["x"])]
    frame = _read(frame_path, needed, "x")
    _check_collapsing(frame_path, frame)
    sample = _read(sample_path, ["unit_id", "y"], "y")
    strange = sample.loc[~sample["unit_id"].isin(frame["unit_id"]), "unit_id"]
    if len(strange):
        raise SurveyFileError(f"文件“{sample_path.name}”的{_named(strange)}不在抽样框内，请核对。")
    if sample["y"].isna().any():
        blank = sample.loc[sample["y"].isna(), "unit_id"]
        raise SurveyFileError(
            f"文件“{sample_path.name}”的{_named(blank)}没有 y，未答复的单位请不要列入。"
        )
    crossings = sorted({*_crossings(frame, by)})
    codes = {crossing: str(number) for number, crossing in enumerate(crossings)}
    sql = load_sql_tables()
    with open_database(":memory:") as connection:
        for name, rows in _tables(frame, sample, method, by, codes, lonely).items():
            replace_frame(connection, name, rows, SCHEMAS.get(name) or PYTHON_SCHEMAS[name])
        for name in SQL_TABLES:
            connection.execute(f"create table {name} as {sql[name].query}")
        found = connection.execute(FOUND, {"whole": WHOLE, "measure": MEASURE}).fetchall()
    names = {code: crossing for crossing, code in codes.items()}
    return pd.DataFrame(
        [
            [*names.get(code, [""] * len(by)), count, *(figures if is_estimable else NOTHING)]
            for code, is_estimable, count, *figures in found
        ],
        columns=[*by, "n_respondents", "estimate", "standard_error", "ci_low", "ci_high"],
    )


def _read(path: Path, columns: Sequence[str], number: str) -> pd.DataFrame:
    """Return a file's rows, all text but one column of numbers; the units are its key.

    Raises:
        SurveyFileError: the file cannot be used.
    """
    for encoding in ENCODINGS:
        try:
            rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding)
            break
        except UnicodeDecodeError:
            continue
        except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
            raise SurveyFileError(f"文件“{path.name}”不是CSV，请另存为CSV。") from error
    else:
        raise SurveyFileError(f"文件“{path.name}”的编码无法识别，请另存为UTF-8编码的CSV。")
    for column in columns:
        if column not in rows:
            raise SurveyFileError(f"文件“{path.name}”没有“{column}”一列，请补上。")
    twice = rows.loc[rows["unit_id"].duplicated(), "unit_id"]
    if len(twice):
        raise SurveyFileError(f"文件“{path.name}”的{_named(twice)}不止一行，请每个单位只留一行。")
    if number in rows:
        numbers = pd.to_numeric(rows[number].str.strip().replace("", None), errors="coerce")
        numbers = numbers.where(numbers.abs() < float("inf"))
        odd = rows.loc[numbers.isna() & (rows[number].str.strip() != ""), "unit_id"]
        if len(odd):
            raise SurveyFileError(f"文件“{path.name}”的{_named(odd)}的“{number}”不是数字，请改正。")
        rows[number] = numbers
    return rows


def _check_collapsing(path: Path, frame: pd.DataFrame) -> None:
    """Refuse strata that collapse into one that is not there, or into several."""
    if "collapse_into" not in frame:
        return
    pairs = frame[["stratum", "collapse_into"]].drop_duplicates()
    several = pairs.loc[pairs["stratum"].duplicated(), "stratum"].drop_duplicates()
    if len(several):
        raise SurveyFileError(
            f"文件“{path.name}”的层{_named(several)}在各行写的 collapse_into 不同，请改为一致。"
        )
    absent = pairs.loc[~pairs["collapse_into"].isin(["", *pairs["stratum"]]), "collapse_into"]
    if len(absent):
        raise SurveyFileError(
            f"文件“{path.name}”没有 collapse_into 所写的层{_named(absent)}，请改正层的代码。"
        )


def _named(units: pd.Series) -> str:
    """Return a few units by name."""
    more = f"等{len(units)}个" if len(units) > MOST_NAMED else ""
    return "、".join(f"“{unit}”" for unit in units[:MOST_NAMED]) + more


def _tables(
    frame: pd.DataFrame,
    sample: pd.DataFrame,
    method: EstimationMethod,
    by: Sequence[str],
    codes: dict[tuple[str, ...], str],
    lonely: LonelyStrata,
) -> dict[str, pd.DataFrame]:
    """Return the tables that the SQL reads."""
    catalog_tables = reference_frames(load_catalog())
    into = frame["collapse_into"] if "collapse_into" in frame else pd.Series("", frame.index)
    strata = pd.DataFrame({"stratum_code": frame["stratum"], "collapse_into_code": into})
    strata = strata.drop_duplicates("stratum_code").sort_values("stratum_code", ignore_index=True)
    is_collapsed = lonely == "collapse"
    strata["collapse_into_code"] = [
        (code or None) if is_collapsed else None for code in strata["collapse_into_code"]
    ]
    strata["stratum_order"] = range(len(strata))
    units = frame[["unit_id", "stratum"]].rename(
        columns={"unit_id": "credit_code", "stratum": "stratum_code"}
    )
    values = sample.rename(columns={"unit_id": "credit_code", "y": "value"}).merge(units)
    whole = units[["credit_code"]].assign(domain_type=WHOLE, domain_code="-1")
    crossed = [codes[crossing] for crossing in _crossings(frame, by)]
    domains = [whole, units[["credit_code"]].assign(domain_type=DOMAINS, domain_code=crossed)]
    domain_rows = pd.concat(domains if by else [whole]).assign(period=PERIOD)
    auxiliaries = units[["credit_code"]].assign(
        period=PERIOD,
        indicator_code=INDICATOR,
        ratio_group_code=frame.get("group", "all"),
        auxiliary_value=frame.get("x"),
    )
    indicator = {
        "indicator_code": INDICATOR,
        "measure_type": "flow",
        "estimation_method": method,
        "is_by_domain": True,
    }
    return {
        "core_periods": pd.DataFrame([{"period": PERIOD, "is_first_period": False}]),
        "core_frame": units.assign(
            period=PERIOD, is_sampled=units["credit_code"].isin(sample["unit_id"])
        ),
        "core_sample_values": values[["credit_code", "stratum_code", "value"]].assign(
            period=PERIOD, indicator_code=INDICATOR, measure_code=MEASURE
        ),
        "core_auxiliaries": auxiliaries[auxiliaries["auxiliary_value"].notna()],
        "core_domains": domain_rows,
        "core_institutions": domain_rows.drop(columns="credit_code").drop_duplicates(),
        "core_month_estimates": pd.DataFrame(columns=list(SCHEMAS["core_month_estimates"])),
        "ref_indicators": _filled("ref_indicators", pd.DataFrame([indicator])),
        "ref_form_lines": _filled(
            "ref_form_lines",
            pd.DataFrame([{"form_code": "flash_report", "indicator_code": INDICATOR}]),
        ),
        "ref_strata": _filled("ref_strata", strata),
        "ref_settings": catalog_tables["ref_settings"].assign(
            ratio_group_minimum=1, lonely_strata=lonely
        ),
        "ref_t_quantiles": catalog_tables["ref_t_quantiles"],
    }


def _crossings(frame: pd.DataFrame, by: Sequence[str]) -> list[tuple[str, ...]]:
    """Return what each unit has in these columns."""
    return [tuple(row) for row in frame[list(by)].to_numpy().tolist()]


def _filled(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a table of the catalog; columns that they lack are empty."""
    return rows.astype(object).reindex(columns=list(PYTHON_SCHEMAS[name]))
