"""The severities of the audit relations (审核关系, domain.md §1.5) and what people call them."""

from typing import Literal

Severity = Literal["mandatory", "review"]
SEVERITY_NAMES: dict[Severity, str] = {"mandatory": "强制性", "review": "核实性"}
