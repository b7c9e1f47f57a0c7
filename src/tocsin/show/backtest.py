"""Scores of a backtest as a table for the terminal: a row per forecaster, a column per horizon or window."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from tocsin.events.backtest.report import ScoreLine

WIDEST = 1000


def render_scores(lines: Sequence[ScoreLine], *, digits: int = 3, colour: bool = False) -> str:
    """One table for each score, differences from rivals under it; the best of each column is bold.

    Parameters
    ----------
    lines : in the order they are to be shown; a missing cell stays empty
    digits : after the point
    colour : whether to use the terminal's styles; without them the best carries a star

    Returns
    -------
    text that ends with a newline
    """
    out = io.StringIO()
    # As wide as the tables are: a figure that is cut off to fit a terminal is worse than a long line.
    console = Console(
        file=out,
        width=WIDEST,
        force_terminal=colour,
        no_color=not colour,
        highlight=False,
        legacy_windows=False,
    )
    for score in dict.fromkeys(line.score for line in lines):
        here = [line for line in lines if line.score == score]
        means = [line for line in here if line.less is None]
        if means:
            # Not the table's own title, which would be wrapped to the table's width.
            console.print(Text(f"{score}, lower is better", style="bold"), soft_wrap=True)
            console.print(_means(means, digits, colour))
            console.print()
        differences = [line for line in here if line.less is not None]
        if differences:
            one = {line.forecaster for line in differences}
            told = f"{one.pop()} less each other" if len(one) == 1 else "difference"
            title = f"{score}, {told}, on the same forecasts; below 0 the first is better"
            console.print(Text(title, style="bold"), soft_wrap=True)
            console.print(_differences(differences, digits, colour))
            console.print()
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines()) + "\n"


def _frame(columns: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("", no_wrap=True)
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _means(lines: Sequence[ScoreLine], digits: int, colour: bool) -> Table:
    columns = list(dict.fromkeys(line.over for line in lines))
    best = {over: min(round(line.value, digits) for line in lines if line.over == over) for over in columns}
    cells = {(line.forecaster, line.over): line for line in lines}
    table = _frame(columns)
    for name in dict.fromkeys(line.forecaster for line in lines):
        row = [Text(name)]
        for over in columns:
            line = cells.get((name, over))
            leads = line is not None and round(line.value, digits) == best[over]
            told = Text("" if line is None else f"{line.value:.{digits}f}", style="bold" if leads else "")
            if leads and not colour:
                told.append("*")
            if line is not None and line.low is not None and line.high is not None:
                told.append(f"\n{line.low:.{digits}f} to {line.high:.{digits}f}", style="dim")
            row.append(told)
        table.add_row(*row)
    return table


def _differences(lines: Sequence[ScoreLine], digits: int, colour: bool) -> Table:
    columns = list(dict.fromkeys(line.over for line in lines))
    cells = {(line.forecaster, line.less, line.over): line for line in lines}
    pairs = list(dict.fromkeys((line.forecaster, line.less) for line in lines))
    # One forecaster against all others is named once, above, so that its intervals have room.
    alone = len({one for one, _ in pairs}) == 1
    table = _frame(columns)
    for one, other in pairs:
        row = [Text(other or "") if alone else Text(f"{one} less {other}")]
        for over in columns:
            line = cells.get((one, other, over))
            if line is None:
                row.append(Text(""))
                continue
            cell = Text(f"{line.value:+.{digits}f}", style="green" if colour and line.is_better else "")
            if line.low is not None and line.high is not None:
                cell.append(f"\n{line.low:+.{digits}f} to {line.high:+.{digits}f}", style="dim")
            row.append(cell)
        table.add_row(*row)
    return table
