"""Population priors of style: what actors have in common in how they decide, over the dyads of all theatres.

Two stages. Each theatre is fitted on all its weeks with the structure that a case has
(`theatre.AS_IN_A_CASE`): a front has no appetite of its own on average, for in a case appetites are reasons
that somebody writes down. Taking the fit's weak prior out again leaves for each front what its own weeks say,
a value and a variance; over the fronts of all theatres these are normal around the population's median with
its spread added, which are estimated by maximum likelihood (random effects: DerSimonian and Laird 1986).
What a theatre has one of (misperception, revision, incidents) has a spread over theatres.

Some numbers cannot be had from dyads of coded events, and keep the judgement they had: the temperature, which
only the size of all weights together would show; obligation and opportunity, which need allies and standing;
and whatever the fits leave where their prior was, which `learnt` shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from tocsin.events.fit import dyad
from tocsin.events.fit.theatre import SHARED_SPREAD, TheatreFit

F64 = NDArray[np.float64]

# Below this share explained the data have not spoken; for a theatre's numbers, of the prior's variance.
LEARNT_AT_LEAST = 0.2
LEAST_THEATRE_SPREAD = 0.2
# Of the prior's weight: what a front's own weeks add at least, so that no variance is infinite.
LEAST_WEIGHT = 0.02
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
        stages = [own_weeks(fit, j) for fit in fits]
        values, variances = (np.concatenate(part) for part in zip(*stages, strict=True))
        median, spread, error = random_effects(values, variances)
        # Beyond the spread of the first stage the Laplace approximation was never tried: no wider is claimed.
        spread = min(spread, *(float(fit.spread[j]) for fit in fits))
        open_ = [(_known(fit.error)[:, j] ** 2).mean() / fit.spread[j] ** 2 for fit in fits]
        answer.append(
            Population(
                name=name,
                scale=scale,
                median=_natural(median, scale),
                spread=spread,
                error=error,
                learnt=max(1.0 - float(np.mean(open_)), 0.0),
                fronts=len(values),
                by_theatre=tuple(_natural(random_effects(*stage)[0], scale) for stage in stages),
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


def own_weeks(fit: TheatreFit, j: int) -> tuple[F64, F64]:
    """What each front's own weeks say of its number j: value and variance, the fit's prior taken out.

    Where they say nothing the variance is very large.
    """
    prior = 1.0 / fit.spread[j] ** 2
    posterior = 1.0 / _known(fit.error)[:, j] ** 2
    weight = np.maximum(posterior - prior, LEAST_WEIGHT * prior)
    value = (posterior * fit.fronts[:, j] - prior * fit.mean[j]) / weight
    told = posterior - prior > LEAST_WEIGHT * prior
    return np.where(told, value, fit.mean[j]), np.where(told, 1.0 / weight, 1.0 / (LEAST_WEIGHT * prior))


def random_effects(values: F64, variances: F64) -> tuple[float, float, float]:
    """Mean, spread and the mean's error of a population, of which values with known variances are drawn.

    Maximum likelihood; the spread has a half-normal prior of scale 1, which few values cannot overrule.

    Examples
    --------
    >>> mean, spread, error = random_effects(np.array([1.0, 2.0, 3.0]), np.full(3, 1e-6))
    >>> round(mean, 6), round(error, 2)
    (2.0, 0.43)
    """

    def centre(spread: float) -> tuple[float, F64]:
        weight = 1.0 / (variances + spread**2)
        return float((weight * values).sum() / weight.sum()), weight

    def loss(log_spread: float) -> float:
        spread = float(np.exp(log_spread))
        mean, weight = centre(spread)
        return float(0.5 * (weight * (values - mean) ** 2 - np.log(weight)).sum() + 0.5 * spread**2)

    found = minimize_scalar(loss, bounds=(np.log(0.02), np.log(3.0)), method="bounded")
    spread = float(np.exp(found.x))
    mean, weight = centre(spread)
    return mean, spread, float(1.0 / np.sqrt(weight.sum()))


def _known(error: F64 | None) -> F64:
    assert error is not None, "fit with errors=True"
    return error


def _natural(value: float, scale: str) -> float:
    return float(np.exp(value)) if scale == "log" else value
