"""Fitting the base distribution of deaths to windows before the challenge, and judging it on later ones.

The objective is the aim: in each window the mean CRPS over all country-months, divided by
conflictology-12's, and the geometric mean of these ratios over windows, so that no great war decides alone.
It is taken on two series, state-based deaths and deaths of all kinds, because the second is counted and the
first reconstructed. Which chance is drawn is fixed, so the objective is smooth enough for a simplex search
(Nelder and Mead 1965, Computer Journal 7, 308-313).

The chance and the size of an outbreak are fitted apart, by maximum likelihood: CRPS hardly sees them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit, ndtr

from tocsin.events.backtest.severity.challenge import MONTHS, WINDOWS, month_number, origin_of
from tocsin.events.backtest.severity.history import FIRST_MONTH, Sources, cut, state_based
from tocsin.events.deaths import (
    QUIET_MONTHS,
    REMEMBERED,
    DeathsModel,
    FloatArray,
    IntArray,
    base_distribution,
    months_since,
)
from tocsin.score.proper import crps_draws

FIRST_WINDOW, LAST_WINDOW = 1996, WINDOWS[0] - 1
HORIZONS = tuple(range(3, 15))  # from October: January to December
FIT_DRAWS, FIT_SEED = 100, 1
EVALUATIONS = 200
STEP = 0.3
# From these years on the model is judged on the next windows, each time fitted to those before.
FOLDS = (2006, 2010, 2014)

Progress = Callable[[str], None]

# Where the search begins: round numbers, from looking at windows before 2018.
START = DeathsModel(
    memory_months=3.0,
    long_memory_months=60.0,
    long_memory_share=0.12,
    own_month=0.9,
    drift_per_month=-0.03,
    drift_by_level=0.0,
    noise=0.4,
    noise_per_root_month=0.12,
    noise_by_level=-0.25,
    tail=0.35,
    onset_constant=1.2,
    onset_by_gap=-1.3,
    onset_size_location=1.7,
    onset_size_scale=2.1,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a forecaster knew before one window of one series, and what came."""

    series: str
    year: int
    past: FloatArray  # (N, T)
    came: FloatArray  # (N, 12)
    conflictology: float  # its mean CRPS


def training_windows(sources: Sources, years: Iterable[int]) -> tuple[Window, ...]:
    """Windows of both series; none may lie in the challenge's test years.

    Raises
    ------
    AssertionError if a year would show the search what it is to be tested on
    """
    chosen = tuple(years)
    assert max(chosen) <= LAST_WINDOW, "a window of the challenge is no window to fit to"
    end = cut(sources, month_number(max(chosen), 12))
    series = {"state-based": state_based(end), "all kinds": end.all_kinds}
    return tuple(_window(name, values, year) for name, values in series.items() for year in chosen)


def _window(series: str, values: FloatArray, year: int) -> Window:
    origin, first = origin_of(year) - FIRST_MONTH + 1, month_number(year, 1) - FIRST_MONTH
    past, came = values[:, :origin], values[:, first : first + MONTHS]
    rival = np.repeat(past[:, None, -MONTHS:], MONTHS, axis=1)
    return Window(series=series, year=year, past=past, came=came, conflictology=mean_crps(came, rival))


def mean_crps(came: FloatArray, draws: FloatArray | IntArray) -> float:
    """Mean over country-months of the CRPS of draws (N, 12, M)."""
    return float(crps_draws(came.ravel(), draws.reshape(came.size, -1)).mean())


def ratios(model: DeathsModel, windows: Sequence[Window]) -> FloatArray:
    """Mean CRPS of the base distribution over that of conflictology-12, one for each window."""
    return np.array([_crps_of(model, window) / window.conflictology for window in windows])


