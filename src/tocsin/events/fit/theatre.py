"""Fit of one theatre: the numbers of each front, drawn towards those of all fronts, by maximum a posteriori.

Two levels. A front's numbers θ_f are normal around the theatre's mean with the theatre's spread; mean and
spread are themselves estimated (empirical Bayes), with a Laplace approximation of each θ_f so that what the
data leave open is not taken for likeness. The gradient comes from exact smoothing (`kernel.backward`), so
each step of the optimiser costs two passes over the weeks and no derivative is approximated.

Sources: Laird (1978), JASA 73, for empirical Bayes by maximum likelihood; Tierney and Kadane (1986), JASA 81,
for the approximation; Fisher's identity as in Douc, Moulines and Stoffer (2014), Nonlinear Time Series.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tocsin.events.fit import dyad, kernel, reading
from tocsin.events.fit.reading import Centre, Reading
from tocsin.events.panel import Panel

F64 = NDArray[np.float64]
Progress = Callable[[str], None]

# Logs of the theatre's revision, misperception and incidents; of its tension's reversion and volatility.
SHARED_START = np.log([1.5, 0.5, 0.02, 0.02, 0.06])
SHARED_SPREAD = np.array([0.5, 0.3, 0.5, 0.7, 0.4])


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Where the fronts' mean and spread start, weakly informative: so many fronts' worth of say."""

    mean: F64  # (8,) in the order of `dyad.FRONT`
    spread: F64  # (8,)
    counts: float = 2.0
    held: NDArray[np.bool_]  # (8,) means that are not estimated
    keeps_spread: bool = False  # the spread is not estimated either


# To forecast: acts of hostility have a cost, and a tight prior of it guards against what noise seems to say.
FORECASTING = Prior(
    mean=np.array([np.log(0.4), 0.0, 0.0, -0.6, -1.5, -2.0, np.log(6.0), 0.0]),
    spread=np.array([0.5, 0.5, 0.4, 0.7, 0.7, 0.7, 0.6, 0.5]),
    held=np.zeros(8, dtype=bool),
)
# As a case has it: a front has no appetite unless somebody gives it a reason, so its mean is none.
AS_IN_A_CASE = Prior(
    mean=np.array([np.log(0.5), np.log(0.8), 0.1, 0.0, 0.0, 0.0, np.log(6.0), np.log(2.0)]),
    spread=np.array([0.7, 0.7, 0.4, 1.0, 1.0, 1.0, 0.7, 0.7]),
    held=np.array([False, False, False, True, True, True, False, False]),
    # Estimated round after round from best values, a spread only shrinks; `population` takes it at the end.
    keeps_spread=True,
)
EXPOSURE_SPREAD = 0.8
READING_SPREAD = 1.0
ROUNDS = 3
ITERATIONS = 40
TENSION_LEVELS = 7
LEAST_SPREAD = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class TheatreFit:
    """Numbers of one theatre, as fitted."""

    dyads: tuple[tuple[str, str], ...]  # (D,)
    n_rungs: int
    levels: F64  # (K,) of tension
    shared: F64  # (3,) in the order of `dyad.SHARED`
    reversion: float  # of tension, a week
    volatility: float
    reading: Reading
    fronts: F64  # (D, 8) in the order of `dyad.FRONT`
    exposure: F64  # (D, L - 1)
    mean: F64  # (8,) of the fronts
    spread: F64  # (8,)
    error: F64 | None  # (D, 8) posterior standard deviation of each, by Laplace, where it was asked for
    shared_error: F64 | None  # (3,) of the theatre's numbers of choice
    centre: Centre
    log_likelihood: float


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where each number stands in the optimiser's vector."""

    D: int
    L: int

    @property
    def n_theatre(self) -> int:
        return 5 + self.L * (self.L - 1) + 2 + (self.L - 1)

    def shape(self, vector: F64) -> tuple[F64, Reading, F64, F64]:
        L, M = self.L, self.L - 1
        at = 5 + L * M
        read = Reading(
            confusion=vector[5:at].reshape(L, M),
            volume=float(vector[at]),
            recent=float(vector[at + 1]),
            log_dispersion=vector[at + 2 : at + 2 + M],
        )
        fronts = vector[self.n_theatre :].reshape(self.D, len(dyad.FRONT) + M)
        return vector[:5], read, fronts[:, : len(dyad.FRONT)], fronts[:, len(dyad.FRONT) :]

    def vector(self, shared: F64, read: Reading, fronts: F64, exposure: F64) -> F64:
        theatre = [shared, read.confusion.ravel(), [read.volume, read.recent], read.log_dispersion]
        return np.concatenate([*theatre, np.hstack([fronts, exposure]).ravel()])


