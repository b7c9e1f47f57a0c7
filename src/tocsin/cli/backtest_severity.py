"""``tocsin backtest severity``: deaths by country and month, beside published forecasts of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.backtest_options import data_option, json_option, out_option, seed_option

if TYPE_CHECKING:
    from tocsin.events.backtest.severity.summary import SeveritySummary

# As in `tocsin.events.deaths`, which takes NumPy to import; a test compares them.
DRAWS = 1000
VINTAGES = ("benchmark", "2023", "final")


class Windows(click.ParamType[tuple[int, ...]]):
    """Calendar years, written 2018-2021 or 2018,2020."""

    name = "years"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        """Read years and spans of years; anything else is a misuse."""
        if isinstance(value, tuple):
            return value
        years: set[int] = set()
        for part in str(value).split(","):
            found = re.fullmatch(r"\s*(\d{4})(?:\s*-\s*(\d{4}))?\s*", part)
            if found is None or (found[2] and found[2] < found[1]):
                self.fail(f"found {value!r}; expected years such as 2018-2021 or 2018,2020", param, ctx)
            years |= set(range(int(found[1]), int(found[2] or found[1]) + 1))
        return tuple(sorted(years))


@click.command()
@data_option()
@click.option("--windows", type=Windows(), default="2018-2021", show_default=True, help="Years to forecast.")
@click.option(
    "--draws",
    type=click.IntRange(min=10, max=100_000),
    default=DRAWS,
    show_default=True,
    help="Draws of each country-month.",
)
@click.option(
    "--vintage",
    type=click.Choice(VINTAGES),
    default="benchmark",
    show_default=True,
    help="Revision of the deaths: as published (the past final, the outcome of 2023), or both of one.",
)
@seed_option
@out_option("backtest-severity")
@json_option
def severity(
    data: Path, windows: tuple[int, ...], draws: int, vintage: Any, seed: int, out: Path, as_json: bool
) -> None:
    """Forecast deaths by country and month from the months up to October of the year before.

    The windows are those of the VIEWS prediction challenge 2023/24. Its published scores are first reproduced
    from the published forecasts; then the base distribution of deaths is scored beside them. The folder then
    holds forecasts.parquet (one row per forecast), summary.json and scores.png.
    """
    from tocsin.events.backtest.report import CHART, ROWS, SUMMARY, Provenance, folder_for, write_rows
    from tocsin.events.backtest.severity.challenge import read_published
    from tocsin.events.backtest.severity.chart import draw
    from tocsin.events.backtest.severity.history import read_sources
    from tocsin.events.backtest.severity.run import FILES, score
    from tocsin.events.backtest.severity.summary import row_columns, summarise
    from tocsin.events.history import digest

    _tell("reading deaths by country and month")
    published = read_published(data, vintage)
    sources = read_sources(data)
    scored = score(data, sources, windows, vintage=vintage, draws=draws, seed=seed, progress=_tell)
    _tell("resampling countries for the intervals")
    summary = summarise(scored, published, vintage=vintage, draws=draws, seed=seed)
    provenance = Provenance.of("severity", seed=seed, data_digest=digest(data, FILES))
    folder = folder_for(out)
    write_rows(folder / ROWS, row_columns(scored), provenance)
    text = json.dumps({**provenance.to_json(), **summary.to_json()}, indent=1)
    (folder / SUMMARY).write_text(text + "\n", encoding="utf-8", newline="\n")
    draw(summary, folder / CHART)
    click.echo(text if as_json else told(summary), nl=as_json)
    _tell(f"rows, summary and chart: {folder}")


def _tell(what: str) -> None:
    click.echo(what, err=True)


def told(summary: SeveritySummary) -> str:
    """The summary for the terminal."""
    from tocsin.show.backtest import render_scores

    met = sum(check.agrees for check in summary.checks)
    out = [f"Published scores reproduced to the digits given: {met} of {len(summary.checks)}."]
    out += [
        f"  {check.forecaster}, {check.window}: published {check.published}, found {check.recomputed:.3f}"
        for check in summary.checks
        if not check.agrees
    ]
    out += ["", render_scores(summary.lines, digits=2), "Mean CRPS against those it is meant to beat:"]
    for verdict in summary.verdicts:
        word = "lower" if verdict.beats else "NOT lower"
        out.append(
            f"  {verdict.window}  {verdict.ours:7.3f} {word} than {verdict.theirs:.3f}, {verdict.rival}"
        )
    out += ["", "Countries that move the difference from conflictology-12 most (below 0 ours is better):"]
    for year in summary.windows:
        parts = [
            f"{part.country} {part.difference:+.2f}" for part in summary.contributions if part.window == year
        ]
        out.append(f"  {year}  {', '.join(parts)}")
    out += ["", "Calibration, by deaths in the year before the origin:"]
    for kind in summary.calibration:
        out.append(
            f"  {kind.kind:15} {kind.n:5} months: {kind.within_half:4.0%} in the central half, "
            f"{kind.within_nine_tenths:4.0%} in the central nine tenths; any deaths said "
            f"{kind.said_any:.1%}, came {kind.had_any:.1%}"
        )
    return "\n".join(out) + "\n"
