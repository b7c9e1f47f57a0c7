"""``tocsin fit``: how actors decide, learnt from histories of events."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.backtest_options import data_option, out_option

if TYPE_CHECKING:
    from tocsin.events.fit.population import Population
    from tocsin.events.fit.theatre import TheatreFit


@click.command()
@data_option("Folder with files of dated, directed, coded events, or with a folder keds of them.")
@click.option("--theatre", "theatres", multiple=True, help="Only this file, by its name without ending.")
@click.option(
    "--dyads",
    type=click.IntRange(min=2, max=200),
    default=16,
    show_default=True,
    help="Directed dyads of each theatre: those with most hostile weeks.",
)
@out_option("fit", "Folder for style.json and fronts.parquet.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as one JSON object.")
def fit(data: Path, theatres: tuple[str, ...], dyads: int, out: Path, as_json: bool) -> None:
    """Learn from event data how actors answer each other, and what varies from one to the next.

    Each theatre is fitted on all its weeks. style.json then holds the priors of style in the form in which
    tocsin ships them; fronts.parquet every front's numbers with their errors.
    """
    from importlib.metadata import version

    from tocsin.events.fit.forecaster import fit_panel
    from tocsin.events.fit.population import population
    from tocsin.events.fit.ship import shipped
    from tocsin.events.fit.theatre import AS_IN_A_CASE
    from tocsin.events.panel import read_panels

    panels = read_panels(data, dyads_at_least=dyads, theatres=theatres)
    fits = tuple(
        fit_panel(panel, prior=AS_IN_A_CASE, errors=True, progress=lambda text: click.echo(text, err=True))
        for panel in panels
    )
    found = population(fits)
    provenance = {
        "version": version("tocsin"),
        "theatres": [
            {
                "theatre": panel.theatre,
                "scheme": panel.scheme,
                "from": str(panel.weeks[0]),
                "to": str(panel.weeks[-1]),
                "fronts": len(panel.dyads),
                "events": int(panel.volume.sum()),
                "log_likelihood": round(one.log_likelihood, 1),
            }
            for panel, one in zip(panels, fits, strict=True)
        ],
        "method": "exact filter of each dyad, hierarchical maximum a posteriori, Laplace; see docs/fits.md",
    }
    answer = shipped(found, provenance)
    out.mkdir(parents=True, exist_ok=True)
    (out / "style.json").write_text(json.dumps(answer, indent=2) + "\n", encoding="utf-8")
    write_fronts(out / "fronts.parquet", tuple(panel.theatre for panel in panels), fits)
    if as_json:
        click.echo(json.dumps(answer | {"fronts": str(out / "fronts.parquet")}))
    else:
        show(found)
        click.echo(f"\n{out / 'style.json'}\n{out / 'fronts.parquet'}")


def show(found: tuple[Population, ...]) -> None:
    """Print the distributions as a table."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title="How actors decide, over fronts and theatres", box=None)
    for head in ("number", "median", "spread", "error", "learnt", "by theatre"):
        table.add_column(head, justify="left" if head in ("number", "by theatre") else "right")
    for one in found:
        table.add_row(
            one.name,
            f"{one.median:.2f}",
            f"{one.spread:.2f}",
            f"{one.error:.2f}",
            f"{one.learnt:.2f}",
            "  ".join(f"{value:.2f}" for value in one.by_theatre),
        )
    Console().print(table)


def write_fronts(path: Path, theatres: tuple[str, ...], fits: tuple[TheatreFit, ...]) -> None:
    """One row a front: its numbers as the fit has them (logs where positive) and their errors."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from tocsin.events.fit.dyad import FRONT

    columns: dict[str, list[Any]] = {"theatre": [], "initiator": [], "target": []}
    columns |= {f"{name}{suffix}": [] for name in FRONT for suffix in ("", "_error")}
    for theatre, one in zip(theatres, fits, strict=True):
        assert one.error is not None
        for d, (initiator, target) in enumerate(one.dyads):
            columns["theatre"].append(theatre)
            columns["initiator"].append(initiator)
            columns["target"].append(target)
            for j, name in enumerate(FRONT):
                columns[name].append(float(one.fronts[d, j]))
                columns[f"{name}_error"].append(float(one.error[d, j]))
    pq.write_table(pa.table(columns), path)
