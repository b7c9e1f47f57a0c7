"""Calibration: of the things given 30 %, do 30 % come true? And are those that come true given more?

Curves are read with consistency bars (Broecker and Smith 2007, Weather and Forecasting 22, 651-661): how far
from the diagonal a bin would be seen by chance alone if every forecast were right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tocsin.score.inputs import FloatArray, IntArray, ScoreError, binary

# Enough that the bars' ends scatter by less than a hundredth over seeds.
SIMULATIONS = 2000
LEVEL = 0.9
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveBin:
    """One bin of a reliability curve, and where it would lie by chance if the forecasts were right."""

    low: float  # its edges; the last bin holds 1 too
    high: float
    n: int
    forecast: float  # mean probability
    observed: float  # share that came true
    bar_low: float  # consistency bar of the observed share
    bar_high: float


def bin_of(p: FloatArray, bins: int) -> IntArray:
    """The equal-width bin of each probability; 1 belongs to the last."""
    if bins < 1:
        raise ScoreError(f"bins: found {bins}; expected at least 1")
    return np.minimum((p * bins).astype(np.int64), bins - 1)


def reliability_curve(
    p: ArrayLike,
    y: ArrayLike,
    bins: int = 10,
    *,
    blocks: ArrayLike | None = None,
    level: float = LEVEL,
    seed: int = SEED,
) -> tuple[CurveBin, ...]:
    """Forecast and observed shares in equal-width bins; empty bins are left out.

    Parameters
    ----------
    p : (N,) probabilities of yes
    y : (N,) outcomes, 1 for yes and 0 for no
    bins : number of bins of [0, 1]
    blocks : (N,) labels of forecasts that share one outcome, such as a question asked again and again; each
        block is then drawn with one uniform number. Every forecast on its own if left out
    level : share of chance outcomes that a consistency bar holds
    seed : of the chance outcomes

    Returns
    -------
    the bins that hold a forecast, lowest first

    Examples
    --------
    >>> curve = reliability_curve([0.05, 0.15, 0.11], [0, 1, 0])
    >>> [(bin.n, round(bin.forecast, 2), bin.observed) for bin in curve]
    [(1, 0.05, 0.0), (2, 0.13, 0.5)]
    """
    chance, outcome = binary(p, y)
    place = bin_of(chance, bins)
    labels = np.arange(len(chance)) if blocks is None else np.asarray(blocks)
    if labels.shape != chance.shape:
        raise ScoreError(
            f"blocks: found {labels.shape}; expected one label for each of {len(chance)} forecasts"
        )
    member = np.unique(labels, return_inverse=True)[1].reshape(-1)
    rng = np.random.default_rng(seed)
    uniform = rng.random((SIMULATIONS, int(member.max()) + 1))
    curve = []
    for k in np.unique(place):
        here = place == k
        shares = (uniform[:, member[here]] < chance[here]).mean(axis=1)
        low, high = np.quantile(shares, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
        curve.append(
            CurveBin(
                low=float(k / bins),
                high=float((k + 1) / bins),
                n=int(here.sum()),
                forecast=float(chance[here].mean()),
                observed=float(outcome[here].mean()),
                bar_low=float(low),
                bar_high=float(high),
            )
        )
    return tuple(curve)


def auc(p: ArrayLike, y: ArrayLike) -> float:
    """Chance that something which came true was given more than something which did not; 0.5 by guessing.

    Parameters
    ----------
    p : (N,) probabilities of yes, or any score that ranks
    y : (N,) outcomes, 1 for yes and 0 for no; some of each

    Raises
    ------
    ScoreError if all outcomes are alike: there is then nothing to tell apart

    References
    ----------
    Hanley and McNeil (1982), Radiology 143, 29-36. Ties count one half.

    Examples
    --------
    >>> auc([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    0.75
    """
    from sklearn.metrics import roc_auc_score

    chance, outcome = binary(p, y)
    if outcome.min() == outcome.max():
        raise ScoreError(f"y: found only {outcome[0]:.0f}; expected outcomes of both kinds")
    return float(roc_auc_score(outcome, chance))
