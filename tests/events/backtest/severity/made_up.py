"""A made-up challenge in the layout of the real one: no death in it is anyone's."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.score.proper import crps_draws

# The last one is named otherwise by UCDP, as several real ones are.
NAMES = ("Northland", "Southland", "Eastland", "Westland", "Midland", "Highland", "Lowland", "Yemen")
UCDP_NAMES = {"Yemen": "Yemen (North Yemen)"}
IDS = tuple(range(11, 11 + len(NAMES)))
LEVELS = (0.0, 0.02, 0.5, 3.0, 20.0, 80.0, 300.0, 1500.0)
FIRST, LAST = (1989 - 1980) * 12 + 1, (2022 - 1980) * 12 + 12
WINDOWS = range(2018, 2023)
DRAWS = 20


def truth(seed: int = 7) -> np.ndarray:
    """State-based deaths by country and month, from January 1989 to December 2022: (N, T)."""
    rng = np.random.default_rng(seed)
    T = LAST - FIRST + 1
    walk = np.cumsum(rng.normal(0.0, 0.15, (len(NAMES), T)), axis=1)
    walk -= np.linspace(0, 1, T) * walk[:, -1:]
    return rng.poisson(np.array(LEVELS)[:, None] * rng.gamma(2.0, 0.5, walk.shape) * np.exp(walk))


def month(number: int) -> dt.date:
    return dt.date(1980 + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def write(folder: Path, deaths: np.ndarray) -> Path:
    """Write every file that the backtest reads."""
    for part in ("views_challenge", "ucdp_country", "ucdp_ged"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    _csv(folder / "views_challenge/country_list.csv", ("country_id", "name"), zip(IDS, NAMES, strict=True))
    _challenge(folder / "views_challenge", deaths)
    months = [month(m) for m in range(FIRST, LAST + 1)]
    names = [UCDP_NAMES.get(name, name) for name in NAMES]
    everything = deaths + (deaths // 4)  # a fifth is not state-based
    _parquet(
        folder / "ucdp_country/country_month_v231_1989_2022.parquet",
        country=[name for name in names for _ in months],
        month=pa.array(months * len(names), pa.date32()),
        fatalities_best=everything.ravel(),
    )
    _events(folder / "ucdp_ged/ged211_precise_events_1989_2018.parquet", deaths, names, months)
    return folder


def _events(path: Path, deaths: np.ndarray, names: list[str], months: list[dt.date]) -> None:
    rows = [
        (names[i], day, kind, int(count))
        for i in range(len(names))
        for t, day in enumerate(months)
        if day.year <= 2018
        for kind, count in ((1, deaths[i, t] // 2), (2, deaths[i, t] // 8))
        if count
    ]
    _parquet(
        path,
        country=[row[0] for row in rows],
        date_start=pa.array([row[1] for row in rows], pa.date32()),
        type_of_violence=[row[2] for row in rows],
        best=[row[3] for row in rows],
    )


def _challenge(folder: Path, deaths: np.ndarray) -> None:
    def numbers(window: int) -> range:
        return range((window - 1980) * 12 + 1, (window - 1980) * 12 + 13)

    cells = [(w, m, i) for w in WINDOWS for m in numbers(w) for i in range(len(IDS))]
    came = np.array([deaths[i, m - FIRST] for _, m, i in cells])
    scored = came.astype(float)
    scored[[w > 2021 for w, _, _ in cells]] = np.nan
    keys: dict[str, Any] = {
        "window": [w for w, _, _ in cells],
        "month_id": [m for _, m, _ in cells],
        "country_id": [IDS[i] for _, _, i in cells],
    }
    _parquet(
        folder / "actuals_2018_2022.parquet",
        **keys,
        month=pa.array([month(m) for _, m, _ in cells], pa.date32()),
        ged_sb_final=came,
        ged_sb_2023vintage=pa.array(scored, from_pandas=True),
    )
    past = {w: deaths[:, (w - 1 - 1980) * 12 + 11 - 12 - FIRST :][:, :12] for w in WINDOWS}
    draws = {
        "conflictology12": np.stack([past[w][i] for w, _, i in cells]),
        "last_historical_poisson": _rng("last").poisson(
            np.stack([np.full(DRAWS, past[w][i, -1]) for w, _, i in cells])
        ),
        "global_bootstrap": np.stack(
            [_rng(f"{w}{m}{i}").choice(past[w].ravel(), DRAWS) for w, m, i in cells]
        ),
    }
    for name, values in draws.items():
        columns = {f"d{k:03d}": values[:, k] for k in range(values.shape[1])}
        _parquet(folder / f"benchmark_{name}_2018_2022.parquet", **keys, **columns)
    _features(folder / "features_201711_202010.parquet", deaths)
    _published(folder / "published_scores.csv", np.array(keys["window"]), came, draws)


def _features(path: Path, deaths: np.ndarray) -> None:
    cells = [(m, i) for m in range(455, 491) for i in range(len(IDS))]
    _parquet(
        path,
        month_id=[m for m, _ in cells],
        country_id=[IDS[i] for _, i in cells],
        # Another vintage: one more in each month with deaths.
        ged_sb=np.array([deaths[i, m - FIRST] + (deaths[i, m - FIRST] > 0) for m, i in cells], np.float32),
    )


def _published(path: Path, window: np.ndarray, came: np.ndarray, draws: dict[str, np.ndarray]) -> None:
    models = {
        "benchmark conflictology (last 12 months)": draws["conflictology12"],
        "benchmark last_historical_poisson": draws["last_historical_poisson"],
        "benchmark global bootstrap": draws["global_bootstrap"],
        "benchmark exactly zero": np.zeros((len(came), 1)),
    }
    rows: list[tuple[Any, ...]] = []
    task = "VIEWS challenge 2023/24, country-month"
    for model, values in models.items():
        for year in range(2018, 2022):
            here = window == year
            mean = float(crps_draws(came[here], values[here]).mean())
            rows.append((task, year, model, "CRPS", f"{mean:.3f}", "2023 vintage actuals", "made up", ""))
            rows.append((task, year, model, "CRPS", f"{2 * mean:.3f}", "final actuals", "made up", ""))
    for year in range(2018, 2022):
        rows.append(
            (
                task,
                year,
                "Bodentien & Rueter negative binomial",
                "CRPS",
                "1e9",
                "2023 vintage actuals",
                "",
                "",
            )
        )
    header = ("task", "window", "model", "metric", "value", "actuals_vintage", "seen_in", "note")
    _csv(path, header, rows)


def _rng(name: str) -> np.random.Generator:
    return np.random.default_rng(list(name.encode()))


def _csv(path: Path, header: tuple[str, ...], rows: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _parquet(path: Path, **columns: Any) -> None:
    pq.write_table(pa.table(columns), path)
