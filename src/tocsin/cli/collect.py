"""``tocsin collect``: where to look, and what is lost by looking elsewhere."""

from __future__ import annotations

import click

from tocsin.cli.asking import Request, asking, case_of, inferred, respond


class Move(click.ParamType[tuple[str, str, float]]):
    """A share set anew, written COLLECTOR:ACTOR=SHARE."""

    name = "collector:actor=share"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str, float]:
        """Read a share; anything else is a misuse."""
        if isinstance(value, tuple):
            return value
        place, equals, share = str(value).rpartition("=")
        collector, colon, actor = place.partition(":")
        try:
            return collector.strip(), actor.strip(), float(share if equals and colon else "")
        except ValueError:
            self.fail(f"found {value!r}; expected one like signals:hamas=0.4", param, ctx)


class FrontWeight(click.ParamType[tuple[str, float]]):
    """A front and a number, written "a -> b=2"."""

    name = "front=number"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, float]:
        """Read a weight; anything else is a misuse."""
        if isinstance(value, tuple):
            return value
        front, equals, number = str(value).rpartition("=")
        try:
            return " -> ".join(part.strip() for part in front.split("->")), float(number if equals else "")
        except ValueError:
            self.fail(f"found {value!r}; expected one like 'a -> b=2'", param, ctx)


@click.command()
@asking
@click.option(
    "--within",
    type=click.FloatRange(min=0, min_open=True),
    default=8.0,
    show_default=True,
    help="A warning says: an attack within so many weeks.",
)
@click.option(
    "--horizon",
    type=click.FloatRange(min=0, min_open=True),
    default=26.0,
    show_default=True,
    help="Weeks for which attacks are simulated, within the case.",
)
@click.option(
    "--unit",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=0.1,
    show_default=True,
    help="Share of a collector whose further looking is valued.",
)
@click.option(
    "--spared",
    type=click.FloatRange(min=0, max=1, min_open=True),
    default=0.5,
    show_default=True,
    help="Share of an attack's harm that warning in time spares.",
)
@click.option("--side", metavar="ACTOR", help="Take only this actor's collectors and those of nobody.")
@click.option(
    "--move",
    "moves",
    type=Move(),
    multiple=True,
    help="Set a share anew and show what it costs; may be given again, all count at once.",
)
@click.option(
    "--weight",
    "weights",
    type=FrontWeight(),
    multiple=True,
    help="How much more a front's harm counts for us than for who attacks; may be given again.",
)
@click.pass_context
def collect(
    ctx: click.Context,
    request: Request,
    within: float,
    horizon: float,
    unit: float,
    spared: float,
    side: str | None,
    moves: tuple[tuple[str, str, float], ...],
    weights: tuple[tuple[str, float], ...],
) -> None:
    """Say where to look in the case in folder CASE, and what is lost by looking elsewhere.

    How long before each possible attack the collectors and the sources' watches would have warned, and at
    what rate of false alarms; where the next hour of looking is worth most; the allocation that holds against
    an adversary who sees it; what becomes invisible if an actor is no longer looked at.

    Exits with 0 if all went well, 1 if the case has faults, 2 if misused, 130 when interrupted.
    """
    from tocsin.ask.collect.collect import collect as answer
    from tocsin.show.collect import render_collect

    case = case_of(ctx, request)
    respond(
        ctx,
        request,
        "collect",
        lambda progress, cancel: answer(
            inferred(case, request, progress, cancel),
            within_weeks=within,
            horizon_weeks=horizon,
            unit=unit,
            spared=spared,
            weights=dict(weights),
            moves=moves,
            side=side,
            threads=request.threads,
            progress=progress,
            cancel=cancel,
        ),
        text=render_collect,
    )
