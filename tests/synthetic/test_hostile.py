import pytest
import python_calamine
from stdnum.cn import uscc

from pipelines.synthetic import hostile


def test_encrypted_workbook_asks_for_a_password(tmp_path):
    path = tmp_path / "加密的快报.xlsx"
    path.write_bytes(hostile.encrypted_workbook())
    with pytest.raises(python_calamine.PasswordError):
        python_calamine.CalamineWorkbook.from_path(path)


def test_the_canteen_menu_is_no_form_and_says_that_it_is_made_up():
    rows = hostile.canteen_menu()
    assert "模拟数据" in rows[0][0]
    assert len(rows) == 5


def test_words_stand_in_the_first_figures_cell(fieldwork):
    report = fieldwork.silent[0]
    worded = hostile.with_words(report)
    assert worded.typed == {("revenue_booked", "month"): "约三百万"}
    assert worded.values == report.values


def test_a_stranger_has_a_valid_code_outside_the_register(industry, fieldwork):
    report = fieldwork.silent[0]
    stranger = hostile.as_stranger(report)
    assert uscc.is_valid(stranger.credit_code)
    assert stranger.credit_code not in industry.agencies.credit_codes
    assert stranger.values == report.values


def test_every_trouble_has_its_own_file_name():
    names = {trouble.file_name for trouble in hostile.TROUBLES}
    assert len(names) == len(hostile.TROUBLES)
    assert all(name.endswith(".xlsx") for name in names)
