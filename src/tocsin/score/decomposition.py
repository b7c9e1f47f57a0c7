"""The Brier score taken apart: how far off, how much told apart, how hard the questions were.

Murphy (1973, Journal of Applied Meteorology 12, 595-600) takes forecasts in a bin as one value. Where they
differ within a bin his three parts miss the score by what Stephenson, Coelho and Jolliffe (2008, Weather and
Forecasting 23, 752-757) call the within-bin variance and covariance. It is kept here as a part of its own, so
that the parts add up to the score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tocsin.score.calibration import bin_of
from tocsin.score.inputs import binary


@dataclass(frozen=True, slots=True, kw_only=True)
class BrierParts:
    """``brier == reliability - resolution + uncertainty + within_bin``."""

    brier: float  # mean over forecasts
    reliability: float  # squared distance of bins' forecasts from what came; 0 at best
    resolution: float  # squared distance of bins' outcomes from the base rate; the more the better
    uncertainty: float  # base rate x (1 - base rate): the score of always saying the base rate
    within_bin: float  # variance of forecasts within bins, less twice their covariance with outcomes
    base_rate: float
    n: int


def brier_decomposition(p: ArrayLike, y: ArrayLike, bins: int = 10) -> BrierParts:
    """The mean Brier score and its parts, over equal-width bins of [0, 1].

    Parameters
    ----------
    p : (N,) probabilities of yes
    y : (N,) outcomes, 1 for yes and 0 for no
    bins : number of bins; the parts depend on it, their sum does not

    Returns
    -------
    BrierParts

    Examples
    --------
    >>> parts = brier_decomposition([0.0, 0.0, 1.0, 1.0], [0, 0, 1, 0])
    >>> parts.brier, parts.reliability, parts.resolution, parts.uncertainty
    (0.25, 0.125, 0.0625, 0.1875)
    """
    chance, outcome = binary(p, y)
    place = bin_of(chance, bins)
    n = len(chance)
    base = float(outcome.mean())
    counts = np.bincount(place, minlength=bins)
    filled = counts > 0
    share = counts[filled] / n
    forecast = np.bincount(place, chance, bins)[filled] / counts[filled]
    observed = np.bincount(place, outcome, bins)[filled] / counts[filled]
    # Each forecast's distance from its bin's mean.
    which = np.cumsum(filled) - 1
    apart = chance - forecast[which[place]]
    came_apart = outcome - observed[which[place]]
    return BrierParts(
        brier=float(np.mean((chance - outcome) ** 2)),
        reliability=float(share @ (forecast - observed) ** 2),
        resolution=float(share @ (observed - base) ** 2),
        uncertainty=base * (1.0 - base),
        within_bin=float(np.mean(apart**2) - 2.0 * np.mean(apart * came_apart)),
        base_rate=base,
        n=n,
    )
