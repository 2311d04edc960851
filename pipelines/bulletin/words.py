"""How figures, periods and verdicts are written in Chinese.

Rounding is half-up on Decimals, once, for display only. Sentences about targets are in `targets`.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from pipelines.bulletin.marts import Row

Number = Decimal | float | int

MISSING = "—"
PUBLISHED = "发布"
FINAL_WORDS = ("已达成", "未达成", "提前实现")
WEEKDAYS = "一二三四五六日"
FINDING_STATES = {  # by severity and state of a finding; a mandatory one cannot be explained away
    ("mandatory", "open"): "待更正",
    ("review", "open"): "待说明",
    ("review", "explained"): "已说明",
    ("mandatory", "closed"): "已办结",
    ("review", "closed"): "已办结",
}
STATE_WORDS = tuple(dict.fromkeys(FINDING_STATES.values()))


@dataclass(frozen=True)
class Shown:
    """How an indicator is shown: its name, printed unit and the base units in one of those."""

    name: str
    unit: str
    factor: Decimal

    @property
    def decimals(self) -> int:
        """Counts are whole; 亿元, 万人次 and the like have two decimals."""
        return 0 if self.factor == 1 else 2

    def number(self, value: Number | None) -> str:
        """Return a value in base units as the printed number without its unit."""
        return MISSING if value is None else number(self.scale(value), self.decimals)

    def amount(self, value: Number | None) -> str:
        """Return a value in base units with the printed unit."""
        return MISSING if value is None else self.number(value) + self.unit

    def interval(self, low: Number | None, high: Number | None) -> str:
        """Return an interval in base units as printed numbers, or a dash where there is none.

        A count that lacks nobody has no error, and bounds that are one number.
        """
        if low is None or high is None or low == high:
            return MISSING
        return f"{self.number(low)}—{self.number(high)}"

    def interval_amount(self, low: Number, high: Number) -> str:
        """Return an interval with units as sentences print it: 1.20亿—1.40亿元."""
        power = self.unit[0] if self.unit[0] in "万亿" else ""
        return f"{self.number(low)}{power}—{self.number(high)}{self.unit}"

    def scale(self, value: Number) -> Decimal:
        """Return a value in base units as an unrounded Decimal in the printed unit."""
        return exact(value) / self.factor


def shown(row: Row) -> Shown:
    """Return how the indicator of a mart row is shown."""
    return Shown(row["indicator_name"], row["display_unit"], exact(row["display_factor"]))


def exact(value: Number) -> Decimal:
    """Return the value as the Decimal of its shortest text, so that 0.005 is a half, not less."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def number(value: Number, decimals: int) -> str:
    """Return the number rounded half-up, with a real minus sign and never a negative zero."""
    return f"{_rounded(value, decimals):f}".replace("-", "−")


def _rounded(value: Number, decimals: int) -> Decimal:
    """Return the value rounded half-up; adding 0 turns a negative zero into zero."""
    return exact(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def percent(value: Number | None) -> str:
    """Return a percentage with one decimal."""
    return MISSING if value is None else number(value, 1) + "%"


def count(value: int | None) -> str:
    """Return a count as observed."""
    return MISSING if value is None else number(value, 0)


def value_text(row: Row) -> str:
    """Return the value cell of an estimate: a number, why it is withheld, or a dash."""
    if row["publication_status"] != PUBLISHED:
        return str(row["publication_status"]).removesuffix("，不发布")
    return shown(row).number(row["value"])


def interval_text(row: Row) -> str:
    """Return the interval cell of an estimate; counts from the register have none."""
    return shown(row).interval(row["ci_low"], row["ci_high"])


def completion_text(value: Number | None, is_met: bool) -> str:
    """Return a completion rate (percent); it never reads 100.0% while the target is unmet."""
    if value is not None and not is_met and _rounded(value, 1) >= 100:
        return "99.9%（未达）"
    return percent(value)


def is_met(row: Row) -> bool:
    """Return whether the unrounded value satisfies the target's comparator."""
    actual, target = row["actual_value"], row["target_value"]
    if actual is None:
        return False
    if row["comparator"] == ">":
        return bool(exact(actual) > target)
    return bool(exact(actual) >= target)


def verdict_text(row: Row) -> str:
    """Return the verdict of a target, refusing words that a flash estimate may not use.

    Raises:
        ValueError: An estimate is said to have reached or missed its target.
    """
    verdict = str(row["verdict"] or MISSING)
    if row["actual_basis"] == "estimate" and verdict.startswith(FINAL_WORDS):
        raise ValueError(f"快报测算值不得使用“{verdict}”（{row['target_id']}），请检查判定规则。")
    return verdict


def shortened(text: str | None, longest: int) -> str:
    """Return what an agency wrote on one line, cut where it is longer than that."""
    if text is None:
        return MISSING
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest] + "…"


def finding_state_text(severity: str, state: str) -> str:
    """Return what became of a finding: 待更正, 待说明, 已说明 or 已办结."""
    return FINDING_STATES[severity, state]


def period_name(period: str, period_type: str) -> str:
    """Return 2025年6月, or 2025年1—2月 for the merged period."""
    return f"{int(period[:4])}年{month_name(period, period_type)}"


def month_name(period: str, period_type: str) -> str:
    """Return 6月, or 1—2月 for the merged period."""
    return "1—2月" if period_type == "M2" else f"{int(period[5:])}月"


def span_name(start: dt.date, period: str) -> str:
    """Return 2025年6月, 2025年1—2月 or 2025年4—6月: the months from a date to a period's end."""
    month = int(period[5:])
    months = f"{month}月" if start.month == month else f"{start.month}—{month}月"
    return f"{start.year}年{months}"


def day_name(day: dt.date) -> str:
    """Return 2025年7月18日（星期五）."""
    return f"{day.year}年{day.month}月{day.day}日（星期{WEEKDAYS[day.weekday()]}）"


def year_to_date_name(period: str) -> str:
    """Return 1—6月, and 1月 for January."""
    month = int(period[5:])
    return "1月" if month == 1 else f"1—{month}月"


def last_day(period: str) -> str:
    """Return the last day of the period as 2025年6月30日."""
    year, month = int(period[:4]), int(period[5:])
    day = dt.date(year, month, calendar.monthrange(year, month)[1])
    return f"{day.year}年{day.month}月{day.day}日"
