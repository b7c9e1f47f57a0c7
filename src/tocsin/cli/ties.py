"""``tocsin ties``: who could have learned concealment from whom, and the network over time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from tocsin.cli.asking import (
    REPORT,
    Day,
    case_argument,
    deliver,
    full_option,
    json_option,
    out_option,
    variant_option,
    view_of,
)
from tocsin.cli.folder import must_be_ours

NAME = "ties"


@click.command()
@case_argument
@click.option("--at", type=Day(), help="The day up to which ties count; else the case's as-of day.")
@variant_option
@full_option
@json_option
@out_option
@click.pass_context
def ties(
    ctx: click.Context,
    case: Path,
    at: dt.date | None,
    variant: str | None,
    full: bool,
    as_json: bool,
    out: Path | None,
) -> None:
    """Say who could have learned concealment from whom along the ties of the case in folder CASE, by when,
    and what that does to the prior that an actor deceives; and how the network changed over time.

    The day may lie long before the case's start, for ties do. Nothing is drawn, so there is no seed.

    A folder then holds report.html and ties.json. Exits with 0 if all went well, 1 if the case has faults, 2
    if misused.
    """
    from tocsin.ask.inferred import AskError
    from tocsin.ask.ties import ties as answer
    from tocsin.cli.faults import read_case
    from tocsin.show.ties import render_ties

    value = view_of(read_case(ctx, case), variant)
    if out is not None:
        must_be_ours(out, (REPORT, f"{NAME}.json"))
    try:
        found = answer(value, at, variant=variant)
    except AskError as error:
        raise click.UsageError(str(error)) from None
    deliver(
        ctx,
        NAME,
        found,
        folder=case,
        variant=variant,
        full=full,
        as_json=as_json,
        out=out,
        text=lambda answer, full, width, colour: render_ties(answer, full=full, width=width, colour=colour),
    )
