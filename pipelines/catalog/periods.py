"""Periods of the statistics: a month (YYYY-MM) of the flash report, a year (YYYY) of the return."""

from __future__ import annotations

import re


def is_year(period: str) -> bool:
    """Return whether a period is written as a year."""
    return re.fullmatch(r"\d{4}", period) is not None


def last_month(period: str) -> str:
    """Return the month whose forms, units and divisions a period has: a year's last."""
    return f"{period}-12" if is_year(period) else period
