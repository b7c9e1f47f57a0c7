"""Means of islands pooled into chances and numbers, each with its Monte Carlo error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.ask.ceasefire.answer import Spread
from tocsin.ask.estimate import Chance, Number
from tocsin.game.plan import F64
from tocsin.infer.posterior import Posterior, pool

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling:
    """How islands count, and how many particles they are worth."""

    share: F64  # (M,) of each island
    weight: F64  # (N,) of every particle, island after island
    effective: float

    @classmethod
    def of(cls, posterior: Posterior) -> Pooling:
        """The pooling of a posterior whose particles are all taken up."""
        weight = posterior.weight
        return cls(
            share=posterior.island_weight,
            weight=weight,
            effective=float(weight.sum() ** 2 / np.sum(weight**2)),
        )

    def chance(self, means: Sequence[float] | F64) -> Chance:
        """A probability from each island's own."""
        mean, error = pool(self.share * np.asarray(means), self.share, self.effective)
        return Chance(probability=float(mean), mc_error=float(error))

    def number(self, means: Sequence[float] | F64) -> Number:
        """Any other mean, or a paired difference, from each island's own."""
        mean, error = pool(self.share * np.asarray(means), self.share, np.inf)
        return Number(value=float(mean), mc_error=float(error))

    def given(self, both: Sequence[float] | F64, condition: Sequence[float] | F64) -> Chance | None:
        """A conditional probability, from each island's chance of both and of the condition alone.

        None if fewer than ten particles' worth of weight meet the condition.
        """
        met = self.share * np.asarray(condition)
        counted = self.effective * float(met.sum())
        if counted < 10.0:
            return None
        mean, error = pool(self.share * np.asarray(both), met, counted)
        return Chance(probability=float(mean), mc_error=float(error))

    def spread(self, values: np.ndarray) -> Spread:
        """The distribution of a value (N,) over all particles; the error is that of the median.

        It is the scatter of the islands' own medians over the effective number of islands, as in
        `tocsin.infer.posterior.pool`.
        """
        whole = quantiles(values, self.weight)
        m = len(self.share)
        medians = [
            quantiles(own, weight)[2]
            for own, weight in zip(values.reshape(m, -1), self.weight.reshape(m, -1), strict=True)
            if weight.sum() > 0.0
        ]
        scatter = float(np.std(medians, ddof=1)) if len(medians) > 1 else float("nan")
        error = scatter * float(np.sqrt(np.sum(self.share**2)) / self.share.sum())
        return Spread(
            median=Number(value=whole[2], mc_error=error),
            low=whole[0],
            quarter=whole[1],
            three_quarters=whole[3],
            high=whole[4],
        )


def quantiles(values: np.ndarray, weight: F64) -> tuple[float, ...]:
    """Weighted quantiles at `QUANTILES`: the least value that at least such a share of the weight reaches.

    Examples
    --------
    >>> quantiles(np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0]))
    (1.0, 1.0, 2.0, 2.0, 3.0)
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    places = np.searchsorted(reached, np.array(QUANTILES) * reached[-1] * (1.0 - 1e-12))
    return tuple(float(v) for v in values[order][np.minimum(places, len(values) - 1)])


__all__ = ["Pooling", "quantiles"]
