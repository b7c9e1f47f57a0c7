"""Options that every backtest has, each with its one name, default and help."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

SEED = 1
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def data_option(help_: str = "Folder of the historical data.") -> Decorator:
    """``--data``: the folder of history, which is no part of tocsin."""
    return click.option("--data", required=True, type=click.Path(path_type=Path, file_okay=False), help=help_)


def out_option(name: str, help_: str = "Folder for the rows, the summary and the chart.") -> Decorator:
    """``--out``: where a command of this name writes."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("tocsin-out") / name,
        show_default=True,
        help=help_,
    )


seed_option: Decorator = click.option(
    "--seed", type=click.IntRange(min=0), default=SEED, show_default=True, help="Seed of all chance."
)
json_option: Decorator = click.option(
    "--json", "as_json", is_flag=True, help="Print the summary as one JSON object."
)
