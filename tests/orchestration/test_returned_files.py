"""How returned workbooks are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.intake.receipts import Receipt
from pipelines.orchestration.returned_files import workbook_path
from pipelines.root import Root


@pytest.mark.parametrize(
    ("received", "returned"),
    [
        ("甲.xlsx", "退回_67_甲.xlsx"),
        ("退回_31_甲.xlsx", "退回_67_甲.xlsx"),
        ("核实_67_退回_31_甲.xls", "退回_67_甲.xlsx"),
        ("退回_甲.xlsx", "退回_67_退回_甲.xlsx"),
        ("甲_退回_31_乙.xlsx", "退回_67_甲_退回_31_乙.xlsx"),
        (f"退回_31_{'长' * 70}.xlsx", f"退回_67_{'长' * 60}.xlsx"),
    ],
)
def test_prefixes_do_not_pile_up(tmp_path: Path, received: str, returned: str) -> None:
    path = f"reports/2025-06/{received}"
    receipt = Receipt(67, "0" * 64, "reports", "2025-06", path, 1, "2025-07-10T09:00:00+08:00")
    found = workbook_path(Root(tmp_path), "2025-06", "渝中区", receipt, is_refused=True)
    assert found.name == returned
