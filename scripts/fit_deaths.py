"""Fit the base distribution of deaths and write what the package ships.

``uv run scripts/fit_deaths.py --data DIR``. Nothing from 2018 on is read into the fit. It first judges the
model on windows that it was not fitted to, walking forward, and then fits it to all windows from 1996 to
2017. It takes about ten minutes of one core."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.events.backtest.severity.fitting import (
    EVALUATIONS,
    FIRST_WINDOW,
    FIT_DRAWS,
    FIT_SEED,
    FOLDS,
    LAST_WINDOW,
    Window,
    fit,
    ratios,
    training_windows,
)
from tocsin.events.backtest.severity.history import HISTORY_FILES, read_sources
from tocsin.events.deaths import FITTED, DeathsModel
from tocsin.events.history import digest

HERE = Path(__file__).resolve().parents[1] / "src" / "tocsin" / "events" / "data" / FITTED
DIGITS = 4


def told(what: str) -> None:
    """Progress on standard error."""
    sys.stderr.write(f"{what}\n")


def judged(model: DeathsModel, windows: tuple[Window, ...], years: range) -> list[dict[str, Any]]:
    """The ratio to conflictology-12 in each window, by series and year."""
    chosen = [window for window in windows if window.year in years]
    return [
        {
            "series": w.series,
            "window": w.year,
            "conflictology_crps": round(w.conflictology, 3),
            "ratio": round(r, 4),
        }
        for w, r in zip(chosen, ratios(model, chosen).tolist(), strict=True)
    ]


def mean_ratio(rows: list[dict[str, Any]], series: str) -> float:
    """Geometric mean over windows."""
    return round(float(np.exp(np.mean([np.log(r["ratio"]) for r in rows if r["series"] == series]))), 4)


def main() -> None:
    """Judge, fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the historical data")
    parser.add_argument("--out", type=Path, default=HERE, help="file to write")
    parser.add_argument("--evaluations", type=int, default=EVALUATIONS, help="tries of the search")
    asked = parser.parse_args()
    windows = training_windows(read_sources(asked.data), range(FIRST_WINDOW, LAST_WINDOW + 1))
    ahead: list[dict[str, Any]] = []
    for first, after in zip(FOLDS, (*FOLDS[1:], LAST_WINDOW + 1), strict=True):
        told(f"fitting to windows {FIRST_WINDOW}-{first - 1}")
        before = [window for window in windows if window.year < first]
        ahead += judged(
            fit(before, evaluations=asked.evaluations, progress=told), windows, range(first, after)
        )
    told(f"fitting to windows {FIRST_WINDOW}-{LAST_WINDOW}")
    model = fit(windows, evaluations=asked.evaluations, progress=told)
    within = judged(model, windows, range(FIRST_WINDOW, LAST_WINDOW + 1))
    kinds = ("state-based", "all kinds")
    answer = {
        "what": "numbers behind the base distribution of deaths by country and month",
        "fitted_to": f"UCDP deaths by country and month, windows {FIRST_WINDOW}-{LAST_WINDOW}, from October",
        "sources": [
            "UCDP GED 23.1, deaths by country and month, CC BY 4.0",
            "UCDP GED 21.1, precisely placed events, CC BY 4.0 (Sundberg and Melander 2013, JPR 50(4))",
        ],
        "method": "mean log ratio of CRPS to conflictology-12, Nelder-Mead; outbreaks by maximum likelihood",
        "remade_by": "scripts/fit_deaths.py",
        "data_digest": digest(asked.data, HISTORY_FILES),
        "draws": FIT_DRAWS,
        "seed": FIT_SEED,
        "model": {name: round(value, DIGITS) for name, value in asdict(model).items()},
        "walk_forward_ratio": {kind: mean_ratio(ahead, kind) for kind in kinds},
        "in_sample_ratio": {kind: mean_ratio(within, kind) for kind in kinds},
        "walk_forward": ahead,
    }
    asked.out.write_text(json.dumps(answer, indent=1) + "\n", encoding="utf-8", newline="\n")
    told(f"written: {asked.out}")


if __name__ == "__main__":
    main()
