"""Number formats: which show something else than what is stored."""

from __future__ import annotations

import pytest

from pipelines.intake.formats import PERCENT_FORMATS, shows_otherwise


@pytest.mark.parametrize(
    "code",
    [
        *("General", "G/通用格式", "@", "0", "0.00", "#,##0", "#,##0.00_ ", "000000"),
        *("#,##0.00_ ;[Red]\\-#,##0.00\\ ", "#,##0_);(#,##0)", "0.00E+00", "# ?/?", "[DBNum1]0"),
        '_ "¥"* #,##0.00_ ;_ "¥"* \\-#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
        "_ \\¥* #,##0.00_ ;_ \\¥* \\-#,##0.00_ ;_ \\¥* \\-??_ ;_ @_ ",
        *("[$¥-804]#,##0.00", "[$￥-804]0", "[$CNY]\\ 0", '#,##0;-#,##0;"无"', "0\\ 000", ";;;"),
        *('yyyy"年"m"月"d"日"', "yyyy/m/d;@", "[h]:mm:ss", '[$-804]h"时"mm"分"', "[$-F800]dddd"),
    ],
)
def test_ordinary_formats(code: str) -> None:
    assert not shows_otherwise(code)


@pytest.mark.parametrize(
    "code",
    [
        *('0.00"万元"', '0!.0,"万"', "0\\.0,", "#,##0,,", "#,##0.0,", "0.0%", "0.00\\%", '0"元"'),
        *('General"人"', '#,##0"亿"', '0.00_ "万元"', '0;-0"万"', "0.00万", '"共"0', '0"0000"'),
        *('[>=10000]0!.0,"万";0', '[<1]0;[<9]0;0"万"', "$#,##0", "[$€-2] 0", "[$USD]0"),
        *('0\\"', '[DBNum2]0"元整"', *PERCENT_FORMATS.values()),
    ],
)
def test_formats_that_show_something_else(code: str) -> None:
    assert shows_otherwise(code)
