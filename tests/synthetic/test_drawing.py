import numpy as np
import pytest

from pipelines.synthetic.drawing import apportion, draw_codes


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [(10, [1, 1], [5, 5]), (100, [50, 30, 20], [50, 30, 20]), (3, [1, 1, 1, 1], None)],
)
def test_apportioned_parts_add_up(total, shares, parts):
    found = apportion(total, shares).tolist()
    assert sum(found) == total
    assert min(found) >= 0
    assert parts is None or found == parts


def test_codes_are_drawn_in_proportion():
    drawn = draw_codes(np.random.default_rng(1), {"a": 3, "b": 1}, 10_000)
    assert np.mean(drawn == "a") == pytest.approx(0.75, abs=0.02)
