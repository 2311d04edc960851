"""What made-up reviewers decide: mostly 通过, each return with a reason, some left blank."""

from __future__ import annotations

from collections import Counter

from pipelines.synthetic.chance import Chance
from pipelines.synthetic.reviewing import LEFT, RETURNED, TAKEN, decide_reviews

AGENCIES = {f"agency-{number}": number % 2 == 0 for number in range(4_000)}


def test_most_are_passed_few_returned_and_some_left():
    decided = decide_reviews(Chance(1), "2025-06", "区县初审", AGENCIES)
    counts = Counter(each.decision for each in decided.values())
    assert abs(1 - len(decided) / 4_000 - LEFT) < 0.015
    assert abs(counts["returned"] / 4_000 - RETURNED) < 0.015
    looked_at = 1 - LEFT - RETURNED
    assert abs(counts["explained"] / 4_000 - looked_at * TAKEN / 2) < 0.03
    assert all(AGENCIES[code] for code, each in decided.items() if each.decision == "explained")
    assert all((each.reason is None) == (each.decision == "passed") for each in decided.values())


def test_months_and_levels_have_luck_of_their_own():
    first, month, level = (
        decide_reviews(Chance(1), *given, AGENCIES)
        for given in (("2025-06", "区县初审"), ("2025-05", "区县初审"), ("2025-06", "市级复审"))
    )
    assert first == decide_reviews(Chance(1), "2025-06", "区县初审", AGENCIES)
    assert first != month
    assert first != level
