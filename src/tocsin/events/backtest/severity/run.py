"""Forecast each window from what its origin knew, and score the forecast beside the published ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tocsin.events.backtest.report import BacktestError
from tocsin.events.backtest.severity.challenge import (
    ACTUALS,
    CONFLICTOLOGY,
    FAIR,
    MONTHS,
    PUBLISHED,
    RIVALS,
    SAME_PAST,
    SETTINGS,
    WINDOWS,
    Countries,
    Vintage,
    month_number,
    origin_of,
    read_actuals,
    read_draws,
)
from tocsin.events.backtest.severity.history import HISTORY_FILES, Sources, known_by
from tocsin.events.deaths import DRAWS, SEED, DeathsModel, FloatArray, IntArray, base_distribution
from tocsin.score.proper import crps_draws

OURS = "tocsin"
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
FILES = tuple(
    dict.fromkeys((*HISTORY_FILES, ACTUALS, PUBLISHED, *(file for file, _ in RIVALS.values() if file)))
)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredWindow:
    """Forecasts of one window and what came; every array is countries by months."""

    year: int
    countries: Countries
    came: FloatArray  # (N, 12)
    quantiles: FloatArray  # (N, 12, 5), at `QUANTILES`
    zero: FloatArray  # (N, 12) chance of no death
    below: FloatArray  # (N, 12) chance of fewer deaths than came
    crps: dict[str, FloatArray]  # forecaster: (N, 12), ours first
    active: FloatArray  # (N,) deaths in the twelve months up to the origin

    @property
    def months(self) -> tuple[int, ...]:
        """The challenge's numbers of the window's months."""
        return tuple(month_number(self.year, month) for month in range(1, MONTHS + 1))


def forecast(
    sources: Sources,
    window: int,
    *,
    vintage: Vintage = "benchmark",
    draws: int = DRAWS,
    seed: int = SEED,
    model: DeathsModel | None = None,
) -> IntArray:
    """Draws of the deaths in each country-month of a window, (N, 12, M), from the months up to its origin.

    Parameters
    ----------
    sources : of all months; those after the origin are cut off before anything is looked at
    window : a calendar year
    vintage : of the past months, as in `known_by`
    draws, seed : as in `base_distribution`
    model : the numbers behind it; the shipped ones if left out
    """
    origin = origin_of(window)
    ahead = [month_number(window, month) - origin for month in range(1, MONTHS + 1)]
    past = known_by(sources, origin, vintage)
    return base_distribution(past, ahead, draws=draws, seed=seed, model=model)


def score(
    folder: Path,
    sources: Sources,
    windows: Sequence[int] = WINDOWS,
    *,
    vintage: Vintage = "benchmark",
    draws: int = DRAWS,
    seed: int = SEED,
    progress: Progress | None = None,
) -> tuple[ScoredWindow, ...]:
    """Forecast and score windows.

    Raises
    ------
    BacktestError if a window cannot be scored or a file is missing
    """
    covered = SETTINGS[vintage].windows
    if wrong := [year for year in windows if year not in covered]:
        raise BacktestError(
            f"windows: found {wrong[0]}; expected years from {covered[0]} to {covered[-1]}, "
            f"which the vintage {vintage!r} of the data covers"
        )
    tell = progress or (lambda _: None)
    answer = []
    for year in windows:
        tell(f"{year}: forecasting {len(sources.countries)} countries from October {year - 1}")
        ours = forecast(sources, year, vintage=vintage, draws=draws, seed=seed)
        tell(f"{year}: scoring, with the published forecasts")
        answer.append(_scored(folder, sources, year, ours, vintage))
    return tuple(answer)


def _scored(folder: Path, sources: Sources, year: int, ours: IntArray, vintage: Vintage) -> ScoredWindow:
    countries = sources.countries
    came = read_actuals(folder, countries, year, vintage)
    crps = {OURS: crps_of(came, ours)}
    for name, (file, _) in RIVALS.items():
        # Whoever forecasts no deaths errs by the deaths that came.
        crps[name] = came.copy() if file is None else crps_of(came, read_draws(folder, file, countries, year))
    crps[FAIR] = fair_crps_of(came, read_draws(folder, CONFLICTOLOGY, countries, year))
    past = known_by(sources, origin_of(year), vintage)
    if SETTINGS[vintage].past != "benchmark":
        crps[SAME_PAST] = crps_of(came, np.repeat(past[:, None, -MONTHS:], MONTHS, axis=1))
    return ScoredWindow(
        year=year,
        countries=countries,
        came=came,
        quantiles=np.moveaxis(np.quantile(ours, QUANTILES, axis=2), 0, 2),
        zero=(ours == 0).mean(axis=2),
        below=(ours < came[..., None]).mean(axis=2),
        crps=crps,
        active=past[:, -MONTHS:].sum(axis=1),
    )


def crps_of(came: FloatArray, draws: FloatArray | IntArray) -> FloatArray:
    """CRPS of each country-month, (N, 12), of draws (N, 12, M), taken as the whole forecast."""
    return crps_draws(came.ravel(), draws.reshape(came.size, -1)).reshape(came.shape)


def fair_crps_of(came: FloatArray, draws: FloatArray) -> FloatArray:
    """CRPS that infinitely many such draws would have had, (N, 12), guessed without bias from the few.

    References
    ----------
    Ferro (2014), Quarterly Journal of the Royal Meteorological Society 140, 1917-1923.
    """
    from scoringrules import crps_ensemble

    flat = draws.reshape(came.size, -1)
    return np.asarray(crps_ensemble(came.ravel(), flat, estimator="fair")).reshape(came.shape)
