"""``tocsin backtest crowd``: how calibrated market crowds are, and what recalibration and pooling add."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.backtest_options import data_option, json_option, out_option, seed_option

if TYPE_CHECKING:
    from tocsin.events.backtest.crowd_summary import CrowdSummary


@click.command()
@data_option()
@out_option("backtest-crowd")
@seed_option
@json_option
def crowd(data: Path, out: Path, seed: int, as_json: bool) -> None:
    """Score crowds' probabilities of resolved questions, and recalibrate them from what was settled before.

    Each is recalibrated by what was closed and resolved when the crowd's probability was frozen, in three
    ways; a question asked again and again counts as one when intervals are made. Several forecasters on one
    question are not in the data, so pools are compared on simulated ones. The folder then holds
    forecasts.parquet (one row per forecast), summary.json and scores.png.
    """
    from tocsin.events.backtest.crowd import crossed, crowd_files, read_crowd, shared_questions, walk
    from tocsin.events.backtest.crowd_chart import draw
    from tocsin.events.backtest.crowd_summary import row_columns, summarise
    from tocsin.events.backtest.pools import compare_pools
    from tocsin.events.backtest.report import CHART, ROWS, SUMMARY, Provenance, folder_for, write_rows
    from tocsin.events.history import digest

    rows = read_crowd(data)
    folder = folder_for(out)
    provenance = Provenance.of("crowd", seed=seed, data_digest=digest(data, crowd_files(data)))
    walked = walk(rows, progress=_tell)
    summary = summarise(
        rows,
        walked,
        crossed(rows, seed),
        compare_pools(seed, progress=_tell),
        shared=shared_questions(rows),
        seed=seed,
    )
    write_rows(folder / ROWS, row_columns(rows, walked), provenance)
    text = json.dumps({**provenance.to_json(), **summary.to_json()}, indent=1)
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8", newline="\n")
    draw(summary, folder / CHART)
    click.echo(text if as_json else told(summary), nl=as_json)
    click.echo(f"rows, summary and chart: {folder}", err=True)


def _tell(what: str) -> None:
    click.echo(what, err=True)


def told(summary: CrowdSummary) -> str:
    """The summary for the terminal."""
    from tocsin.events.backtest.crowd import CROWD
    from tocsin.show.backtest import render_scores
    from tocsin.show.record import interval

    counted = (
        f"{summary.rows} forecasts of {summary.questions} questions; {summary.scored} of "
        f"{summary.scored_questions} are scored. Left out: {summary.too_early} before enough was settled, "
        f"{summary.still_open} that are resolved only because they ended early."
    )
    out = [counted, "", render_scores(summary.lines, digits=4)]
    out += ["Skill against the base rate of what was settled before, 90 % interval:"]
    out += [f"  {who:10} {score:6} {interval(found, 2, sign=True)}" for who, score, found in summary.skill]
    parts = dict(summary.parts)[CROWD]
    taken_apart = (
        f"The crowd's Brier score {parts.brier:.4f}: reliability {parts.reliability:.4f}, resolution "
        f"{parts.resolution:.4f}, uncertainty {parts.uncertainty:.4f}, the rest {parts.within_bin:+.4f}."
    )
    shared = f"{summary.shared} questions are asked by two sources in the same words"
    pools = "pools are compared on simulated forecasters:"
    out += ["", taken_apart, "", f"{shared}; {pools}" if summary.shared else f"{shared}, so {pools}"]
    for setting in dict.fromkeys(score.setting for score in summary.pools):
        out.append(f"  {setting}")
        for score in summary.pools:
            if score.setting == setting:
                found = score.brier_less_single
                apart = f"less the best single {interval(found, 4, sign=True)}" if found else ""
                out.append(f"    {score.pool:14} Brier {score.brier:.4f}  {apart}".rstrip())
    return "\n".join(out) + "\n"
