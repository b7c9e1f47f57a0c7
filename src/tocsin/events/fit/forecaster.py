"""The game as a forecaster of coded rungs: fitted on the past, filtered to the origin, run on from there."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tocsin.case.model import DEFAULT_LADDER, Pace
from tocsin.events import ladder
from tocsin.events.fit import dyad, kernel, reading
from tocsin.events.fit.theatre import TheatreFit, fit_theatre, worn_before
from tocsin.events.panel import Panel

F64 = NDArray[np.float64]
WEAR_COST = np.array([rung.wear for rung in DEFAULT_LADDER.rungs])
RECOVERY = float(Pace().recovery)


def rungs_of(scheme: str) -> int:
    """How many rungs, from calm up, a scheme's codes can show.

    Examples
    --------
    >>> rungs_of("cameo"), rungs_of("weis")
    (7, 5)
    """
    return max(ladder.usual()[scheme].values()) + 1


def fit_panel(panel: Panel, **options: object) -> TheatreFit:
    """Fit a theatre with the wear that the usual ladder and pace state."""
    return fit_theatre(
        panel,
        n_rungs=rungs_of(panel.scheme),
        wear_cost=WEAR_COST,
        recovery=RECOVERY,
        **options,  # type: ignore[arg-type]
    )


def filter_pair(
    fit: TheatreFit, panel: Panel, first: int, covered: reading.Covered, worn: list[NDArray[np.int64]]
) -> tuple[F64, list[dyad.Choice]]:
    """(T, L, L, K) state of a pair after each week, given the weeks up to it, and both sides' choices.

    `worn` are the two sides' conditions before each week, (T + 1,).
    """
    T, L, K = len(panel.weeks), fit.n_rungs, len(fit.levels)
    pair = (first, first + 1)
    choices = [dyad.choose(fit.fronts[d], fit.shared, fit.levels, L) for d in pair]
    seen = []
    for d in pair:
        mean = reading.log_mean(fit.reading, fit.exposure[d], covered.volume, covered.recent[d, :T])
        log_fit = reading.log_fit(fit.reading, mean, panel.counts[d, :, 1:L])
        seen.append(np.exp(log_fit - log_fit.max(axis=1, keepdims=True)))
    drift = dyad.tension_drift(fit.levels, fit.reversion, fit.volatility)
    state, mass = np.empty((T, L, L, K)), np.empty((T, L, L, K))
    start = np.full((L, L, K), 1.0 / (L * L * K))
    kernel.forward(
        choices[0].chance,
        choices[1].chance,
        worn[0][:T],
        worn[1][:T],
        drift,
        *seen,
        start,
        state,
        mass,
        np.empty(T),
    )
    return state, choices


def forecast_panel(
    fit: TheatreFit, panel: Panel, origins: NDArray[np.int64], horizons: tuple[int, ...]
) -> F64:
    """(D, O, H, 7) chances of each coded rung so many weeks after each origin."""
    covered, _ = reading.coverage(panel, fit.n_rungs, fit.centre)
    L = fit.n_rungs
    drift = dyad.tension_drift(fit.levels, fit.reversion, fit.volatility)
    order = np.argsort(horizons)
    ahead = np.asarray(horizons, dtype=np.int64)[order]
    answer = np.zeros((len(panel.dyads), len(origins), len(horizons), dyad.N_RUNGS))
    for first in range(0, len(panel.dyads), 2):
        worn = [worn_before(panel, d, WEAR_COST, RECOVERY) for d in (first, first + 1)]
        state, choices = filter_pair(fit, panel, first, covered, worn)
        for o, origin in enumerate(origins.tolist()):
            shares = np.zeros((2, len(ahead), L))
            tables = [choice.chance[side[origin + 1]] for choice, side in zip(choices, worn, strict=True)]
            kernel.run_on(state[origin], *tables, drift, ahead, shares[0], shares[1])
            for side in (0, 1):
                d = first + side
                mean = reading.log_mean(
                    fit.reading, fit.exposure[d], covered.expected[[origin]], covered.recent[d, [origin + 1]]
                )
                coded = shares[side] @ reading.coded_rung(fit.reading, mean)[0]
                answer[d, o, order, :L] = coded / coded.sum(axis=1, keepdims=True)
    return answer


@dataclass(slots=True)
class Tocsin:
    """The game, as one forecaster among its rivals."""

    name: str = "tocsin"
    _fit: TheatreFit | None = field(default=None, repr=False)

    def fit(self, panel: Panel, train: int) -> None:
        """Learn from weeks [0, train); the panel is already cut there."""
        assert len(panel.weeks) == train
        self._fit = fit_panel(panel)

    def forecast(self, panel: Panel, origins: NDArray[np.int64], horizons: tuple[int, ...]) -> F64:
        """Chances of each rung at origin + horizon; see `walk.Forecaster`."""
        assert self._fit is not None, "fit before forecasting"
        return forecast_panel(self._fit, panel, origins, horizons)


def forecaster(seed: int) -> Tocsin:  # noqa: ARG001 - nothing in an exact filter is drawn
    """A fresh forecaster; every seed gives the same numbers."""
    return Tocsin()
