"""What every message to a reporting unit must be: one Chinese sentence that says where and what."""

from __future__ import annotations

import re

QUOTED = re.compile("“[^”]*”")
OUR_WORDS = re.compile(
    r"[0-9A-Z]{18}|\.xls[xb]?|Excel|Word|CSV|XML|PDF|data/raw|[A-Z]{1,3}\d+"
    r"|(?:register_events|register|sample|reports|annual|platforms|ledger|corrections|review|published)(?:/[0-9-]+)?"
)
FULL_STOPS = re.compile("[。！？]")


def faults_of(message: str, file_name: str, sheet_name: str | None, cell: str | None) -> list[str]:
    """Return what is wrong with a message; quoted text is whoever's it is."""
    own_words = QUOTED.sub("", message.replace(f"“{file_name}”", ""))
    english = re.findall("[A-Za-z]{2,}", OUR_WORDS.sub("", own_words))
    where = f"工作表“{sheet_name}”单元格{cell}"
    checks = {
        "does not begin with the file": message.startswith(f"文件“{file_name}”"),
        "is not one sentence": FULL_STOPS.findall(own_words) == ["。"] and message.endswith("。"),
        "does not name the sheet": sheet_name is None or f"“{sheet_name}”" in message,
        "does not name the cell": cell is None or where in message,
        "does not say what to do": "请" in own_words,
        f"is not Chinese: {english}": not english,
        "has an unfilled place": not re.search(r"\{|\}|None|nan|<", own_words),
    }
    return [fault for fault, holds in checks.items() if not holds]
