"""``tocsin ledger resolve`` and ``void``: how questions turned out, and whether reports proved right."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.faults import read_case
from tocsin.cli.ledger_options import (
    Day,
    as_json,
    case_name,
    is_case,
    ledger_option,
    now_option,
    print_json,
)

if TYPE_CHECKING:
    from tocsin.ledger import Ledger, Resolution
    from tocsin.ledger.ledger import Added

because_option = click.option(
    "--because", default="", help="Why this corrects an earlier resolution, which stays in the ledger."
)


@click.command()
@click.argument("name", metavar="[QUESTION|FORECAST|CASE]", required=False)
@click.option("--outcome", help="yes or no, a class, a number, or void.")
@click.option("--source", default="", help="Who says so.")
@click.option("--rule", default="", help="How it was decided; else the question's own rule.")
@click.option("--on", "day", type=Day(), help="When it came about; else the close, or today for a void.")
@click.option("--note", default="", help="Where it took judgment.")
@click.option("--report", metavar="CASE:REPORT", help="Resolve a report instead: did it tell what was so?")
@click.option("--right/--wrong", "right", default=None, help="With --report.")
@click.option("--why", default="", help="With --report: what showed it.")
@click.option(
    "--reported-by", metavar="SOURCE", help="With --report, where the case is not at hand: its source."
)
@because_option
@ledger_option
@as_json
@now_option
@click.pass_context
def resolve(ctx: click.Context, /, place: str, as_json: bool, now: dt.datetime, **given: Any) -> None:
    """Record how a question turned out, with source and rule; or every question of a CASE, from its
    outcomes.yaml; or whether a report proved right.

    A question resolved early is kept, and counts in scores only once its scheduled close is past. A second
    resolution needs --because.

    \b
    tocsin ledger resolve lebanon-2023:iran-strikes-2023 --outcome no --source "UN, S/2024/222"
    tocsin ledger resolve cases/lebanon-2023
    tocsin ledger resolve --report cases/lebanon-2023:border-1 --right --why "Confirmed the next day."
    """
    from tocsin.ledger import Ledger

    skipped: tuple[str, ...] = ()
    added: tuple[Added[Any], ...]
    with Ledger.open(place, create=given["report"] is not None) as ledger:
        if given["report"] is not None:
            if given["name"] is not None or given["outcome"] is not None:
                raise click.UsageError("--report is resolved with --right or --wrong, and nothing else")
            added = _report(ctx, ledger, given, now)
        elif given["name"] is None:
            raise click.UsageError("name a question, a forecast or a CASE, or a --report")
        elif given["outcome"] is None and is_case(given["name"]):
            added, skipped = _case(ctx, ledger, Path(given["name"]), given["because"], now)
        elif given["outcome"] is None:
            raise click.UsageError("--outcome: say how it turned out")
        else:
            added = (_question(ledger, given, now),)
        head, name = ledger.head(), ledger.name
    _told(name, head, added, skipped, as_json)


@click.command()
@click.argument("name", metavar="QUESTION")
@click.option("--why", required=True, help="Why it could not be decided.")
@click.option("--on", "day", type=Day(), help="Since when; else today.")
@click.option("--source", help="Who says so; else the reason again.")
@because_option
@ledger_option
@as_json
@now_option
def void(place: str, as_json: bool, now: dt.datetime, **given: Any) -> None:
    """Record that a question could not be decided: it is counted, and never scored."""
    from tocsin.ledger import Ledger

    values = given | {"outcome": "void", "note": given["why"], "source": given["source"] or given["why"]}
    with Ledger.open(place, create=False) as ledger:
        added = _question(ledger, values | {"rule": ""}, now)
        head, name = ledger.head(), ledger.name
    _told(name, head, (added,), (), as_json)


def _question(ledger: Ledger, given: dict[str, Any], now: dt.datetime) -> Added[Resolution]:
    from tocsin.ledger import Resolution

    question = ledger.find(given["name"]).question
    outcome = given["outcome"].strip()
    day = given["day"]
    if day is None and outcome == "yes" and now.date() > question.closes:
        raise click.UsageError(f"--on: say on which day it came about, up to the close on {question.closes}")
    if day is None:
        day = now.date() if outcome in ("yes", "void") else question.closes
    if not given["source"].strip():
        raise click.UsageError("--source: say who says so")
    rule = given["rule"] or question.rule or ("could not be decided" if outcome == "void" else "")
    if not rule:
        raise click.UsageError(f"--rule: {question.key} states none; say how it was decided")
    value = Resolution(
        question=question.key,
        outcome=outcome,
        on=day,
        source=given["source"],
        rule=rule,
        note=given["note"],
        because=given["because"],
    )
    return ledger.resolve([value], now=now)[0]


def _case(
    ctx: click.Context, ledger: Ledger, path: Path, because: str, now: dt.datetime
) -> tuple[tuple[Added[Resolution], ...], tuple[str, ...]]:
    """Every outcome that a case states and that was known by today, of questions that the ledger holds."""
    from tocsin.ask.freeze import settled_by
    from tocsin.ledger import Resolution
    from tocsin.ledger.entry import case_key

    case, name = read_case(ctx, path), case_name(path)
    held = {asked.question.key for asked in ledger.questions()}
    rules = {question.id: settled_by(question) for question in case.questions}
    values, skipped = [], []
    for outcome in case.outcomes:
        key = case_key(name, outcome.question)
        if key not in held:
            skipped.append(f"{outcome.question} (never forecast)")
        elif (outcome.known or outcome.date) > now.date():
            skipped.append(f"{outcome.question} (known only on {outcome.known or outcome.date})")
        else:
            values.append(
                Resolution(
                    question=key,
                    outcome=outcome.resolved,
                    on=outcome.date,
                    source=outcome.source or f"outcomes.yaml of {name}",
                    rule=rules[outcome.question],
                    note=outcome.note,
                    because=because,
                )
            )
    return ledger.resolve(values, now=now), tuple(skipped)


def _report(
    ctx: click.Context, ledger: Ledger, given: dict[str, Any], now: dt.datetime
) -> tuple[Added[Any], ...]:
    from tocsin.ledger import ReportResolution

    case, _, own = given["report"].rpartition(":")
    if not case or not own:
        raise click.UsageError(f"--report: found {given['report']!r}; expected CASE:REPORT")
    if given["right"] is None:
        raise click.UsageError("--report: say --right or --wrong")
    if not given["why"].strip():
        raise click.UsageError("--why: say what showed it")
    source = given["reported_by"]
    if is_case(case):
        reports = {report.id: report.source for report in read_case(ctx, Path(case)).reports}
        if own not in reports:
            raise click.UsageError(f"--report: {case} has no report {own!r}")
        if source not in (None, reports[own]):
            raise click.UsageError(f"--reported-by: {own} is by {reports[own]}")
        source, case = reports[own], case_name(Path(case))
    elif source is None:
        raise click.UsageError(f"--reported-by: {case} is no folder of a case here; name the report's source")
    value = ReportResolution(
        case=case,
        source=source,
        report=own,
        right=given["right"],
        resolved_on=given["day"] or now.date(),
        why=given["why"],
        because=given["because"],
    )
    return ledger.resolve_reports([value], now=now)


def _told(
    name: str, head: str, added: tuple[Added[Any], ...], skipped: tuple[str, ...], as_json: bool
) -> None:
    if as_json:
        from tocsin.show.ledger import as_json as plain

        print_json(
            {
                "ledger": name,
                "head": head,
                "resolved": [{"new": each.new, **plain(each.row)} for each in added],
                "skipped": list(skipped),
            }
        )
        return
    from tocsin.ledger import Resolution
    from tocsin.show.ledger import HASH_DIGITS
    from tocsin.show.wording import clean, counted

    new = [each.row for each in added if each.new]
    old = len(added) - len(new)
    click.echo(
        f"{name}: {counted(len(new), 'resolution')} recorded{f'; {old} were there already' if old else ''}"
    )
    for row in new:
        value = row.value
        if isinstance(value, Resolution):
            said = f"{value.question}: {value.outcome} on {value.on}"
        else:
            said = f"{value.key} by {value.source}: {'right' if value.right else 'wrong'}"
        corrected = " (corrects an earlier one)" if value.supersedes else ""
        click.echo(f"  {row.number:>4}  {row.hash[:HASH_DIGITS]}  {clean(said)}{corrected}")
    if skipped:
        click.echo(f"left out: {', '.join(skipped)}")
    click.echo(f"head {head}")
