"""A theatre made up for tests: few dyads, few weeks, numbers chosen to be far from any start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tocsin.events.fit import dyad
from tocsin.events.fit.forecaster import RECOVERY, WEAR_COST
from tocsin.events.fit.reading import Centre, Reading
from tocsin.events.fit.simulate import simulate
from tocsin.events.fit.theatre import TheatreFit, confusion_start
from tocsin.events.panel import Panel


def theatre(n_dyads: int = 4, n_rungs: int = 5) -> TheatreFit:
    """Numbers of a theatre whose dyads quarrel now and then."""
    dyads = tuple(pair for k in range(n_dyads // 2) for pair in ((f"A{k}", f"B{k}"), (f"B{k}", f"A{k}")))
    mean = np.array([np.log(0.6), np.log(1.0), 0.1, 0.0, 0.0, 0.0, np.log(5.0), np.log(1.0)])
    spread = np.array([0.3, 0.3, 0.2, 0.5, 0.5, 0.5, 0.3, 0.3])
    reading = Reading(
        confusion=confusion_start(n_rungs),
        volume=0.8,
        recent=0.3,
        log_dispersion=np.zeros(n_rungs - 1),
    )
    return TheatreFit(
        dyads=dyads,
        n_rungs=n_rungs,
        levels=dyad.tension_levels(5),
        shared=np.log([1.5, 0.5, 0.02]),
        reversion=0.03,
        volatility=0.08,
        reading=reading,
        fronts=np.tile(mean, (n_dyads, 1)),
        exposure=np.zeros((n_dyads, n_rungs - 1)),
        mean=mean,
        spread=spread,
        error=np.zeros((n_dyads, len(dyad.FRONT))),
        shared_error=np.zeros(len(dyad.SHARED)),
        centre=Centre(
            volume=np.log(50.0),
            recent=np.full((n_dyads, n_rungs - 1), np.log(0.1)),
            share=np.full((n_dyads, n_rungs - 1), 0.08),
        ),
        log_likelihood=0.0,
    )


def weeks(n: int, fit: TheatreFit) -> Panel:
    """Weeks without events in which as much was written as ever."""
    shape = (len(fit.dyads), n)
    return Panel(
        theatre="made up",
        scheme="weis",
        weeks=np.datetime64("1990-01-07") + 7 * np.arange(n).astype("timedelta64[D]"),
        dyads=fit.dyads,
        counts=np.zeros((*shape, dyad.N_RUNGS), dtype=np.int32),
        volume=np.full(n, 50, dtype=np.int32),
        rung=np.zeros(shape, dtype=np.int8),
    )


def made_up(n_weeks: int, seed: int, fit: TheatreFit | None = None) -> Panel:
    """A panel drawn from the theatre."""
    fit = fit or theatre()
    rng = np.random.default_rng(seed)
    return simulate(fit, weeks(n_weeks, fit), rng, wear_cost=WEAR_COST, recovery=RECOVERY)


def with_fronts(fit: TheatreFit, fronts: np.ndarray) -> TheatreFit:
    return replace(fit, fronts=fronts)
