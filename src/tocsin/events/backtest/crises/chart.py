"""The chart of the backtest of crises: how far each beats climatology, and calibration by decade."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tocsin.events.backtest.crises.forecast import FORECASTERS, OURS, Forecasts
from tocsin.events.backtest.crises.summary import TaskSummary
from tocsin.score.proper import brier, log_score_binary
from tocsin.score.skill import skill_interval

COLOURS = {OURS: "#c0392b", "climatology": "#7f8c8d", "logit": "#2471a3", "boosting": "#1e8449"}
BASE = "climatology"


def draw(
    forecasts: tuple[Forecasts, ...], summaries: tuple[TaskSummary, ...], path: Path, *, seed: int
) -> None:
    """Write the chart as PNG; the same forecasts give the same bytes.

    Parameters
    ----------
    seed : of the resampling of years behind the intervals
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(10, 2.6 * len(summaries)), layout="constrained")
        axes = figure.subplots(len(summaries), 2, squeeze=False, width_ratios=(1, 1.6))
        for row, (made, told) in enumerate(zip(forecasts, summaries, strict=True)):
            _skill(axes[row][0], made, told, seed)
            _decades(axes[row][1], told)
        axes[0][1].legend(
            frameon=False, ncols=len(FORECASTERS) + 1, loc="lower center", bbox_to_anchor=(0.5, 1.1)
        )
        figure.savefig(path, dpi=130, metadata={"Software": None})


def _skill(axes: Any, made: Forecasts, told: TaskSummary, seed: int) -> None:
    others = [who for who in FORECASTERS if who != BASE]
    place = 0.0
    ticks, labels = [], []
    for name, score in (("Brier", brier), ("log", log_score_binary)):
        base = score(made.chances[BASE], made.y)
        for who in others:
            interval = skill_interval(score(made.chances[who], made.y), base, made.years, seed)
            axes.plot([interval.low, interval.high], [place, place], color=COLOURS[who], lw=1.5)
            axes.plot(interval.value, place, "o", color=COLOURS[who], ms=4)
            ticks.append(place)
            labels.append(f"{who}, {name}")
            place -= 1.0
        place -= 0.6
    axes.axvline(0.0, color=COLOURS[BASE], lw=1)
    axes.set_yticks(ticks, labels)
    axes.set_xlabel("skill against climatology (above 0 is better), 90 %")
    axes.set_title(
        f"{told.task}: {told.words}\n{told.came} of {told.n}, {told.first_year}-{told.last_year}", loc="left"
    )


def _decades(axes: Any, told: TaskSummary) -> None:
    x = np.array([decade.first_year for decade in told.decades], dtype=float) + 5.0
    observed = np.array([decade.observed for decade in told.decades])
    low = observed - np.array([decade.low for decade in told.decades])
    high = np.array([decade.high for decade in told.decades]) - observed
    axes.errorbar(
        x,
        observed,
        yerr=[np.maximum(low, 0.0), np.maximum(high, 0.0)],
        fmt="ks",
        ms=4,
        capsize=2,
        label="came about",
    )
    for k, who in enumerate(FORECASTERS):
        means = [dict(decade.forecast)[who] for decade in told.decades]
        axes.plot(x + 0.6 * (k - 1.5), means, "o-", color=COLOURS[who], ms=3, lw=1, label=who)
    for place, decade in zip(x, told.decades, strict=True):
        axes.annotate(
            f"{decade.n}",
            (place, 1.0),
            xycoords=("data", "axes fraction"),
            ha="center",
            va="bottom",
            fontsize=6,
            color="#555555",
        )
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("share")
    axes.set_xlabel("decade (figures on top: how many were forecast)")
