"""Tocsin's forecaster of crises: a hierarchical Bayesian logit in the words of the game.

The log-odds are a level, the columns' terms with priors from theory, a departure for each kind of crisis and
each region (drawn together, so that a rare kind borrows from the others), and an era's drift: a random walk
over decades, so that the forecast of the next decade starts from the last and is as unsure as decades have
been unlike each other.

The posterior is a Laplace approximation (Tierney and Kadane 1986, JASA 81, 82-86) around its mode. Four
scales are summed over a small grid weighted by the approximate evidence of the past, as in INLA (Rue,
Martino and Chopin 2009, JRSS B 71, 319-392): how far kinds and regions depart, how fast eras drift, how far
the terms lie from what theory says, and whether theory's means are to be heard at all. A forecast averages
the logistic curve over the posterior of the log-odds by Gauss-Hermite quadrature: what is not known pulls
it toward the middle.
When not to use it: with thousands of rows and strong interactions, a tree finds what a sum of terms cannot.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from tocsin.events.backtest.crises.situations import COLUMNS, REGIONS, FloatArray, IntArray, Table
from tocsin.events.backtest.crises.theory import prior_means

ERA_YEARS = 10
ERA_START = 1816
# Standard deviations of the departures and of the drift a decade, and of the terms around theory, in nats.
DEPARTURES, DRIFTS, SPREADS = (0.1, 0.4), (0.1, 0.4), (0.1, 0.25, 0.5)
# Share of theory's means that counts: none, or all.
TRUST = (0.0, 1.0)
LEVEL_SPREAD = 3.0  # of the level, nats: any base rate from 0.3 % to 99.7 %
NEWTON_STEPS = 50
TOLERANCE = 1e-6
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """Mode and covariance of the coefficients at one pair of scales."""

    mean: FloatArray  # (P,)
    covariance: FloatArray  # (P, P)
    log_evidence: float  # approximate; the points of the grid weigh alike before the data
    scales: tuple[float, float, float, float]  # departure, drift, spread, trust


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """Coefficients given the past, over the grid of scales."""

    names: tuple[str, ...]
    modes: tuple[Mode, ...]
    weights: FloatArray  # (grid,) sums to 1
    eras: int

    def predict(self, table: Table, rows: IntArray) -> FloatArray:
        """(M,) chances of some rows, averaged over everything that is not known."""
        Z = design(table, rows, self.eras)
        chance = np.zeros(len(rows))
        for mode, weight in zip(self.modes, self.weights, strict=True):
            location = Z @ mode.mean
            spread = np.sqrt(np.einsum("np,pq,nq->n", Z, mode.covariance, Z))
            points = location[:, None] + spread[:, None] * _NODES[None, :]
            chance += weight * (_logistic(points) @ _WEIGHTS) / _WEIGHTS.sum()
        return chance

    @property
    def theory_weight(self) -> float:
        """Posterior chance that theory's prior means help, where even chances were given before the data."""
        heard = [mode.scales[3] > 0.0 for mode in self.modes]
        return float(self.weights[np.array(heard)].sum())

    def summary(self) -> tuple[tuple[str, float, float], ...]:
        """Each coefficient's posterior mean and standard deviation, over the grid."""
        means = np.stack([mode.mean for mode in self.modes])
        variances = np.stack([np.diag(mode.covariance) for mode in self.modes])
        mean = self.weights @ means
        spread = np.sqrt(self.weights @ (variances + (means - mean) ** 2))
        return tuple((name, float(m), float(s)) for name, m, s in zip(self.names, mean, spread, strict=True))


def _logistic(x: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -700.0, 700.0))))


