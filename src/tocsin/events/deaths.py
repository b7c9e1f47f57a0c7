"""Deaths in a month of a country, some months ahead, from its past months alone: a base distribution.

Conflictology (a benchmark of Hegre et al. 2024, arXiv 2407.11045) forecasts with the last twelve months as
they were. This keeps that idea and adds what they lack:

1. a month counts the less the longer ago it is, with a short memory and a long one;
2. what a month is worth is drawn a little to the recent mean, since part of it was chance;
3. the level drifts, in most conflicts downwards, and how far it may go either way grows with the horizon,
   is larger for small conflicts than for large ones, and has heavy tails;
4. a country that has been quiet may break out: the chance falls with the months since its last death.

The numbers behind it were fitted to windows before 2018; ``data/deaths.json`` holds them and how they were
found. Use it as a base rate, from which what is known of a case departs. It knows nothing of neighbours,
elections or threats. Each month's draws stand alone: one draw is extreme at all horizons at once, so sums
of draws over months are wider than the truth."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, ndtr, ndtri

from tocsin.errors import TocsinError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DRAWS, SEED = 1000, 1
# Months of history that are drawn from; older ones carry too little weight to matter.
REMEMBERED = 72
# Fitted to months 3 to 14 after the last known one; two years is as far as it may be stretched.
LONGEST_MONTHS = 24
# Level, on the scale log(1 + deaths a month), to which drift and noise refer: about 150 deaths a month.
REFERENCE_LEVEL = 5.0
# A country counts as quiet after so many months without a death; until then its own months speak.
QUIET_MONTHS = 12
FITTED = "deaths.json"
# Deaths in one month beyond which no draw may go; the most on record are 630,417,
# in Rwanda in April 1994 (UCDP GED 23.1).
MOST = 2_000_000
LARGEST_LOG = 50.0  # keeps a factor finite, far beyond what `MOST` lets through


class DeathsError(TocsinError, ValueError):
    """A history or a horizon that no base distribution can be given for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathsModel:
    """The numbers behind the base distribution."""

    memory_months: float  # a month's weight falls by e in so many months
    long_memory_months: float
    long_memory_share: float  # of the weight that goes by the long memory
    own_month: float  # 1: a month as it was; 0: the mean instead, on a log scale between them
    drift_per_month: float  # of the log level, at the reference level
    drift_by_level: float  # added to it for each unit of log level above the reference
    noise: float  # standard deviation of the log, at the reference level, without regard to the horizon
    noise_per_root_month: float
    noise_by_level: float  # what a unit of log level adds to the log of the noise
    tail: float  # 0 is normal; larger is heavier (sinh of a normal)
    onset_constant: float  # logit of the chance of any deaths in a month of a quiet country
    onset_by_gap: float  # per log(1 + months since its last death)
    onset_size_location: float  # of the log of the deaths in such a month
    onset_size_scale: float

    def __post_init__(self) -> None:
        for name in ("memory_months", "long_memory_months", "noise", "tail", "onset_size_scale"):
            if not (math.isfinite(value := getattr(self, name)) and value > 0.0):
                raise DeathsError(f"{name}: found {value:g}; expected a number above 0")
        for name in ("long_memory_share", "own_month"):
            if not 0.0 <= (value := getattr(self, name)) <= 1.0:
                raise DeathsError(f"{name}: found {value:g}; expected a share from 0 to 1")


@cache
def fitted_model() -> DeathsModel:
    """The numbers that are shipped; `data/deaths.json` says what they were fitted to.

    Examples
    --------
    >>> 0.0 < fitted_model().long_memory_share < 0.5
    True
    """
    text = files("tocsin.events").joinpath("data", FITTED).read_text(encoding="utf-8")
    return DeathsModel(**json.loads(text)["model"])


def base_distribution(
    history: ArrayLike,
    horizon: int | Sequence[int],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    model: DeathsModel | None = None,
) -> IntArray:
    """Draws of the deaths in a month, so many months after the last one known.

    Parameters
    ----------
    history : (T,) deaths by month, the last one known at the end; or (N, T), a row for each country
    horizon : months after the last one known, 1 to 24; or several
    draws : equally likely draws of each month
    seed : of the draws; the same seed gives a country the same draws whatever other rows stand beside it
    model : the numbers behind it; the shipped ones if left out

    Returns
    -------
    (M,) draws; with several horizons (H, M), with several countries (N, M) or (N, H, M)

    Raises
    ------
    DeathsError if the history is empty, negative or not finite, or a horizon out of range

    References
    ----------
    Hegre et al. (2024), arXiv 2407.11045, for conflictology; Jones and Pewsey (2009), Biometrika 96, 761-780,
    for tails by the hyperbolic sine.

    Examples
    --------
    >>> quiet = base_distribution([0] * 60, 6)
    >>> float((quiet == 0).mean()) > 0.95
    True
    >>> at_war = base_distribution([400, 600, 500, 700, 650, 500], [3, 14])
    >>> at_war.shape, bool(np.ptp(at_war[1]) > np.ptp(at_war[0]))
    ((2, 1000), True)
    """
    past, months = _checked(history, horizon)
    if draws < 1:
        raise DeathsError(f"draws: found {draws}; expected at least one")
    spread = _evenly(draws, seed)
    numbers = model or fitted_model()
    answer = _draw(np.atleast_2d(past), months, spread, numbers)
    if np.ndim(horizon) == 0:
        answer = answer[:, 0]
    return answer if past.ndim == 2 else answer[0]


