"""Which portfolio to pick: by least risk, by least regret, and by how wrong the numbers may be.

*Pareto front*: a portfolio is on it if none that costs less or as much leaves less risk.

*Minimax regret* (Savage 1951): in each scenario a portfolio's regret is its risk less the least that any
portfolio leaves there; the rule picks the one whose largest regret is least.

*Information gap* (Ben-Haim 2006): the priors of the doubtful numbers may be off together, by a shift of
length h in standard deviations (an ellipsoid-bound model of uncertainty). Robustness is the largest h at
which the risk still meets a stated one, however the shift is turned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.options.answer import RegretRow, Robustness, Scenario
from tocsin.ask.options.doubts import Doubt, effective, thirds
from tocsin.ask.options.trial import Drawn, Trial
from tocsin.ask.weights import FEWEST
from tocsin.game.plan import F64
from tocsin.infer.posterior import pool

TELLING = 2.0
HORIZON_STEP, LARGEST_HORIZON = 0.25, 3.0
TURNS = 12  # steps to the worst direction; the answer has settled to 1e-4 of risk after half of them
TIE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The Pareto front of risk against cost."""

    on_front: tuple[bool, ...]  # by portfolio
    doubtful: tuple[bool, ...]


def pareto(risk: Sequence[float], cost: Sequence[float]) -> tuple[bool, ...]:
    """Which are not dominated: none costs less or as much and leaves less or as much, one of the two less.

    Of those that cost and leave the same, all are on the front.

    Examples
    --------
    >>> pareto([0.3, 0.2, 0.25, 0.2], [0.0, 2.0, 3.0, 2.0])
    (True, True, False, True)
    """
    r, c = np.array(risk), np.array(cost)
    no_more = (r[None, :] <= r[:, None]) & (c[None, :] <= c[:, None])
    less = (r[None, :] < r[:, None]) | (c[None, :] < c[:, None])
    dominated = np.any(no_more & less, axis=1)
    return tuple(not bool(x) for x in dominated)


def front_of(trial: Trial, means: F64, cost: Sequence[float]) -> Front:
    """The front of portfolios whose island mean risks are (M, P), and which of it are in doubt.

    One is in doubt if another that costs no more has a risk that cannot be told from its own: within two
    errors of their paired difference.
    """
    w = trial.islands.weight
    risk = w @ means
    on_front = pareto(risk.tolist(), cost)
    costs = np.array(cost)
    doubtful = []
    for k, on in enumerate(on_front):
        rivals = np.flatnonzero(costs <= costs[k])
        rivals = rivals[rivals != k]
        if not on or not len(rivals):
            doubtful.append(False)
            continue
        mean, error = pool(w[:, None] * (means[:, rivals] - means[:, k : k + 1]), w, trial.histories)
        doubtful.append(bool((mean <= TELLING * error).any()))
    return Front(on_front=on_front, doubtful=tuple(doubtful))


def alike(trial: Trial, means: F64, best: int) -> tuple[int, ...]:
    """Portfolios whose risk cannot be told from that of the best: within two paired errors. (M, P) means."""
    w = trial.islands.weight
    mean, error = pool(w[:, None] * (means - means[:, best : best + 1]), w, trial.histories)
    same = mean <= TELLING * error
    same[best] = True
    return tuple(int(k) for k in np.flatnonzero(same))


