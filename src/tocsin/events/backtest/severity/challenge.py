"""The VIEWS prediction challenge as arrays: its countries, what came, and the published forecasts.

A *window* is a calendar year; a forecast for it may know the months up to October of the year before (Hegre
et al. 2024, arXiv 2407.11045). Months are numbered as there: 1 is January 1980. Deaths are state-based,
UCDP's best estimate. They were revised: the challenge scored the vintage of 2023, the draws of
conflictology hold the final one. Both are read, and each figure says which it uses."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from tocsin.events.backtest.report import BacktestError
from tocsin.events.deaths import FloatArray, IntArray

FOLDER = "views_challenge"
COUNTRIES = f"{FOLDER}/country_list.csv"
ACTUALS = f"{FOLDER}/actuals_2018_2022.parquet"
CONFLICTOLOGY = f"{FOLDER}/benchmark_conflictology12_2018_2022.parquet"
LAST = f"{FOLDER}/benchmark_last_historical_poisson_2018_2022.parquet"
BOOTSTRAP = f"{FOLDER}/benchmark_global_bootstrap_2018_2022.parquet"
FEATURES = f"{FOLDER}/features_201711_202010.parquet"
PUBLISHED = f"{FOLDER}/published_scores.csv"

WINDOWS = (2018, 2019, 2020, 2021)
MONTHS = 12
ORIGIN_MONTH = 10  # October

Vintage = Literal["benchmark", "2023", "final"]
VINTAGES: tuple[Vintage, ...] = get_args(Vintage)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Which revision of the deaths a run takes for the past and for what came."""

    past: str  # "benchmark" is the final one, as the benchmark's own draws have it
    came: str  # column of the actuals
    windows: tuple[int, ...]  # the vintage of 2023 ends with 2021
    published: str  # how the file of published scores names what came


# What the challenge published is the first: its benchmark's past beside the deaths as they stood in 2023.
SETTINGS: dict[Vintage, Setting] = {
    "benchmark": Setting(
        past="benchmark", came="ged_sb_2023vintage", windows=WINDOWS, published="2023 vintage"
    ),
    "2023": Setting(past="2023", came="ged_sb_2023vintage", windows=WINDOWS, published="2023 vintage"),
    "final": Setting(
        past="benchmark", came="ged_sb_final", windows=(*WINDOWS, 2022), published="final actuals"
    ),
}

# As the file of published scores names them, and as this backtest does.
RIVALS = {
    "conflictology-12": (CONFLICTOLOGY, "benchmark conflictology (last 12 months)"),
    "last historical": (LAST, "benchmark last_historical_poisson"),
    "global bootstrap": (BOOTSTRAP, "benchmark global bootstrap"),
    "exactly zero": (None, "benchmark exactly zero"),
}
TASK = "VIEWS challenge 2023/24"
PUBLISHED_COLUMNS = ("task", "window", "model", "metric", "value", "actuals_vintage")
# The benchmark made anew from the past that ours was given, where that is not the benchmark's own.
SAME_PAST = "conflictology-12, same past"
# The benchmark as it would score with as many draws as ours: twelve draws pay for being so few.
FAIR = "conflictology-12, fair"
# Scores of it are published, its draws are not.
PRINTED_ONLY = {"Bodentien-Rüter negative binomial": "Bodentien & Rueter negative binomial"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Countries:
    """The countries of the challenge, in the order of every array here."""

    ids: tuple[int, ...]
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, ids: NDArray[Any]) -> IntArray:
        """Row of each country id; -1 where the challenge has no such country."""
        place = {country: i for i, country in enumerate(self.ids)}
        return np.array([place.get(int(country), -1) for country in ids], dtype=np.int64)


def month_number(year: int, month: int) -> int:
    """The challenge's number of a month.

    Examples
    --------
    >>> month_number(2018, 1)
    457
    """
    return (year - 1980) * 12 + month


def origin_of(window: int) -> int:
    """The last month that a forecast for a window may know.

    Examples
    --------
    >>> origin_of(2018) == month_number(2017, 10)
    True
    """
    return month_number(window - 1, ORIGIN_MONTH)


