import zipfile

import openpyxl
import pytest
import python_calamine
from stdnum.cn import uscc

from pipelines.synthetic import hostile


def _write(tmp_path, file):
    name, content = file
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_encrypted_workbook_asks_for_a_password(tmp_path):
    path = _write(tmp_path, hostile.encrypted_workbook())
    with pytest.raises(python_calamine.PasswordError):
        python_calamine.CalamineWorkbook.from_path(path)


def test_truncated_workbook_is_no_zip_any_more(tmp_path):
    _, whole = hostile.unrelated_workbook()
    path = _write(tmp_path, hostile.truncated_workbook(whole))
    assert path.read_bytes() == whole[: len(whole) // 2]
    assert not zipfile.is_zipfile(path)
    with pytest.raises(python_calamine.CalamineError):
        python_calamine.CalamineWorkbook.from_path(path)


def test_unrelated_workbook_reads_well_and_is_no_form(tmp_path):
    path = _write(tmp_path, hostile.unrelated_workbook())
    (name,) = python_calamine.CalamineWorkbook.from_path(path).sheet_names
    assert name == "菜谱"


def test_put_text_in_a_one_agency_workbook(tmp_path):
    path = _sheet(tmp_path, [["代码", "指标名称", "本月"], ["01", "收入", 5], ["02", "其中", 1]])
    assert hostile.put_text(path, "营业收入", "02", "本月", "约五万") == "C3"
    assert openpyxl.load_workbook(path)["营业收入"]["C3"].value == "约五万"
    assert openpyxl.load_workbook(path)["营业收入"]["C2"].value == 5


def test_put_text_in_a_roll_takes_the_lines_first_measure(tmp_path):
    rows = [["序号", "代码", "收入", None], [None, None, "01", "01"], [1, "91X", 5, 50]]
    path = _sheet(tmp_path, rows)
    assert hostile.put_text(path, "营业收入", "91X", "01", "暂无") == "C3"


@pytest.mark.parametrize(
    ("sheet", "row"), [("招聘活动", "01"), ("营业收入", "99")], ids=["no sheet", "no row"]
)
def test_put_text_refuses_what_is_not_there(tmp_path, sheet, row):
    path = _sheet(tmp_path, [["代码", "本月"], ["01", 5]])
    with pytest.raises(KeyError):
        hostile.put_text(path, sheet, row, "本月", "约五万")


def test_a_stranger_has_a_valid_code_outside_the_register(industry):
    report = industry.singles[0].reports[0]
    stranger = hostile.as_stranger(report)
    assert uscc.is_valid(stranger.credit_code)
    assert stranger.credit_code not in {row["credit_code"] for row in industry.register}
    assert stranger.values == report.values


def test_every_trouble_has_its_own_file_name():
    names = {trouble.file_name for trouble in hostile.TROUBLES}
    assert len(names) == len(hostile.TROUBLES)
    assert all(name.endswith(".xlsx") for name in names)


def _sheet(tmp_path, rows):
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("营业收入")
    for row in rows:
        sheet.append(row)
    path = tmp_path / "快报.xlsx"
    workbook.save(path)
    return path
