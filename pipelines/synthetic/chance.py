"""Where chance comes from: one stream for each matter, so that none of them moves another.

A longer span, more mistakes or other kinds of workbook leave the industry itself as it was.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Chance:
    """The seed of a made-up industry."""

    seed: int

    def of(self, matter: str, number: int = 0) -> np.random.Generator:
        """Return the stream of a matter, apart for each number (a year, a month as YYYYMM)."""
        key = zlib.crc32(matter.encode())
        return np.random.default_rng(np.random.SeedSequence((self.seed, key, number)))
