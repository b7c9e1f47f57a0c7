"""A ledger's yes-or-no forecasts as one track record, and its resolved reports as proofs of their sources."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Iterable

from tocsin.ledger.entry import YES, ReportResolution
from tocsin.ledger.state import Asked
from tocsin.score.record import Questions, TrackRecord, track_record
from tocsin.score.reliability import Proof


def record_of(asked: Iterable[Asked], day: dt.date) -> TrackRecord:
    """How the forecasts did, as it could be scored on a day.

    Every forecast of a question that is closed and resolved counts, whoever made it and when; intervals
    resample questions. Forecasts of classes and of numbers are counted and not scored here.

    Parameters
    ----------
    asked : questions with their forecasts and resolutions, as known on the day
    day : the last day that counts; a question that came true early is scored only after its close
    """
    asked = tuple(asked)
    standing = Counter(a.status(day) for a in asked)
    resolved = [a for a in asked if a.status(day) == "resolved" and a.resolution is not None]
    rows = [
        (row.value.probability, a.resolution.value.outcome == YES, a.question.key, row.value.base_rate)
        for a in resolved
        for row in a.forecasts
        if row.value.probability is not None and a.resolution is not None
    ]
    return track_record(
        [p for p, _, _, _ in rows],
        [float(yes) for _, yes, _, _ in rows],
        [key for _, _, key, _ in rows],
        [math.nan if base is None else base for _, _, _, base in rows],
        day=day,
        questions=Questions(
            resolved=standing["resolved"],
            open=standing["open"],
            decided_early=standing["decided early"],
            overdue=standing["overdue"],
            void=standing["void"],
        ),
        unscored=sum(len(a.forecasts) for a in resolved) - len(rows),
    )


def proofs_of(reports: Iterable[ReportResolution]) -> tuple[Proof, ...]:
    """What resolved reports prove of their sources."""
    return tuple(
        Proof(source=r.source, report=r.report, right=r.right, on=r.resolved_on, why=r.why, case=r.case)
        for r in reports
    )
