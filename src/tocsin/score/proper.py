"""Proper scores, one for each forecast: the lower the better, and honesty pays.

A score is proper if a forecaster who says what it believes expects the best score (Gneiting and Raftery 2007,
JASA 102, 359-378). These are thin over `scoringrules`, which takes seconds to import and is therefore
imported where it is used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tocsin.score.inputs import FloatArray, ScoreError, binary, classes, finite, same_length


def brier(p: ArrayLike, y: ArrayLike) -> FloatArray:
    """Squared error of a probability: 0 at best, 1 at worst, 0.25 for always saying a half.

    Parameters
    ----------
    p : (N,) probabilities of yes
    y : (N,) outcomes, 1 for yes and 0 for no

    Returns
    -------
    (N,) scores

    Raises
    ------
    ScoreError if a probability lies outside [0, 1] or an outcome is neither 0 nor 1

    References
    ----------
    Brier (1950), Monthly Weather Review 78, 1-3, halved for two classes as is now usual.

    Examples
    --------
    >>> [round(float(score), 2) for score in brier([0.2, 0.9], [1, 1])]
    [0.64, 0.01]
    """
    from scoringrules import brier_score

    chance, outcome = binary(p, y)
    return np.asarray(brier_score(outcome, chance, backend="numpy"))


def log_score_binary(p: ArrayLike, y: ArrayLike) -> FloatArray:
    """Minus the natural logarithm of the probability given to what came: nats, 0 at best.

    A forecast that was certain and wrong scores infinity. It is not capped: whoever wants certainty to cost
    less caps the forecast, before the outcome is known.

    Parameters
    ----------
    p : (N,) probabilities of yes
    y : (N,) outcomes, 1 for yes and 0 for no

    Returns
    -------
    (N,) scores in nats

    References
    ----------
    Good (1952), JRSS B 14, 107-114.

    Examples
    --------
    >>> [round(float(score), 3) for score in log_score_binary([0.5, 0.0], [1, 1])]
    [0.693, inf]
    """
    from scoringrules import log_score as binary_log_score

    chance, outcome = binary(p, y)
    with np.errstate(divide="ignore"):
        return np.asarray(binary_log_score(outcome, chance, backend="numpy"))


def log_score(P: ArrayLike, k: ArrayLike) -> FloatArray:
    """Minus the natural logarithm of the probability given to the class that came.

    Parameters
    ----------
    P : (N, K) probabilities of K classes, rows summing to 1
    k : (N,) the class that came, counted from 0

    Returns
    -------
    (N,) scores in nats, infinite where the class that came was given no chance

    Examples
    --------
    >>> round(float(log_score([[0.25, 0.75]], [0])[0]), 3)
    1.386
    """
    chances, came = classes(P, k)
    with np.errstate(divide="ignore"):
        scores: FloatArray = -np.log(chances[np.arange(len(came)), came])
    return scores


def rps(P: ArrayLike, k: ArrayLike) -> FloatArray:
    """Ranked probability score of ordered classes: the Brier scores of "up to class j", added over j.

    It is the sum over the K - 1 thresholds and not divided by them, as in `scoringrules`; a forecast one rung
    off is punished less than one three rungs off.

    Parameters
    ----------
    P : (N, K) probabilities of K ordered classes, rows summing to 1
    k : (N,) the class that came, counted from 0

    Returns
    -------
    (N,) scores from 0 to K - 1

    References
    ----------
    Epstein (1969), Journal of Applied Meteorology 8, 985-987; in this form Murphy (1971), ibid. 10, 155-156.

    Examples
    --------
    >>> round(float(rps([[0.1, 0.2, 0.3, 0.4]], [2])[0]), 2)
    0.26
    """
    from scoringrules import rps_score

    chances, came = classes(P, k)
    return np.asarray(rps_score(came + 1, chances, backend="numpy"))


def crps_draws(y: ArrayLike, draws: ArrayLike) -> FloatArray:
    """Continuous ranked probability score of forecasts given as draws, in the unit of the outcome.

    It takes the draws as the whole forecast (Gneiting and Raftery 2007, their eq. 20 with the empirical
    distribution), as published benchmarks do. It is not the "fair" score, which guesses what more draws
    would have said.

    Parameters
    ----------
    y : (N,) what came
    draws : (N, M) equally likely draws of each forecast, in any order

    Returns
    -------
    (N,) scores

    Examples
    --------
    >>> float(crps_draws([1.0], [[0.0, 2.0]])[0])
    0.5
    """
    from scoringrules import crps_ensemble

    came, forecast = finite(y, "y"), finite(draws, "draws", 2)
    same_length(came, forecast)
    if not forecast.shape[1]:
        raise ScoreError("draws: found none; expected at least one for each forecast")
    return np.asarray(crps_ensemble(came, forecast, estimator="qd"))
