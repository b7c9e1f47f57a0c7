"""Dyads made up by the game: postures, tension and readings drawn from a theatre's numbers.

What a fit recovers from such dyads, whose numbers are known, says how far its intervals can be believed.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tocsin.events.fit import dyad, reading
from tocsin.events.fit.theatre import TheatreFit
from tocsin.events.panel import Panel, highest_rung

F64 = NDArray[np.float64]


def draw_fronts(fit: TheatreFit, rng: np.random.Generator) -> TheatreFit:
    """The same theatre with each front's numbers drawn anew around its mean, by its spread."""
    return replace(fit, fronts=fit.mean + fit.spread * rng.standard_normal(fit.fronts.shape))


def simulate(
    fit: TheatreFit, panel: Panel, rng: np.random.Generator, *, wear_cost: F64, recovery: float
) -> Panel:
    """A panel as long and as much written about as `panel`, its events drawn from `fit`.

    The recent share and the wear of each week follow from the weeks drawn before it, as in history.
    """
    D, T, L = len(fit.dyads), len(panel.weeks), fit.n_rungs
    volume = np.log(np.maximum(panel.volume, 1).astype(np.float64)) - fit.centre.volume
    drift = np.cumsum(dyad.tension_drift(fit.levels, fit.reversion, fit.volatility), axis=1)
    dispersion = fit.reading.dispersion
    counts = np.zeros((D, T, dyad.N_RUNGS), dtype=np.int32)
    cumulated = [
        np.cumsum(dyad.choose(front, fit.shared, fit.levels, L).chance, axis=3) for front in fit.fronts
    ]
    posture = np.zeros(D, dtype=np.int64)
    tension = np.full(D // 2, len(fit.levels) // 2)
    share = fit.centre.share
    worn = np.zeros(D)
    for t in range(T):
        tension = _pick(drift[tension], rng)
        condition = np.searchsorted(dyad.WEAR_EDGES, worn, side="right")
        chances = np.stack(
            [cumulated[d][condition[d], posture[d], posture[d ^ 1], :, tension[d // 2]] for d in range(D)]
        )
        posture = _pick(chances, rng)
        recent = np.log(share + reading.LEAST_SHARE) - fit.centre.recent
        shift = fit.reading.volume * volume[t] + fit.reading.recent * recent + fit.exposure
        mean = np.exp(np.clip(fit.reading.confusion[posture] + shift, -30.0, 8.0))
        shown = rng.poisson(rng.gamma(dispersion, mean / dispersion))
        counts[:, t, 1:L] = shown
        share = share + ((shown > 0) - share) / reading.MEMORY_WEEKS
        coded = highest_rung(counts[:, t])
        worn = np.minimum(
            np.exp(-recovery) * worn + wear_cost[coded] + wear_cost[coded[np.arange(D) ^ 1]], 1.0
        )
    rung = highest_rung(counts)
    return replace(panel, theatre=f"{panel.theatre}, simulated", dyads=fit.dyads, counts=counts, rung=rung)


def _pick(cumulated: F64, rng: np.random.Generator) -> NDArray[np.int64]:
    """One index a row, by inverse distribution function."""
    u = rng.random(len(cumulated))[:, None] * cumulated[:, -1:]
    return np.asarray(np.minimum((u >= cumulated).sum(axis=1), cumulated.shape[1] - 1), dtype=np.int64)
