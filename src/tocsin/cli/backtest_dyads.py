"""``tocsin backtest dyads``: rungs of directed pairs, weeks ahead, by the game and by five rivals."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.backtest_options import data_option, json_option, out_option, seed_option

if TYPE_CHECKING:
    from collections.abc import Callable

    from tocsin.events.backtest.dyads import Scored, Verdict
    from tocsin.events.backtest.report import Provenance

DYADS = 16


class Horizons(click.ParamType[tuple[int, ...]]):
    """Weeks ahead, written 1,4,12."""

    name = "weeks"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Read a list of whole weeks; anything else is a misuse."""
        if isinstance(value, tuple):
            return value
        try:
            found = tuple(sorted({int(part) for part in str(value).split(",")}))
        except ValueError:
            found = ()
        if not found or found[0] < 1 or found[-1] > 104:
            self.fail(f"found {value!r}; expected weeks between 1 and 104, such as 1,4,12", param, ctx)
        return found


@click.command()
@data_option("Folder with event files, or with a folder keds of them: Parquet, CSV or tab.")
@click.option(
    "--theatre", "theatres", multiple=True, help="Only this file, named without its ending. May repeat."
)
@click.option(
    "--train-to",
    type=int,
    help="Last year that is fitted on; else so that about six of seven years are.",
)
@click.option("--until", type=int, help="Last year that is tested on; else as long as there are events.")
@click.option(
    "--dyads",
    "n_dyads",
    type=click.IntRange(min=2),
    default=DYADS,
    show_default=True,
    help="Directed pairs of a theatre, those with most hostile weeks before the test.",
)
@click.option("--horizons", type=Horizons(), default="1,4,12", show_default=True, help="Weeks ahead.")
@seed_option
@click.option("--only", multiple=True, help="Only this forecaster. May repeat.")
@out_option("backtest-dyads")
@json_option
def dyads(
    data: Path,
    theatres: tuple[str, ...],
    train_to: int | None,
    until: int | None,
    n_dyads: int,
    horizons: tuple[int, ...],
    seed: int,
    only: tuple[str, ...],
    out: Path,
    as_json: bool,
) -> None:
    """Forecast the coded rung of directed pairs, week by week, from what had been coded by then.

    Every event file is a theatre of its own. The game and its five rivals (climatology, the trailing year, a
    Markov chain per dyad, logit, boosting) are fitted on the same weeks and scored on the same later ones.
    The folder then holds forecasts.parquet (one row per forecast), summary.json and scores.png.
    """
    from tocsin.events.backtest.dyads import rows, score_theatre, summarise
    from tocsin.events.backtest.dyads_chart import draw
    from tocsin.events.backtest.report import CHART, ROWS, SUMMARY, Provenance, folder_for, write_rows
    from tocsin.events.backtest.rivals import OURS, forecasters

    # Asked for at once, so that a wrong name is told before anything long begins.
    names = tuple(one.name for one in forecasters(seed, only))
    tell = _teller()
    if OURS not in names and (not only or OURS in only):
        tell(f"ours is missing: the forecaster {OURS!r} is not installed, and only rivals are scored")
    tell("reading events")
    panels, digest = read(data, theatres, n_dyads, train_to)
    folder = folder_for(out)
    provenance = Provenance.of("dyads", seed=seed, data_digest=digest)
    scored = tuple(
        score_theatre(
            panel,
            forecasters(seed, only),
            train=train,
            until=last_week(panel, until),
            horizons=horizons,
            progress=tell,
        )
        for panel, train in panels
    )
    tell("resampling")
    verdicts = summarise(scored, seed=seed)
    write_rows(folder / ROWS, rows(scored), provenance)
    summary = json.dumps(answer(provenance, scored, verdicts), indent=1)
    (folder / SUMMARY).write_text(summary + "\n", encoding="utf-8", newline="\n")
    draw(scored, folder / CHART, seed=seed)
    click.echo(summary if as_json else told(scored, verdicts), nl=as_json)
    click.echo(f"rows, summary and chart: {folder}", err=True)


def read(
    data: Path, theatres: tuple[str, ...], n_dyads: int, train_to: int | None
) -> tuple[tuple[tuple[Any, int], ...], str]:
    """Panels with the week at which each is split, and a digest of the files they came from."""
    import hashlib

    from tocsin.events.panel import event_files, read_panels, split_week

    first_tested = None if train_to is None else train_to + 1
    panels = read_panels(data, dyads_at_least=n_dyads, train_to=first_tested, theatres=theatres)
    total = hashlib.sha256()
    for file in event_files(data):
        if not theatres or file.stem in theatres:
            total.update(file.name.encode())
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return tuple((panel, split_week(panel, first_tested)) for panel in panels), total.hexdigest()


def last_week(panel: Any, until: int | None) -> int:
    """First week after the last year that is tested on."""
    import numpy as np

    if until is None:
        return len(panel.weeks)
    return int(np.searchsorted(panel.weeks, np.datetime64(f"{until + 1}-01-01")))


def answer(
    provenance: Provenance, scored: tuple[Scored, ...], verdicts: tuple[Verdict, ...]
) -> dict[str, Any]:
    """The summary: what was run, every score with its interval, and whether ours beats all."""
    from tocsin.events.backtest.dyads import BLOCK_WEEKS, beats_all, span
    from tocsin.events.backtest.walk import FLOOR

    clearly = [verdict.beats_all_clearly for verdict in verdicts]
    return {
        **provenance.to_json(),
        "beats_all": beats_all(verdicts),
        "beats_all_clearly": None if None in clearly else all(clearly),
        "forecasters": list(scored[0].forecasters),
        "horizons_weeks": sorted({int(h) for h in scored[0].horizon}),
        "interval": {"level": 0.9, "block_weeks": BLOCK_WEEKS},
        "floor": FLOOR,
        "theatres": [span(one) for one in scored],
        "verdicts": [verdict.to_json() for verdict in verdicts],
    }


def told(scored: tuple[Scored, ...], verdicts: tuple[Verdict, ...]) -> str:
    """The summary for the terminal."""
    from tocsin.events.backtest.dyads import span
    from tocsin.show.backtest import render_scores

    parts = []
    for one in scored:
        about = span(one)
        parts.append(
            f"{about['theatre']} ({about['scheme']}): {len(one.panel.dyads)} directed dyads, fitted "
            f"{about['fitted_from']} to {about['fitted_to']}, tested {about['tested_from']} to "
            f"{about['tested_to']}, {about['forecasts']:,} forecasts\n"
        )
    for verdict in verdicts:
        said = {True: "yes", False: "no", None: f"not told; without {', '.join(verdict.missing)}"}
        parts.append(
            f"\n{verdict.theatre.upper()}\n\n{render_scores(verdict.lines)}"
            f"\nours beats all: {said[verdict.beats_all]}"
            f"{'' if verdict.beats_all is None else f'; clearly: {said[verdict.beats_all_clearly]}'}\n"
        )
    return "".join(parts)


def _teller() -> Callable[[str], None]:
    """Say each stage on standard error with the seconds since the start: a theatre takes minutes."""
    start = time.monotonic()
    return lambda what: click.echo(f"{time.monotonic() - start:6.0f} s  {what}", err=True)
