"""A ledger's questions, forecasts and scores as the values that are served of them."""

from __future__ import annotations

import datetime as dt

from tocsin.ledger.entry import Forecast, Recorded
from tocsin.ledger.record import records_of
from tocsin.ledger.scores import Group, Scored, scores
from tocsin.ledger.state import Asked
from tocsin.score.record import TrackRecord
from tocsin.show.ledger import answer
from tocsin.web.record import Record, RecordedForecast, RecordedGroup, RecordedPart, RecordedQuestion


def record_of(asked: tuple[Asked, ...], day: dt.date, *, name: str, head: str) -> Record:
    """What is served of a ledger's questions as they stood at the end of a day."""
    found = scores(asked, day)
    live, late = records_of(asked, day)
    return Record(
        ledger=name,
        head=head,
        as_of=day,
        corrections=found.corrections,
        questions=tuple(_question(one, day) for one in asked),
        live=_part(live, found.live),
        hindsight=_part(late, found.hindsight),
    )


def _question(asked: Asked, day: dt.date) -> RecordedQuestion:
    question, resolution = asked.question, asked.resolution
    return RecordedQuestion(
        key=question.key,
        text=question.text,
        case=question.case,
        closes=question.closes,
        status=asked.status(day),
        outcome=None if resolution is None else resolution.value.outcome,
        resolved_on=None if resolution is None else resolution.value.on,
        forecasts=tuple(_forecast(row, question.closes) for row in asked.forecasts),
    )


def _forecast(row: Recorded[Forecast], closes: dt.date) -> RecordedForecast:
    return RecordedForecast(
        author=row.value.author,
        as_of=row.value.as_of,
        recorded=row.recorded,
        probability=row.value.probability,
        said=answer(row.value),
        late=row.recorded.date() > closes,
        note=row.value.note,
    )


def _part(record: TrackRecord, scored: Scored) -> RecordedPart:
    return RecordedPart(
        record=record,
        knew=scored.knew,
        by_author=tuple(map(_group, scored.by_author)),
        by_case=tuple(map(_group, scored.by_case)),
        by_lead=tuple(map(_group, scored.by_lead)),
    )


def _group(group: Group) -> RecordedGroup:
    return RecordedGroup(author=group.author, part=group.part, record=group.record)
