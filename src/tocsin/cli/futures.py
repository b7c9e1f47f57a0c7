"""``tocsin futures``: how a case can unfold, and how likely each way is."""

from __future__ import annotations

import threading
from typing import Any

import click

from tocsin.cli.asking import Request, asking, case_of, inferred, respond


@click.command()
@asking
@click.option(
    "--weeks",
    type=click.IntRange(min=1, max=520),
    default=26,
    show_default=True,
    help="How far courses and cascades look; no farther than the last question.",
)
@click.option(
    "--if",
    "conditions",
    metavar="CONDITION",
    multiple=True,
    help='What if: "FACTOR > 0.6 by DATE", "FRONT reaches RUNG by DATE", lever:ID or event:ID; repeatable.',
)
@click.option(
    "--effort",
    type=click.IntRange(min=0),
    default=100_000,
    show_default=True,
    help="Plain runs that each question below 1 % may cost to estimate by splitting; 0 leaves it out.",
)
@click.pass_context
def futures(
    ctx: click.Context, request: Request, weeks: int, conditions: tuple[str, ...], effort: int
) -> None:
    """Say how the case in folder CASE can unfold from the as-of day.

    A handful of named courses with their probabilities, typical paths, forks and earliest signs; who may
    join after whom, and what carries each step; when each rung is first reached, and how much of it by
    error; every question under conditions, given that they are seen and if they were made so; and questions
    below 1 % by a method for rare outcomes.

    Exits with 0 if all went well, 1 if the case has faults, 2 if misused, 130 when interrupted.
    """
    from tocsin.ask.outlook.outlook import foresee
    from tocsin.show.futures import render_futures

    case = case_of(ctx, request)

    def work(progress: Any, cancel: threading.Event) -> Any:
        return foresee(
            inferred(case, request, progress, cancel),
            weeks=weeks,
            conditions=conditions,
            effort=effort,
            threads=request.threads,
            progress=progress,
            cancel=cancel,
        )

    respond(ctx, request, "futures", work, text=render_futures)
