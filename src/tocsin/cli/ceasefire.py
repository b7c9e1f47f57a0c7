"""``tocsin ceasefire``: what each deal is worth to its parties, whether it comes and holds, who spoils it."""

from __future__ import annotations

import datetime as dt

import click

from tocsin.cli.asking import Day, Request, asking, case_of, inferred, respond

# As in `tocsin.ask.ceasefire`, which takes NumPy to import; a test compares the two.
PUSH = 3.0


@click.command()
@asking
@click.option("--deal", metavar="ID", help="Only this deal of the case; else all of them.")
@click.option("--by", type=Day(), help="How far ahead to look; else 26 weeks, or to the case's end.")
@click.option(
    "--push",
    type=float,
    default=PUSH,
    show_default=True,
    help="Nats by which a possible spoiler's fronts are pulled up.",
)
@click.pass_context
def ceasefire(
    ctx: click.Context, request: Request, deal: str | None, by: dt.date | None, push: float
) -> None:
    """Ask about the cease-fires that the case in folder CASE could see.

    For each deal: what signing is worth to each side against going on, and what that is made of; the range
    of terms that both could accept, week by week; the chance that it is signed, and that it holds; what it
    does to every question and front, with the same chance; and who could spoil it. A deal that is not on the
    table is asked about as if it were put there today.

    Exits with 0 if all went well, 1 if the case has faults, 2 if misused, 130 when interrupted.
    """
    case = case_of(ctx, request)

    def work(progress, cancel):  # type: ignore[no-untyped-def]
        from tocsin.ask.ceasefire import ceasefire as ask

        found = inferred(case, request, progress, cancel)
        return ask(
            found, deal=deal, by=by, push=push, threads=request.threads, progress=progress, cancel=cancel
        )

    def text(answer, full, width, colour):  # type: ignore[no-untyped-def]
        from tocsin.show.ceasefire import render_ceasefire

        return render_ceasefire(answer, full=full, width=width, colour=colour)

    respond(ctx, request, "ceasefire", work, text=text)
