"""The past that a forecast for a window may know: state-based deaths by country and month, up to October.

State-based deaths by month are at hand from November 2016, as the twelve draws of conflictology, which are
the last twelve months before each window. Older months come from the deaths of all kinds by month, times
the share of state-based deaths among the precisely placed events of that month (of the twelve months up to
it where the month has few). From November 2016 to October 2018, which both cover, the two correlate at 0.97
on a log scale; `agreement` measures it.

`known_by` cuts every source before it looks at it, so nothing after the origin can reach a forecast.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tocsin.events.backtest.report import BacktestError
from tocsin.events.backtest.severity.challenge import (
    CONFLICTOLOGY,
    COUNTRIES,
    FEATURES,
    MONTHS,
    SETTINGS,
    Countries,
    Vintage,
    columns,
    month_number,
    origin_of,
    read_countries,
)
from tocsin.events.deaths import FloatArray
from tocsin.events.history import ask

ALL_KINDS = "ucdp_country/country_month_v231_1989_2022.parquet"
EVENTS = "ucdp_ged/ged211_precise_events_1989_2018.parquet"
HISTORY_FILES = (COUNTRIES, CONFLICTOLOGY, FEATURES, ALL_KINDS, EVENTS)

FIRST_MONTH = month_number(1989, 1)  # of UCDP's georeferenced events
STATE_BASED = 1
# With fewer deaths in a month's precise events than this, their share comes from twelve months.
ENOUGH_DEATHS = 5

# UCDP names countries by their states since 1946, the challenge by CShapes.
SAME_COUNTRY = {
    "Bosnia-Herzegovina": "Bosnia and Herzegovina",
    "Cambodia (Kampuchea)": "Cambodia",
    "DR Congo (Zaire)": "Congo, DRC",
    "East Timor": "Timor Leste",
    "Gambia": "The Gambia",
    "Ivory Coast": "Cote d'Ivoire",
    "Kingdom of eSwatini (Swaziland)": "Swaziland",
    "Macedonia, FYR": "Macedonia",
    "Madagascar (Malagasy)": "Madagascar",
    "Myanmar (Burma)": "Myanmar",
    "North Macedonia": "Macedonia",
    "Russia (Soviet Union)": "Russia",
    "Serbia (Yugoslavia)": "Serbia",
    "Solomon Islands": "Solomon Is.",
    "United States of America": "United States",
    "Vietnam (North Vietnam)": "Vietnam",
    "Yemen (North Yemen)": "Yemen",
    "Zimbabwe (Rhodesia)": "Zimbabwe",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Deaths by country and month, (N, T) each, from `FIRST_MONTH`; NaN where a source says nothing."""

    countries: Countries
    all_kinds: FloatArray  # UCDP GED 23.1, of all three kinds
    precise: FloatArray  # (2, N, T): state-based and all, events placed precisely, UCDP GED 21.1
    exact: FloatArray  # state-based, as the benchmark's own past months
    exact_2023: FloatArray  # state-based in the vintage of 2023, where it is at hand

    @property
    def last_month(self) -> int:
        """The last month that any source covers."""
        return FIRST_MONTH + int(self.all_kinds.shape[1]) - 1


def read_sources(folder: Path) -> Sources:
    """Read every source whole; `known_by` is what keeps a forecast to its past.

    Raises
    ------
    BacktestError or HistoryError if a file is missing or is not what it should be
    """
    countries = read_countries(folder)
    place = {name: i for i, name in enumerate(countries.names)}
    T = month_number(2022, 12) - FIRST_MONTH + 1
    shape = (len(countries), T)
    all_kinds, precise = np.zeros(shape), np.zeros((2, *shape))
    for country, month, deaths in ask(folder, ALL_KINDS, ("country", "month", "fatalities_best")):
        i, t = _row(place, country, folder, ALL_KINDS), month_number(month.year, month.month) - FIRST_MONTH
        if 0 <= t < T:
            all_kinds[i, t] += deaths or 0
    for country, day, kind, deaths in ask(
        folder, EVENTS, ("country", "date_start", "type_of_violence", "best")
    ):
        i, t = _row(place, country, folder, EVENTS), month_number(day.year, day.month) - FIRST_MONTH
        if 0 <= t < T:
            precise[1, i, t] += deaths or 0
            precise[0, i, t] += (deaths or 0) if kind == STATE_BASED else 0
    return Sources(
        countries=countries,
        all_kinds=all_kinds,
        precise=precise,
        exact=_conflictology(folder, countries, shape),
        exact_2023=_features(folder, countries, shape),
    )


