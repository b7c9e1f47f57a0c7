"""Fixed-effort multilevel splitting: the chance of what hardly ever happens, without bias.

A run is said to be as near to the outcome as some height tells. The runs that climb past a first height are
taken up again, each several times and each copy with a chance of its own; those that climb past the next are
taken up again; and so on. Every stage is an ordinary estimate of a chance that is not small, and the product
of the stages estimates the whole without bias, whatever the heights are. Good heights make it exact sooner.

Use plain runs where the chance is above a few in a hundred. Each call is one repetition: the error of the
estimate is the scatter of independent ones.

Garvels (2000), *The splitting method in rare event simulation* (fixed effort); Cérou and Guyader (2007),
Stochastic Analysis and Applications 25, 417-443 (levels from quantiles).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from tocsin.game.plan import F64
from tocsin.infer.filter import systematic

Runs = TypeVar("Runs")
Index = NDArray[np.int64]

# Each level is climbed by about this share of the runs that stand on the one below. The work to a given error
# is least near a fifth (Garvels 2000), and flat about it.
SHARE = 0.2
MOST_LEVELS = 40


class Process(Protocol[Runs]):
    """Something random whose runs can be taken up again from any of their steps."""

    def begin(self, n: int) -> Runs:
        """N runs from the start to the horizon."""

    def weights(self, runs: Runs) -> F64:
        """What each run counts for: (N,), one where it started as often as it should."""

    def heights(self, runs: Runs) -> F64:
        """How near each run is after each step: (K, N), infinite from the step on which it has come true."""

    def take_up(self, runs: Runs, lanes: Index, steps: Index) -> Runs:
        """A copy of each run in `lanes` up to its step in `steps`, gone on from there by a chance of its own.

        Copies count one each: they are dealt out by what their ancestors count for.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One repetition: the chance, and the share of the runs that climbed each level."""

    probability: float
    shares: tuple[float, ...]
    steps: int  # steps of single runs that it took


def climb(process: Process[Runs], levels: tuple[float, ...], n: int, rng: np.random.Generator) -> Split:
    """Estimate the chance that a run comes true.

    Parameters
    ----------
    levels : heights to split at, rising; fixed before the runs, or the estimate is biased
    n : runs at every level
    rng : deals out the copies; all other chance is the process's own

    Returns
    -------
    Split, whose probability has the true chance as its mean, also where starts were drawn by importance and
    the process says what each counts for
    """
    runs = process.begin(n)
    heights = process.heights(runs)
    probability, shares, steps = 1.0, [], n * (len(heights) - 1)
    for level in (*levels, np.inf):
        lanes, first = _entrances(heights, level)
        shares.append(len(lanes) / n)
        if level == np.inf or not len(lanes):
            probability *= float(process.weights(runs)[lanes].sum()) / n
            break
        weight = process.weights(runs)[lanes]
        probability *= float(weight.sum()) / n
        chosen = _deal_out(weight, n, rng)
        steps += int(np.sum(len(heights) - 1 - first[chosen]))
        runs = process.take_up(runs, lanes[chosen], first[chosen])
        heights = process.heights(runs)
    return Split(probability=probability, shares=tuple(shares), steps=steps)


def find_levels(
    process: Process[Runs],
    n: int,
    rng: np.random.Generator,
    share: float = SHARE,
    seen: Callable[[Runs, F64, Index], None] | None = None,
) -> tuple[tuple[float, ...], int]:
    """Levels that about `share` of the runs climb, one above the other, and the steps it took to find them.

    The runs that choose the levels must not be those that climb them afterwards.

    Parameters
    ----------
    seen : called at every level with the runs, their heights, and the step from which each was run on
    """
    runs, first = process.begin(n), np.zeros(n, dtype=np.int64)
    levels: list[float] = []
    steps = 0
    while True:
        heights = process.heights(runs)
        steps += int(np.sum(len(heights) - 1 - first))
        if seen is not None:
            seen(runs, heights, first)
        level = _next_level(heights.max(axis=0), levels[-1] if levels else -np.inf, share)
        if level == np.inf or len(levels) == MOST_LEVELS:
            return tuple(levels), steps
        levels.append(level)
        lanes, entered = _entrances(heights, level)
        chosen = _deal_out(process.weights(runs)[lanes], n, rng)
        first = entered[chosen]
        runs = process.take_up(runs, lanes[chosen], first)


def _next_level(highest: F64, last: float, share: float) -> float:
    """The height that `share` of the runs reach; infinite where so many came true, or none climbs on."""
    if np.mean(highest == np.inf) >= share:
        return float("inf")
    level = float(np.quantile(highest, 1.0 - share, method="higher"))
    if level > last:
        return level
    # With ties the quantile may be where the runs stand already; the next height up is a level then.
    higher = highest[highest > last]
    return float(higher.min()) if len(higher) else float("inf")


def _entrances(heights: F64, level: float) -> tuple[Index, Index]:
    """The runs that reach a level, and the step on which each first does."""
    above = heights >= level
    lanes = np.flatnonzero(above.any(axis=0))
    return lanes, above[:, lanes].argmax(axis=0)


def _deal_out(weight: F64, n: int, rng: np.random.Generator) -> Index:
    """Which entrance each of n copies starts from, as often as it counts, so that copies count all alike."""
    return systematic(weight / weight.sum(), float(rng.random()), n).astype(np.int64)


__all__ = ["Process", "Split", "climb", "find_levels"]
