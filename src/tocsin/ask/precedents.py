"""How often it came to that before: each question beside its reference classes and its nearest cases.

A base rate is the place to start from and not an answer: the class leaves out what makes this case itself.
So three classes are given and not one (the class decides much; Reichenbach 1949 named the problem), and where
the case's own estimate stands far from them it says so, for one of the two is then missing something
(Kahneman and Lovallo 1993, Management Science 39, 17-31, on the inside and the outside view).
"""

from __future__ import annotations

import datetime as dt
from importlib.metadata import version

from tocsin.ask.estimate import Estimate, QuestionEstimate
from tocsin.ask.matching import Candidate, Match, Profile, match
from tocsin.ask.precedent import (
    SCHEMA_VERSION,
    Analogue,
    BaseRate,
    Parting,
    Precedents,
    QuestionPrecedents,
)
from tocsin.case.known import as_known, digest
from tocsin.case.model import Case, Question
from tocsin.errors import TocsinError
from tocsin.events.precedents.analogues import Found, Sought, nearest_groups, nearest_states
from tocsin.events.precedents.counts import History
from tocsin.events.precedents.rates import WHOLE_COURSE, Count, RateTable, ReferenceClass, shipped

# Threefold odds: from 10 % to 25 %, from 30 % to 56 %.
PARTING_ODDS = 3.0
# Horizons nearer than this are taken as they were counted.
SAME_HORIZON = 0.1
# Weeks in a month and a year, for the deaths that a posture stands for.
MONTH_WEEKS, YEAR_WEEKS = 4, 12


class PrecedentsError(TocsinError):
    """What was asked for has no place in the case."""


def precedents(
    case: Case,
    as_of: dt.date,
    *,
    questions: tuple[str, ...] = (),
    rates: RateTable | None = None,
    history: History | None = None,
    estimate: Estimate | None = None,
    variant: str | None = None,
) -> Precedents:
    """Base rates, and with the record at hand the nearest cases, for a case's questions.

    Parameters
    ----------
    case : a checked case
    as_of : last day whose news counts
    questions : ids of those wanted; all of them if left out
    rates : counts of the reference classes; those that ship with tocsin if left out
    history : the record itself, for the nearest cases
    estimate : the case's own estimate of that day, to be set beside the base rates
    variant : name of the view that `case` was taken in, to be told with the answer

    Raises
    ------
    PrecedentsError if the case has no such question
    """
    known = as_known(case, as_of)
    have = {question.id: question for question in case.questions}
    for name in questions:
        if name not in have:
            raise PrecedentsError(
                f"found no question {name!r}; expected one of {', '.join(have)}\n  mend: name one of these"
            )
    table = rates or shipped()
    estimated = {q.id: q for q in estimate.questions} if estimate is not None else {}
    return Precedents(
        schema=SCHEMA_VERSION,
        version=version("tocsin"),
        case=case.title,
        case_digest=digest(known),
        variant=variant,
        as_of=as_of,
        seed=estimate.seed if estimate is not None else None,
        particles=estimate.diagnostics.particles if estimate is not None else None,
        rates_digest=table.data_digest,
        data_digest=history.data_digest if history is not None else None,
        questions=tuple(
            _answered(known, question, as_of, table, history, estimated.get(question.id))
            for question in case.questions
            if not questions or question.id in questions
        ),
    )


def base_rate(
    case: Case, question: Question, as_of: dt.date, *, rates: RateTable | None = None
) -> BaseRate | None:
    """The base rate of one question in its best class; None if no class fits.

    Parameters
    ----------
    case : a checked case
    question : one of its questions
    as_of : last day whose news counts
    """
    known = as_known(case, as_of)
    found = _rates(_matched(known, question, as_of), rates or shipped())
    return found[0] if found else None


def _matched(known: Case, question: Question, as_of: dt.date) -> Match:
    return match(known, question.rule, as_of=as_of, since=question.since or known.start, by=question.by)


def _answered(
    known: Case,
    question: Question,
    as_of: dt.date,
    table: RateTable,
    history: History | None,
    estimate: QuestionEstimate | None,
) -> QuestionPrecedents:
    matched = _matched(known, question, as_of)
    found = _rates(matched, table)
    chance = estimate.chance if estimate is not None else None
    none = matched.none
    if none is None and not found:
        none = "no class fits: none of those that could be meant was counted"
    return QuestionPrecedents(
        id=question.id,
        text=question.text,
        by=question.by,
        none=none,
        base_rate=found[0] if found else None,
        others=found[1:],
        estimate=chance.probability if chance is not None else None,
        estimate_error=chance.mc_error if chance is not None else None,
        parting=parting(chance.probability, found) if chance is not None and found else None,
        analogues=_analogues(matched, history) if history is not None and found else (),
    )


