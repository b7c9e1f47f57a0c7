"""Entries as the JSON that is stored and hashed, and the way back."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from tocsin.ledger.chain import Entry, canonical
from tocsin.ledger.entry import Forecast, Kept, Question, Recorded, ReportResolution, Resolution
from tocsin.ledger.errors import ChainError, EntryError

FORECAST, RESOLUTION, REPORT = "forecast", "resolution", "report"


def kind_of(value: Kept) -> str:
    """Which kind of row a value becomes."""
    return (
        FORECAST if isinstance(value, Forecast) else RESOLUTION if isinstance(value, Resolution) else REPORT
    )


def subject_of(value: Kept) -> str:
    """The key of what a value is about."""
    if isinstance(value, Forecast):
        return value.question.key
    return value.question if isinstance(value, Resolution) else value.key


def body_of(value: Kept) -> str:
    """What a value says, as canonical JSON; its key stands beside it in the row."""
    if isinstance(value, Forecast):
        return canonical(_forecast(value))
    if isinstance(value, Resolution):
        return canonical(
            {
                "because": value.because,
                "note": value.note,
                "on": value.on.isoformat(),
                "outcome": value.outcome,
                "rule": value.rule,
                "source": value.source,
                "supersedes": value.supersedes,
            }
        )
    return canonical(
        {
            "because": value.because,
            "case": value.case,
            "report": value.report,
            "resolved_on": value.resolved_on.isoformat(),
            "right": value.right,
            "source": value.source,
            "supersedes": value.supersedes,
            "why": value.why,
        }
    )


def _forecast(value: Forecast) -> dict[str, Any]:
    question = value.question
    return {
        "as_of": value.as_of.isoformat(),
        "author": value.author,
        "base_rate": _number(value.base_rate),
        "case": question.case,
        "case_digest": value.case_digest,
        "classes": list(question.classes),
        "closes": question.closes.isoformat(),
        "confidence": value.confidence,
        "mc_error": _number(value.mc_error),
        "note": value.note,
        "number": question.number,
        "probability": _number(value.probability),
        "quantiles": [[float(level), float(quantile)] for level, quantile in value.quantiles],
        "rule": question.rule,
        "seed": value.seed,
        "shares": [float(share) for share in value.shares],
        "text": question.text,
        "version": value.version,
    }


def _number(value: float | None) -> float | None:
    # 0 and 0.0 are equal but written differently; one forecast has one text.
    return None if value is None else float(value)


def instant(moment: dt.datetime) -> str:
    """A moment as text in UTC.

    Raises
    ------
    EntryError if it names no zone

    Examples
    --------
    >>> instant(dt.datetime(2030, 4, 15, 12, tzinfo=dt.UTC))
    '2030-04-15T12:00:00.000000Z'
    """
    if moment.tzinfo is None:
        raise EntryError(
            "time", found=f"{moment} without a zone", expected="a time with its zone", mend="add one, as UTC"
        )
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def recorded_of(entry: Entry) -> Recorded[Any]:
    """The value in a row, with its place in the chain.

    Raises
    ------
    ChainError if the row holds no such value, which no row that tocsin wrote does
    """
    try:
        value = _value(entry.kind, entry.subject, json.loads(entry.body))
        recorded = dt.datetime.strptime(entry.recorded, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=dt.UTC)
    except (ValueError, KeyError, TypeError, EntryError) as error:
        raise ChainError(
            f"row {entry.number} of the ledger",
            found=f"a {entry.kind} that cannot be read ({error})",
            expected="a row as tocsin writes it",
            mend="run tocsin ledger verify, and restore the ledger from an export",
        ) from None
    return Recorded(number=entry.number, recorded=recorded, hash=entry.hash, value=value)


def _value(kind: str, subject: str, data: dict[str, Any]) -> Kept:
    if kind == FORECAST:
        question = Question(
            key=subject,
            text=data["text"],
            closes=dt.date.fromisoformat(data["closes"]),
            rule=data["rule"],
            case=data["case"],
            classes=tuple(data["classes"]),
            number=data["number"],
        )
        return Forecast(
            question=question,
            author=data["author"],
            as_of=dt.date.fromisoformat(data["as_of"]),
            probability=data["probability"],
            shares=tuple(data["shares"]),
            quantiles=tuple((level, quantile) for level, quantile in data["quantiles"]),
            mc_error=data["mc_error"],
            confidence=data["confidence"],
            base_rate=data["base_rate"],
            case_digest=data["case_digest"],
            seed=data["seed"],
            version=data["version"],
            note=data["note"],
        )
    if kind == RESOLUTION:
        return Resolution(
            question=subject,
            outcome=data["outcome"],
            on=dt.date.fromisoformat(data["on"]),
            source=data["source"],
            rule=data["rule"],
            note=data["note"],
            because=data["because"],
            supersedes=data["supersedes"],
        )
    if kind == REPORT:
        return ReportResolution(
            case=data["case"],
            source=data["source"],
            report=data["report"],
            right=data["right"],
            resolved_on=dt.date.fromisoformat(data["resolved_on"]),
            why=data["why"],
            because=data["because"],
            supersedes=data["supersedes"],
        )
    raise ValueError(f"rows of kind {kind!r} are not known")
