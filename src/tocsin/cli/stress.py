"""``tocsin stress``: how little deception it would take to fool us on one question."""

from __future__ import annotations

import threading
from typing import Any

import click

from tocsin.cli.asking import Request, asking, case_of, inferred, respond


@click.command()
@asking
@click.option("--question", metavar="ID", help="The question to stress; else the case's first.")
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    default=12.0,
    show_default=True,
    help="What the deceiver can spend, in the units of the table of prices.",
)
@click.option(
    "--deceiver", metavar="ACTOR", help="Who deceives; else the actor whose posture the question asks about."
)
@click.option(
    "--price",
    "prices",
    multiple=True,
    metavar="NAME=NUMBER",
    help="Override a price: grade.A=20, discipline.imagery=3, source.ID=30 or plant=2; may be repeated.",
)
@click.option(
    "--reports",
    type=click.IntRange(min=1, max=8),
    default=4,
    show_default=True,
    help="At most so many reports, where they are counted and not paid for.",
)
@click.option(
    "--window",
    "window_days",
    type=click.IntRange(min=0),
    default=28,
    show_default=True,
    help="Days before the as-of day on which reports could be planted.",
)
@click.option(
    "--plausible",
    type=click.FloatRange(min=0, max=1, max_open=True),
    default=0.01,
    show_default=True,
    help="Least chance that the rest of the evidence must give to what is said.",
)
@click.option("--phia", is_flag=True, help="Words of the United Kingdom's PHIA yardstick; else of ICD 203.")
@click.option("--check/--no-check", default=True, help="Play the plans, inferring the case again for each.")
@click.pass_context
def stress(
    ctx: click.Context,
    request: Request,
    question: str | None,
    budget: float,
    deceiver: str | None,
    prices: tuple[str, ...],
    reports: int,
    window_days: int,
    plausible: float,
    phia: bool,
    check: bool,
) -> None:
    """Say how little deception would move the answer to one question of the case in folder CASE.

    The fewest reports that, planted, hidden or changed, move it into another word; the best plan that a
    budget buys; how far one source, origin, discipline or actor can drive it; the answer were it known who
    deceives, and what silences would then mean; the checklists by which analysts look for deception. Plans
    are then played: the case is inferred again as the deceiver would have it.

    Exits with 0 if all went well, 1 if the case has faults, 2 if misused, 130 when interrupted.
    """
    from tocsin.ask.stress import stress as answer
    from tocsin.ask.stress.stressed import must_be_asked, settled
    from tocsin.show.stress import render_stress

    case = case_of(ctx, request)
    yardstick = "PHIA" if phia else "ICD 203"

    def work(progress: Any, cancel: threading.Event) -> Any:
        # Whatever is refused is refused before the inference, which takes longest.
        must_be_asked(budget, reports, window_days, plausible, yardstick)
        settled(case, question, deceiver, prices)
        return answer(
            inferred(case, request, progress, cancel, keep_past=True),
            question,
            budget=budget,
            deceiver=deceiver,
            prices=prices,
            reports=reports,
            window_days=window_days,
            plausible=plausible,
            yardstick=yardstick,
            check=check,
            threads=request.threads,
            progress=progress,
            cancel=cancel,
        )

    respond(ctx, request, "stress", work, text=render_stress)
