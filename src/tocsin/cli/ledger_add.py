"""``tocsin ledger add``: freeze the forecasts of a case's estimate, or one of a person's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tocsin.cli.asking import PARTICLES, SEED
from tocsin.cli.faults import read_case
from tocsin.cli.ledger_options import (
    Day,
    as_json,
    case_name,
    ledger_option,
    now_option,
    print_json,
)

if TYPE_CHECKING:
    from tocsin.ask.estimate import Estimate
    from tocsin.case.model import Case
    from tocsin.ledger import Forecast, Ledger, Question
    from tocsin.score.reliability import Proof

# As in `tocsin.ask.freeze`.
AUTHOR = "tocsin"
ANSWER = ("probability", "shares", "quantiles")


@click.command()
@click.argument("case", type=click.Path(path_type=Path), required=False)
@click.option("--as-of", type=Day(), help="Issue date; else as for tocsin assess, and today for a person.")
@click.option("--author", help="Who forecasts; needed for a person, else tocsin.")
@click.option(
    "--from",
    "estimate",
    type=click.Path(path_type=Path, exists=True),
    help="An estimate.json of this case, or its folder, instead of assessing it now.",
)
@click.option("--question", help="Text of a new question, or key or text of one: forecast this alone.")
@click.option("--probability", type=click.FloatRange(0.0, 1.0), help="Of yes, from 0 to 1.")
@click.option("--shares", metavar="CLASS=P,…", help="Of a question of classes: calm=0.5,words=0.3,war=0.2.")
@click.option("--quantiles", metavar="LEVEL=VALUE,…", help="Of a question of a number: 0.1=3,0.5=10,0.9=40.")
@click.option("--closes", type=Day(), help="Scheduled close of a new question: the last day that counts.")
@click.option("--rule", default="", help="How a new question is to be settled.")
@click.option("--id", "own_id", help="Key of a new question; else made from its text.")
@click.option(
    "--base-rate",
    "base_rates",
    multiple=True,
    metavar="[ID=]P",
    help="How often such questions come true; ID=P for a case's, which else is that of tocsin precedents.",
)
@click.option("--note", default="", help="Anything that a reader should know.")
@click.option("--particles", type=click.IntRange(min=1), default=PARTICLES, show_default=True)
@click.option("--seed", type=click.IntRange(min=0), default=SEED, show_default=True)
@click.option("--threads", type=click.IntRange(min=1))
@ledger_option
@as_json
@now_option
@click.pass_context
def add(ctx: click.Context, /, place: str, as_json: bool, now: dt.datetime, **given: Any) -> None:
    """Freeze forecasts in the ledger, each with what gives the same number again.

    With a folder CASE alone, the case is assessed (or its estimate taken with --from) and every question that
    is still open on the as-of date is frozen. Reports that this ledger had resolved by then count toward
    their sources. With --question and an answer, that one forecast is; with CASE too, the question is the
    case's.

    \b
    tocsin ledger add cases/lebanon-2023
    tocsin ledger add --question "Will it rain by June?" --closes 2030-06-01 --probability 0.2 --author Anna
    """
    from tocsin.ledger import Ledger

    forecasts: tuple[Forecast, ...]
    skipped: tuple[str, ...] = ()
    if given["question"] is None:
        if given["case"] is None:
            raise click.UsageError("name a CASE, or a --question")
        _only_for(
            given, "--question", "probability", "shares", "quantiles", "closes", "own_id", "rule", "note"
        )
        forecasts, skipped = _of_case(ctx, given, place)
    with Ledger.open(place) as ledger:
        if given["question"] is not None:
            _only_for(given, "a case's estimate", "estimate")
            forecasts = (_of_person(ctx, ledger, given, now),)
        added = ledger.add(forecasts, now=now)
        head, name = ledger.head(), ledger.name
    if as_json:
        from tocsin.show.ledger import as_json as plain

        print_json(
            {
                "ledger": name,
                "head": head,
                "added": [{"new": each.new, **plain(each.row)} for each in added],
                "skipped": list(skipped),
            }
        )
        return
    _print(name, head, added, skipped)


def _only_for(given: dict[str, Any], what: str, *names: str) -> None:
    for name in names:
        if given[name] not in (None, ""):
            option = {"own_id": "id", "estimate": "from"}.get(name, name)
            raise click.UsageError(f"--{option} belongs to {what}")


def _of_case(
    ctx: click.Context, given: dict[str, Any], place: str
) -> tuple[tuple[Forecast, ...], tuple[str, ...]]:
    """Forecasts of a case's estimate, and the questions whose day has passed."""
    from tocsin.ask.freeze import forecasts
    from tocsin.ask.precedents import base_rate
    from tocsin.cli.stores import heard

    # What a store says belongs to the case that is frozen, as it does to the one that is assessed.
    case = heard(read_case(ctx, given["case"]), given["case"], until=given["as_of"])
    rates = _base_rates(given["base_rates"])
    unknown = sorted(set(rates) - {question.id for question in case.questions})
    if unknown:
        raise click.UsageError(f"--base-rate: found {unknown[0] or 'no ID'!r}; expected a question's ID=P")
    estimate = _estimate(case, given, place)
    name = case_name(given["case"])
    notes = dict.fromkeys(rates, "")
    for question in case.questions:
        found = None if question.id in rates else base_rate(case, question, estimate.as_of)
        if found is not None:
            rates[question.id] = found.rate
            notes[question.id] = f"Base rate: {found.words}"
    # Views are scored apart: who answered is the case in that view.
    author = given["author"] or (AUTHOR if estimate.variant is None else f"{AUTHOR} as {estimate.variant}")
    frozen = forecasts(estimate, case, name, author=author, base_rates=rates, notes=notes)
    passed = tuple(answer.id for answer in estimate.questions if answer.by < estimate.as_of)
    return frozen, passed