def confusion_start(n_rungs: int) -> F64:
    """Where the table of confusion starts: a posture shows its own rung and those below, seldom one above."""
    posture, shown = np.arange(n_rungs)[:, None], np.arange(1, n_rungs)[None, :]
    start = np.where(shown <= posture, -0.3, -3.5 - 0.4 * (shown - posture))
    start[0] = -4.5 - 0.3 * np.arange(n_rungs - 1)
    return start


@dataclass(frozen=True, slots=True, kw_only=True)
class _Problem:
    """A theatre's data and the present prior of its fronts."""

    layout: _Layout
    counts: NDArray[np.integer]  # (D, T, L - 1)
    worn: NDArray[np.int64]  # (D, T)
    covered: reading.Covered
    levels: F64
    start: F64  # the optimiser's vector at the prior's centre
    spread: F64  # of the same shape

    def penalised(self, vector: F64) -> tuple[float, F64]:
        """Minus the log posterior and its gradient."""
        value, slope = self.log_likelihood(vector)
        away = (vector - self.start) / self.spread
        return -value + 0.5 * float(away @ away), -slope + away / self.spread

    def log_likelihood(self, vector: F64) -> tuple[float, F64]:
        """Log likelihood of all dyads and its gradient."""
        layout = self.layout
        L, K = layout.L, len(self.levels)
        shared, read, fronts, exposure = layout.shape(vector)
        drift = dyad.tension_drift(self.levels, *np.exp(shared[3:5]).tolist())
        T = self.counts.shape[1]
        state, mass, evidence = np.empty((T, L, L, K)), np.empty((T, L, L, K)), np.empty(T)
        origin = np.full((L, L, K), 1.0 / (L * L * K))
        moved = np.zeros((K, K))
        by_shared = np.zeros(5)
        by_read = np.zeros(layout.n_theatre - 5)
        by_front = np.zeros((layout.D, len(dyad.FRONT) + L - 1))
        total = 0.0
        for first in range(0, layout.D, 2):
            pair = (first, first + 1)
            choices = [dyad.choose(fronts[d], shared[:3], self.levels, L) for d in pair]
            means = [
                reading.log_mean(read, exposure[d], self.covered.volume, self.covered.recent[d, :T])
                for d in pair
            ]
            fits = [reading.log_fit(read, mean, self.counts[d]) for d, mean in zip(pair, means, strict=True)]
            best = [fit.max(axis=1, keepdims=True) for fit in fits]
            seen = [np.exp(fit - top) for fit, top in zip(fits, best, strict=True)]
            tables = (
                choices[0].chance,
                choices[1].chance,
                self.worn[first],
                self.worn[first + 1],
                drift,
                *seen,
            )
            total += kernel.forward(*tables, origin, state, mass, evidence)
            total += float(best[0].sum() + best[1].sum())
            made = [np.zeros_like(choice.chance) for choice in choices]
            shares = [np.zeros((T, L)) for _ in pair]
            kernel.backward(*tables, origin, state, mass, evidence, *made, moved, *shares)
            for side, d in enumerate(pair):
                front, common = dyad.gradient(made[side], choices[side], fronts[d], shared[:3], self.levels)
                theatre, own = reading.fit_gradient(
                    read, means[side], self.counts[d], shares[side],
                    self.covered.volume, self.covered.recent[d, :T],
                )  # fmt: skip
                by_shared[:3] += common
                by_read += np.concatenate(
                    [
                        theatre.confusion.ravel(),
                        [theatre.volume, theatre.recent],
                        theatre.log_dispersion,
                    ]
                )
                by_front[d] = np.concatenate([front, own])
        by_shared[3:5] = _drift_gradient(moved, self.levels, shared[3:5])
        return total, np.concatenate([by_shared, by_read, by_front.ravel()])