def era_of(years: IntArray) -> IntArray:
    """Decades since the start of the disputes."""
    return np.asarray((years - ERA_START) // ERA_YEARS, dtype=np.int64).clip(0)


def design(table: Table, rows: IntArray, eras: int) -> FloatArray:
    """(M, P) level, columns, kinds, regions and decades; a decade beyond the last is the last."""
    era = era_of(table.years[rows]).clip(0, eras - 1)
    return np.hstack(
        [
            np.ones((len(rows), 1)),
            table.X[rows],
            np.eye(len(table.kinds))[table.kind[rows]],
            np.eye(len(REGIONS))[table.region[rows]],
            np.eye(eras)[era],
        ]
    )


def _precision(table: Table, eras: int, departure: float, drift: float, spread: float) -> FloatArray:
    """Prior precision of the coefficients: independent, but for the eras' walk."""
    K = table.X.shape[1]
    groups = len(table.kinds) + len(REGIONS)
    spreads = np.concatenate([[LEVEL_SPREAD], np.full(K, spread), np.full(groups, departure)])
    P = len(spreads) + eras
    precision = np.zeros((P, P))
    np.fill_diagonal(precision[: len(spreads), : len(spreads)], spreads**-2)
    # e_0 = 0 up to one step, e_d - e_{d-1} ~ N(0, drift^2).
    steps = np.eye(eras) - np.eye(eras, k=-1)
    precision[len(spreads) :, len(spreads) :] = steps.T @ steps / drift**2
    return precision


def _mode(
    Z: FloatArray, y: FloatArray, center: FloatArray, precision: FloatArray, start: FloatArray
) -> tuple[FloatArray, FloatArray, float]:
    """Newton's method from `start` to the mode; mode, covariance, Laplace's log evidence."""

    def objective(beta: FloatArray) -> float:
        eta = Z @ beta
        gap = beta - center
        return float(y @ eta - np.logaddexp(0.0, eta).sum() - 0.5 * gap @ precision @ gap)

    beta = start.copy()
    now = objective(beta)
    for _ in range(NEWTON_STEPS):
        chance = _logistic(Z @ beta)
        gradient = Z.T @ (y - chance) - precision @ (beta - center)
        hessian = (Z.T * (chance * (1.0 - chance))) @ Z + precision
        step = cho_solve(cho_factor(hessian), gradient)
        size = 1.0
        while (after := objective(beta + size * step)) < now and size > 1e-6:
            size /= 2.0
        beta, moved, now = beta + size * step, float(np.abs(size * step).max()), max(after, now)
        if moved < TOLERANCE:
            break
    chance = _logistic(Z @ beta)
    hessian = (Z.T * (chance * (1.0 - chance))) @ Z + precision
    factor = cho_factor(hessian)
    log_determinant = 2.0 * np.log(np.diag(factor[0])).sum()
    evidence = now + 0.5 * np.linalg.slogdet(precision)[1] - 0.5 * log_determinant
    return beta, np.asarray(cho_solve(factor, np.eye(len(beta)))), float(evidence)


def fit(table: Table, rows: IntArray, *, horizon_year: int) -> Posterior:
    """Fit to some rows of a table.

    Parameters
    ----------
    rows : indices of what had ended by the day of the forecast
    horizon_year : last year to be forecast; the drift runs on to its decade

    Returns
    -------
    Posterior

    References
    ----------
    See the module's head.
    """
    eras = int(era_of(np.array([horizon_year]))[0]) + 1
    Z, y = design(table, rows, eras), table.y[rows]
    groups = np.zeros(len(table.kinds) + len(REGIONS) + eras)
    modes: list[Mode] = []
    mean: FloatArray | None = None
    for trust, departure, drift, spread in product(TRUST, DEPARTURES, DRIFTS, SPREADS):
        center = np.concatenate([[_prior_level(y)], trust * prior_means(table.name), groups])
        precision = _precision(table, eras, departure, drift, spread)
        # The neighbouring point's mode is near this one's.
        mean, covariance, evidence = _mode(Z, y, center, precision, center if mean is None else mean)
        modes.append(
            Mode(
                mean=mean,
                covariance=covariance,
                log_evidence=evidence,
                scales=(departure, drift, spread, trust),
            )
        )
    log_weights = np.array([mode.log_evidence for mode in modes])
    weights = np.exp(log_weights - log_weights.max())
    return Posterior(
        names=_names(table, eras), modes=tuple(modes), weights=weights / weights.sum(), eras=eras
    )


def _prior_level(y: FloatArray) -> float:
    """Log-odds of the past's base rate, with Jeffreys' half: only the middle of a prior 3 nats wide."""
    rate = (y.sum() + 0.5) / (len(y) + 1.0)
    return math.log(rate / (1.0 - rate))


def _names(table: Table, eras: int) -> tuple[str, ...]:
    return (
        "level",
        *COLUMNS,
        *(f"kind: {kind}" for kind in table.kinds),
        *(f"region: {region}" for region in REGIONS),
        *(f"decade: {ERA_START + ERA_YEARS * k}" for k in range(eras)),
    )
