"""Arrays over agencies, and the small draws that the modules of the industry share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating[Any]]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Dates = npt.NDArray[np.datetime64]
Texts = npt.NDArray[np.str_]

NEVER = np.datetime64("NaT", "D")


def apportion(total: int, shares: Sequence[float]) -> Whole:
    """Return whole numbers in proportion to the shares that add up to the total."""
    ends = np.rint(np.cumsum(shares) / np.sum(shares) * total).astype(np.int64)
    parts: Whole = np.diff(ends, prepend=0)
    return parts


def draw_positions(rng: np.random.Generator, shares: Sequence[float], count: int) -> Whole:
    """Draw positions of a list with probabilities proportional to the shares."""
    chances = np.asarray(shares, dtype=np.float64)
    return rng.choice(len(chances), size=count, p=chances / chances.sum())


def draw_codes(
    rng: np.random.Generator, frequencies: Mapping[str, float], count: int
) -> npt.NDArray[np.str_]:
    """Draw codes with probabilities proportional to their frequencies."""
    positions = draw_positions(rng, list(frequencies.values()), count)
    return np.array(list(frequencies))[positions]
