"""The chart of the backtest of dyads: how much better each forecaster is than climatology, by horizon."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.events.backtest.dyads import SCORES, Scored, weeks
from tocsin.events.backtest.rivals import OURS
from tocsin.score.skill import skill_interval

BASE = "climatology"
COLOURS = {
    OURS: "#c0392b",
    "trailing": "#8e44ad",
    "markov": "#b9770e",
    "logit": "#2471a3",
    "boosting": "#1e8449",
}


def draw(scored: Sequence[Scored], path: Path, *, seed: int) -> bool:
    """Write the chart as PNG, a row per theatre and a column per score; the same forecasts, the same bytes.

    Parameters
    ----------
    seed : of the resampling of blocks behind the intervals

    Returns
    -------
    whether there was anything to draw: climatology is the base, and somebody has to be set beside it
    """
    shown = [name for name in COLOURS if name in scored[0].forecasters]
    if BASE not in scored[0].forecasters or not shown:
        return False
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(9, 0.6 + 2.6 * len(scored)), layout="constrained")
        axes = figure.subplots(len(scored), len(SCORES), squeeze=False)
        for row, one in zip(axes, scored, strict=True):
            for place, score in zip(row, SCORES, strict=True):
                _skill(place, one, score, shown, seed)
        handles, labels = axes[0][0].get_legend_handles_labels()
        figure.legend(handles, labels, frameon=False, ncols=len(shown), loc="outside upper center")
        figure.savefig(path, dpi=130, metadata={"Software": None})
    return True


def _skill(axes: Any, one: Scored, score: str, shown: Sequence[str], seed: int) -> None:
    horizons = np.unique(one.horizon).tolist()
    for k, name in enumerate(shown):
        found = [
            skill_interval(
                one.score(name, score)[at := one.horizon == h],
                one.score(BASE, score)[at],
                one.block[at],
                seed,
            )
            for h in horizons
        ]
        x = np.arange(len(horizons)) + 0.13 * (k - (len(shown) - 1) / 2)
        value = np.array([interval.value for interval in found])
        reach = [
            np.maximum(value - [interval.low for interval in found], 0.0),
            np.maximum([interval.high for interval in found] - value, 0.0),
        ]
        axes.errorbar(x, value, yerr=reach, fmt="o", ms=4, lw=1.3, capsize=2, color=COLOURS[name], label=name)
    axes.axhline(0.0, color="#7f8c8d", lw=1)
    axes.set_xticks(range(len(horizons)), [weeks(h) for h in horizons])
    axes.set_ylabel("skill against climatology, 90 %")
    axes.set_title(f"{one.panel.theatre}: {score}", loc="left")
