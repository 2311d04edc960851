"""The ratios that stand out, as the demo's published files tell of them."""

import pytest

from pipelines.cli import run_command
from pipelines.orchestration.published import ask
from pipelines.orchestration.ratios import find_outliers
from pipelines.root import Root

COUNTED = """
    select count(*) from read_parquet(?) as ratios
    inner join read_parquet(?) as versions using (receipt_no, credit_code)
    where ratios.period = ? and edit_a15_ratio <> 0 and submission_state = 'accepted'"""


def test_what_stands_out_is_shown_with_what_is_usual(demo_root: Root) -> None:
    outliers = find_outliers(demo_root, "2025-06")
    paths = [
        str(demo_root.internal / f"{name}.parquet")
        for name in ("core_ratio_edits", "core_versions")
    ]
    counted = ask(demo_root, COUNTED, *paths, "2025-06").rows[0][0]
    assert 0 < len(outliers) <= counted
    for one in outliers:
        low, high = (float(bound.replace(",", "")) for bound in one.usual.split("—"))
        assert not low < one.ratio < high
        assert one.compared.startswith("上期 ")
    assert any("与以往之比不偏离同类机构" in one.asked for one in outliers)


def test_the_command_prints_them_and_says_what_comes_next(
    demo_root: Root, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["--root", str(demo_root.path), "edit-ratios", "2025-06"]) == 0
    text = capsys.readouterr().out
    outliers = find_outliers(demo_root, "2025-06")
    assert text.startswith(f"2025-06 与以往之比偏离同类机构的数：{len(outliers)} 个。")
    assert "通常范围" in text
    assert "模拟数据" in text
    assert text.splitlines()[-1].startswith("没有写入文件。下一步：hrstats ")
