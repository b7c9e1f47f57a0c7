"""The analyst's own doubtful numbers: which matter, and the answer were they otherwise.

Every uncertain number of a case is a coordinate with a standard-normal prior, and a particle carries its own.
Had the prior been shifted by `d` standard deviations, each particle would weigh ``exp(d z - d² / 2)`` times
what it does: the same histories and the same evidence under another belief, with nothing run again. The
derivative of any mean at d = 0 is its covariance with z. How far that reaches is told by the effective number
of particles, and beyond it nothing is said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.ask.estimate import Number
from tocsin.ask.options.answer import DoubtfulNumber, Level, Switch
from tocsin.ask.options.groups import THIRD, weighted_quantile
from tocsin.ask.options.paired import beyond_chance, paired
from tocsin.ask.options.trial import Drawn, Trial
from tocsin.ask.weights import FEWEST
from tocsin.game import plan as p
from tocsin.game.plan import F32, F64, Game
from tocsin.infer.posterior import pool

# So many numbers of those that move the risk most, and so many of those that move most what levers do.
OF_EACH = 4
STEP, LARGEST = 0.25, 3.0
TELLING = 2.0
ROUNDING = 1e-9  # sums of the same histories in another order may differ by this
SHIFTS = tuple(STEP * k for k in range(1, round(LARGEST / STEP) + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A number in doubt, and how it moves the risk and the levers."""

    quantity: int
    coordinate: int
    on_risk: Number
    on_levers: Number
    lever: str


def deciding(game: Game) -> np.ndarray:
    """(Q,) marks of the uncertain quantities that enter decisions; the reliability of sources does not."""
    statics = game.statics
    used = np.zeros(len(statics.labels), dtype=bool)
    used[np.unique(statics.row_quantities[statics.row_quantities >= 0])] = True
    return np.asarray(used & (statics.coordinate >= 0))


def doubts_of(trial: Trial, drawn: Drawn, singles: Sequence[int]) -> tuple[Doubt, ...]:
    """The numbers that move the risk most, and those that move most what a single lever changes.

    Parameters
    ----------
    singles : numbers of the portfolios of one lever; portfolio 0 is nothing
    """
    statics, islands = trial.game.statics, trial.islands
    quantities = np.flatnonzero(deciding(trial.game))
    if not len(quantities):
        return ()
    m, n = islands.count, islands.n
    z = drawn.z[statics.coordinate[quantities]].reshape(-1, m, n)
    outcomes = np.stack([drawn.risk, *(trial.risk_of(k) - drawn.risk for k in singles)]).reshape(-1, m, n)
    # (M, outcomes, numbers): means of products and of each; the covariance is pooled as a ratio is.
    both = np.stack([outcomes[:, i] @ z[:, i].T / n for i in range(m)]).astype(np.float64)
    y, x = outcomes.mean(axis=-1).T.astype(np.float64), z.mean(axis=-1).T.astype(np.float64)
    w = islands.weight
    y_mean, x_mean = w @ y, w @ x
    centred = both - y[:, :, None] * x_mean - y_mean[:, None] * x[:, None, :] + y_mean[:, None] * x_mean
    slope, error = pool(w[:, None, None] * centred, w, n / float(np.sum(w**2)))
    # What cannot be told from nothing comes last, however large it looks.
    sure = np.abs(slope) - 2.0 * error
    on_risk = np.argsort(-sure[0], kind="stable")
    chosen = list(on_risk[:OF_EACH])
    largest = np.zeros(len(quantities), dtype=int)
    if len(singles):
        largest = 1 + np.argmax(sure[1:], axis=0)
        strength = sure[largest, np.arange(len(quantities))]
        chosen += [k for k in np.argsort(-strength, kind="stable") if k not in chosen][:OF_EACH]
    found = []
    for k in chosen:
        row = int(largest[k])
        found.append(
            Doubt(
                quantity=int(quantities[k]),
                coordinate=int(statics.coordinate[quantities[k]]),
                on_risk=Number(value=float(slope[0, k]), mc_error=float(error[0, k])),
                on_levers=Number(value=float(slope[row, k]), mc_error=float(error[row, k]))
                if row
                else Number(value=0.0, mc_error=0.0),
                lever=trial.portfolios[singles[row - 1]][0] if row else "",
            )
        )
    return tuple(found)


def prior_median(game: Game, quantity: int, shift: float = 0.0) -> float:
    """The median of a number's prior, shifted by so many standard deviations, in the number's own unit."""
    s = game.statics
    x = float(s.location[quantity]) + float(s.scale[quantity]) * shift
    link = int(s.link[quantity])
    if link == p.TABLE:
        return float(np.interp(shift, p.Z_GRID, s.tables[int(s.location[quantity])]))
    return math.exp(x) if link == p.LOG else 1.0 / (1.0 + math.exp(-x)) if link == p.LOGIT else x


