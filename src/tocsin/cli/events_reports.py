"""``tocsin events reports``: what a store says of a case's fronts, as reports."""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from pathlib import Path

import click

from tocsin.cli.asking import Day

FIELDS = ("id", "date", "known", "source", "origin", "front", "value", "grade", "text", "citation")


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--store", type=click.Path(path_type=Path), help="The store; else the one that each source names."
)
@click.option("--until", type=Day(), help="Last day on which a report may have become known.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="A CSV file to write; else here."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
@click.pass_context
def reports(
    ctx: click.Context, case: Path, store: Path | None, until: dt.date | None, out: Path | None, as_json: bool
) -> None:
    """Turn the events of the stores that CASE names as sources into reports, one a front and step.

    They come in the columns of reports.csv. `tocsin assess` does the same by itself when it reads the case,
    so nothing need be written; written out, they can be read, pruned and kept with the case.
    """
    from tocsin.ask.feeds import SourceError, fed
    from tocsin.cli.faults import read_case
    from tocsin.cli.stores import with_stores

    value = read_case(ctx, case)
    if not fed(value):
        raise SourceError(
            f"{case}\n  found no source with a store; expected at least one\n"
            "  mend: add `store: {feed: keds}` to a source in sources.yaml"
        )
    _, new = with_stores(value, case, store=store, until=until)
    rows = [
        {field: "" if getattr(report, field) is None else str(getattr(report, field)) for field in FIELDS}
        for report in new
    ]
    if as_json:
        click.echo(json.dumps({"case": str(case), "reports": rows}, indent=2, ensure_ascii=False))
    if out is not None:
        try:
            with out.open("w", encoding="utf-8", newline="") as stream:
                _write(rows, stream)
        except OSError as error:
            raise click.UsageError(f"{out} cannot be written: {error.strerror}") from None
        click.echo(f"{len(rows):,} reports: {out}", err=as_json)
    elif not as_json:
        _write(rows, sys.stdout)


def _write(rows: list[dict[str, str]], stream: object) -> None:
    writer = csv.DictWriter(stream, FIELDS, lineterminator="\n")  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
