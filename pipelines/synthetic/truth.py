"""The truth about a made-up industry, as tables: what a perfect count would find, and the mistakes.

It lies aside for people and tests that judge estimates, edits and verdicts; nothing reads it back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.synthetic.activity import STOCKS, Activity, add_formulas
from pipelines.synthetic.annual import figures_of_year
from pipelines.synthetic.drawing import Whole
from pipelines.synthetic.industry import Industry, last_day
from pipelines.synthetic.mistakes import Mistake
from pipelines.synthetic.sendings import Fieldwork
from pipelines.synthetic.standing import draw_branches, draw_pauses
from pipelines.synthetic.townships import area_since_2025

README = """本文件夹是模拟行业的真值，全部为模拟数据，只供检验测算、审核和判定，系统从不读取。
monthly.csv   每月末在业机构的机构数和各指标：当月、1月以来累计（时点数为月末数），
              分全市和各报送单位；快报2月一期的“1—2月合计”对应2月的累计
annual.csv    每年末在业机构的全年数、年末数、机构数和从业人员
agencies.csv  每家机构的来历、变动、转许可以前是否只有备案而从事职业中介、歇业和失联、集团和园区，
              以及按2025年11月调整后的区划归哪个地区
branches.csv  本市机构的分支机构，由总机构一并报送，不另计机构数
sizes.csv     每家机构每年的营业收入、帮助就业人次和从业人员水平
mistakes.csv  报出的差错：所在机构、种类、指标、所填内容、事后是否更正；重复报送和文本型数字不在内
samples.csv   每年的样本机构和抽样时的规模类别
"""
CITY = "全市"


def write_truth(
    folder: Path, industry: Industry, fieldwork: Fieldwork, annual: Sequence[Mistake] = ()
) -> None:
    """Write the tables into a folder that is made for them; `annual` is wrong in annual returns."""
    folder.mkdir(parents=True)
    (folder / "README.txt").write_text(README, encoding="utf-8")
    tables = {
        "monthly": pd.concat(_months(industry), ignore_index=True).astype(
            {"year_to_date": "Int64"}
        ),
        "annual": pd.concat(_years(industry), ignore_index=True),
        "agencies": _agencies(industry),
        "branches": _branches(industry),
        "sizes": pd.concat(_sizes(industry), ignore_index=True),
        "mistakes": pd.DataFrame(
            [vars(mistake) for mistake in (*fieldwork.mistakes, *annual)],
            columns=[field.name for field in fields(Mistake)],
        ),
        "samples": pd.concat(_samples(industry, fieldwork), ignore_index=True),
    }
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")


def _months(industry: Industry) -> Iterator[pd.DataFrame]:
    """Yield the counts and totals of each month of the years whose truth is asked for."""
    _, *years = industry.magnitudes.years
    for year in years:
        work = add_formulas(industry.work[year])
        ones = np.ones((len(industry.agencies), 12), dtype=np.int64)
        flows = {code: np.cumsum(values, axis=1) for code, values in _flows(work).items()}
        for month in range(12):
            period = f"{year}-{month + 1:02d}"
            counts = {"institutions": ones, **work}
            this_month = _by_unit(industry, period, counts, month).rename("value")
            to_date = _by_unit(industry, period, flows, month).rename("year_to_date")
            yield pd.concat([this_month, to_date], axis=1).reset_index()


def _years(industry: Industry) -> Iterator[pd.DataFrame]:
    """Yield the totals of each year."""
    for year in industry.magnitudes.years:
        figures = add_formulas(figures_of_year(industry, year))
        ones = np.ones(len(industry.agencies), dtype=np.int64)
        columns = {code: v[:, None] for code, v in {**figures, "institutions": ones}.items()}
        table = _by_unit(industry, f"{year}-12", columns, 0).rename("year_total")
        yield table.reset_index().assign(period=str(year))


def _flows(work: Activity) -> Activity:
    """Return what adds up over months."""
    return {code: values for code, values in work.items() if code not in STOCKS}


def _by_unit(industry: Industry, period: str, work: Activity, month: int) -> pd.Series[int]:
    """Return a month's column of indicators, summed over the city and each reporting unit.

    Only agencies living at the end of the period count, where they are then.
    """
    units = [unit.code for unit in industry.magnitudes.units]
    living = np.flatnonzero(industry.agencies.living(last_day(period)))
    places = np.zeros((len(living), len(units) + 1), dtype=np.int64)
    places[:, 0] = 1
    places[np.arange(len(living)), 1 + _units_on(industry, living, period)] = 1
    sums = np.stack([values[living, month] for values in work.values()]) @ places
    keys = pd.MultiIndex.from_product(
        [[period], list(work), [CITY, *units]],
        names=["period", "indicator_code", "reporting_unit"],
    )
    return pd.Series(sums.ravel(), index=keys)


def _units_on(industry: Industry, positions: Whole, period: str) -> Whole:
    """Return the reporting units of these agencies at a month's end."""
    day = np.datetime64(last_day(period), "D")
    is_former = industry.agencies.moved_on[positions] > day
    return np.where(
        is_former, industry.agencies.former_unit[positions], industry.agencies.unit[positions]
    )


