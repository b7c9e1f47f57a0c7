"""Several forecasters on one question: one probability from theirs.

Four ways, from plain to fitted. What is fitted takes resolved questions, and must be judged on others.

=============  ==========================================================================================
linear         the mean of probabilities; never calibrated if the forecasters are (Ranjan and Gneiting 2010,
               JRSS B 72, 71-91): too timid, for each knows what the others do not
logarithmic    the mean of log-odds (Genest and Zidek 1986, Statistical Science 1, 114-135)
extremised     the mean of log-odds times one fitted exponent, above 1 where forecasters know different
               things (Satopaa et al. 2014, International Journal of Forecasting 30, 344-356; Baron et al.
               2014, Decision Analysis 11, 133-145)
weighted       each forecaster's log-odds times a fitted coefficient, none below 0, drawn toward alike ones
=============  ==========================================================================================

A forecaster who gave no answer is NaN in its place, and the others speak for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit, logit

from tocsin.score.inputs import FloatArray, ScoreError, events, same_length

# Log-odds of 0 and 1 are infinite and would silence everybody else: probabilities are taken as no nearer.
CAP = 0.001
# Standard deviations of what is fitted around the plain logarithmic pool: of the exponent's logarithm and of
# each coefficient. Some thirty resolved questions outweigh them; a few lucky ones do not make a fit endless.
SPREAD_OF_EXPONENT = 1.0
SPREAD_OF_COEFFICIENTS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A way to pool M forecasters, ready to be used."""

    kind: str
    coefficients: tuple[float, ...]  # (M,): on log-odds, or shares where linear
    linear: bool = False

    def __call__(self, P: ArrayLike) -> FloatArray:
        """The pooled probabilities (N,) of forecasts (N, M); NaN is no answer.

        Coefficients of those who did not answer are shared out among those who did.
        """
        forecasts, answered = _forecasts(P)
        if forecasts.shape[1] != len(self.coefficients):
            raise ScoreError(
                f"P: found {forecasts.shape[1]} forecasters; expected the {len(self.coefficients)} "
                "that the pool was made for"
            )
        coefficients = np.asarray(self.coefficients)
        share = coefficients * answered
        total = share.sum(axis=1, keepdims=True)
        # Where all who answered count for nothing, they count alike.
        share = np.where(total > 0.0, share, answered)
        share = share / share.sum(axis=1, keepdims=True)
        if self.linear:
            return np.asarray((share * np.where(answered, forecasts, 0.0)).sum(axis=1))
        mean = (share * _log_odds(np.where(answered, forecasts, 0.5))).sum(axis=1)
        return np.asarray(expit(coefficients.sum() * mean))


def _forecasts(P: ArrayLike) -> tuple[FloatArray, np.ndarray]:
    forecasts = np.asarray(P, dtype=np.float64)
    if forecasts.ndim != 2 or not forecasts.size:
        raise ScoreError(
            f"P: found the shape {forecasts.shape}; expected one row a question and one column a forecaster"
        )
    answered = ~np.isnan(forecasts)
    given = forecasts[answered]
    if ((given < 0.0) | (given > 1.0)).any():
        raise ScoreError("P: found a number outside 0 to 1; expected probabilities, or NaN for no answer")
    if (bare := ~answered.any(axis=1)).any():
        raise ScoreError(f"P: found no answer at all in row {int(np.argmax(bare))}; expected at least one")
    return forecasts, answered


def _log_odds(p: FloatArray) -> FloatArray:
    return np.asarray(logit(np.clip(p, CAP, 1.0 - CAP)))


def linear_pool(forecasters: int) -> Pool:
    """The mean of probabilities.

    Examples
    --------
    >>> float(linear_pool(2)([[0.2, 0.6]])[0])
    0.4
    """
    return Pool(kind="linear", coefficients=(1.0 / forecasters,) * forecasters, linear=True)


def log_pool(forecasters: int, exponent: float = 1.0) -> Pool:
    """The mean of log-odds, times an exponent.

    Examples
    --------
    >>> round(float(log_pool(2)([[0.5, 0.8]])[0]), 3)
    0.667
    """
    kind = "logarithmic" if exponent == 1.0 else "extremised"
    return Pool(kind=kind, coefficients=(exponent / forecasters,) * forecasters)


