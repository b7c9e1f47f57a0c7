"""``tocsin postmortem``: with the outcome known, what carries the miss."""

from __future__ import annotations

import threading
from typing import Any

import click

from tocsin.cli.asking import Request, asking, respond, with_feeds

# Particles of each of some eighty runs: fewer than of an answer that is made once. As in
# `tocsin.ask.postmortem`, which takes NumPy to import; a test compares them.
PARTICLES, DRAWS, DAYS, ENOUGH, CONVICTION = 10_000, 4, 6, 0.55, 0.5


@click.command()
@asking(particles=PARTICLES)
@click.option("--question", metavar="ID", help="Only this question; else every one that was resolved later.")
@click.option(
    "--reference",
    metavar="ID",
    help="The view whose numbers a repaired mindset has; else the case as it is written.",
)
@click.option(
    "--draws",
    type=click.IntRange(min=1),
    default=DRAWS,
    show_default=True,
    help="Sets of imagined reports to average over.",
)
@click.option(
    "--days",
    type=click.IntRange(min=0),
    default=DAYS,
    show_default=True,
    help="Days to look at for when the evidence sufficed; 0 for none.",
)
@click.option(
    "--enough",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=ENOUGH,
    show_default=True,
    help="Probability for what came that would have been warning enough.",
)
@click.option(
    "--conviction",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=CONVICTION,
    show_default=True,
    help="What a repaired prior puts at the least on what an actor proved to be.",
)
@click.pass_context
def postmortem(
    ctx: click.Context,
    request: Request,
    question: str | None,
    reference: str | None,
    draws: int,
    days: int,
    enough: float,
    conviction: float,
) -> None:
    """Say why the forecasts of the case in folder CASE missed, with the outcome known.

    The loss in log score is divided among collection, source error, deception by the target, mindset and
    irreducible chance, by Shapley's value over counterfactual runs; with the day on which the evidence would
    have sufficed, the reports that should have mattered most, and what would have had to be believed. It
    alone reads outcomes.yaml and truth.yaml.

    Exits with 0 if all went well, 1 if the case has faults, 2 if misused, 130 when interrupted.
    """
    from tocsin.ask.postmortem import postmortem as answer
    from tocsin.cli.faults import read_case
    from tocsin.show.postmortem import render_postmortem

    # The view is taken within, for its repair is the case's own numbers.
    case = with_feeds(read_case(ctx, request.folder), request.folder, request.store, request.as_of)

    def work(progress: Any, cancel: threading.Event) -> Any:
        return answer(
            case,
            request.as_of,
            question=question,
            variant=request.variant,
            reference=reference,
            particles=request.particles,
            seed=request.seed,
            draws=draws,
            days=days,
            enough=enough,
            conviction=conviction,
            threads=request.threads,
            progress=progress,
            cancel=cancel,
        )

    respond(ctx, request, "postmortem", work, text=render_postmortem)
