"""Codes and names of made-up agencies: valid in form, and visibly made up."""

from __future__ import annotations

from stdnum.cn import uscc

CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714


def credit_code(serial: int, district_code: str, *, is_public: bool) -> str:
    """Return a 统一社会信用代码 with right check characters (GB 32100-2015, GB 11714).

    MAX in the organisation code shows that it is made up.
    """
    digits = ""
    while serial:
        serial, digit = divmod(serial, len(CODE_LETTERS))
        digits = CODE_LETTERS[digit] + digits
    organisation = f"MAX{digits:0>5}"
    values = [int(letter, 36) for letter in organisation]  # 0-9 and A=10 … Z=35
    total = sum(w * v for w, v in zip(ORGANISATION_WEIGHTS, values, strict=True))
    check = "0123456789X0"[11 - total % 11]
    body = f"{'12' if is_public else '91'}{district_code}{organisation}{check}"
    return body + str(uscc.calc_check_digit(body))


def agency_name(serial: int, place: str, business: str | None) -> str:
    """Return a name that nobody takes for a real one; without a business, a public agency's."""
    kind = f"{business}有限公司" if business else "公共就业服务中心"
    return f"重庆{place}示例{kind}{serial:04d}"


def former_name(name: str) -> str:
    """Return what an agency was called before it took its name."""
    return name.replace("示例", "示例老号")
