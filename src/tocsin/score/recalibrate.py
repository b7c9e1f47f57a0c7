"""Recalibration: learn from resolved questions what a forecaster's 80 % comes to.

=========  ==============================================================================================
platt      log-odds shifted and stretched (Platt 1999, in Advances in Large Margin Classifiers)
beta       as above with a stretch of its own for yes and for no (Kull, Silva Filho and Flach 2017,
           Electronic Journal of Statistics 11, 5052-5080)
isotonic   any rising steps (Zadrozny and Elkan 2002, KDD); hungry for data
=========  ==============================================================================================

The first two are drawn toward leaving a forecast as it is, until the record says otherwise. Whoever judges a
recalibration does so on questions that it was not fitted to: `cross_fitted` keeps all forecasts of a question
together, for one asked twice would otherwise tell its own answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit

from tocsin.score.inputs import FloatArray, ScoreError, binary, finite, probabilities
from tocsin.score.pool import CAP

# Standard deviation, in log-odds and in stretch, of what is learned around "leave it as it is".
SPREAD = 1.0
FOLDS = 5


class Recalibration(Protocol):
    """What turns a forecaster's probabilities (N,) into better ones (N,)."""

    def __call__(self, p: ArrayLike) -> FloatArray:
        """The recalibrated probabilities."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """``log-odds of q = shift + yes * log p - no * log(1 - p)``; Platt's has yes equal to no.

    Examples
    --------
    >>> [round(float(q), 3) for q in Stretch(shift=0.0, yes=1.0, no=1.0)([0.25, 0.5])]
    [0.25, 0.5]
    """

    shift: float
    yes: float
    no: float

    def __call__(self, p: ArrayLike) -> FloatArray:
        """The recalibrated probabilities (N,)."""
        for_yes, for_no = _logs(probabilities(p))
        return np.asarray(expit(self.shift + self.yes * for_yes - self.no * for_no))


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """A rising line through knots, level beyond the ends."""

    at: tuple[float, ...]
    value: tuple[float, ...]

    def __call__(self, p: ArrayLike) -> FloatArray:
        """The recalibrated probabilities (N,)."""
        return np.asarray(np.interp(probabilities(p), self.at, self.value))


def _logs(p: FloatArray) -> tuple[FloatArray, FloatArray]:
    inside = np.clip(p, CAP, 1.0 - CAP)
    return np.log(inside), np.log1p(-inside)


def _weights(weights: ArrayLike | None, n: int) -> FloatArray:
    if weights is None:
        return np.ones(n)
    found = finite(weights, "weights")
    if len(found) != n or (found < 0.0).any():
        raise ScoreError(f"weights: expected {n} numbers, none below 0")
    return found


def _fit_stretch(p: ArrayLike, y: ArrayLike, weights: ArrayLike | None, *, one_slope: bool) -> Stretch:
    chance, outcome = binary(p, y)
    weight = _weights(weights, len(chance))
    for_yes, for_no = _logs(chance)
    features = np.stack([np.ones_like(chance), for_yes, -for_no])
    if one_slope:
        features = np.stack([features[0], features[1] + features[2]])
    as_it_is = np.array([0.0, 1.0, 1.0][: len(features)])

    def loss(learned: FloatArray) -> tuple[float, FloatArray]:
        signal = learned @ features
        total = float(weight @ np.logaddexp(0.0, np.where(outcome == 1.0, -signal, signal)))
        off = (learned - as_it_is) / SPREAD**2
        return total + 0.5 * float((learned - as_it_is) @ off), features @ (
            weight * (expit(signal) - outcome)
        ) + off

    bounds = [(None, None), *[(0.0, None)] * (len(features) - 1)]
    found = minimize(loss, as_it_is, jac=True, method="L-BFGS-B", bounds=bounds)
    shift, yes, *no = (float(value) for value in found.x)
    return Stretch(shift=shift, yes=yes, no=no[0] if no else yes)


def fit_platt(p: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> Stretch:
    """Shift and stretch of log-odds, likeliest given resolved forecasts.

    Parameters
    ----------
    p : (N,) probabilities of yes
    y : (N,) outcomes, 1 for yes and 0 for no
    weights : (N,) what each counts for, such as one over how often its question was asked; 1 if left out
    """
    return _fit_stretch(p, y, weights, one_slope=True)


def fit_beta(p: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> Stretch:
    """As `fit_platt`, with a stretch of its own for yes and for no."""
    return _fit_stretch(p, y, weights, one_slope=False)


def fit_isotonic(p: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None) -> Steps:
    """Rising steps nearest to the outcomes in squares; parameters as in `fit_platt`.

    The outermost steps would often be 0 and 1, which no number of resolved questions can prove: all are kept
    away from them by half a forecast in as many as there are (Jeffreys' prior at a count of none).
    """
    from sklearn.isotonic import IsotonicRegression

    chance, outcome = binary(p, y)
    weight = _weights(weights, len(chance))
    steps = IsotonicRegression(y_min=0.0, y_max=1.0).fit(chance, outcome, sample_weight=weight)
    least = 0.5 / (float(weight.sum()) + 1.0)
    return Steps(
        at=tuple(float(x) for x in steps.X_thresholds_),
        value=tuple(float(x) for x in np.clip(steps.y_thresholds_, least, 1.0 - least)),
    )


Fit = Callable[[ArrayLike, ArrayLike, ArrayLike | None], Recalibration]
RECALIBRATIONS: dict[str, Fit] = {"platt": fit_platt, "beta": fit_beta, "isotonic": fit_isotonic}


def once_each(groups: ArrayLike) -> FloatArray:
    """Weights (N,) with which every group counts once, however many forecasts it has.

    Examples
    --------
    >>> once_each(["a", "a", "b"]).tolist()
    [0.5, 0.5, 1.0]
    """
    _, member, counts = np.unique(np.asarray(groups), return_inverse=True, return_counts=True)
    return np.asarray(1.0 / counts[member.reshape(-1)])


def cross_fitted(
    p: ArrayLike, y: ArrayLike, groups: ArrayLike, fit: Fit, *, seed: int, folds: int = FOLDS
) -> FloatArray:
    """Each forecast recalibrated by what the other folds' questions teach.

    Parameters
    ----------
    p : (N,) probabilities of yes
    y : (N,) outcomes, 1 for yes and 0 for no
    groups : (N,) the question of each; all forecasts of one stay in one fold, and together count once
    fit : one of `RECALIBRATIONS`
    seed : of the sharing out into folds

    Returns
    -------
    (N,) probabilities, none of which saw its own outcome
    """
    chance, outcome = binary(p, y)
    labels, member = np.unique(np.asarray(groups), return_inverse=True)
    member = member.reshape(-1)
    if len(member) != len(chance):
        raise ScoreError(f"groups: found {len(member)}; expected one for each of {len(chance)} forecasts")
    if not 2 <= folds <= len(labels):
        raise ScoreError(f"folds: found {folds}; expected from 2 to the {len(labels)} questions")
    fold = np.random.default_rng(seed).permutation(len(labels))[member] % folds
    out = np.empty_like(chance)
    for k in range(folds):
        rest, here = fold != k, fold == k
        out[here] = fit(chance[rest], outcome[rest], once_each(member[rest]))(chance[here])
    return out
