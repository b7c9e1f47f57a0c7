"""The chart of the backtest of severity: scores by window, and how far ours lies from the best rival's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tocsin.events.backtest.severity.challenge import FAIR, PRINTED_ONLY, SAME_PAST
from tocsin.events.backtest.severity.run import OURS
from tocsin.events.backtest.severity.summary import TO_BEAT, SeveritySummary

COLOURS = {
    OURS: "#c0392b",
    "conflictology-12": "#2c3e50",
    FAIR: "#5dade2",
    SAME_PAST: "#8e44ad",
    "last historical": "#2471a3",
    "global bootstrap": "#b9770e",
    "exactly zero": "#7f8c8d",
}
PRINTED_COLOUR = "#1e8449"


def draw(summary: SeveritySummary, path: Path) -> None:
    """Write the chart as PNG; the same summary gives the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(11, 4.4), layout="constrained")
        means, apart = figure.subplots(1, 2, width_ratios=(1.3, 1))
        _means(means, summary)
        _differences(apart, summary)
        figure.savefig(path, dpi=130, metadata={"Software": None})


def _means(axes: Any, summary: SeveritySummary) -> None:
    windows = [str(year) for year in summary.windows]
    found = {line.forecaster for line in summary.lines}
    names = [name for name in COLOURS if name in found]
    step = 0.75 / (len(names) + 1)
    for line in summary.lines:
        if line.less is not None or line.over not in windows:
            continue
        k = names.index(line.forecaster)
        place = windows.index(line.over) + step * (k - len(names) / 2)
        colour = COLOURS[line.forecaster]
        axes.plot([place, place], [line.low, line.high], color=colour, lw=1.2, alpha=0.6)
        axes.plot(
            place,
            line.value,
            "o",
            ms=5,
            color=colour,
            label=line.forecaster if line.over == windows[0] else None,
        )
    for rival in PRINTED_ONLY:
        chosen = [verdict for verdict in summary.verdicts if verdict.rival == rival]
        places = [windows.index(str(verdict.window)) + step * len(names) / 2 for verdict in chosen]
        axes.plot(
            places,
            [v.theirs for v in chosen],
            "D",
            ms=4,
            color=PRINTED_COLOUR,
            label=f"{rival}\n(as published)",
        )
    axes.set_xticks(range(len(windows)), windows)
    axes.set_ylim(0, 1.25 * axes.get_ylim()[1])  # room for the legend
    axes.set_ylabel("mean CRPS, deaths a month (lower is better)")
    axes.set_title(f"{summary.countries} countries, 12 months a window\nbars: 90 %, countries resampled")
    axes.legend(frameon=False, fontsize=7, loc="upper left", ncols=2)


def _differences(axes: Any, summary: SeveritySummary) -> None:
    rival = TO_BEAT[0]
    lines = [line for line in summary.lines if line.less == rival]
    for place, line in enumerate(reversed(lines)):
        axes.plot([line.low, line.high], [place, place], color=COLOURS[OURS], lw=1.5)
        axes.plot(line.value, place, "o", color=COLOURS[OURS], ms=5)
        axes.annotate(
            f"{line.value:+.2f}", (line.value, place), textcoords="offset points", xytext=(0, 6), ha="center"
        )
    axes.axvline(0.0, color="#7f8c8d", lw=0.8)
    axes.set_yticks(range(len(lines)), [line.over for line in reversed(lines)])
    axes.set_ylim(-0.5, len(lines) - 0.4)
    axes.set_xlabel(f"CRPS less that of {rival} (below 0 ours is better)")
    axes.set_title("On the same country-months\nbars: 90 %, countries resampled")
