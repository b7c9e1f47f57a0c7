"""Probabilities of related events made to fit together: what implies a thing cannot be likelier than it.

A forecaster, and a pool even of coherent ones, may give "war by June" less than "war by May". Moving such a
vector to the nearest coherent one lowers its score whatever comes true, if near is measured as the score
measures (Predd et al. 2009, IEEE Transactions on Information Theory 55, 4786-4792): squares for the Brier
score, the Kullback-Leibler divergence for the log score. The coherent vectors are the mixtures of what the
events would be in each possible world, and the worlds are counted out.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import xlogy

from tocsin.score.inputs import FloatArray, ScoreError, probabilities
from tocsin.score.pool import CAP

MOST_EVENTS = 12
MOST_WORLDS = 300

Nearness = Literal["kl", "squares"]


def worlds(
    events: int,
    *,
    implies: Iterable[tuple[int, int]] = (),
    excludes: Iterable[Sequence[int]] = (),
    partitions: Iterable[Sequence[int]] = (),
) -> FloatArray:
    """What the events are, 0 or 1, in each world that their relations allow.

    Parameters
    ----------
    events : how many events there are, counted from 0
    implies : pairs (a, b): if a happens, b does
    excludes : groups of which at most one happens
    partitions : groups of which exactly one happens

    Returns
    -------
    (W, events) zeros and ones

    Raises
    ------
    ScoreError if the relations allow no world, or more than can be counted out

    Examples
    --------
    >>> worlds(2, implies=[(0, 1)]).tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]]
    """
    if not 1 <= events <= MOST_EVENTS:
        raise ScoreError(f"found {events} related events; expected 1 to {MOST_EVENTS}, or split them up")
    # Read once: an iterator would be used up by the first world, and its relations silently lost.
    implies, excludes, partitions = tuple(implies), tuple(excludes), tuple(partitions)
    named = [index for group in (*implies, *excludes, *partitions) for index in group]
    if odd := [index for index in named if not 0 <= index < events]:
        raise ScoreError(f"found a relation with event {odd[0]}; expected 0 to {events - 1}")
    kept = [
        world
        for world in itertools.product((0, 1), repeat=events)
        if all(world[a] <= world[b] for a, b in implies)
        and all(sum(world[e] for e in group) <= 1 for group in excludes)
        and all(sum(world[e] for e in group) == 1 for group in partitions)
    ]
    if not kept:
        raise ScoreError("found relations that contradict each other; expected some way the events can go")
    if len(kept) > MOST_WORLDS:
        raise ScoreError(
            f"found {len(kept)} ways the events can go; expected at most {MOST_WORLDS}: "
            "state more relations, or split the events up"
        )
    return np.array(kept, dtype=np.float64)


def coherentise(p: ArrayLike, allowed: ArrayLike, nearness: Nearness = "kl") -> FloatArray:
    """The coherent probabilities nearest to what was said.

    Parameters
    ----------
    p : (E,) probabilities of the events
    allowed : (W, E) the worlds, from `worlds`
    nearness : "kl" for the log score, "squares" for the Brier score

    Returns
    -------
    (E,) probabilities that fit together; `p` itself, within rounding, if it already does

    Examples
    --------
    >>> nested = worlds(2, implies=[(0, 1)])  # war by May implies war by June
    >>> [round(float(x), 3) for x in coherentise([0.3, 0.2], nested, "squares")]
    [0.25, 0.25]
    """
    said = probabilities(p)
    world = np.asarray(allowed, dtype=np.float64)
    if world.ndim != 2 or world.shape[1] != len(said):
        raise ScoreError(f"found worlds of shape {world.shape}; expected {len(said)} events in each")
    if nearness not in ("kl", "squares"):
        raise ScoreError(f"found the nearness {nearness!r}; expected 'kl' or 'squares'")
    target = np.clip(said, CAP, 1.0 - CAP) if nearness == "kl" else said

    def loss(mixture: FloatArray) -> tuple[float, FloatArray]:
        q = mixture @ world
        if nearness == "squares":
            return 0.5 * float(np.sum((q - target) ** 2)), world @ (q - target)
        q = np.clip(q, 1e-12, 1.0 - 1e-12)
        apart = xlogy(q, q / target) + xlogy(1.0 - q, (1.0 - q) / (1.0 - target))
        slope = np.log(q / target) - np.log((1.0 - q) / (1.0 - target))
        return float(apart.sum()), world @ slope

    count = len(world)
    found = minimize(
        loss,
        np.full(count, 1.0 / count),
        jac=True,
        method="SLSQP",
        bounds=[(0.0, 1.0)] * count,
        constraints={"type": "eq", "fun": lambda m: m.sum() - 1.0, "jac": np.ones_like},
        options={"maxiter": 500, "ftol": 1e-14},
    )
    mixture = np.clip(found.x, 0.0, None)
    return np.asarray(np.clip((mixture / mixture.sum()) @ world, 0.0, 1.0))
