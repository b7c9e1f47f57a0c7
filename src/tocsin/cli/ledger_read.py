"""``tocsin ledger list`` and ``score``: where the questions stand, and how the forecasts did."""

from __future__ import annotations

import datetime as dt

import click

from tocsin.cli.ledger_options import Day, as_json, ledger_option, looks, now_option, print_json

STATUSES = ("open", "decided early", "overdue", "resolved", "void")


@click.command("list")
@click.option(
    "--status", "statuses", type=click.Choice(STATUSES), multiple=True, help="Only these; may be repeated."
)
@click.option("--case", help="Only questions of this case.")
@click.option("--author", help="Only questions that this author forecast.")
@click.option("--each", is_flag=True, help="Every forecast, not only each author's last.")
@click.option("--as-of", type=Day(), help="The ledger as it stood at the end of this day; else today.")
@ledger_option
@as_json
@now_option
def list_(
    statuses: tuple[str, ...],
    case: str | None,
    author: str | None,
    each: bool,
    as_of: dt.date | None,
    place: str,
    as_json: bool,
    now: dt.datetime,
) -> None:
    """Show questions with their forecasts, and where each stands: from open to resolved or void."""
    from tocsin.ledger import Ledger

    day = as_of or now.date()
    with Ledger.open(place, create=False) as ledger:
        questions = [
            asked
            for asked in ledger.questions(until=as_of)
            if (not statuses or asked.status(day) in statuses)
            and (case is None or asked.question.case == case)
            and (author is None or any(row.value.author == author for row in asked.forecasts))
        ]
        name, head, breach = ledger.name, ledger.head(), ledger.verify().breach
    if breach is not None:
        click.echo(
            f"{name}: the chain is broken at row {breach.number}, and what is shown is not what was written; "
            "tocsin ledger verify tells more",
            err=True,
        )
    from tocsin.show.ledger import question_json, render_questions

    if as_json:
        shown = [question_json(asked, day) for asked in questions]
        print_json({"ledger": name, "head": head, "as_of": day.isoformat(), "questions": shown})
    else:
        click.echo(render_questions(questions, day, each=each, **looks()), nl=False)


@click.command()
@click.option("--as-of", type=Day(), help="The ledger as it stood at the end of this day; else today.")
@click.option(
    "--base-rate",
    type=click.FloatRange(0.0, 1.0),
    help="For forecasts that state none; else their own share of yes, which is known only afterwards.",
)
@click.option("--full", is_flag=True, help="By case and lead time too, and everybody's calibration.")
@ledger_option
@as_json
@now_option
def score(
    as_of: dt.date | None, base_rate: float | None, full: bool, place: str, as_json: bool, now: dt.datetime
) -> None:
    """Score the forecasts on questions whose scheduled close is past and that are resolved.

    Brier with its parts, log score, skill against the base rate, calibration; by author, case and lead time.
    Forecasts recorded after the close are hindsight and stand apart. Where several answered one question,
    pools of them stand beside. A ledger whose chain is broken is not scored.
    """
    from tocsin.ledger import Ledger
    from tocsin.ledger.scores import scores

    day = as_of or now.date()
    with Ledger.open(place, create=False) as ledger:
        ledger.must_be_sound("a score")
        found = scores(ledger.questions(until=as_of), day, base_rate=base_rate)
        name, head = ledger.name, ledger.head()
    from tocsin.show.ledger import as_json as plain
    from tocsin.show.ledger import render_scores

    if as_json:
        print_json({"ledger": name, "head": head, **plain(found)})
    else:
        click.echo(render_scores(found, full=full, **looks()), nl=False)