def _crps_of(model: DeathsModel, window: Window) -> float:
    """Countries of one silence share one forecast, which saves most of the work."""
    alike = ~(window.past[:, -REMEMBERED:] > 0).any(axis=1)
    draws = base_distribution(window.past[~alike], HORIZONS, draws=FIT_DRAWS, seed=FIT_SEED, model=model)
    total = crps_draws(window.came[~alike].ravel(), draws.reshape(-1, FIT_DRAWS)).sum()
    _, one, which = np.unique(months_since(window.past[alike]), return_index=True, return_inverse=True)
    quiet = base_distribution(window.past[alike][one], 3, draws=FIT_DRAWS, seed=FIT_SEED, model=model)
    total += crps_draws(window.came[alike].ravel(), np.repeat(quiet[which], MONTHS, axis=0)).sum()
    return float(total / window.came.size)


def fit(
    windows: Sequence[Window],
    start: DeathsModel = START,
    evaluations: int = EVALUATIONS,
    progress: Progress | None = None,
) -> DeathsModel:
    """The numbers that do best on the windows, outbreaks by likelihood and the rest by CRPS."""
    begun = fit_outbreaks(windows, start)
    origin = _to_vector(begun)
    simplex = np.array([origin, *(origin + STEP * row for row in np.eye(len(origin)))])
    done = 0

    def objective(vector: FloatArray) -> float:
        nonlocal done
        done += 1
        value = float(np.log(ratios(_from_vector(vector, begun), windows)).mean())
        if progress is not None and done % 25 == 0:
            progress(f"{done} of {evaluations} tries, ratio {np.exp(value):.4f}")
        return value

    options = {"maxfev": evaluations, "adaptive": True, "initial_simplex": simplex}
    best = minimize(objective, origin, method="Nelder-Mead", options=options)
    return _from_vector(best.x, begun)


def _to_vector(model: DeathsModel) -> FloatArray:
    return np.array(
        [
            np.log(model.memory_months),
            np.log(model.long_memory_months),
            logit(model.long_memory_share),
            logit(model.own_month),
            10.0 * model.drift_per_month,
            10.0 * model.drift_by_level,
            np.log(model.noise),
            np.log(model.noise_per_root_month),
            model.noise_by_level,
            np.log(model.tail),
        ]
    )


def _from_vector(vector: FloatArray, model: DeathsModel) -> DeathsModel:
    return replace(
        model,
        memory_months=float(np.exp(vector[0])),
        long_memory_months=float(np.exp(vector[1])),
        long_memory_share=float(expit(vector[2])),
        own_month=float(expit(vector[3])),
        drift_per_month=float(vector[4]) / 10.0,
        drift_by_level=float(vector[5]) / 10.0,
        noise=float(np.exp(vector[6])),
        noise_per_root_month=float(np.exp(vector[7])),
        noise_by_level=float(vector[8]),
        tail=float(np.exp(vector[9])),
    )


def fit_outbreaks(windows: Sequence[Window], start: DeathsModel = START) -> DeathsModel:
    """Chance and size of deaths in a month of a quiet country, by maximum likelihood, state-based only."""
    gaps, came = [], []
    for window in windows:
        if window.series == "state-based":
            gap = months_since(window.past)
            quiet = gap >= QUIET_MONTHS
            gaps.append(np.repeat(gap[quiet], MONTHS))
            came.append(window.came[quiet].ravel())
    gap, deaths = np.log1p(np.concatenate(gaps)), np.concatenate(came)
    any_deaths, sizes = deaths > 0, deaths[deaths > 0]

    def chance(b: FloatArray) -> float:
        z = b[0] + b[1] * gap
        return float((np.logaddexp(0.0, z) - any_deaths * z).sum())

    def size(q: FloatArray) -> float:
        spread = np.exp(q[1])
        upper, lower = (ndtr((np.log(sizes + side) - q[0]) / spread) for side in (0.5, -0.5))
        known = ndtr(-(np.log(0.5) - q[0]) / spread)
        return float(-np.log(np.maximum((upper - lower) / known, 1e-300)).sum())

    b = minimize(chance, [start.onset_constant, start.onset_by_gap], method="Nelder-Mead").x
    q = minimize(size, [start.onset_size_location, np.log(start.onset_size_scale)], method="Nelder-Mead").x
    return replace(
        start,
        onset_constant=float(b[0]),
        onset_by_gap=float(b[1]),
        onset_size_location=float(q[0]),
        onset_size_scale=float(np.exp(q[1])),
    )
