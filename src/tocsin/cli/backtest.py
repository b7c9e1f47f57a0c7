"""``tocsin backtest``: forecasts of the past, made as if it had not happened yet, scored beside rivals."""

from __future__ import annotations

from typing import ClassVar

import click

from tocsin.cli.main import LazyGroup

# name: (module:function, short help)
BACKTESTS: dict[str, tuple[str, str]] = {
    "dyads": ("tocsin.cli.backtest_dyads:dyads", "Rungs of directed pairs, weeks ahead."),
    "severity": ("tocsin.cli.backtest_severity:severity", "Deaths by country and month."),
    "crises": ("tocsin.cli.backtest_crises:crises", "Whether crises ended in war or drew others in."),
    "crowd": ("tocsin.cli.backtest_crowd:crowd", "How calibrated crowds are, and what recalibration adds."),
}


class Backtests(LazyGroup):
    """The group of backtests; one is imported when it is run."""

    table: ClassVar[dict[str, tuple[str, str]]] = BACKTESTS


@click.group(cls=Backtests)
def backtest() -> None:
    """Forecast the past as it came, from what was known then, and score the forecasts beside rivals'.

    Each backtest writes one row per forecast, a summary with intervals and a chart. The data are not part of
    tocsin: name their folder with --data.
    """
