"""A ledger's yes-or-no forecasts as a track record, and its resolved reports as proofs of their sources."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable

from tocsin.ledger.entry import YES, Forecast, ReportResolution
from tocsin.ledger.state import Asked
from tocsin.score.record import Questions, TrackRecord, track_record
from tocsin.score.reliability import Proof


def records_of(asked: Iterable[Asked], day: dt.date) -> tuple[TrackRecord, TrackRecord]:
    """How the forecasts did, as it could be scored on a day: those made in time, and those in hindsight.

    The rules are those of `tocsin.ledger.scores`: every forecast of a question that is closed and resolved
    counts, whoever made it; one recorded after the close is hindsight; one whose as-of day knew the outcome
    counts nowhere. Forecasts of classes and of numbers are counted and not scored here.

    Parameters
    ----------
    asked : questions with their forecasts and resolutions, as known on the day
    day : the last day that counts; a question that came true early is scored only after its close
    """
    asked = tuple(asked)
    standing = Counter(a.status(day) for a in asked)
    questions = Questions(
        resolved=standing["resolved"],
        open=standing["open"],
        decided_early=standing["decided early"],
        overdue=standing["overdue"],
        void=standing["void"],
    )
    in_time: list[tuple[Forecast, str]] = []
    late: list[tuple[Forecast, str]] = []
    for a in asked:
        if a.resolution is None or a.status(day) != "resolved":
            continue
        for row in a.forecasts:
            if row.value.as_of < a.resolution.value.on:
                part = late if row.recorded.date() > a.question.closes else in_time
                part.append((row.value, a.resolution.value.outcome))
    return _record(in_time, day, questions), _record(late, day, questions)


def _record(told: list[tuple[Forecast, str]], day: dt.date, questions: Questions) -> TrackRecord:
    binary = [(f, f.probability, outcome) for f, outcome in told if f.probability is not None]
    return track_record(
        [probability for _, probability, _ in binary],
        [float(outcome == YES) for _, _, outcome in binary],
        [forecast.question.key for forecast, _, _ in binary],
        [math.nan if f.base_rate is None else f.base_rate for f, _, _ in binary],
        day=day,
        questions=questions,
        unscored=len(told) - len(binary),
    )


def proofs_of(reports: Iterable[ReportResolution]) -> tuple[Proof, ...]:
    """What resolved reports prove of their sources."""
    return tuple(
        Proof(source=r.source, report=r.report, right=r.right, on=r.resolved_on, why=r.why, case=r.case)
        for r in reports
    )