def _estimate(case: Case, given: dict[str, Any], place: str) -> Estimate:
    path: Path | None = given["estimate"]
    if path is None:
        from tocsin.cli.assess import assessed

        return assessed(
            case,
            given["as_of"],
            since=None,
            particles=given["particles"],
            seed=given["seed"],
            threads=given["threads"],
            phia=False,
            proofs=_proofs(case, given["as_of"], place),
        ).estimate
    from tocsin.ask.records import as_assessed
    from tocsin.case.known import as_known, digest
    from tocsin.cli.asking import view_of
    from tocsin.ledger import EntryError
    from tocsin.show.json import read_estimate

    file = path / "estimate.json" if path.is_dir() else path
    estimate = read_estimate(file)
    if given["as_of"] not in (None, estimate.as_of):
        raise click.UsageError(f"--as-of: {file} is as of {estimate.as_of}")
    if estimate.variant is not None:
        case = view_of(case, estimate.variant)
    known = digest(as_assessed(as_known(case, estimate.as_of), estimate.sources))
    if known != estimate.case_digest:
        raise EntryError(
            str(file),
            found=f"an estimate of a case with digest {estimate.case_digest[:16]}",
            expected=f"{known[:16]}, as {given['case']} is known on {estimate.as_of}",
            mend="assess the case as it is now, or name the case as it was",
        )
    return estimate


def _proofs(case: Case, as_of: dt.date | None, place: str) -> tuple[Proof, ...]:
    """Resolved reports of the ledger that the forecasts go into; none where it is yet to begin."""
    from tocsin.cli.assess import proved
    from tocsin.ledger import Ledger, StoreError

    try:
        with Ledger.open(place, create=False) as ledger:
            ledger.must_be_sound("a source's record")
            return proved(ledger, as_of, case)
    except StoreError:
        # Whatever else is wrong with it is told when the forecasts are written.
        return ()


def _of_person(ctx: click.Context, ledger: Ledger, given: dict[str, Any], now: dt.datetime) -> Forecast:
    """One forecast, of a new question, of one in the ledger or of one in a case."""
    from tocsin.ledger import Forecast

    if not given["author"]:
        raise click.UsageError("--author: say who forecasts")
    shares = _pairs("--shares", given["shares"])
    quantiles = _pairs("--quantiles", given["quantiles"])
    if (given["probability"] is not None) + bool(shares) + bool(quantiles) != 1:
        raise click.UsageError("give one answer: --probability, --shares or --quantiles")
    rates = _base_rates(given["base_rates"])
    if set(rates) - {""}:
        raise click.UsageError("--base-rate: one forecast has one base rate, written alone")
    classes = tuple(name for name, _ in shares)
    question = _question(ctx, ledger, given, classes, bool(quantiles))
    if classes and sorted(classes) == sorted(question.classes):
        shares = tuple(sorted(shares, key=lambda pair: question.classes.index(pair[0])))
    elif classes:
        raise click.UsageError(f"--shares: expected a share of each of {', '.join(question.classes)}")
    return Forecast(
        question=question,
        author=given["author"],
        as_of=given["as_of"] or now.date(),
        probability=given["probability"],
        shares=tuple(share for _, share in shares),
        quantiles=tuple((_number("--quantiles", level), value) for level, value in quantiles),
        base_rate=rates.get(""),
        note=given["note"],
    )


