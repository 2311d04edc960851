"""Personal numbers that agencies wrote: starred in every row that is made of a file, and asked."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from pipelines.intake.returned.remarks import REVIEW_SHEET
from tests.intake.books import CODE, save, single
from tests.intake.returns import Bureau

PHONE, STARRED = "13812345678", "138****5678"
CARD, STARRED_CARD = "50010319900101138X", "500103********138X"
NAME = "示例人力资源有限公司"


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    return Bureau(tmp_path)


def written(bureau: Bureau) -> str:
    """Everything that the rows of the file received last hold."""
    tables = ("raw_files", "raw_values", "raw_problems")
    return str([[*row.values()] for table in tables for row in bureau.rows(table)])


def asked(bureau: Bureau) -> list[tuple[object, object, object]]:
    """Where personal numbers were found: scope, sheet and cell."""
    return [
        (row["scope"], row["sheet_name"], row["cell_address"])
        for row in bureau.rows("raw_problems")
        if row["rule_code"] == "personal_data"
    ]


def test_a_name_with_a_phone_and_a_card_is_starred_and_asked_about(
    bureau: Bureau, tmp_path: Path
) -> None:
    sheets = single()
    sheets["封面"][4][1] = f"{NAME}（{PHONE}，{CARD}）"
    assert sheets["封面"][4][0] == "单位详细名称"
    bureau.receive(save(sheets, tmp_path / "报表.xlsx"))
    (problem,) = bureau.rows("raw_problems")
    assert problem["severity"] == "review"
    assert problem["credit_code"] == CODE
    assert problem["message"] == (
        "文件“报表.xlsx”工作表“封面”单元格B5“单位详细名称”中有身份证号码或电话号码，"
        "各表已隐去中间几位，请核实后删去。"
    )
    assert f"{NAME}（{STARRED}，{STARRED_CARD}）" in written(bureau)
    assert PHONE not in written(bureau)
    assert CARD not in written(bureau)
    assert bureau.rows("raw_files")[0]["outcome"] == "read"


def test_the_phone_that_the_form_asks_for_is_starred_without_a_question(
    bureau: Bureau, tmp_path: Path
) -> None:
    bureau.receive(save(single(), tmp_path / "报表.xlsx"))
    (value,) = [row for row in bureau.rows("raw_values") if row["field_code"] == "telephone"]
    assert (value["raw_text"], value["text_value"]) == ("023-****5678", "023-****5678")
    assert asked(bureau) == []


@pytest.mark.parametrize("content", [f"电话 {PHONE}", f"{'见' * 36}{PHONE}"])
def test_text_where_a_figure_belongs_is_starred_in_the_complaint(
    bureau: Bureau, tmp_path: Path, content: str
) -> None:
    sheets = single()
    sheets["营业收入"][4][3] = content
    bureau.receive(save(sheets, tmp_path / "报表.xlsx"))
    assert bureau.rows("raw_problems")[0]["rule_code"] == "not_a_number"
    assert asked(bureau) == [("agency", "营业收入", "D5")]
    assert "1381234" not in written(bureau)


def test_an_amount_in_words_is_nobodys_phone(bureau: Bureau, tmp_path: Path) -> None:
    sheets = single()
    sheets["营业收入"][4][3] = f"{PHONE}元一角"
    sheets["营业收入"][4][4] = f"{PHONE}元整"
    bureau.receive(save(sheets, tmp_path / "报表.xlsx"))
    assert [row["raw_text"] for row in bureau.rows("raw_problems")] == [f"{PHONE}元一角"]
    assert f"{PHONE}元整" in [row["raw_text"] for row in bureau.rows("raw_values")]


def test_a_number_where_a_figure_belongs_is_nobodys_phone(bureau: Bureau, tmp_path: Path) -> None:
    sheets = single()
    sheets["营业收入"][4][3] = 13812345678.0
    sheets["招聘活动"][4][3] = 13812345678.5
    bureau.receive(save(sheets, tmp_path / "报表.xlsx"))
    assert [row["rule_code"] for row in bureau.rows("raw_problems")] == ["not_an_integer"]
    assert bureau.rows("raw_problems")[0]["raw_text"] == "13812345678.5"
    kept = [row["raw_text"] for row in bureau.rows("raw_values") if row["cell_address"] == "D5"]
    assert PHONE in kept


def test_names_of_files_and_sheets_are_starred_and_asked_about(
    bureau: Bureau, tmp_path: Path
) -> None:
    sheets = single()
    sheets[f"李四{PHONE}"] = sheets.pop("封面")
    file = bureau.receive(save(sheets, tmp_path / f"张三{PHONE}.xlsx"))
    assert asked(bureau) == [("file", None, None), ("agency", f"李四{STARRED}", None)]
    assert PHONE not in written(bureau)
    assert bureau.rows("raw_files")[0]["file_name"] == "张三138＊＊＊＊5678.xlsx"
    assert bureau.rows("raw_files")[0]["outcome"] == "read"
    assert file.receipt.file_name == f"张三{PHONE}.xlsx"  # the receipt tells what was sent


def test_a_cell_on_a_sheet_with_a_phone_in_its_name_is_marked(
    bureau: Bureau, tmp_path: Path
) -> None:
    sheets = single()
    sheets["封面"][4][1] = CARD
    sheets[f"李四{PHONE}"] = sheets.pop("封面")
    file = bureau.receive(save(sheets, tmp_path / "报表.xlsx"))
    back = openpyxl.load_workbook(bureau.send_back(file))
    assert back[f"李四{PHONE}"]["B5"].comment is not None
    texts = [cell.value for row in back[REVIEW_SHEET].iter_rows() for cell in row if cell.value]
    assert f"李四{STARRED}" in texts
    assert STARRED_CARD in texts
    assert not any(PHONE in text or CARD in text for text in texts)


def test_a_cell_asked_about_for_another_reason_is_asked_about_once(
    bureau: Bureau, tmp_path: Path
) -> None:
    sheets = single()
    sheets["封面"][3][1] = CARD
    bureau.receive(save(sheets, tmp_path / "报表.xlsx"))
    assert [row["rule_code"] for row in bureau.rows("raw_problems")] == [
        "invalid_credit_code",
        "personal_data",
    ]
    assert CARD not in written(bureau)
    assert bureau.rows("raw_files")[0]["outcome"] == "refused"