def _rates(matched: Match, table: RateTable) -> tuple[BaseRate, ...]:
    found = []
    for candidate in matched.candidates:
        reference = table.get(candidate.reference_class)
        rate = _rate(candidate, reference, matched.days) if reference is not None else None
        if rate is not None:
            found.append(rate)
    return tuple(found)


def _rate(candidate: Candidate, reference: ReferenceClass, days: int) -> BaseRate | None:
    cell = reference.cell(candidate.event, days)
    if cell is None or candidate.event not in reference.events:
        return None
    count, cautions = cell.all, [*candidate.cautions, reference.caution]
    low, high = count.interval()
    ends = (count.rate, low, high)
    if cell.horizon_days == WHOLE_COURSE:
        within = "in the whole course of it"
    else:
        within = f"within {cell.horizon_days} days"
        if abs(days / cell.horizon_days - 1.0) > SAME_HORIZON:
            # A constant hazard carries the count from its horizon to the question's.
            ends = tuple(1.0 - (1.0 - end) ** (days / cell.horizon_days) for end in ends)
            cautions.append(f"counted over {cell.horizon_days} days, carried to {days} at a constant hazard")
    words = (
        f"Of {count.of:,} times ({count.clusters:,} {reference.cluster}) that {reference.condition}, "
        f"{_times(count.came)} {reference.events[candidate.event]} {within}."
    )
    later: Count | None = cell.since_1946
    return BaseRate(
        reference_class=reference.id,
        words=words,
        came=count.came,
        of=count.of,
        clusters=count.clusters,
        rate=ends[0],
        low=ends[1],
        high=ends[2],
        class_days=cell.horizon_days,
        asked_days=days,
        since_1946=(later.came, later.of) if later is not None else None,
        span=reference.span,
        sources=reference.sources,
        cautions=tuple(cautions),
    )


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def parting(probability: float, rates: tuple[BaseRate, ...]) -> Parting | None:
    """Whether an estimate stands so far from the base rate that a reader should be told.

    It does if it lies outside the interval of the best class and its odds differ threefold or more from it.

    Examples
    --------
    >>> from tocsin.events.precedents.rates import shipped
    >>> parting(0.5, ()) is None
    True
    """
    if not rates:
        return None
    first = rates[0]
    # Where nothing ever came about, the middle of the interval stands for the rate.
    base = min(max(first.rate or (first.low + first.high) / 2, 1e-6), 1 - 1e-6)
    own = min(max(probability, 1e-6), 1 - 1e-6)
    factor = own / (1.0 - own) * (1.0 - base) / base
    inside = first.low <= probability <= first.high
    if inside or 1.0 / PARTING_ODDS < factor < PARTING_ODDS:
        return None
    outside_all = not any(r.low <= probability <= r.high for r in rates)
    side = "above" if factor > 1.0 else "below"
    where = (
        "outside the interval of every class given" if outside_all else "within that of another class given"
    )
    return Parting(
        odds_factor=factor,
        outside_all=outside_all,
        text=(
            f"The estimate stands far {side} the base rate, {where}. Ask what sets this case apart from the "
            "class; if nothing does, the estimate is what needs explaining."
        ),
    )


def _analogues(matched: Match, history: History) -> tuple[Analogue, ...]:
    profile = matched.profile
    if profile is None:
        return ()
    sought = _sought(profile)
    if profile.states:
        found: tuple[Found, ...] = nearest_states(history, sought, matched.days)
    else:
        found = nearest_groups(history, sought, matched.days, profile.with_state, lull=not matched.level)
        if profile.fight and matched.level:
            # An ally fights already: the states that stood so are the other half of the likeness.
            beside = nearest_states(history, sought, matched.days)
            found = tuple(case for both in zip(found[:3], beside[:3], strict=False) for case in both)
    return tuple(
        Analogue(
            title=case.title,
            day=case.day,
            alike=case.alike,
            unlike=case.unlike,
            ending=case.ending,
            distance=case.distance,
        )
        for case in found
    )


def _sought(profile: Profile) -> Sought:
    weekly = profile.deaths_a_week
    return Sought(
        ally=profile.ally is not None,
        fight=profile.fight,
        rivals=profile.rivals,
        clashed=profile.clashed,
        power=profile.power,
        month_deaths=weekly * MONTH_WEEKS,
        year_deaths=weekly * YEAR_WEEKS if weekly else int(profile.clashed) * YEAR_WEEKS,
    )