def _row(place: dict[str, int], country: str, folder: Path, file: str) -> int:
    name = SAME_COUNTRY.get(country, country)
    if name not in place:
        raise BacktestError(
            f"{folder / file}: found the country {country!r}; expected one of those in {COUNTRIES}"
        )
    return place[name]


def _conflictology(folder: Path, countries: Countries, shape: tuple[int, int]) -> FloatArray:
    """The draws of conflictology, put back on the months they are: (N, T)."""
    names = [f"d{k:03d}" for k in range(MONTHS)]
    table = columns(folder, CONFLICTOLOGY, ("window", "month_id", "country_id", *names))
    exact = np.full(shape, np.nan)
    for window in np.unique(table["window"]):
        here = table["month_id"] == month_number(int(window), 1)
        row = countries.places(table["country_id"][here])
        first = origin_of(int(window)) - MONTHS + 1 - FIRST_MONTH
        for k, name in enumerate(names):
            if 0 <= first + k < shape[1]:
                exact[row[row >= 0], first + k] = table[name][here][row >= 0]
    return exact


def _features(folder: Path, countries: Countries, shape: tuple[int, int]) -> FloatArray:
    table = columns(folder, FEATURES, ("month_id", "country_id", "ged_sb"))
    exact = np.full(shape, np.nan)
    row, t = countries.places(table["country_id"]), table["month_id"] - FIRST_MONTH
    kept = (row >= 0) & (t >= 0) & (t < shape[1])
    exact[row[kept], t[kept]] = table["ged_sb"][kept]
    return exact


def cut(sources: Sources, month: int) -> Sources:
    """The sources as if the world had ended with a month."""
    T = month - FIRST_MONTH + 1
    return replace(
        sources,
        all_kinds=sources.all_kinds[:, :T],
        precise=sources.precise[:, :, :T],
        exact=sources.exact[:, :T],
        exact_2023=sources.exact_2023[:, :T],
    )


def known_by(sources: Sources, month: int, vintage: Vintage = "benchmark") -> FloatArray:
    """State-based deaths by country and month, (N, T), that a forecast from the end of `month` may know.

    Parameters
    ----------
    sources : of all months
    month : the last one known
    vintage : "2023" takes the months since November 2017 as they stood then, the others the benchmark's own

    Raises
    ------
    BacktestError if the sources end before the month
    """
    if month > sources.last_month or month < FIRST_MONTH:
        raise BacktestError(
            f"found no deaths for month {month}; expected one from {FIRST_MONTH} to {sources.last_month} "
            "(1 is January 1980)"
        )
    past = cut(sources, month)
    known = np.where(np.isnan(past.exact), state_based(past), past.exact)
    if SETTINGS[vintage].past == "2023":
        known = np.where(np.isnan(past.exact_2023), known, past.exact_2023)
    return known


def state_based(past: Sources) -> FloatArray:
    """State-based deaths as far as they can be told from deaths of all kinds and precise events, (N, T)."""
    ours, total = past.precise
    lately = _trailing(ours) / np.maximum(_trailing(total), 1.0)
    share = np.where(total >= ENOUGH_DEATHS, ours / np.maximum(total, 1.0), lately)
    return np.asarray(np.rint(past.all_kinds * share))


def _trailing(values: FloatArray, months: int = MONTHS) -> FloatArray:
    """Sum over each month and the eleven before it."""
    so_far = np.cumsum(np.pad(values, ((0, 0), (1, 0))), axis=1)
    answer = so_far[:, 1:].copy()
    answer[:, months:] = so_far[:, months + 1 :] - so_far[:, 1:-months]
    return np.asarray(answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How near a series comes to the exact state-based deaths, over the months they share."""

    series: str
    deaths: float
    exact_deaths: float
    absolute_difference: float
    log_correlation: float


def agreement(sources: Sources, first: int, last: int) -> tuple[Agreement, ...]:
    """Compare what can be told of state-based deaths with the exact ones, over months `first` to `last`."""
    span = slice(first - FIRST_MONTH, last - FIRST_MONTH + 1)
    exact = sources.exact[:, span]
    series = {
        "all kinds": sources.all_kinds,
        "precise events, state-based": sources.precise[0],
        "all kinds times the state-based share": state_based(sources),
    }
    return tuple(
        Agreement(
            series=name,
            deaths=float(values[:, span].sum()),
            exact_deaths=float(exact.sum()),
            absolute_difference=float(np.abs(values[:, span] - exact).sum()),
            log_correlation=float(
                np.corrcoef(np.log1p(values[:, span]).ravel(), np.log1p(exact).ravel())[0, 1]
            ),
        )
        for name, values in series.items()
    )
