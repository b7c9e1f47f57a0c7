"""Histories drawn from the model, and what a source would say of them.

The filter conditions on reports; this draws them. A history comes from the prior by the very kernel that the
filter runs, and what a source says of it by the formula of ``evidence.py``, so that a simulated case is one
that the model itself could have produced.
"""

from __future__ import annotations

import numpy as np

from tocsin.case import words
from tocsin.case.model import Indicator, Source
from tocsin.game.plan import Game
from tocsin.infer.evidence import ON_FACTOR, level_chances, owner_of
from tocsin.infer.particles import Particles, run_on, start_island


def draw_histories(game: Game, n: int, seed: int, island: int = 0) -> Particles:
    """N whole histories from the prior, from the start to the horizon, whatever was reported.

    Parameters
    ----------
    game : a compiled case; its reports play no part
    seed, island : fix every draw

    Examples
    --------
    >>> draw_histories(game, 1_000, seed=1).posture.shape  # doctest: +SKIP
    (27, 3, 1000)
    """
    particles = start_island(game, n, seed, island)
    run_on(particles, game.grid.n_steps)
    return particles


def mean_reliability(source: Source) -> float:
    """How often a source is right by its letter and its own record: the mean of its prior.

    Examples
    --------
    >>> round(mean_reliability(Source(id="s", name="s", grade="B", reason="r")), 2)
    0.85
    """
    right, wrong = words.RELIABILITY[source.grade]
    if source.record:
        right, wrong = right + source.record.right, wrong + source.record.wrong
    return right / (right + wrong)


def chance_said(
    game: Game,
    indicator: Indicator,
    level: float,
    *,
    reliability: float,
    base: float,
    deceives: bool,
) -> float:
    """Chance that a source which is asked says that an indicator is there.

    Parameters
    ----------
    level : of what the indicator is about: a rung, a level of readiness, a disposition (each by its place),
        or a factor's value from 0 to 1
    reliability : chance that the source reports what is so
    base : chance that it says so anyway when it does not
    deceives : whether the indicator's owner hides and plants

    Returns
    -------
    the chance ``a p + (1 - a) base`` of ``infer/evidence.py``, at the indicator's median clarity
    """
    kind, chances = level_chances(game, indicator)
    if kind == ON_FACTOR:
        p = float(np.interp(level, np.linspace(0.0, 1.0, len(chances)), chances))
    else:
        p = float(chances[int(level)])
    if deceives and owner_of(indicator):
        p *= 1.0 - words.strength(indicator.concealable).median
        p += (1.0 - p) * words.strength(indicator.plantable).median
    return reliability * p + (1.0 - reliability) * base


__all__ = ["chance_said", "draw_histories", "mean_reliability"]
