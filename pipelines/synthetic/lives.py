"""When agencies come and go, and why: births, exits, mergers, new registrations, events between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pipelines.synthetic.chance import Chance
from pipelines.synthetic.drawing import NEVER, Dates, Flags, Floats, Texts, Whole, draw_codes
from pipelines.synthetic.magnitudes import Magnitudes

NEW_CODE, MERGER, CLOSED = "重新登记", "合并", "注销"


@dataclass(frozen=True)
class Lives:
    """From when to when each agency lives; see `population.Agencies` for the fields."""

    origins: Texts
    registered: Dates
    exited: Dates
    exit_reasons: Texts
    merged_into: Whole
    successor_of: Whole


def draw_lives(
    chance: Chance,
    magnitudes: Magnitudes,
    cohort: Whole,
    group: Whole,
    unit: Whole,
    start_level: Floats,
    scale: float,
) -> Lives:
    """Draw the lives of all agencies.

    Args:
        chance: Source of chance.
        magnitudes: How many come and go, and why.
        cohort: With whom each registers.
        group: The size group in which it begins, -1 for public ones, which stay.
        unit: Its reporting unit, within which mergers take place.
        start_level: Its first yearly revenue: a larger one takes over a smaller one.
        scale: The industry's size as a multiple of the natural one.
    """
    registered, exited = _draw_dates(chance.of("dates"), magnitudes, group, cohort, scale)
    reasons = draw_codes(chance.of("exit reasons"), magnitudes.exit_reasons, len(cohort))
    exit_reasons = np.where(np.isnat(exited), "", reasons)
    successor_of = _link_successors(
        chance.of("successors"), registered, exited, exit_reasons, group < 0
    )
    # Heirs take their predecessors' place and size, and so take nobody over.
    larger_than = np.where(successor_of >= 0, 0, start_level)
    merged_into = _choose_survivors(
        chance.of("mergers"), registered, exited, exit_reasons, unit, larger_than
    )
    origins = draw_codes(chance.of("origins"), magnitudes.origins, len(cohort))
    return Lives(
        np.where(successor_of >= 0, NEW_CODE, origins),
        registered,
        exited,
        exit_reasons,
        merged_into,
        successor_of,
    )


def draw_event(
    rng: np.random.Generator,
    magnitudes: Magnitudes,
    lives: Lives,
    pct_a_year: float,
) -> Dates:
    """Draw the day of an event that befalls an agency at most once, some time while it lives."""
    happened = np.full(len(lives.registered), NEVER)
    for item in magnitudes.cohorts[2:]:
        first, last = np.datetime64(item.first_date, "D"), np.datetime64(item.last_date, "D")
        days = int((last - first).astype(np.int64)) + 1
        is_there = (lives.registered < first) & ~(lives.exited <= last) & np.isnat(happened)
        hit = is_there & (rng.random(len(happened)) < pct_a_year / 100)
        happened[hit] = first + rng.integers(days, size=int(hit.sum()))
    return happened


def _draw_dates(
    rng: np.random.Generator, magnitudes: Magnitudes, group: Whole, cohort: Whole, scale: float
) -> tuple[Dates, Dates]:
    """Draw dates of registration and exit; who leaves was registered in an earlier cohort."""
    registered = np.empty(len(group), dtype="datetime64[D]")
    exited = np.full(len(group), NEVER)
    chances = np.array([item.exit for item in magnitudes.size_groups] + [0.0])[group]
    for position, item in enumerate(magnitudes.cohorts):
        first, last = np.datetime64(item.first_date, "D"), np.datetime64(item.last_date, "D")
        days = int((last - first).astype(np.int64)) + 1
        born = cohort == position
        registered[born] = np.sort(first + rng.integers(days, size=int(born.sum())))
        leaving_count = round(item.exited * scale)
        may_leave = chances * ((cohort < position) & np.isnat(exited))
        if leaving_count:
            leaving = rng.choice(
                len(group), size=leaving_count, replace=False, p=may_leave / may_leave.sum()
            )
            exited[leaving] = first + rng.integers(days, size=leaving_count)
    return registered, exited


def _link_successors(
    rng: np.random.Generator,
    registered: Dates,
    exited: Dates,
    exit_reasons: Texts,
    is_public: Flags,
) -> Whole:
    """Let a newcomer of the same month go on for each agency that registers under a new code."""
    successor_of = np.full(len(registered), -1, dtype=np.int64)
    months = registered.astype("datetime64[M]")
    for position in np.flatnonzero(exit_reasons == NEW_CODE).tolist():
        month = exited[position].astype("datetime64[M]")
        heirs = np.flatnonzero(
            (months == month) & (successor_of < 0) & ~is_public & np.isnat(exited)
        )
        if len(heirs) == 0:
            exit_reasons[position] = CLOSED
            continue
        heir = int(rng.choice(heirs))
        successor_of[heir] = position
        exited[position] = registered[heir]
    return successor_of


def _choose_survivors(
    rng: np.random.Generator,
    registered: Dates,
    exited: Dates,
    exit_reasons: Texts,
    unit: Whole,
    level: Floats,
) -> Whole:
    """Choose which larger agency of the same unit takes over each that leaves by merger."""
    merged_into = np.full(len(unit), -1, dtype=np.int64)
    for position in np.flatnonzero(exit_reasons == MERGER).tolist():
        larger = np.flatnonzero(
            (unit == unit[position])
            & (registered < exited[position])
            & np.isnat(exited)
            & (level > level[position])
        )
        if len(larger) == 0:
            exit_reasons[position] = CLOSED
            continue
        merged_into[position] = int(rng.choice(larger))
    return merged_into
