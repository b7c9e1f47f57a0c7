"""``tocsin options``: what each lever and each affordable portfolio of levers does to the odds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.asking import Request, asking, case_of, inferred, respond

if TYPE_CHECKING:
    import threading

    from tocsin.ask.options.answer import Options

# As in `tocsin.ask.options`, which takes NumPy to import; a test compares the two.
HISTORIES, MOST = 20_000, 512


def weighted(values: tuple[str, ...]) -> dict[str, float]:
    """Questions and their weights from ``ID`` or ``ID=WEIGHT``.

    Examples
    --------
    >>> weighted(("a", "b=2"))
    {'a': 1.0, 'b': 2.0}
    """
    found: dict[str, float] = {}
    for value in values:
        name, sign, weight = value.partition("=")
        try:
            found[name] = float(weight) if sign else 1.0
        except ValueError:
            raise click.UsageError(
                f"found --question {value!r}; expected a question's id, or ID=WEIGHT such as {name}=2"
            ) from None
    return found


@click.command()
@asking
@click.option("--budget", type=float, help="What there is to spend, in the case's own unit; else no limit.")
@click.option(
    "--question",
    "questions",
    multiple=True,
    metavar="ID[=WEIGHT]",
    help="What to avoid; may be given again. Else the first question still open.",
)
@click.option("--by", multiple=True, metavar="ACTOR", help="Only this actor's levers; may be given again.")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=MOST,
    show_default=True,
    help="At most so many portfolios; what is left out is said.",
)
@click.option(
    "--at-most",
    type=click.FloatRange(0.0, 1.0),
    help="The risk to be met whatever number is wrong; else that of doing nothing.",
)
@click.option(
    "--histories",
    type=click.IntRange(min=1),
    default=HISTORIES,
    show_default=True,
    help="Histories on which every lever is tried.",
)
@click.pass_context
def options(
    ctx: click.Context,
    request: Request,
    budget: float | None,
    questions: tuple[str, ...],
    by: tuple[str, ...],
    most: int,
    at_most: float | None,
    histories: int,
) -> None:
    """Pull every lever of the case in folder CASE, and every affordable portfolio, with the same chance.

    Says what each does to every question with its error, how often it backfires, for which opponent it
    helps and by which of its effects; which portfolios are worth their cost; which choice holds up if the
    opponent or the analyst's own numbers are not as thought; and which number would have to be wrong.

    Exits with 0 if all went well, 1 if the case has faults or no particle explains it, 2 if misused.
    """
    case = case_of(ctx, request)
    wanted = weighted(questions)

    def work(progress: Any, cancel: threading.Event) -> Options:
        from tocsin.ask.options import options as answer

        return answer(
            inferred(case, request, progress, cancel),
            budget=budget,
            questions=wanted,
            by=by,
            most=most,
            at_most=at_most,
            histories=histories,
            threads=request.threads,
            progress=progress,
            cancel=cancel,
        )

    def text(answer: Options, full: bool, width: int, colour: bool) -> str:
        from tocsin.show.options import render_options

        return render_options(answer, full=full, width=width, colour=colour)

    respond(ctx, request, "options", work, text=text)