def _question(
    ctx: click.Context, ledger: Ledger, given: dict[str, Any], classes: tuple[str, ...], number: bool
) -> Question:
    from tocsin.ledger import EntryError, Question
    from tocsin.ledger.entry import slug

    text = given["question"]
    if given["case"] is not None:
        _only_for(given, "a new question", "own_id", "rule")
        return _of_the_case(ctx, given)
    try:
        known = ledger.find(given["own_id"] or text).question
    except EntryError:
        if given["closes"] is None:
            raise click.UsageError(f"{text!r} is not in the ledger; a new question needs --closes") from None
        return Question(
            key=given["own_id"] or slug(text),
            text=text,
            closes=given["closes"],
            rule=given["rule"],
            classes=classes,
            number=number,
        )
    # Said again it must be the same, which the ledger sees to.
    return Question(
        key=known.key,
        text=text if given["own_id"] else known.text,
        closes=given["closes"] or known.closes,
        rule=given["rule"] or known.rule,
        case=known.case,
        classes=known.classes,
        number=known.number,
    )


def _of_the_case(ctx: click.Context, given: dict[str, Any]) -> Question:
    from tocsin.ask.freeze import settled_by
    from tocsin.ledger import Question
    from tocsin.ledger.entry import case_key

    case, name = read_case(ctx, given["case"]), case_name(given["case"])
    own = given["question"].removeprefix(f"{name}:")
    for question in case.questions:
        if own in (question.id, question.text):
            return Question(
                key=case_key(name, question.id),
                text=question.text,
                closes=given["closes"] or question.by,
                rule=settled_by(question),
                case=name,
            )
    ids = ", ".join(question.id for question in case.questions)
    raise click.UsageError(f"--question: found {own!r}; expected one of the case's: {ids}")


def _pairs(option: str, text: str | None) -> tuple[tuple[str, float], ...]:
    """``a=1,b=2`` as pairs."""
    if not text:
        return ()
    pairs = []
    for part in text.split(","):
        name, _, value = part.partition("=")
        pairs.append((name.strip(), _number(option, value)))
    return tuple(pairs)


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise click.UsageError(f"{option}: found {text!r}; expected a number") from None


def _base_rates(given: tuple[str, ...]) -> dict[str, float]:
    """Base rates by question; one that is written alone goes by the empty name."""
    rates = {}
    for text in given:
        name, _, value = text.rpartition("=")
        rates[name] = _number("--base-rate", value)
    return rates


def _print(name: str, head: str, added: Any, skipped: tuple[str, ...]) -> None:
    from tocsin.show.ledger import HASH_DIGITS, answer
    from tocsin.show.wording import clean, counted

    new = [each.row for each in added if each.new]
    old = len(added) - len(new)
    there = f"; {old} were there already" if old else ""
    click.echo(f"{name}: {counted(len(new), 'forecast')} frozen{there}")
    for row in new:
        forecast = row.value
        click.echo(
            f"  {row.number:>4}  {row.hash[:HASH_DIGITS]}  {forecast.question.key}: "
            f"{clean(answer(forecast))} by {clean(forecast.author)}, closes {forecast.question.closes}"
        )
    if skipped:
        click.echo(f"left out, for their day had passed: {', '.join(skipped)}")
    late = sum(row.recorded.date() > row.value.question.closes for row in new)
    if late:
        click.echo(f"{late} of them were recorded after the close: they are scored apart, as hindsight")
    click.echo(f"head {head}")
    click.echo("Note it elsewhere: tocsin ledger verify --head HASH then tells whether anything went since.")
