"""Population priors of style: what actors have in common in how they decide, over the dyads of all theatres.

Each theatre is fitted on all its weeks with the structure that a case has (`theatre.AS_IN_A_CASE`): a front
has no appetite of its own on average, for in a case appetites are reasons that somebody writes down. The
fronts of all theatres together then give each number's median and spread; the spread is that of the fronts'
best values with what the Laplace approximation leaves open about each (the law of total variance). What a
theatre has one of (misperception, revision, incidents) has a spread over theatres.

Some numbers cannot be had from dyads of coded events, and keep the judgement they had: the temperature, which
only the size of all weights together would show; obligation and opportunity, which need allies and standing;
and whatever the fits leave where their prior was, which `learnt` shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.events.fit import dyad
from tocsin.events.fit.theatre import SHARED_SPREAD, TheatreFit

F64 = NDArray[np.float64]

# Below this share explained the data have not spoken; for a theatre's numbers, of the prior's variance.
LEARNT_AT_LEAST = 0.2
LEAST_THEATRE_SPREAD = 0.2
# Style in a case, and the front's number behind it; logs but for bias.
STYLES = {"reciprocity": "log", "inertia": "log", "weariness": "log", "bias": "plain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """One number's distribution over actors."""

    name: str
    scale: str  # "log": median and spread of the log; "plain"
    median: float
    spread: float  # standard deviation on the scale
    error: float  # of the median, on the scale
    learnt: float  # share of the variance over fronts that a front's own weeks explain, 0 to 1
    fronts: int  # or theatres
    by_theatre: tuple[float, ...]  # medians

    @property
    def spoken(self) -> bool:
        """Whether the data say enough of it to replace a judgement."""
        return self.learnt >= LEARNT_AT_LEAST

    def to_json(self) -> dict[str, Any]:
        """Plain values, rounded to what they are worth."""
        return {
            "scale": self.scale,
            "median": round(self.median, 3),
            "spread": round(self.spread, 3),
            "error": round(self.error, 3),
            "learnt": round(self.learnt, 2),
            "fronts": self.fronts,
            "by_theatre": [round(value, 3) for value in self.by_theatre],
        }


def population(fits: tuple[TheatreFit, ...]) -> tuple[Population, ...]:
    """Distributions over the fronts of all theatres, then over theatres; see the module."""
    answer = []
    for name, scale in STYLES.items():
        j = dyad.FRONT.index(name)
        values = np.concatenate([fit.fronts[:, j] for fit in fits])
        errors = np.concatenate([_known(fit.error)[:, j] for fit in fits])
        spread = float(np.sqrt(values.var(ddof=1) + (errors**2).mean()))
        open_ = [(_known(fit.error)[:, j] ** 2).mean() / fit.spread[j] ** 2 for fit in fits]
        learnt = 1.0 - float(np.mean(open_))
        answer.append(
            Population(
                name=name,
                scale=scale,
                median=_natural(float(values.mean()), scale),
                spread=spread,
                error=float(spread / np.sqrt(len(values))),
                learnt=max(learnt, 0.0),
                fronts=len(values),
                by_theatre=tuple(_natural(float(fit.fronts[:, j].mean()), scale) for fit in fits),
            )
        )
    for j, name in enumerate(dyad.SHARED):
        logs = np.array([fit.shared[j] for fit in fits])
        spread = max(float(logs.std(ddof=1)) if len(logs) > 1 else 0.0, LEAST_THEATRE_SPREAD)
        open_ = [(_known(fit.shared_error)[j] / SHARED_SPREAD[j]) ** 2 for fit in fits]
        learnt = 1.0 - float(np.mean(open_))
        answer.append(
            Population(
                name=name,
                scale="log",
                median=float(np.exp(logs.mean())),
                spread=spread,
                error=float(spread / np.sqrt(len(logs))),
                learnt=max(learnt, 0.0),
                fronts=len(logs),
                by_theatre=tuple(np.exp(logs).tolist()),
            )
        )
    return tuple(answer)


def _known(error: F64 | None) -> F64:
    assert error is not None, "fit with errors=True"
    return error


def _natural(value: float, scale: str) -> float:
    return float(np.exp(value)) if scale == "log" else value
