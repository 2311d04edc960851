"""Who comes and goes: the balance of the city's agencies in a period and in the year so far.

Made from mart_institution_balance alone, in which each month opens with what the one before closed:
flows of the months of a year add up to the year's. The cells stand in `tables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.bulletin.marts import Row
from pipelines.bulletin.words import count

INFLOWS = {"new_count": "新增", "moved_in_count": "迁入", "other_in_count": "其他增加"}
OUTFLOWS = {"exit_count": "退出", "moved_out_count": "迁出", "other_out_count": "其他减少"}
EXITS = {
    "deregistered_count": "注销",
    "revoked_count": "吊销",
    "merged_count": "合并",
    "exited_count": "原因不明",
}
ALWAYS_TOLD = ("new_count", "exit_count")
FLOWS = (*INFLOWS, *OUTFLOWS, *EXITS, "net_count")


@dataclass(frozen=True)
class Balance:
    """The balance of the period, and of the year so far where the end of the last one is known.

    Both have the columns of the mart: agencies (家).
    """

    period: str
    month: Row
    year: Row | None


def read_balance(rows: Sequence[Row], period: str) -> Balance | None:
    """Return the balance of a period (YYYY-MM); None where there is nothing to begin with.

    Args:
        rows: those of mart_institution_balance for the city in the months of the year, in order.
        period: the last of them, if it has a balance.
    """
    if not rows or rows[-1]["period"] != period:
        return None
    first, last = rows[0], rows[-1]
    opening = {key: first[key] for key in ("opening_period", "opening_count")}
    flows = {flow: sum(row[flow] for row in rows) for flow in FLOWS}
    is_whole = first["opening_period"] == _last_december(period)
    return Balance(period, last, {**last, **opening, **flows} if is_whole else None)


def opening_name(row: Row, period: str) -> str:
    """Return when a balance opens: 上年末, 5月末, or 2023年6月末 in an earlier year."""
    opening = str(row["opening_period"])
    if opening == _last_december(period):
        return "上年末"
    year, month = opening[:4], int(opening[5:])
    return f"{month}月末" if year == period[:4] else f"{year}年{month}月末"


def balance_sentence(balance: Balance) -> str:
    """Return how many there are and how they changed, as official releases print it.

    What moved and 其他 are named where there are any, so that the parts add up to the net.
    """
    row = balance.year or balance.month
    net = row["net_count"]
    change = "持平" if net == 0 else f"净{'增' if net > 0 else '减'}{count(abs(net))}家"
    since = opening_name(row, balance.period)
    told = [
        f"{name}{count(row[flow])}家"
        for flow, name in {**INFLOWS, **OUTFLOWS}.items()
        if row[flow] or flow in ALWAYS_TOLD
    ]
    return (
        f"截至{int(balance.period[5:])}月末，全市共有人力资源服务机构{count(row['closing_count'])}家，"
        f"{'与' if net == 0 else '比'}{since}{change}，其中{'、'.join(told)}。"
    )


def _last_december(period: str) -> str:
    """Return the last month of the year before."""
    return f"{int(period[:4]) - 1}-12"
