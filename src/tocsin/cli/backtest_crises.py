"""``tocsin backtest crises``: whether crises and disputes ended in war or drew others in, year by year."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.backtest_options import data_option, json_option, out_option, seed_option

if TYPE_CHECKING:
    from tocsin.events.backtest.crises.forecast import Forecasts, Progress
    from tocsin.events.backtest.crises.situations import Table


@click.command()
@data_option()
@out_option("backtest-crises")
@seed_option
@json_option
def crises(data: Path, out: Path, seed: int, as_json: bool) -> None:
    """Forecast how crises and militarised disputes before 1984 went, each from what was known at its start.

    Each year's are forecast from those that had ended before it: by a Bayesian logit in the words of the
    game, and by climatology, logit and boosting on the same columns. The folder then holds forecasts.parquet
    (one row per forecast), summary.json and scores.png.
    """
    from tocsin.events.backtest.crises.chart import draw
    from tocsin.events.backtest.crises.forecast import walk
    from tocsin.events.backtest.crises.summary import summarise
    from tocsin.events.backtest.crises.tasks import FILES, read_tasks
    from tocsin.events.backtest.report import CHART, ROWS, SUMMARY, Provenance, folder_for, write_rows
    from tocsin.events.history import digest
    from tocsin.show.backtest import render_scores

    tables = read_tasks(data)
    folder = folder_for(out)
    provenance = Provenance.of("crises", seed=seed, data_digest=digest(data, FILES))
    made = tuple(walk(table, seed=seed, progress=_progress()) for table in tables)
    summaries = tuple(summarise(forecasts, seed=seed) for forecasts in made)
    write_rows(folder / ROWS, columns(made), provenance)
    summary = json.dumps(
        {
            **provenance.to_json(),
            "tasks": [
                {**told.to_json(), **learned(table)} for told, table in zip(summaries, tables, strict=True)
            ],
            "beats_all": all(beats for s in summaries for _, beats in s.beats_all),
        },
        indent=1,
    )
    (folder / SUMMARY).write_text(summary + "\n", encoding="utf-8", newline="\n")
    draw(made, summaries, folder / CHART, seed=seed)
    if as_json:
        click.echo(summary)
    else:
        for told in summaries:
            click.echo(
                f"{told.task}: {told.words}; {told.came} of {told.n}, {told.first_year}-{told.last_year}"
            )
        click.echo()
        click.echo(render_scores([line for told in summaries for line in told.lines]), nl=False)
    click.echo(f"rows, summary and chart: {folder}", err=True)


def learned(table: Table) -> dict[str, object]:
    """What the whole record taught our forecaster: how far theory is heard, and each term in nats."""
    import numpy as np

    from tocsin.events.backtest.crises.model import fit
    from tocsin.events.backtest.crises.situations import COLUMNS

    posterior = fit(table, np.arange(len(table.y)), horizon_year=int(table.years.max()))
    # A column that never varies teaches nothing: its term is the prior.
    still = {name for name, x in zip(COLUMNS, table.X.T, strict=True) if np.ptp(x) == 0.0}
    return {
        "theory_weight": posterior.theory_weight,
        "terms": [
            {"term": name, "mean": mean, "spread": spread}
            for name, mean, spread in posterior.summary()
            if name not in still
        ],
    }


def columns(made: tuple[Forecasts, ...]) -> dict[str, list[object]]:
    """One row per forecaster and crisis, in the order of tasks, forecasters and first days."""
    names = ("task", "id", "year", "forecaster", "chance", "came", "trained_on")
    found: dict[str, list[object]] = {name: [] for name in names}
    for forecasts in made:
        for who, chances in forecasts.chances.items():
            found["task"] += [forecasts.task] * len(forecasts.ids)
            found["id"] += forecasts.ids
            found["year"] += forecasts.years.tolist()
            found["forecaster"] += [who] * len(forecasts.ids)
            found["chance"] += chances.tolist()
            found["came"] += [int(came) for came in forecasts.y]
            found["trained_on"] += forecasts.trained_on.tolist()
    return found


def _progress() -> Progress:
    """Say each decade begun on standard error: a run takes about a minute."""
    last: list[str] = []

    def tell(done: int, total: int, what: str) -> None:
        decade = f"{what[:-1]}0s"
        if not last or last[0] != decade:
            last[:] = [decade]
            click.echo(f"{decade}: {done} of {total} years", err=True)

    return tell
