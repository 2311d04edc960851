"""The moment as receipts and decisions keep it: in the time zone of the statistics."""

from __future__ import annotations

import datetime as dt

SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")


def moment_text(now: dt.datetime | None = None) -> str:
    """Return a moment (None: the clock) as ISO text to the second, in Asia/Shanghai.

    One without a time zone is taken as Shanghai's own.
    """
    moment = now or dt.datetime.now(SHANGHAI)
    local = moment.astimezone(SHANGHAI) if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return local.isoformat(timespec="seconds")