def measured_elsewhere(trial: Trial, means: F64) -> Chance:
    """Least risk where the portfolio is picked on one half of the islands and measured on the other.

    The least of many estimates is too low, for it is partly luck; this is what the pick is worth without it.
    """
    m = trial.islands.count
    w = trial.islands.weight
    halves = np.arange(m) % 2
    values = np.empty(m)
    for half in (0, 1):
        own = halves != half
        pick = int(np.argmin(w[own] @ means[own]))
        values[halves == half] = means[halves == half, pick]
    return trial.islands.chance(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Regret:
    """Regret of every portfolio in every scenario."""

    scenarios: tuple[Scenario, ...]
    left_out: tuple[str, ...]
    regret: F64  # (P, S)
    error: F64  # (P, S)

    def worst(self, k: int) -> tuple[Number, int]:
        """The largest regret of portfolio `k`, and in which scenario."""
        s = int(np.argmax(self.regret[k]))
        return Number(value=float(self.regret[k, s]), mc_error=float(self.error[k, s])), s

    def minimax(self, cost: Sequence[float]) -> int:
        """The portfolio whose largest regret is least; of equals the cheapest, then the first."""
        worst = self.regret.max(axis=1)
        best = np.flatnonzero(worst <= worst.min() + TIE)
        return min(map(int, best), key=lambda k: (cost[k], k))

    def row(self, trial: Trial, k: int) -> RegretRow:
        """One portfolio's regrets."""
        return RegretRow(
            levers=trial.portfolios[k],
            regrets=tuple(
                Number(value=float(v), mc_error=float(e))
                for v, e in zip(self.regret[k], self.error[k], strict=True)
            ),
        )


def regret_of(
    trial: Trial, drawn: Drawn, opponents: Sequence[str], doubts: Sequence[Doubt], cost: Sequence[float]
) -> Regret:
    """Regrets over each disposition of each opponent and each doubtful number in its outer thirds."""
    game = trial.game
    marks, named = [], []
    for actor in opponents:
        i = game.actors.index(actor)
        for k, disposition in enumerate(game.dispositions):
            marks.append(drawn.disposition[i] == k)
            named.append((f"{actor} is {disposition}", "disposition"))
    for doubt in doubts:
        for mark, side in zip(thirds(trial, drawn, doubt), ("low", "high"), strict=True):
            marks.append(mark)
            named.append((f"{game.statics.labels[doubt.quantity]}: {side}", "number"))
    # Where nothing is in doubt there is one scenario: what is thought.
    if not marks:
        marks, named = [np.ones(trial.histories, dtype=bool)], [("as estimated", "number")]
    weights = np.stack(marks, axis=1).astype(np.float32)
    enough = effective(trial, weights) >= FEWEST
    if not enough.any():
        weights, named = np.ones((trial.histories, 1), dtype=np.float32), [("as estimated", "number")]
        enough = np.ones(1, dtype=bool)
    left_out = tuple(label for (label, _), keep in zip(named, enough, strict=True) if not keep)
    kept = [pair for pair, keep in zip(named, enough, strict=True) if keep]
    sums, totals = trial.weighed(weights[:, enough])
    w = trial.islands.weight
    risk = np.einsum("m,mps->ps", w, sums) / (w @ totals)[None, :]
    regret, error = np.empty_like(risk), np.empty_like(risk)
    scenarios = []
    for s, (label, kind) in enumerate(kept):
        least = risk[:, s].min()
        best = min(map(int, np.flatnonzero(risk[:, s] <= least + TIE)), key=lambda k: (cost[k], k))
        mean, spread = pool(
            w[:, None] * (sums[:, :, s] - sums[:, best : best + 1, s]), w * totals[:, s], trial.histories
        )
        # The best against itself differs by nothing, and that without error.
        regret[:, s] = np.maximum(mean, 0.0)
        error[:, s] = np.where(np.arange(len(mean)) == best, 0.0, spread)
        share = float((w @ totals[:, s]) / w.sum())
        scenarios.append(
            Scenario(
                label=label,
                kind=kind,
                share=share,
                least=trial.portfolios[best],
                least_risk=trial.islands.chance(sums[:, best, s], totals[:, s]),
            )
        )
    return Regret(scenarios=tuple(scenarios), left_out=left_out, regret=regret, error=error)


def robustness(
    trial: Trial, drawn: Drawn, doubts: Sequence[Doubt], which: Sequence[int], at_most: float
) -> tuple[Robustness, ...]:
    """How far the doubtful numbers may be off before each of some portfolios misses a stated risk."""
    weight = np.repeat(trial.islands.weight, trial.islands.n) / trial.islands.n
    z = np.stack([drawn.z[doubt.coordinate] for doubt in doubts]) if doubts else np.zeros((0, len(weight)))
    return tuple(_robust(trial, weight, z.astype(np.float64), k, at_most) for k in which)


def _robust(trial: Trial, weight: F64, z: F64, k: int, at_most: float) -> Robustness:
    risk = trial.risk_of(k).astype(np.float64)
    levers = trial.portfolios[k]
    nominal = trial.islands.chance(risk.reshape(trial.islands.count, -1).mean(axis=1))
    if nominal.probability > at_most + TIE:
        return Robustness(levers=levers, risk=nominal, horizon=None, reaches_end=False)
    before, reached = (0.0, nominal.probability), 0.0
    direction: F64 | None = None
    for step in range(1, round(LARGEST_HORIZON / HORIZON_STEP) + 1) if len(z) else ():
        h = HORIZON_STEP * step
        worst, direction, tilted = worst_risk(risk, weight, z, h, direction)
        if 1.0 / np.sum(tilted**2) < FEWEST:
            break
        if worst > at_most:
            share = (at_most - before[1]) / (worst - before[1])
            horizon = before[0] + share * (h - before[0])
            m = trial.islands.count
            by_island = tilted.reshape(m, -1)
            _, error = pool(
                (by_island * risk.reshape(m, -1)).sum(axis=1), by_island.sum(axis=1), trial.histories
            )
            slope = (worst - before[1]) / (h - before[0])
            return Robustness(
                levers=levers,
                risk=nominal,
                horizon=Number(value=float(horizon), mc_error=float(error / slope)),
                reaches_end=False,
            )
        before, reached = (h, worst), h
    return Robustness(
        levers=levers, risk=nominal, horizon=Number(value=reached, mc_error=0.0), reaches_end=True
    )


def worst_risk(
    risk: F64, weight: F64, z: F64, horizon: float, start: F64 | None = None
) -> tuple[float, F64, F64]:
    """The largest risk when the priors of z are shifted together by a vector of length `horizon`.

    Parameters
    ----------
    risk : (N,) of each history
    weight : (N,) sums to one
    z : (K, N) coordinates
    horizon : standard deviations
    start : (K,) direction to begin with; that of steepest rise if left out

    Returns
    -------
    the risk, the direction (K,), and the weights (N,) of the histories there

    The gradient of a mean under a shift is its covariance with z under the shifted weights, and on a sphere
    the largest value lies where the shift is parallel to the gradient: the direction is turned to it until it
    stays.
    """

    def tilt(direction: F64) -> F64:
        power = horizon * (direction @ z)
        tilted = weight * np.exp(power - power.max())
        return np.asarray(tilted / tilted.sum())

    def gradient(tilted: F64) -> F64:
        rate = float(tilted @ risk)
        return np.asarray(z @ (tilted * (risk - rate)))

    def unit(vector: F64) -> F64:
        length = float(np.linalg.norm(vector))
        return vector / length if length > 0.0 else np.eye(len(z))[0]

    direction = unit(gradient(weight)) if start is None else start
    tilted = tilt(direction)
    for _ in range(TURNS):
        turned = unit(gradient(tilted))
        if float(turned @ direction) > 1.0 - 1e-6:
            break
        # Half way each time, so that it does not swing about the answer.
        direction = unit(direction + turned)
        tilted = tilt(direction)
    return float(tilted @ risk), direction, tilted