def columns(folder: Path, file: str, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Columns of a Parquet file as arrays; a missing number becomes NaN.

    Raises
    ------
    BacktestError if the file is missing, is no Parquet file, or lacks a column
    """
    table = _table(_there(folder, file), names)
    return {name: table[name].to_numpy() for name in names}


def read_countries(folder: Path) -> Countries:
    """The challenge's countries, in the order of their ids."""
    rows = sorted((int(row["country_id"]), row["name"]) for row in _read_csv(folder, COUNTRIES))
    return Countries(ids=tuple(i for i, _ in rows), names=tuple(name for _, name in rows))


def read_actuals(
    folder: Path, countries: Countries, window: int, vintage: Vintage = "benchmark"
) -> FloatArray:
    """Deaths that came, (N, 12), in one window.

    Raises
    ------
    BacktestError if a country or a month of the window is not there
    """
    column = SETTINGS[vintage].came
    table = columns(folder, ACTUALS, ("window", "month_id", "country_id", column))
    here = table["window"] == window
    answer = _by_month({name: values[here] for name, values in table.items()}, column, countries, window)
    if np.isnan(answer).any():
        raise BacktestError(
            f"{folder / ACTUALS}: found {int(np.isnan(answer).sum())} country-months of {window} without "
            f"{column}; expected all of them\n"
            f"  mend: choose windows among {WINDOWS[0]}-{SETTINGS[vintage].windows[-1]}"
        )
    return answer


def read_draws(folder: Path, file: str, countries: Countries, window: int) -> FloatArray:
    """A published forecast's draws, (N, 12, M), for one window."""
    path = _there(folder, file)
    table = _table(path, ("window", "month_id", "country_id"), window)
    draws = sorted(name for name in table.column_names if name[:1] == "d" and name[1:].isdigit())
    answer = np.full((len(countries), MONTHS, len(draws)), np.nan)
    row = countries.places(table["country_id"].to_numpy())
    month = table["month_id"].to_numpy() - month_number(window, 1)
    kept = (row >= 0) & (month >= 0) & (month < MONTHS)
    answer[row[kept], month[kept]] = np.stack([table[name].to_numpy()[kept] for name in draws], axis=1)
    if not draws or np.isnan(answer).any():
        raise BacktestError(
            f"{path}: found forecasts for {window} with gaps; expected draws d000, d001, … for each of "
            f"{len(countries)} countries in each of {MONTHS} months"
        )
    return answer


def read_published(folder: Path, vintage: Vintage = "benchmark") -> dict[tuple[str, int], tuple[str, ...]]:
    """CRPS as published against one vintage of what came, by forecaster and window, with their digits.

    A score may stand there more than once, as a participant printed it and with more digits.

    Raises
    ------
    BacktestError if the file is missing or lacks a column
    """
    names = {published: name for name, (_, published) in RIVALS.items()}
    names |= {published: name for name, published in PRINTED_ONLY.items()}
    wanted = SETTINGS[vintage].published
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for row in _read_csv(folder, PUBLISHED):
        if missing := [name for name in PUBLISHED_COLUMNS if name not in row]:
            raise BacktestError(
                f"{folder / PUBLISHED}: found no column {missing[0]!r}; expected "
                + ", ".join(PUBLISHED_COLUMNS)
            )
        task, window, model, metric, value, came = (row[name] for name in PUBLISHED_COLUMNS)
        if not task.startswith(TASK) or metric != "CRPS" or not came.startswith(wanted):
            continue
        if model in names and window.isdigit():
            key = names[model], int(window)
            found[key] = (*found.get(key, ()), value)
    return found


def _by_month(table: dict[str, NDArray[Any]], column: str, countries: Countries, window: int) -> FloatArray:
    answer = np.full((len(countries), MONTHS), np.nan)
    row, month = countries.places(table["country_id"]), table["month_id"] - month_number(window, 1)
    kept = (row >= 0) & (month >= 0) & (month < MONTHS)
    answer[row[kept], month[kept]] = table[column][kept]
    return answer


def _table(path: Path, names: Sequence[str], window: int | None = None) -> Any:
    """The named columns of a file, or one window's rows of a file that has them among others."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        here = pq.read_schema(path).names
        if missing := [name for name in names if name not in here]:
            raise BacktestError(
                f"{path}: found no column {missing[0]!r}; expected {', '.join(names[:6])}\n"
                "  mend: compare the folder's layout with docs/validation/severity.md"
            )
        if window is None:
            return pq.read_table(path, columns=list(names), use_threads=False)
        return pq.read_table(path, filters=[("window", "==", window)], use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise BacktestError(f"{path}: found a file that cannot be read ({error}); expected Parquet") from None


def _there(folder: Path, file: str) -> Path:
    path = Path(folder) / file
    if not path.is_file():
        raise BacktestError(
            f"{path}: found no such file; expected the historical data, laid out by source\n"
            "  mend: name its folder with --data"
        )
    return path


def _read_csv(folder: Path, file: str) -> list[dict[str, str]]:
    with _there(folder, file).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))
