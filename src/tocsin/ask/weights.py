"""Weights of evidence, by leaving one piece out on the particles.

Reports are independent given a particle's history and fixed numbers, so the posterior without a report is the
same particles weighted by one over the report's chance. The weight of the report for a hypothesis is the
factor by which it changes the odds (Good 1950), here in decibans.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tocsin.ask.estimate import Number
from tocsin.game.plan import F64
from tocsin.infer.posterior import Posterior

DECIBANS = 10.0 / np.log(10.0)
# Fewer particles than this behind an answer without a report, and the answer is called rough.
FEWEST = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Hypotheses with each piece of evidence left out: Y pieces, H hypotheses."""

    without: F64  # (Y, H) probability
    decibans: F64  # (Y, H) what putting it back does to the odds
    error: F64  # (Y, H)
    chance: F64  # (Y,) predicted chance of the piece given all the rest
    effective: F64  # (Y,) particles behind the answers without it


def _decibans(p: F64) -> F64:
    p = np.clip(p, 1e-12, 1.0 - 1e-12)
    return np.asarray(DECIBANS * (np.log(p) - np.log1p(-p)))


def leave_out(posterior: Posterior, hypotheses: np.ndarray, log_chance: np.ndarray) -> LeftOut:
    """Leave out each row of `log_chance` (Y, N) in turn; hypotheses are (H, N) of 0 and 1.

    Errors are jackknifed over islands, so that they count the error of both odds and their correlation.
    """
    m = posterior.islands
    n = posterior.weight.size // m
    truth = hypotheses.astype(np.float64)
    n_pieces, n_hypotheses = len(log_chance), len(truth)
    with_it, totals = np.empty((m, n_hypotheses)), posterior.weight.reshape(m, n).sum(axis=1)
    without_sum, without_total = np.empty((m, n_pieces, n_hypotheses)), np.empty((m, n_pieces))
    squares = np.zeros(n_pieces)
    # One over the chance, scaled so that it cannot overflow; the scale cancels.
    least = log_chance.min(axis=1, initial=0.0).astype(np.float64)
    for i in range(m):
        lanes = slice(i * n, (i + 1) * n)
        weight = posterior.weight[lanes]
        inverse = weight * np.exp(least[:, None] - log_chance[:, lanes])
        with_it[i] = truth[:, lanes] @ weight
        without_sum[i] = inverse @ truth[:, lanes].T
        without_total[i] = inverse.sum(axis=1)
        squares += np.sum(inverse**2, axis=1)

    def weigh(skip: int | None) -> tuple[F64, F64]:
        keep = np.arange(m) != skip
        after = with_it[keep].sum(axis=0) / totals[keep].sum()
        before = without_sum[keep].sum(axis=0) / without_total[keep].sum(axis=0)[:, None]
        return before, _decibans(after)[None, :] - _decibans(before)

    before, decibans = weigh(None)
    if m > 1:
        left = np.stack([weigh(i)[1] for i in range(m)])
        error = np.sqrt((m - 1.0) / m * np.sum((left - left.mean(axis=0)) ** 2, axis=0))
    else:
        error = np.full_like(decibans, np.nan)
    total = without_total.sum(axis=0)
    return LeftOut(
        without=before,
        decibans=decibans,
        error=error,
        chance=np.exp(least) / total,
        effective=total**2 / np.maximum(squares, 1e-300),
    )


def probability_under(posterior: Posterior, truth: np.ndarray, log_factor: np.ndarray) -> tuple[float, float]:
    """Probability of `truth` (N,) with weights times exp(log_factor) (N,), and the particles it rests on.

    Where no particle is left, the probability is not a number and rests on none.
    """
    top = np.max(log_factor)
    if top == -np.inf:
        return float("nan"), 0.0
    weight = posterior.weight * np.exp(log_factor - top)
    total = weight.sum()
    if not total > 0.0:
        return float("nan"), 0.0
    return float(weight[truth > 0].sum() / total), float(total**2 / np.sum(weight**2))


def number(value: float, error: float) -> Number:
    """A number and its Monte Carlo error as plain floats."""
    return Number(value=float(value), mc_error=float(error))