def shifted(z: F32, shift: float) -> F32:
    """(N,) what each history weighs if the prior of its coordinate z (N,) were shifted."""
    return np.asarray(np.exp(shift * z - 0.5 * shift**2), dtype=np.float32)


def thirds(trial: Trial, drawn: Drawn, doubt: Doubt) -> tuple[np.ndarray, np.ndarray]:
    """(N,) marks of the histories in which a number lies in the lowest and in the highest third."""
    z = drawn.z[doubt.coordinate]
    weight = np.repeat(trial.islands.weight, trial.islands.n)
    low, high = weighted_quantile(z, weight, THIRD), weighted_quantile(z, weight, 1.0 - THIRD)
    return z < low, z >= high


def effective(trial: Trial, weights: np.ndarray) -> F64:
    """Histories that weighted ones (N, S) are worth."""
    whole = np.repeat(trial.islands.weight, trial.islands.n)[:, None] * weights
    total = whole.sum(axis=0, dtype=np.float64)
    squares = np.sum(whole.astype(np.float64) ** 2, axis=0)
    return np.asarray(np.where(squares > 0.0, total**2 / np.where(squares > 0.0, squares, 1.0), 0.0))


def difference(trial: Trial, sums: F64, totals: F64) -> tuple[F64, F64]:
    """Pooled mean and error of differences: island sums (M, P) and totals (M,)."""
    w = trial.islands.weight
    return pool(w[:, None] * sums, w * totals, trial.histories)


def doubtful_numbers(
    trial: Trial, drawn: Drawn, doubts: Sequence[Doubt], choice: int
) -> tuple[DoubtfulNumber, ...]:
    """For each doubtful number, how wrong it would have to be for the choice (a portfolio) to change.

    A portfolio takes the choice's place where it is better by more than chance among as many as were looked
    at: Student's t over islands with Bonferroni's share of one in twenty. If none does, the first that is
    better by more than two of its own errors is named, and said not to be clear.
    """
    return tuple(_doubtful(trial, drawn, doubt, choice) for doubt in doubts)


def _doubtful(trial: Trial, drawn: Drawn, doubt: Doubt, choice: int) -> DoubtfulNumber:
    game = trial.game
    z = drawn.z[doubt.coordinate]
    sides = [[-shift for shift in SHIFTS], list(SHIFTS)]
    every = [*sides[0], 0.0, *sides[1]]
    weights = np.stack([shifted(z, shift) for shift in every], axis=1)
    worth = dict(zip(every, effective(trial, weights), strict=True))
    sums, totals = trial.weighed(weights)
    against = sums - sums[:, choice : choice + 1]
    column = {shift: c for c, shift in enumerate(every)}
    threshold = beyond_chance(len(trial.portfolios) - 1, trial.islands.count)

    def at(shift: float) -> tuple[F64, F64]:
        c = column[shift]
        return difference(trial, against[:, :, c], totals[:, c])

    switches: list[Switch | None] = []
    ends: list[float] = []
    as_nothing: list[Level | None] = []
    for side in sides:
        reach = 0.0
        switch, level, unclear = None, None, None
        before = (0.0, float(at(0.0)[0][0]))
        for shift in side:
            if worth[shift] < FEWEST:
                break
            reach = shift
            mean, error = at(shift)
            if level is None and choice != 0:
                # Below nothing the choice is no better; linear between two shifts.
                if mean[0] <= 0.0 < before[1]:
                    level = before[0] + (shift - before[0]) * before[1] / (before[1] - float(mean[0]))
                before = (shift, float(mean[0]))
            for errors in (threshold, TELLING):
                better = mean + errors * error < -ROUNDING
                better[choice] = False
                clear = errors == threshold
                if better.any() and (switch is None if clear else unclear is None):
                    best = int(np.argmin(np.where(better, mean, np.inf)))
                    found = Switch(
                        shift=shift,
                        median=prior_median(game, doubt.quantity, shift),
                        instead=trial.portfolios[best],
                        gain=paired(float(mean[best]), float(error[best]), trial.islands.count),
                        clear=clear,
                        effective=float(worth[shift]),
                    )
                    switch, unclear = (found, unclear) if clear else (switch, found)
        ends.append(reach)
        switches.append(switch or unclear)
        as_nothing.append(
            None if level is None else Level(shift=level, median=prior_median(game, doubt.quantity, level))
        )
    return DoubtfulNumber(
        label=game.statics.labels[doubt.quantity],
        median=prior_median(game, doubt.quantity),
        low=prior_median(game, doubt.quantity, -1.0),
        high=prior_median(game, doubt.quantity, 1.0),
        on_risk=doubt.on_risk,
        on_levers=doubt.on_levers,
        lever=doubt.lever,
        down=switches[0],
        up=switches[1],
        supported=(ends[0], ends[1]),
        as_nothing=(as_nothing[0], as_nothing[1]),
    )
