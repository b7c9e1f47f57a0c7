"""The chart of the backtest of crowds: reliability before and after recalibration, and the pools."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tocsin.events.backtest.crowd import CROWD
from tocsin.events.backtest.crowd_summary import CrowdSummary
from tocsin.events.backtest.pools import ORACLE, SINGLE

COLOURS = {CROWD: "#2c3e50", "platt": "#c0392b", "beta": "#b9770e", "isotonic": "#1e8449"}
POOL_COLOURS = {"linear": "#7f8c8d", "logarithmic": "#2471a3", "extremised": "#c0392b", "weighted": "#b9770e"}


def draw(summary: CrowdSummary, path: Path) -> None:
    """Write the chart as PNG; the same summary gives the same bytes."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": 8, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(12, 4.2), layout="constrained")
        crowd, platt, pools = figure.subplots(1, 3, width_ratios=(1, 1, 1.25))
        curves = dict(summary.curves)
        _curve(crowd, curves[CROWD], CROWD, f"The crowd, {summary.scored} forecasts")
        _curve(platt, curves["platt"], "platt", "Recalibrated (Platt), walked forward")
        _pools(pools, summary)
        figure.savefig(path, dpi=130, metadata={"Software": None})


def _curve(axes: Any, curve: Any, who: str, title: str) -> None:
    axes.plot([0, 1], [0, 1], color="#7f8c8d", lw=0.8, ls="--")
    for part in curve:
        axes.plot([part.forecast] * 2, [part.bar_low, part.bar_high], color="#aed6f1", lw=6, zorder=1)
        axes.annotate(
            str(part.n),
            (part.forecast, part.observed),
            textcoords="offset points",
            xytext=(6, 1) if part.forecast < 0.5 else (5, -8),
            fontsize=6.5,
        )
    axes.plot([p.forecast for p in curve], [p.observed for p in curve], "o-", color=COLOURS[who], ms=4, lw=1)
    axes.set(
        xlim=(-0.02, 1.02),
        ylim=(-0.02, 1.02),
        aspect="equal",
        xlabel="said",
        ylabel="came true",
        title=f"{title}\nbars: where 90 % would lie if right",
    )


def _pools(axes: Any, summary: CrowdSummary) -> None:
    settings = list(dict.fromkeys(score.setting for score in summary.pools))
    for score in summary.pools:
        if score.pool in (SINGLE, ORACLE) or score.brier_less_single is None:
            continue
        place = -settings.index(score.setting) - 0.15 * list(POOL_COLOURS).index(score.pool)
        found = score.brier_less_single
        label = score.pool if score.setting == settings[0] else None
        axes.plot([found.low, found.high], [place, place], color=POOL_COLOURS[score.pool], lw=1.5)
        axes.plot(found.value, place, "o", color=POOL_COLOURS[score.pool], ms=4, label=label)
    axes.axvline(0.0, color="#7f8c8d", lw=0.8)
    axes.locator_params(axis="x", nbins=5)
    axes.set_yticks([-k - 0.22 for k in range(len(settings))], [s.replace(", ", ",\n") for s in settings])
    axes.set_xlabel("Brier score less that of the best single\nforecaster (below 0 is better), 90 %")
    axes.set_title("Pools of eight simulated\nforecasters, on new questions")
    axes.legend(frameon=False, loc="lower left", fontsize=7)
