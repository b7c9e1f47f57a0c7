"""A ledger as one value: each question with its forecasts, how they did, what recalibration would have added.

It tells what the ledger holds and what its scores (`tocsin.ledger.scores`) say, for a view that shows both.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tocsin.ledger.entry import YES, Forecast, Recorded
from tocsin.ledger.record import records_of
from tocsin.ledger.scores import LedgerScores, scores
from tocsin.ledger.state import Asked
from tocsin.score.calibration import SEED
from tocsin.score.proper import brier
from tocsin.score.record import TrackRecord
from tocsin.score.skill import Interval, paired_difference

if TYPE_CHECKING:
    from tocsin.ledger.ledger import Ledger

# With fewer settled questions there is nothing to learn from; as in the backtest of crowds.
FEWEST_QUESTIONS = 50
# The two that shift and stretch; steps are hungrier for data than a desk's ledger is.
METHODS = ("platt", "beta")
SAID = tuple(k / 10.0 for k in range(1, 10))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedForecast:
    """One forecast as the ledger keeps it, and its score where it has one."""

    number: int  # its place in the chain
    author: str
    as_of: dt.date
    recorded: dt.date
    probability: float | None  # of yes; None of classes and numbers
    mc_error: float | None
    shares: tuple[tuple[str, float], ...]
    quantiles: tuple[tuple[float, float], ...]  # level, value
    confidence: str | None
    base_rate: float | None
    note: str
    hindsight: bool  # recorded after its question's close
    knew: bool  # issued on or after the day of the outcome, and so scored nowhere
    brier: float | None  # once its question is closed and resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedQuestion:
    """One question, where it stands, how it came out, and every forecast of it."""

    key: str
    text: str
    case: str | None
    closes: dt.date
    rule: str
    status: str
    outcome: str | None
    on: dt.date | None
    by: str | None  # who says how it came out
    note: str
    corrections: int
    forecasts: tuple[ListedForecast, ...]  # in the order of the chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalibrated:
    """What learning from an author's own record would have done to its Brier score."""

    author: str
    method: str
    questions: int
    change: Interval  # of the score, each question by what the others teach; below 0 is better
    means: tuple[tuple[float, float], ...]  # said, and what that comes to by the whole record


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A ledger as it stands at the end of a day. Scores are left out where its chain is broken."""

    day: dt.date
    head: str  # hash of the last row
    breach: str | None
    record: TrackRecord | None
    hindsight: TrackRecord | None
    scores: LedgerScores | None
    recalibrated: tuple[Recalibrated, ...]
    fewest: int  # settled questions without which no recalibration is tried
    questions: tuple[ListedQuestion, ...]


def account_of(ledger: Ledger, day: dt.date) -> Account:
    """All that an open ledger tells on a day.

    Parameters
    ----------
    ledger : only what was recorded by the end of the day counts
    day : on which questions stand open or closed

    Examples
    --------
    >>> from tocsin.ledger import Ledger
    >>> with Ledger.open("sqlite://") as ledger:
    ...     account_of(ledger, dt.date(2030, 4, 15)).questions
    ()
    """
    asked = ledger.questions(until=day)
    breach = ledger.verify().breach
    sound = breach is None
    record, hindsight = records_of(asked, day) if sound else (None, None)
    return Account(
        day=day,
        head=ledger.head(),
        breach=None if breach is None else f"row {breach.number}: {breach.what}",
        record=record,
        hindsight=hindsight,
        scores=scores(asked, day) if sound else None,
        recalibrated=_recalibrated(asked, day) if sound else (),
        fewest=FEWEST_QUESTIONS,
        questions=tuple(_question(one, day) for one in asked),
    )


def _question(asked: Asked, day: dt.date) -> ListedQuestion:
    question = asked.question
    resolution = asked.resolution.value if asked.resolution else None
    return ListedQuestion(
        key=question.key,
        text=question.text,
        case=question.case,
        closes=question.closes,
        rule=question.rule,
        status=asked.status(day),
        outcome=resolution.outcome if resolution else None,
        on=resolution.on if resolution else None,
        by=resolution.source if resolution else None,
        note=resolution.note if resolution else "",
        corrections=asked.corrections,
        forecasts=tuple(_forecast(row, asked, day) for row in asked.forecasts),
    )


def _forecast(row: Recorded[Forecast], asked: Asked, day: dt.date) -> ListedForecast:
    value = row.value
    score = None
    if value.probability is not None and asked.resolution and _counts(row, asked, day):
        score = float(brier([value.probability], [float(asked.resolution.value.outcome == YES)])[0])
    return ListedForecast(
        number=row.number,
        author=value.author,
        as_of=value.as_of,
        recorded=row.recorded.date(),
        probability=value.probability,
        mc_error=value.mc_error,
        shares=tuple(zip(value.question.classes, value.shares, strict=True)) if value.shares else (),
        quantiles=value.quantiles,
        confidence=value.confidence,
        base_rate=value.base_rate,
        note=value.note,
        hindsight=_late(row),
        knew=_knew(row, asked),
        brier=score,
    )


def _late(row: Recorded[Forecast]) -> bool:
    return row.recorded.date() > row.value.question.closes


def _knew(row: Recorded[Forecast], asked: Asked) -> bool:
    resolution = asked.resolution
    return resolution is not None and not resolution.value.is_void and row.value.as_of >= resolution.value.on


def _counts(row: Recorded[Forecast], asked: Asked, day: dt.date) -> bool:
    return asked.status(day) == "resolved" and not _knew(row, asked)


def _recalibrated(asked: Sequence[Asked], day: dt.date) -> tuple[Recalibrated, ...]:
    """Every author with a record long enough to learn from; what was said in hindsight teaches nothing."""
    told: dict[str, list[tuple[float, float, str]]] = {}
    for one in asked:
        for row in one.forecasts:
            p = row.value.probability
            if p is not None and one.resolution and _counts(row, one, day) and not _late(row):
                came = float(one.resolution.value.outcome == YES)
                told.setdefault(row.value.author, []).append((p, came, one.question.key))
    return tuple(
        found
        for author in sorted(told)
        if len({key for _, _, key in told[author]}) >= FEWEST_QUESTIONS
        for found in _by_each_method(author, told[author])
    )


def _by_each_method(author: str, told: list[tuple[float, float, str]]) -> tuple[Recalibrated, ...]:
    from tocsin.score.recalibrate import RECALIBRATIONS, cross_fitted, once_each

    said, came, key = (np.array(part) for part in zip(*told, strict=True))
    weight = once_each(key)
    found = []
    for method in METHODS:
        fit = RECALIBRATIONS[method]
        learned = cross_fitted(said, came, key, fit, seed=SEED)
        comes_to = fit(said, came, weight)(np.array(SAID))
        found.append(
            Recalibrated(
                author=author,
                method=method,
                questions=len(np.unique(key)),
                change=paired_difference(brier(learned, came), brier(said, came), key, SEED),
                means=tuple((p, float(q)) for p, q in zip(SAID, comes_to, strict=True)),
            )
        )
    return tuple(found)
