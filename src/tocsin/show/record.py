"""A track record in words and as a chart: what was scored, how it did, and what cannot be judged yet."""

from __future__ import annotations

import math

from tocsin.ask.estimate import SourceEstimate
from tocsin.score.record import Questions, TrackRecord
from tocsin.score.skill import Interval
from tocsin.show import wording as say

NOTHING_SCORED = "Nothing is scored yet"


def interval(found: Interval | None, digits: int = 3, sign: bool = False) -> str:
    """A score with its 90 % interval.

    Examples
    --------
    >>> interval(Interval(value=0.12, low=0.08, high=0.171, n=30, blocks=12))
    '0.120 (0.080 to 0.171)'
    >>> interval(Interval(value=0.25, low=0.1, high=0.4, n=9, blocks=3), 2, sign=True)
    '+0.25 (+0.10 to +0.40)'
    >>> interval(None)
    'cannot be told'
    """
    if found is None:
        return "cannot be told"

    def told(value: float) -> str:
        return f"{value:{'+' if sign else ''}.{digits}f}".replace("-", "−")

    if math.isnan(found.low):
        return f"{told(found.value)} (too few questions for an interval)"
    return f"{told(found.value)} ({told(found.low)} to {told(found.high)})"


def standing(questions: Questions) -> str:
    """Where a ledger's questions stand.

    Examples
    --------
    >>> standing(Questions(resolved=4, open=2, decided_early=1, overdue=0, void=1))
    '4 resolved, 2 open, 1 decided before its close, 0 overdue, 1 voided'
    """
    return (
        f"{questions.resolved} resolved, {questions.open} open, {questions.decided_early} decided before "
        f"{'its' if questions.decided_early == 1 else 'their'} close, {questions.overdue} overdue, "
        f"{questions.void} voided"
    )


def scored(record: TrackRecord) -> str:
    """How much of a ledger is scored, in a sentence."""
    if not record.forecasts:
        held = sum(
            (
                record.questions.resolved,
                record.questions.open,
                record.questions.decided_early,
                record.questions.overdue,
                record.questions.void,
            )
        )
        if not held:
            return "The ledger holds no forecast yet."
        return f"{NOTHING_SCORED}: no yes-or-no forecast is of a question that is closed and resolved."
    return (
        f"{say.counted(record.forecasts, 'forecast')} of "
        f"{say.counted(record.brier.blocks if record.brier else 0, 'question')} "
        f"{'is' if record.forecasts == 1 else 'are'} scored, up to {record.day}."
    )


def skill_words(found: Interval | None) -> str:
    """Whether skill is there, as far as its interval tells.

    Examples
    --------
    >>> skill_words(Interval(value=0.2, low=-0.1, high=0.4, n=30, blocks=12))
    'no difference can be told'
    """
    if found is None or math.isnan(found.low):
        return "too little to tell"
    return (
        "better than the base rate"
        if found.low > 0.0
        else "worse than the base rate"
        if found.high < 0.0
        else "no difference can be told"
    )


def moved_by_proofs(source: SourceEstimate) -> bool:
    """Whether resolved reports count toward a source."""
    return source.proved_right + source.proved_wrong > 0.0


def tally(right: float, wrong: float) -> str:
    """Reports right and wrong; parts of one are shown where old ones count less.

    Examples
    --------
    >>> tally(3.0, 1.0), tally(2.5, 0.0)
    ('3 right, 1 wrong', '2.5 right, 0 wrong')
    """
    return f"{right:.3g} right, {wrong:.3g} wrong"
