"""Skill against another forecaster, and intervals that know how little many alike forecasts tell.

Forecasts of one question, or of neighbouring weeks, share their luck. Whole blocks of them are drawn with
replacement (Kunsch 1989, Annals of Statistics 17, 1217-1241, here with blocks that the data give; for
clusters Cameron, Gelbach and Miller 2008, Review of Economics and Statistics 90, 414-427), so that the
interval is as wide as the number of blocks makes it, not the number of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tocsin.score.inputs import FloatArray, ScoreError, finite, same_length

REPLICATES = 2000
LEVEL = 0.9
IntLabels = NDArray[np.int64]
# Resampled rows at once: 8 MB, whatever the number of blocks.
CHUNK = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean or a ratio of means, and its percentile interval over resampled blocks."""

    value: float
    low: float
    high: float
    n: int  # forecasts
    blocks: int


def _as_blocks(blocks: ArrayLike, n: int) -> tuple[IntLabels, int]:
    labels = np.asarray(blocks)
    if labels.shape != (n,):
        raise ScoreError(f"blocks: found {labels.shape}; expected one label for each of {n} forecasts")
    member = np.unique(labels, return_inverse=True)[1].reshape(-1)
    count = int(member.max()) + 1
    if count < 2:
        raise ScoreError("blocks: found one; expected at least two, or there is no spread to see")
    return member, count


def _resampled(sums: FloatArray, seed: int, n: int) -> FloatArray:
    """Sums (S, B) over blocks, resampled n times: (n, S)."""
    rng = np.random.default_rng(seed)
    count = sums.shape[1]
    out = np.empty((n, len(sums)))
    step = max(CHUNK // count, 1)
    for start in range(0, n, step):
        drawn = rng.integers(count, size=(min(step, n - start), count))
        for row, of_block in enumerate(sums):
            out[start : start + len(drawn), row] = of_block[drawn].sum(axis=1)
    return out


def _interval(values: FloatArray, point: float, level: float, rows: int, blocks: int) -> Interval:
    if not 0.0 < level < 1.0:
        raise ScoreError(f"level: found {level:g}; expected a share between 0 and 1")
    low, high = np.quantile(values, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return Interval(value=point, low=float(low), high=float(high), n=rows, blocks=blocks)


def block_bootstrap(
    values: ArrayLike, blocks: ArrayLike, seed: int, n: int = REPLICATES, level: float = LEVEL
) -> Interval:
    """Interval of a mean over forecasts, resampling whole blocks.

    Parameters
    ----------
    values : (N,) a finite number for each forecast: its score, or its score less another's
    blocks : (N,) labels; forecasts of one label are drawn together
    seed : of the resampling
    n : resamplings
    level : share of them that the interval holds

    Returns
    -------
    Interval

    Examples
    --------
    >>> block_bootstrap([0.0, 0.0, 1.0, 1.0], ["a", "a", "b", "b"], seed=1).value
    0.5
    """
    value = finite(values, "values")
    same_length(value)
    member, count = _as_blocks(blocks, len(value))
    sums = [np.bincount(member, part, count) for part in (value, np.ones_like(value))]
    drawn = _resampled(np.array(sums, dtype=np.float64), seed, n)
    return _interval(drawn[:, 0] / drawn[:, 1], float(value.mean()), level, len(value), count)


def paired_difference(
    score: ArrayLike,
    other: ArrayLike,
    blocks: ArrayLike,
    seed: int,
    n: int = REPLICATES,
    level: float = LEVEL,
) -> Interval:
    """Mean of `score` less `other`, both of the same forecasts: below 0 where the first is the better.

    Examples
    --------
    >>> paired_difference([0.1, 0.2], [0.2, 0.3], ["a", "b"], seed=1).high < 0
    True
    """
    one, two = finite(score, "score"), finite(other, "other")
    same_length(one, two)
    return block_bootstrap(one - two, blocks, seed, n, level)


def skill(score: ArrayLike, base: ArrayLike) -> float:
    """Share of the base forecaster's mean score that is saved: 1 is perfect, 0 no better, below 0 worse.

    Parameters
    ----------
    score, base : (N,) scores of the same forecasts, or one mean of each; lower is better

    Raises
    ------
    ScoreError if the base forecaster was perfect, for nothing can then be saved

    References
    ----------
    Murphy (1988), Monthly Weather Review 116, 2417-2424.

    Examples
    --------
    >>> skill([0.05, 0.15], [0.2, 0.2])
    0.5
    """
    one, two = np.mean(_atleast(score, "score")), np.mean(_atleast(base, "base"))
    if two <= 0.0:
        raise ScoreError(
            f"base: found a mean score of {two:g}; expected one above 0, or there is nothing to beat"
        )
    return float(1.0 - one / two)


def _atleast(values: Any, name: str) -> FloatArray:
    array = finite(np.atleast_1d(np.asarray(values, dtype=np.float64)), name)
    same_length(array)
    return array


def skill_interval(
    score: ArrayLike,
    base: ArrayLike,
    blocks: ArrayLike,
    seed: int,
    n: int = REPLICATES,
    level: float = LEVEL,
) -> Interval:
    """Skill with its interval; both means come from the same resampled blocks.

    Parameters and errors are those of `skill` and `block_bootstrap`.

    Examples
    --------
    >>> skill_interval([0.1, 0.1, 0.2], [0.2, 0.2, 0.4], ["a", "b", "c"], seed=1).low
    0.5
    """
    one, two = finite(score, "score"), finite(base, "base")
    same_length(one, two)
    member, count = _as_blocks(blocks, len(one))
    drawn = _resampled(np.stack([np.bincount(member, one, count), np.bincount(member, two, count)]), seed, n)
    point = skill(one, two)
    if (drawn[:, 1] <= 0.0).any():
        raise ScoreError(
            "base: found resampled blocks on which it is perfect; expected more blocks, or give no interval"
        )
    return _interval(1.0 - drawn[:, 0] / drawn[:, 1], point, level, len(one), count)
