"""``tocsin precedents``: how often it came to that before, and the nearest cases of the record."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin.cli.asking import PARTICLES, SEED, Day, variant_option, view_of
from tocsin.cli.assess import assessed

if TYPE_CHECKING:
    from tocsin.events.precedents.counts import History


@click.command()
@click.argument("case", type=click.Path(path_type=Path))
@click.option(
    "--as-of", type=Day(), help="Last day whose news counts; else the case's own, or its last report's."
)
@variant_option
@click.option("--question", "questions", multiple=True, help="Only this question; may be given again.")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the historical data, for the nearest cases; the base rates need none.",
)
@click.option("--no-estimate", is_flag=True, help="Leave out the case's own estimate, which takes longest.")
@click.option(
    "--particles",
    type=click.IntRange(min=1),
    default=PARTICLES,
    show_default=True,
    help="Weighted histories of the estimate.",
)
@click.option(
    "--seed", type=click.IntRange(min=0), default=SEED, show_default=True, help="Seed of all chance."
)
@click.option("--threads", type=click.IntRange(min=1), help="At most so many at once; else every core.")
@click.option("--full", is_flag=True, help="Print every caution, source and near case.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
@click.pass_context
def precedents(
    ctx: click.Context,
    case: Path,
    as_of: dt.date | None,
    variant: str | None,
    questions: tuple[str, ...],
    data: Path | None,
    no_estimate: bool,
    particles: int,
    seed: int,
    threads: int | None,
    full: bool,
    as_json: bool,
) -> None:
    """Set each question of the case in folder CASE beside the record: how often it came to that before.

    Every question gets the reference class that fits best, in words and counts, and two others, so that it
    is seen how much the class decides; beside them stands the case's own estimate, with a warning where the
    two part. With --data the nearest cases are named, with what makes them near and how they ended.

    Exits with 0 if all went well, 1 if the case has faults or the data cannot be read, 2 if misused.
    """
    from tocsin.ask.inferred import default_day
    from tocsin.ask.precedents import precedents as answer
    from tocsin.cli.faults import read_case

    value = view_of(read_case(ctx, case), variant)
    day = as_of or default_day(value)
    if not value.start <= day <= value.end:
        raise click.UsageError(f"found {day}; expected a day of the case, from {value.start} to {value.end}")
    # Whatever is refused is refused before the estimate, which takes longest.
    without = answer(value, day, questions=questions, variant=variant)
    history = _history(data) if data is not None else None
    estimate = None
    if not no_estimate:
        estimate = assessed(
            value,
            day,
            since=None,
            particles=particles,
            seed=seed,
            threads=threads,
            phia=False,
            variant=variant,
        ).estimate
    if history is not None or estimate is not None:
        without = answer(value, day, questions=questions, history=history, estimate=estimate, variant=variant)
    if as_json:
        from tocsin.show.plain import to_json

        click.echo(to_json(without), nl=False)
        return
    from tocsin.show.precedents import render_precedents

    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    looked_at = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = min(shutil.get_terminal_size().columns, 100) if sys.stdout.isatty() else 80
    click.echo(render_precedents(without, full=full, width=width, colour=looked_at), nl=False)


def _history(data: Path) -> History:
    from tocsin.events.precedents.counts import read_history

    click.echo(f"reading the record in {data}…", err=True)
    return read_history(data)
