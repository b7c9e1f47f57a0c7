"""Probabilities and their differences from sums over islands, each with its Monte Carlo error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.options.answer import Outcome, Paired
from tocsin.game.plan import F64
from tocsin.infer.posterior import pool

# Two-sided 95 %.
UPPER = 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Island means, (M, ...) each, of the same histories: came without, came with, and came only with.

    For the risk of several questions these are means of the weighted sum, and `only` counts the histories in
    which it is larger with than without, `less` those in which it is smaller.
    """

    without: F64
    with_it: F64
    only: F64
    less: F64


@dataclass(frozen=True, slots=True, kw_only=True)
class Islands:
    """The weights of islands, and how many histories each holds."""

    weight: F64  # (M,) sums to one
    n: int

    @property
    def count(self) -> int:
        """M, the number of islands."""
        return len(self.weight)

    def pooled(self, means: F64, share: F64 | None = None) -> tuple[F64, F64]:
        """Mean and error of island means (M, ...).

        With `share` (M,) the means are over all histories of an island of which only that share counts, and
        what comes out is the mean over those that do.
        """
        sums = self.weight.reshape(-1, *([1] * (means.ndim - 1))) * means
        if share is None:
            return pool(sums, self.weight, self.worth(np.ones(self.count)))
        return pool(sums, self.weight * share, max(self.worth(share), 1.0))

    def worth(self, share: F64) -> float:
        """Equally weighted histories that those are worth of which an island holds such a share (M,)."""
        return self.n * float(self.weight @ share) / float(np.sum(self.weight**2))

    def chance(self, means: F64, share: F64 | None = None) -> Chance:
        """A probability of island means (M,)."""
        mean, error = self.pooled(means, share)
        return Chance(probability=min(max(float(mean), 0.0), 1.0), mc_error=float(error))

    def paired(self, means: F64, share: F64 | None = None, *, exact: bool = False) -> Paired:
        """A difference of island means (M,) and its 95 % interval by Student's t over islands.

        `exact` says that the two runs are one by construction, so that no difference is no accident.
        """
        mean, error = self.pooled(means, share)
        return paired(float(mean), 0.0 if exact else float(error), self.count)

    def number(self, means: F64, share: F64 | None = None) -> Number:
        """Any number of island means (M,)."""
        mean, error = self.pooled(means, share)
        return Number(value=float(mean), mc_error=float(error))

    def outcome(self, name: str, counts: Counts, share: F64 | None = None, *, exact: bool = False) -> Outcome:
        """What happened to one probability."""
        return Outcome(
            name=name,
            without=self.chance(counts.without, share),
            with_it=self.chance(counts.with_it, share),
            change=self.paired(counts.with_it - counts.without, share, exact=exact),
            backfires=_none(self.chance(counts.only, share), exact),
            prevents=_none(self.chance(counts.less, share), exact),
        )


def _none(chance: Chance, exact: bool) -> Chance:
    return Chance(probability=0.0, mc_error=0.0) if exact else chance


def paired(value: float, error: float, islands: int) -> Paired:
    """A difference, its error, and the 95 % interval of so many islands."""
    reach = float(stdtrit(islands - 1, UPPER)) * error
    return Paired(value=value, mc_error=error, low=value - reach, high=value + reach)


def beyond_chance(comparisons: int, islands: int) -> float:
    """Errors by which a difference must exceed nothing to be clear among so many looked at.

    Student's t with the islands' degrees of freedom, Bonferroni's share of one in twenty.

    Examples
    --------
    >>> round(beyond_chance(1, 20), 2), round(beyond_chance(500, 20), 2)
    (1.73, 4.59)
    """
    return float(stdtrit(islands - 1, 1.0 - 0.05 / max(comparisons, 1)))