def _drift_gradient(moved: F64, levels: F64, logs: F64, step: float = 1e-5) -> F64:
    """Gradient of Σ moved · log drift in log reversion and log volatility: two numbers, so by differences."""

    def value(at: F64) -> float:
        drift = dyad.tension_drift(levels, *np.exp(at).tolist())
        return float((moved * np.log(np.maximum(drift, 1e-300))).sum())

    return np.array(
        [(value(logs + step * unit) - value(logs - step * unit)) / (2.0 * step) for unit in np.eye(2)]
    )


def fit_theatre(
    panel: Panel,
    *,
    n_rungs: int,
    wear_cost: F64,
    recovery: float,
    prior: Prior = FORECASTING,
    errors: bool = False,
    rounds: int = ROUNDS,
    iterations: int = ITERATIONS,
    progress: Progress | None = None,
) -> TheatreFit:
    """Fit the game to all weeks of a panel.

    Parameters
    ----------
    panel : dyad-weeks; everything in it may be learnt from
    n_rungs : rungs that its coding can show
    prior : of the fronts' mean and spread
    errors : also say how well each number is known, which takes about as long again
    wear_cost, recovery : of a week at each rung (7,), and the share that heals in a week
    rounds : of estimating the fronts' mean and spread anew
    iterations : of the optimiser in each round
    """
    tell = progress or (lambda _: None)
    covered, centre = reading.coverage(panel, n_rungs)
    D, L = len(panel.dyads), n_rungs
    layout = _Layout(D, L)
    T = len(panel.weeks)
    worn = np.stack([worn_before(panel, d, wear_cost, recovery)[:T] for d in range(D)])
    M = L - 1
    read = Reading(
        confusion=confusion_start(L),
        volume=0.8,
        recent=0.3,
        log_dispersion=np.zeros(M),
    )
    mean, spread, exposed = prior.mean.copy(), prior.spread.copy(), EXPOSURE_SPREAD
    at = layout.vector(SHARED_START, read, np.tile(mean, (D, 1)), np.zeros((D, M)))
    theatre_start = at[: layout.n_theatre].copy()
    theatre_spread = np.concatenate(
        [SHARED_SPREAD, np.full(L * M, READING_SPREAD), [0.3, 0.5], np.full(M, 0.7)]
    )
    for turn in range(rounds):
        problem = _Problem(
            layout=layout,
            counts=panel.counts[:, :, 1:L],
            worn=worn,
            covered=covered,
            levels=dyad.tension_levels(TENSION_LEVELS),
            start=np.concatenate([theatre_start, np.tile(np.concatenate([mean, np.zeros(M)]), D)]),
            spread=np.concatenate(
                [theatre_spread, np.tile(np.concatenate([spread, np.full(M, exposed)]), D)]
            ),
        )
        answer = minimize(
            problem.penalised, at, jac=True, method="L-BFGS-B", options={"maxiter": iterations, "maxcor": 20}
        )
        at = answer.x
        tell(
            f"{panel.theatre}: round {turn + 1} of {rounds}, {answer.nit} iterations, "
            f"minus log posterior {answer.fun:.1f}"
        )
        _, _, fronts, exposure = layout.shape(at)
        found = (fronts.sum(axis=0) + prior.counts * prior.mean) / (D + prior.counts)
        mean = np.where(prior.held, prior.mean, found)
        spread = prior.spread if prior.keeps_spread else spread_of(fronts, mean, prior)
        exposed = float(np.sqrt(((exposure**2).mean() * D + 4 * EXPOSURE_SPREAD**2) / (D + 4)))
    error, shared_error = laplace_errors(problem, at) if errors else (None, None)
    shared, read, fronts, exposure = layout.shape(at)
    return TheatreFit(
        dyads=panel.dyads,
        n_rungs=L,
        levels=problem.levels,
        shared=shared[:3].copy(),
        reversion=float(np.exp(shared[3])),
        volatility=float(np.exp(shared[4])),
        reading=replace(read, confusion=read.confusion.copy(), log_dispersion=read.log_dispersion.copy()),
        fronts=fronts.copy(),
        exposure=exposure.copy(),
        mean=mean,
        spread=spread,
        error=error,
        shared_error=shared_error,
        centre=centre,
        log_likelihood=problem.log_likelihood(at)[0],
    )


