import pytest
from stdnum.cn import uscc

from pipelines.synthetic.identities import agency_name, credit_code, former_name


@pytest.mark.parametrize(("is_public", "head"), [(True, "12500103"), (False, "91500103")])
@pytest.mark.parametrize("serial", [7, 31, 99_999, 9_999_999])
def test_credit_code_is_valid(is_public, head, serial):
    code = credit_code(serial, "500103", is_public=is_public)
    assert uscc.is_valid(code)
    assert code.startswith(f"{head}MAX")


def test_organisation_code_has_its_own_check_character():
    """GB 11714 for MAX00001: 22·3 + 10·7 + 33·9 + 1·2 = 435 = 39·11 + 6, hence 11 − 6 = 5."""
    assert credit_code(1, "500103", is_public=False)[8:17] == "MAX000015"


def test_names_say_what_an_agency_is_and_that_it_is_made_up():
    assert agency_name(7, "渝中", "劳务派遣") == "重庆渝中示例劳务派遣有限公司0007"
    assert agency_name(8, "渝中", None) == "重庆渝中示例公共就业服务中心0008"
    assert former_name("重庆渝中示例劳务派遣有限公司0007") == "重庆渝中示例老号劳务派遣有限公司0007"