def months_since(history: ArrayLike) -> FloatArray:
    """Months since the last one with a death, 0 if that is the last known; all of them where there was none.

    Examples
    --------
    >>> months_since([[0, 3, 0, 0], [0, 0, 0, 0], [1, 0, 0, 2]]).tolist()
    [2.0, 4.0, 0.0]
    """
    seen = np.atleast_2d(np.asarray(history)) > 0
    gap = np.where(seen.any(axis=1), np.argmax(seen[:, ::-1], axis=1), seen.shape[1])
    return np.asarray(gap, dtype=np.float64)


def onset_chance(gap: ArrayLike, model: DeathsModel) -> FloatArray:
    """Chance of deaths in a month of a country that has been quiet for `gap` months, a year at the least."""
    months = np.maximum(np.asarray(gap, dtype=np.float64), QUIET_MONTHS)
    return np.asarray(expit(model.onset_constant + model.onset_by_gap * np.log1p(months)))


def onset_sizes(u: FloatArray, model: DeathsModel) -> FloatArray:
    """Deaths in such a month, at quantiles `u`: a lognormal without what rounds to zero."""
    lowest = ndtr((math.log(0.5) - model.onset_size_location) / model.onset_size_scale)
    z = ndtri(lowest + u * (1.0 - lowest))
    return np.asarray(np.rint(np.exp(model.onset_size_location + model.onset_size_scale * z)))


def _checked(history: ArrayLike, horizon: int | Sequence[int]) -> tuple[FloatArray, FloatArray]:
    past = np.asarray(history, dtype=np.float64)
    if past.ndim not in (1, 2) or not past.size:
        raise DeathsError(f"history: found shape {past.shape}; expected months, or countries by months")
    if (bad := ~(np.isfinite(past) & (past >= 0.0))).any():
        where = tuple(int(i) for i in np.argwhere(bad)[0])
        raise DeathsError(f"history: found {past[where]:g} at {list(where)}; expected deaths, 0 or more")
    months = np.atleast_1d(np.asarray(horizon, dtype=np.float64))
    if months.ndim != 1 or not months.size or ((months < 1) | (months > LONGEST_MONTHS)).any():
        raise DeathsError(f"horizon: found {horizon}; expected months from 1 to {LONGEST_MONTHS}")
    return past, months


@lru_cache(maxsize=4)
def _evenly(draws: int, seed: int) -> FloatArray:
    """A Latin hypercube (McKay, Beckman and Conover 1979, Technometrics 21, 239-245), (4, M) in (0, 1).

    Each source of chance is spread evenly over its range, so that a thousand draws tell the tails as well as
    many more independent ones would.
    """
    rng = np.random.default_rng([seed, draws])
    cells = np.stack([rng.permutation(draws) for _ in range(4)])
    spread = np.asarray((cells + rng.uniform(0.0, 1.0, cells.shape)) / draws).clip(1e-9, 1.0 - 1e-9)
    spread.setflags(write=False)
    return spread


def _draw(past: FloatArray, months: FloatArray, spread: FloatArray, model: DeathsModel) -> IntArray:
    which, push, whether, size = spread
    recent = past[:, -REMEMBERED:]
    weights = _weights(recent.shape[1], model)
    level = np.log1p(recent @ weights)
    own = np.stack([_weighted_draws(row, weights, which) for row in recent])
    start = np.expm1(model.own_month * np.log1p(own) + (1.0 - model.own_month) * level[:, None])
    above = (level - REFERENCE_LEVEL)[:, None]
    drift = (model.drift_per_month + model.drift_by_level * above) * months
    scale = np.hypot(model.noise, model.noise_per_root_month * np.sqrt(months)) * np.exp(
        model.noise_by_level * above
    )
    z = np.sinh(model.tail * ndtri(push)) / model.tail
    # Noise multiplies, so that a conflict that is over stays over; what breaks out anew is added below.
    factor = np.exp(np.minimum(drift[:, :, None] + scale[:, :, None] * z, LARGEST_LOG))
    ahead = start[:, None, :] * factor
    breaks_out = whether[None, :] < onset_chance(months_since(past), model)[:, None]
    anew = breaks_out * onset_sizes(size, model)[None, :]
    draws = np.rint(np.minimum(np.maximum(ahead, anew[:, None, :]), MOST))
    return np.asarray(draws, dtype=np.int64)


def _weights(T: int, model: DeathsModel) -> FloatArray:
    """Weight of each month of the past, (T,), summing to 1."""
    age = np.arange(T, dtype=np.float64)[::-1]
    short, long = np.exp(-age / model.memory_months), np.exp(-age / model.long_memory_months)
    share = model.long_memory_share
    return np.asarray((1.0 - share) * short / short.sum() + share * long / long.sum())


def _weighted_draws(values: FloatArray, weights: FloatArray, u: FloatArray) -> FloatArray:
    order = np.argsort(values, kind="stable")
    place = np.searchsorted(np.cumsum(weights[order]), u)
    return np.asarray(values[order][np.minimum(place, len(values) - 1)])