def _agencies(industry: Industry) -> pd.DataFrame:
    """Return what is known of each agency."""
    agencies, magnitudes = industry.agencies, industry.magnitudes
    pauses = draw_pauses(industry)
    units = [unit.code for unit in magnitudes.units]
    parks = [*(park.name for park in magnitudes.parks), None]
    codes = [*agencies.credit_codes, None]
    first, last = (
        [area_since_2025(agencies, magnitudes, position, day) for position in range(len(agencies))]
        for day in (dt.date.min, dt.date.max)
    )
    return pd.DataFrame(
        {
            "credit_code": agencies.credit_codes,
            "agency_name": agencies.names,
            "former_name": [
                None if day is None else name
                for name, day in zip(
                    agencies.former_names, agencies.renamed_on.tolist(), strict=True
                )
            ],
            "renamed_on": agencies.renamed_on,
            "reporting_unit": [units[position] for position in agencies.unit],
            "former_reporting_unit": [units[position] for position in agencies.former_unit],
            "area_2025": last,
            "former_area_2025": first,
            "moved_on": agencies.moved_on,
            "origin": agencies.origins,
            "registered": agencies.registered,
            "exited": agencies.exited,
            "exit_reason": agencies.exit_reasons,
            "merged_into": [codes[position] for position in agencies.merged_into],
            "successor_of": [codes[position] for position in agencies.successor_of],
            "lacks_licence": agencies.lacks_licence,
            "upgraded_on": agencies.upgraded_on,
            "suspended_on": pauses.begin["suspended"],
            "suspended_until": pauses.end["suspended"],
            "lost_contact_on": pauses.begin["lost_contact"],
            "lost_contact_until": pauses.end["lost_contact"],
            "holding": [None if number < 0 else number + 1 for number in agencies.holding],
            "park": [parks[position] for position in agencies.park],
        }
    )


def _branches(industry: Industry) -> pd.DataFrame:
    """Return the branches of agencies of the city."""
    codes = industry.agencies.credit_codes
    return pd.DataFrame(
        [(each.code, codes[each.parent], each.registered) for each in draw_branches(industry)],
        columns=["credit_code", "parent_code", "registered"],
    )


def _sizes(industry: Industry) -> Iterator[pd.DataFrame]:
    """Yield the yearly levels of the agencies."""
    for year in industry.magnitudes.years:
        yield pd.DataFrame(
            {
                "year": year,
                "credit_code": industry.agencies.credit_codes,
                "size_class": industry.sizes.size_classes[year],
                "revenue_level": industry.sizes.revenue[year].round(2),
                "placements_level": industry.sizes.placements[year].round(2),
                "staff_level": industry.sizes.staff[year].round(2),
            }
        )


def _samples(industry: Industry, fieldwork: Fieldwork) -> Iterator[pd.DataFrame]:
    """Yield the samples."""
    for sample in fieldwork.samples:
        yield pd.DataFrame(
            {
                "year": sample.year,
                "credit_code": [industry.agencies.credit_codes[p] for p in sample.positions],
                "size_class": sample.size_classes,
            }
        )