def spread_of(fronts: F64, mean: F64, prior: Prior) -> F64:
    """(8,) the spread that draws fronts towards their mean: that of their best values, on the small side.

    Best values are already drawn together, so they differ less than the fronts do. Adding what the Laplace
    approximation leaves open gives an honest spread (`population`), but forecasts of weeks held back from the
    span fitted on were worse with it in all scores: the tighter pull guards against what a dyad's own weeks
    only seem to say.
    """
    n = 2 * prior.counts
    scatter = ((fronts - mean) ** 2).sum(axis=0)
    spread: F64 = np.sqrt((scatter + n * prior.spread**2) / (len(fronts) + n))
    return np.maximum(spread, LEAST_SPREAD)


def worn_before(panel: Panel, d: int, cost: F64, recovery: float) -> NDArray[np.int64]:
    """(T + 1,) condition of front d's initiator before each week."""
    return dyad.wear(panel.rung[d], panel.rung[d ^ 1], cost, recovery)


def laplace_errors(problem: _Problem, at: F64, step: float = 1e-4) -> tuple[F64, F64]:
    """Posterior standard deviations by Laplace: (D, 8) of the fronts' numbers, (3,) of the theatre's choices.

    The curvature is an arrow: fronts of different pairs meet only through the theatre's numbers. So it takes
    one difference of exact gradients for each of the theatre's numbers, and one for each of a front's with
    all pairs moved at once. What the theatre leaves open is part of every front's error.
    """
    layout = problem.layout
    n, P = layout.n_theatre, len(dyad.FRONT)
    width = P + layout.L - 1
    pairs, block = layout.D // 2, 2 * width
    base = problem.penalised(at)[1]

    def curvature(direction: F64) -> F64:
        return (problem.penalised(at + step * direction)[1] - base) / step

    theatre, across = np.empty((n, n)), np.empty((pairs, n, block))
    for j in range(n):
        column = curvature(np.eye(1, len(at), j)[0])
        theatre[:, j] = column[:n]
        across[:, j, :] = column[n:].reshape(pairs, block)
    within = np.empty((pairs, block, block))
    for j in range(block):
        moved = np.zeros((pairs, block))
        moved[:, j] = 1.0
        within[:, :, j] = curvature(np.concatenate([np.zeros(n), moved.ravel()]))[n:].reshape(pairs, block)
    inverse = _inverse(within, problem.spread[n:].reshape(pairs, block))
    carried = np.einsum("pnb,pbc->pnc", across, inverse)
    centre = _inverse(theatre - np.einsum("pnc,pmc->nm", carried, across), problem.spread[:n])
    variance = np.einsum("pbb->pb", inverse) + np.einsum("pnb,nm,pmb->pb", carried, centre, carried)
    error = np.sqrt(variance.reshape(layout.D, width)[:, :P])
    return error, np.sqrt(np.diag(centre)[: len(dyad.SHARED)])


def _inverse(curvature: F64, spread: F64, least: float = 0.5) -> F64:
    """Inverses of symmetric matrices, (..., n, n), in units of the prior's `spread` (..., n).

    The optimiser stops at a number of steps, so a direction can look flatter than the prior alone makes it,
    or bent the wrong way: it is then held to be as open as twice the prior's variance.
    """
    units = spread[..., :, None] * spread[..., None, :]
    scaled = 0.5 * units * (curvature + np.swapaxes(curvature, -1, -2))
    values, vectors = np.linalg.eigh(scaled)
    answer: F64 = np.einsum("...ij,...j,...kj->...ik", vectors, 1.0 / np.maximum(values, least), vectors)
    return units * answer
