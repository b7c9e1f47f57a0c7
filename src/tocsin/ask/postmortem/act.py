"""Post-mortem: with the outcome known, what carries the miss?

Sixteen forecasts of one case, with every set of four causes repaired, and Shapley's value over them; a
seventeenth of who knew the hidden state of the day. Only this act reads outcomes and truth.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tocsin.ask.bands import band
from tocsin.ask.estimate import Chance
from tocsin.ask.heading import heading
from tocsin.ask.inferred import DEFAULT_ISLANDS, DEFAULT_SEED, AskError, Inferred, as_of_day, must_suffice
from tocsin.ask.postmortem.answer import (
    CAUSES,
    CHANCE,
    Coalition,
    DayPoint,
    Part,
    Postmortem,
    Repair,
    Sufficed,
    Verdict,
)
from tocsin.ask.postmortem.beliefs import what_to_believe
from tocsin.ask.postmortem.hindsight import unknowns
from tocsin.ask.postmortem.losses import Forecast, Losses, Runs, losses, number
from tocsin.ask.postmortem.repairs import CONVICTION, workshop
from tocsin.ask.postmortem.shapley import shapley_weights, subsets
from tocsin.ask.postmortem.telling import telling_reports
from tocsin.case.model import Case, Outcome
from tocsin.game.grid import build_grid
from tocsin.infer.work import Progress

DEFAULT_PARTICLES, DEFAULT_DRAWS, DEFAULT_DAYS = 10_000, 4, 6
# "Likely" in ICD 203 begins here.
ENOUGH = 0.55
# A cause is named where its part is more than two of its errors and than this.
TELLING_NATS = 0.05


def postmortem(
    case: Case,
    as_of: dt.date | str | None = None,
    *,
    question: str | None = None,
    variant: str | None = None,
    reference: str | None = None,
    particles: int = DEFAULT_PARTICLES,
    islands: int = DEFAULT_ISLANDS,
    seed: int = DEFAULT_SEED,
    draws: int = DEFAULT_DRAWS,
    days: int = DEFAULT_DAYS,
    enough: float = ENOUGH,
    conviction: float = CONVICTION,
    beliefs: bool = True,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Postmortem:
    """Divide the loss of the forecasts of a day among the causes that could be repaired, and chance.

    Parameters
    ----------
    case : a checked case with outcomes and truth
    as_of : the day of the forecast; the case's own if left out
    question : only this one; every resolved one if left out
    variant : the view of the case that made the forecast; the case as written if left out
    reference : the view whose numbers a repaired mindset has; the case as written if left out
    particles, islands, seed, threads : of each run, as in `tocsin.assess`
    draws : sets of imagined reports that losses are averaged over
    days : days looked at for when the evidence sufficed, the as-of day among them; 0 for none
    enough : the probability for what happened that would have been warning enough
    conviction : what a repaired prior puts on the disposition that an actor proved to have
    beliefs : whether to look for what would have had to be believed
    progress, cancel : as in `tocsin.assess`

    Raises
    ------
    AskError if the case has no truth, no such question or view, or nothing resolved after the day;
    PostmortemError if the model cannot explain a repaired case; CancelledError

    Examples
    --------
    >>> import tocsin
    >>> case = tocsin.load("cases/gaza-2023")  # doctest: +SKIP
    >>> postmortem(case).verdicts[0].blamed  # doctest: +SKIP
    'collection'
    """
    day = as_of_day(case, as_of)
    must_suffice(particles, islands, threads)
    if draws < 1 or days < 0:
        raise AskError(f"found {draws} draws and {days} days; expected at least 1 draw, and 0 days or more")
    if not 0.0 < enough < 1.0:
        raise AskError(f"found {enough:g} as enough; expected a chance above 0 and below 1")
    shop = workshop(case, variant=variant, reference=reference, seed=seed, draws=draws, conviction=conviction)
    known, left_out = _open_outcomes(shop.view, case, question, day)
    grid = _grid(case, day, days)
    runs = Runs(
        workshop=shop,
        particles=particles,
        islands=islands,
        seed=seed,
        threads=threads,
        progress=progress,
        cancel=cancel,
        expected=len(subsets(len(CAUSES))) * draws + draws + 1 + (1 + draws) * len(grid),
    )
    happened = np.array([o.resolved == "yes" if o else False for o in known])
    asked = [q for q, outcome in enumerate(known) if outcome is not None]

    plain = shop.repaired((), day)
    own = runs.posterior(plain, day)
    runs.keep(plain, day, own)
    head = heading(
        Inferred(written=case, known=own.game.case, as_of=day, seed=seed, posterior=own, variant=variant)
    )
    everything = shop.all_that_existed(day)
    existed = own if everything.case == plain.case else runs.posterior(everything, day)
    reports = telling_reports(existed, shop, day, happened)
    del existed
    given = tuple(
        _for(chance, bool(yes))
        for chance, yes in zip(runs.forecast((), day).chances(), happened, strict=True)
    )
    believed = (
        what_to_believe(own, happened, given, enough, threads) if beliefs else tuple(() for _ in happened)
    )
    del own

    listed = [tuple(c for k, c in enumerate(CAUSES) if k in s) for s in subsets(len(CAUSES))]
    table = [
        [*(runs.forecast(causes, day, draw) for causes in listed), runs.knowing(CAUSES, day, draw)]
        for draw in range(draws)
    ]
    told = losses(table, happened)
    by_day = [
        (d, (runs.forecast((), d),), tuple(runs.forecast(CAUSES, d, draw) for draw in range(draws)))
        for d in (*grid, day)
        if days
    ]
    verdicts = []
    for q in asked:
        outcome = known[q]
        assert outcome is not None
        points = tuple(
            DayPoint(
                day=d,
                in_hand=_mean_for(mine, q, bool(happened[q])),
                repaired=_mean_for(best, q, bool(happened[q])),
            )
            for d, mine, best in by_day
        )
        verdicts.append(
            replace(
                _verdict(shop.view, q, outcome, given[q], told, listed),
                bound=bool(table[0][0].is_bound(happened)[q]),
                sufficed=_sufficed(points, enough) if points else None,
                reports=reports[q],
                beliefs=believed[q],
            )
        )
    return Postmortem(
        head=head,
        conviction=conviction,
        draws=draws,
        runs=len(runs.kept) + draws,
        verdicts=tuple(sorted(verdicts, key=lambda v: -v.loss.value)),
        repairs=tuple(Repair(cause=cause, changes=shop.changes(cause, day)) for cause in CAUSES),
        unknown=unknowns(case, shop.truth, day),
        basis=shop.truth.basis,
        left_out=left_out,
    )


def _open_outcomes(
    view: Case, case: Case, question: str | None, day: dt.date
) -> tuple[tuple[Outcome | None, ...], tuple[tuple[str, str], ...]]:
    """How each question of the view came out, None where it is not asked; and those left out, with why."""
    by_id = {outcome.question: outcome for outcome in case.outcomes}
    ids = [q.id for q in view.questions]
    if question is not None and question not in ids:
        raise AskError(f"found the question {question!r}; expected one of the case's: {', '.join(ids)}")
    out: list[Outcome | None] = []
    left: list[tuple[str, str]] = []
    for q in view.questions:
        outcome = by_id.get(q.id)
        why = None
        if outcome is None:
            why = "it is not resolved in outcomes.yaml"
        elif outcome.resolved == "void":
            why = "it was void"
        elif outcome.date <= day:
            why = f"it was decided on {outcome.date}, by the day of the forecast"
        elif q.by <= day:
            why = f"it ran out on {q.by}"
        if why is not None and question == q.id:
            raise AskError(f"the question {q.id!r} leaves nothing to explain as of {day}: {why}")
        if why is not None:
            left.append((q.id, why))
        out.append(outcome if why is None and question in (None, q.id) else None)
    if not any(out):
        told = "; ".join(f"{name}: {why}" for name, why in left)
        raise AskError(f"nothing was resolved after {day}, so there is no miss to explain ({told})")
    return tuple(out), tuple(left)


def _grid(case: Case, day: dt.date, days: int) -> tuple[dt.date, ...]:
    """Days before the as-of day, evenly over the steps, at the end of each."""
    grid = build_grid(case)
    now = grid.step_of(day)
    steps = sorted({round(1 + (now - 1) * k / max(days - 1, 1)) for k in range(max(days - 1, 0))} - {now})
    return tuple(grid.day_after(step) - dt.timedelta(days=1) for step in steps if step >= 1)


def _for(chance: Chance, yes: bool) -> Chance:
    return chance if yes else Chance(probability=1.0 - chance.probability, mc_error=chance.mc_error)


def _mean_for(forecasts: Sequence[Forecast], q: int, yes: bool) -> Chance:
    """The chance given to what happened, averaged over draws."""
    chances = [_for(forecast.chances()[q], yes) for forecast in forecasts]
    p = np.array([chance.probability for chance in chances])
    # Draws share their seeds, so that their Monte Carlo errors do not average out.
    error = float(np.mean([chance.mc_error for chance in chances]))
    if len(p) > 1:
        error = float(np.hypot(error, p.std(ddof=1) / np.sqrt(len(p))))
    return Chance(probability=float(p.mean()), mc_error=error)


def _verdict(
    view: Case, q: int, outcome: Outcome, given: Chance, told: Losses, listed: list[tuple[str, ...]]
) -> Verdict:
    """The loss of one question taken apart."""
    n, c = len(CAUSES), len(listed)
    place = {frozenset(causes): k for k, causes in enumerate(listed)}
    none, every, knowing = place[frozenset()], place[frozenset(CAUSES)], c
    unit = np.eye(c + 1)
    rows = {
        "loss": unit[none],
        "irreducible": unit[every],
        "unseen": unit[every] - unit[knowing],
        "future": unit[knowing],
        "shortfall": unit[none] - unit[knowing],
    }
    # What is worth having is a smaller loss.
    shapley = -np.hstack([shapley_weights(n), np.zeros((n, 1))])
    alone = np.stack([unit[none] - unit[place[frozenset((cause,))]] for cause in CAUSES])
    last = np.stack([unit[place[frozenset(CAUSES) - {cause}]] - unit[every] for cause in CAUSES])
    values, errors = told.linear(np.vstack([*rows.values(), shapley, alone, last, unit]))
    numbers = [number(v, e) for v, e in zip(values[:, q], errors[:, q], strict=True)]
    named = dict(zip(rows, numbers, strict=False))
    at = len(rows)
    parts = tuple(
        Part(cause=cause, nats=numbers[at + k], alone=numbers[at + n + k], last=numbers[at + 2 * n + k])
        for k, cause in enumerate(CAUSES)
    )
    by_coalition = numbers[at + 3 * n :]
    question = view.questions[q]
    return Verdict(
        id=question.id,
        text=question.text,
        happened=outcome.resolved,
        on=outcome.date,
        given=given,
        band=band(given),
        bound=False,
        loss=named["loss"],
        parts=parts,
        irreducible=named["irreducible"],
        unseen=named["unseen"],
        future=named["future"],
        shortfall=named["shortfall"],
        knowing=float(np.exp(-by_coalition[knowing].value)),
        blamed=blamed(parts, named["irreducible"].value),
        coalitions=tuple(
            Coalition(
                repaired=causes, loss=by_coalition[k], probability=float(np.exp(-by_coalition[k].value))
            )
            for k, causes in enumerate(listed)
        ),
        sufficed=None,
        reports=(),
        beliefs=(),
    )


def blamed(parts: tuple[Part, ...], irreducible: float) -> str | None:
    """The cause with the largest part, chance among them; None where no part is worth naming."""
    largest = max(parts, key=lambda part: part.nats.value)
    if largest.nats.value > irreducible:
        return largest.cause if largest.nats.value > TELLING_NATS else None
    return CHANCE if irreducible > TELLING_NATS else None


def _sufficed(points: tuple[DayPoint, ...], enough: float) -> Sufficed:
    def first(chances: list[tuple[dt.date, Chance]]) -> dt.date | None:
        return next((d for d, chance in chances if chance.probability >= enough), None)

    return Sufficed(
        enough=enough,
        in_hand=first([(p.day, p.in_hand) for p in points]),
        repaired=first([(p.day, p.repaired) for p in points]),
        points=points,
    )


__all__ = ["DEFAULT_PARTICLES", "ENOUGH", "blamed", "postmortem"]
