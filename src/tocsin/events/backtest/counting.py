"""Rivals that count: climatology, the trailing year, and a Markov chain per dyad.

All three count on while they walk, so at every origin they know all that has happened by then. Each shrinks
what a dyad shows towards something steadier; how strongly, in weeks of pseudo-observation, is chosen for each
horizon by the log score over the last fifth of the weeks fitted on.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tocsin.events.backtest.walk import floored

if TYPE_CHECKING:
    from tocsin.events.panel import Panel

Floats = NDArray[np.float64]
Weeks = NDArray[np.int64]

# Weeks of pseudo-observation that may be chosen from, set before any score was seen. Reaching to 1,500 mostly
# weakened these rivals: a last fifth that is unlike the test then shrinks a dyad away.
STRENGTHS = (0.5, 2.0, 5.0, 15.0, 50.0, 150.0)
TRAILING = 52
# Share of the weeks fitted on that choices are judged by; the last ones, as the test comes after them.
VALIDATION = 0.2
# For what has not been seen in any dyad at all.
UNSEEN = 0.5


def validation_from(train: int) -> int:
    """First of the weeks that choices are judged by.

    Examples
    --------
    >>> validation_from(100)
    80
    """
    return train - max(1, round(VALIDATION * train))


def one_hot(rung: NDArray[np.int8], L: int) -> Floats:
    """Rungs as indicators: (D, T) to (D, T, L)."""
    return np.eye(L)[rung]


def chosen_at(outcomes: NDArray[np.int8], chances: Floats) -> Floats:
    """Chance that was given to what happened: (D, O) outcomes, (D, O, L) chances, to (D, O)."""
    return np.take_along_axis(chances, outcomes[..., None].astype(np.int64), axis=-1)[..., 0]


class CountingForecaster(ABC):
    """What the three have in common: the choice of how strongly to shrink."""

    name: str

    def __init__(self) -> None:
        self.strengths: dict[int, float] = {}
        self._train: Panel | None = None

    def fit(self, panel: Panel, train: int) -> None:
        """Keep the past, from which a strength is chosen for each horizon when it is first asked for."""
        assert panel.rung.shape[1] == train
        self.strengths = {}
        self._train = panel

    def forecast(self, panel: Panel, origins: Weeks, horizons: tuple[int, ...]) -> Floats:
        """Chances of rungs, (D, O, H, L)."""
        for horizon in horizons:
            if horizon not in self.strengths:
                self.strengths[horizon] = self._choose(horizon)
        return np.stack([self.chances(panel, origins, h, self.strengths[h]) for h in horizons], axis=2)

    def _choose(self, horizon: int) -> float:
        past = self._train
        assert past is not None, "fit comes before forecast"
        train = past.rung.shape[1]
        origins = np.arange(max(0, validation_from(train) - horizon), train - horizon, dtype=np.int64)
        if len(origins) == 0:
            return STRENGTHS[len(STRENGTHS) // 2]
        outcomes = past.rung[:, origins + horizon]

        def score(strength: float) -> float:
            chances = floored(self.chances(past, origins, horizon, strength))
            return float(-np.log(chosen_at(outcomes, chances)).mean())

        return min(STRENGTHS, key=score)

    @abstractmethod
    def chances(self, panel: Panel, origins: Weeks, horizon: int, strength: float) -> Floats:
        """Chances of rungs `horizon` weeks after each origin, (D, O, L), shrunk by `strength` weeks."""


class Climatology(CountingForecaster):
    """Share of weeks that a dyad has spent at each rung so far, shrunk towards the theatre's."""

    name = "climatology"

    def chances(self, panel: Panel, origins: Weeks, horizon: int, strength: float) -> Floats:  # noqa: ARG002
        """The same at every horizon."""
        return climatology(panel, origins, strength)


class Trailing(CountingForecaster):
    """Share of the last 52 weeks at each rung, shrunk towards the dyad's climatology."""

    name = "trailing"

    def chances(self, panel: Panel, origins: Weeks, horizon: int, strength: float) -> Floats:  # noqa: ARG002
        """The same at every horizon."""
        so_far = _counted(panel)
        lately = so_far[:, origins + 1] - so_far[:, np.maximum(origins + 1 - TRAILING, 0)]
        return shrunk(lately, climatology(panel, origins, STRENGTHS[0]), strength)


class Markov(CountingForecaster):
    """A chain of weekly rungs for each dyad, shrunk row by row towards the chain of all dyads."""

    name = "markov"

    def chances(self, panel: Panel, origins: Weeks, horizon: int, strength: float) -> Floats:
        """The chain's row at the last rung, after `horizon` steps."""
        L = panel.counts.shape[2]
        indicator = one_hot(panel.rung, L)
        moves = np.zeros((*panel.rung.shape, L, L), dtype=np.float32)
        np.cumsum(
            indicator[:, :-1, :, None] * indicator[:, 1:, None, :], axis=1, out=moves[:, 1:], dtype=np.float32
        )
        seen = moves[:, origins].astype(np.float64)
        theatre = _theatre(panel)[origins]
        pooled = shrunk(seen.sum(0), theatre[:, None, :], UNSEEN * L)
        chain = shrunk(seen, pooled[None], strength)
        ahead = np.linalg.matrix_power(chain, horizon)
        last = panel.rung[:, origins].astype(np.int64)
        answer: Floats = np.take_along_axis(ahead, last[..., None, None], axis=2)[:, :, 0]
        return answer


def climatology(panel: Panel, origins: Weeks, strength: float) -> Floats:
    """Share of weeks that each dyad has spent at each rung up to each origin, (D, O, L)."""
    return shrunk(_counted(panel)[:, origins + 1], _theatre(panel)[origins][None], strength)


def _counted(panel: Panel) -> Floats:
    """Weeks at each rung before week t, (D, T + 1, L)."""
    D, T = panel.rung.shape
    so_far = np.zeros((D, T + 1, panel.counts.shape[2]))
    np.cumsum(one_hot(panel.rung, so_far.shape[2]), axis=1, out=so_far[:, 1:])
    return so_far


def _theatre(panel: Panel) -> Floats:
    """Share of dyad-weeks at each rung up to each week, (T, L), with a little for what was never seen."""
    so_far = _counted(panel)[:, 1:].sum(0)
    L = so_far.shape[1]
    return shrunk(so_far, np.full(L, 1.0 / L), UNSEEN * L)


def shrunk(counts: Floats, towards: Floats, strength: float) -> Floats:
    """Shares of counts along the last axis, as if `strength` more had been seen at the shares `towards`.

    Examples
    --------
    >>> shrunk(np.array([3.0, 0.0]), np.array([0.5, 0.5]), 1.0).tolist()
    [0.875, 0.125]
    """
    answer: Floats = (counts + strength * towards) / (counts.sum(-1, keepdims=True) + strength)
    return answer
