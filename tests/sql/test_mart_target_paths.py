"""mart_target_paths: the line to the target for charts."""

import datetime as dt


def test_stocks_by_month_and_annual_levels_by_year(build):
    months = [(year, month) for year in range(2021, 2026) for month in range(1, 13)]
    calendar = [
        {
            "period": f"{year}-{month:02d}",
            "year": str(year),
            "end_date": dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1),
            "is_year_end": month == 12,
        }
        for year, month in months
    ]
    rows = build(
        "mart_target_paths",
        ref_release="""
            release_id
            x
        """,
        core_calendar=calendar,
        ref_targets="""
            target_id kind
            i25       stock
            r25       annual_level
        """,
        core_target_nodes="""
            target_id node_no node_period node_date  node_value node_type
            i25       1       2021        2021-12-31 2846       基期
            i25       2       2023        2023-12-31 3200       文件指标
            i25       3       2025        2025-12-31 3500       文件指标
            r25       1       2021        2021-12-31 618        基期
            r25       2       2023        2023-12-31 1000       文件指标
            r25       3       2025        2025-12-31 1500       文件指标
        """,
        core_target_segments="""
            target_id from_period from_date  from_value to_period to_date    to_value
            i25       2021        2021-12-31 2846       2023      2023-12-31 3200
            i25       2023        2023-12-31 3200       2025      2025-12-31 3500
            r25       2021        2021-12-31 618        2023      2023-12-31 1000
            r25       2023        2023-12-31 1000       2025      2025-12-31 1500
        """,
    )
    stock = [row for row in rows if row["target_id"] == "i25"]
    assert [row["path_period"] for row in stock[:2]] == ["2021-12", "2022-01"]
    assert len(stock) == 49
    june = next(row for row in stock if row["path_period"] == "2024-06")
    assert june["planned_value"] == 3200 + 300 * 182 / 731
    assert [
        (row["path_period"], row["planned_value"], row["node_type"])
        for row in rows
        if row["target_id"] == "r25"
    ] == [
        ("2021", 618, "基期"),
        ("2022", 809, "插值参考线"),
        ("2023", 1000, "文件指标"),
        ("2024", 1250, "插值参考线"),
        ("2025", 1500, "文件指标"),
    ]
    written = [row["path_period"] for row in stock if row["node_type"] != "插值参考线"]
    assert written == ["2021-12", "2023-12", "2025-12"]