def _mean_log_score(signal: FloatArray, outcome: FloatArray) -> tuple[float, FloatArray]:
    """Total log score of log-odds, and its slope with respect to each."""
    return float(np.logaddexp(0.0, np.where(outcome == 1.0, -signal, signal)).sum()), expit(signal) - outcome


def fit_extremised(P: ArrayLike, y: ArrayLike) -> Pool:
    """The mean of log-odds with the exponent that resolved questions make likeliest.

    Parameters
    ----------
    P : (N, M) forecasts of resolved questions; NaN is no answer
    y : (N,) outcomes, 1 for yes and 0 for no

    Returns
    -------
    Pool; its coefficients sum to the exponent, which is drawn toward 1 (log-normal, spread 1)
    """
    forecasts, answered = _forecasts(P)
    outcome = events(y)
    same_length(forecasts, outcome)
    logs = _log_odds(np.where(answered, forecasts, 0.5))
    mean = (logs * answered).sum(axis=1) / answered.sum(axis=1)

    def loss(log_exponent: FloatArray) -> tuple[float, FloatArray]:
        exponent = float(np.exp(log_exponent[0]))
        total, slope = _mean_log_score(exponent * mean, outcome)
        prior = log_exponent / SPREAD_OF_EXPONENT**2
        return (
            total + 0.5 * float(log_exponent @ prior),
            np.array([float(slope @ mean) * exponent]) + prior,
        )

    found = minimize(loss, np.zeros(1), jac=True, method="L-BFGS-B", bounds=[(-3.0, 3.0)])
    count = forecasts.shape[1]
    exponent = float(np.exp(found.x[0]))
    return Pool(kind="extremised", coefficients=(exponent / count,) * count)


def fit_weighted(P: ArrayLike, y: ArrayLike) -> Pool:
    """A coefficient for each forecaster's log-odds, fitted to resolved questions; none is below 0.

    They are drawn toward those of the logarithmic pool. Fitting assumes that who did not answer would have
    said what the others said on average.

    Parameters
    ----------
    P : (N, M) forecasts of resolved questions; NaN is no answer
    y : (N,) outcomes, 1 for yes and 0 for no
    """
    forecasts, answered = _forecasts(P)
    outcome = events(y)
    same_length(forecasts, outcome)
    count = forecasts.shape[1]
    logs = _log_odds(np.where(answered, forecasts, 0.5))
    mean = (logs * answered).sum(axis=1, keepdims=True) / answered.sum(axis=1, keepdims=True)
    logs = np.where(answered, logs, mean)
    middle, spread = 1.0 / count, SPREAD_OF_COEFFICIENTS

    def loss(coefficients: FloatArray) -> tuple[float, FloatArray]:
        total, slope = _mean_log_score(logs @ coefficients, outcome)
        off = (coefficients - middle) / spread**2
        return total + 0.5 * float((coefficients - middle) @ off), logs.T @ slope + off

    start = np.full(count, middle)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * count)
    return Pool(kind="weighted", coefficients=tuple(float(value) for value in found.x))


# Every pool, from forecasts of resolved questions and how they came out; the first two learn nothing from it.
POOLS: dict[str, Callable[[ArrayLike, ArrayLike], Pool]] = {
    "linear": lambda P, _: linear_pool(np.asarray(P).shape[1]),
    "logarithmic": lambda P, _: log_pool(np.asarray(P).shape[1]),
    "extremised": fit_extremised,
    "weighted": fit_weighted,
}


def best_single(P: ArrayLike, y: ArrayLike) -> int:
    """The forecaster (column) with the lowest mean Brier score on the questions that it answered.

    It is the yardstick that a pool must beat, and is chosen like the pool: on resolved questions, to be
    judged on others.

    Examples
    --------
    >>> best_single([[0.5, 0.9], [0.5, 0.2]], [1, 0])
    1
    """
    forecasts, answered = _forecasts(P)
    outcome = events(y)
    same_length(forecasts, outcome)
    errors = np.where(answered, (np.where(answered, forecasts, 0.0) - outcome[:, None]) ** 2, 0.0)
    with np.errstate(invalid="ignore"):
        means = errors.sum(axis=0) / answered.sum(axis=0)
    return int(np.nanargmin(means))
