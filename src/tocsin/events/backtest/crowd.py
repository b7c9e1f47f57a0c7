"""Market crowds, walked forward: how calibrated they are, and what recalibration would have added.

The questions are those that ForecastBench took from prediction markets and forecasting platforms (Karger et
al. 2025, ICLR), each with the crowd's probability frozen some days before a forecast was due. For each due
date the recalibrations and the base rate are fitted to the questions whose scheduled close and resolution
both lay on or before the freeze, and to nothing else.

Two rules keep early successes from looking like skill. A question that was resolved before its scheduled
close teaches nothing until that close, since its neighbours cannot have failed yet. And a question whose
close lies beyond the last resolution in the file is not scored: it is there only because it ended early.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import TocsinError
from tocsin.score.inputs import FloatArray
from tocsin.score.recalibrate import RECALIBRATIONS, cross_fitted, once_each

FOLDER, PATTERN = "forecasting", "forecastbench_market_questions*.parquet"
COLUMNS = (
    "forecast_due_date",
    "source",
    "question_id",
    "question",
    "close_date",
    "freeze_date",
    "crowd_prob_at_freeze",
    "resolution_date",
    "resolved_to",
)
BASE_RATE, CROWD = "base rate", "crowd"
FORECASTERS = (BASE_RATE, CROWD, *RECALIBRATIONS)
# With fewer there is nothing to learn from; set before any score was seen.
FEWEST_QUESTIONS = 50

Days = NDArray[np.datetime64]
Progress = Callable[[str], None]


class CrowdDataError(TocsinError):
    """The folder holds no crowd forecasts that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdQuestions:
    """Crowd forecasts of resolved questions, one a row (N,), in the order of their freeze."""

    question: NDArray[Any]  # source and id; asked on several due dates it has several rows
    text: NDArray[Any]
    source: NDArray[Any]
    frozen: Days  # the last day that the crowd's probability knows of
    closes: Days  # scheduled
    resolved: Days
    probability: FloatArray
    outcome: FloatArray  # 1 for yes, 0 for no

    def __len__(self) -> int:
        return len(self.probability)


def crowd_files(data: Path) -> tuple[str, ...]:
    """The files that hold crowd forecasts, as they stand in the folder.

    Raises
    ------
    CrowdDataError if there are none
    """
    files = sorted((data / FOLDER).glob(PATTERN))
    if not files:
        raise CrowdDataError(
            f"{data}: found no {FOLDER}/{PATTERN}; expected ForecastBench's market questions; "
            "mend: name the folder that holds them with --data"
        )
    return tuple(file.relative_to(data).as_posix() for file in files)


def read_crowd(data: Path) -> CrowdQuestions:
    """Read the crowd forecasts in a data folder.

    Raises
    ------
    CrowdDataError if there are none, or the file lacks a column or a value
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    files = [data / name for name in crowd_files(data)]
    tables = []
    for path in files:
        try:
            found = pq.read_schema(path).names
            if lost := [name for name in COLUMNS if name not in found]:
                raise CrowdDataError(f"{path}: found no column {lost[0]}; expected {', '.join(COLUMNS)}")
            tables.append(pq.read_table(path, columns=list(COLUMNS)))
        except (pa.ArrowInvalid, OSError) as error:
            raise CrowdDataError(f"{path}: found no Parquet that can be read ({error})") from None
    table = pa.concat_tables(tables)
    columns = {name: table[name].to_pylist() for name in COLUMNS}
    for name, values in columns.items():
        if None in values:
            raise CrowdDataError(
                f"{files[0].parent}: found nothing in {name} of row {values.index(None)}; expected a value"
            )
    return _checked(columns, files[0].parent)


def _checked(columns: dict[str, list[Any]], where: Path) -> CrowdQuestions:
    days = {}
    for name in ("forecast_due_date", "freeze_date", "close_date", "resolution_date"):
        try:
            days[name] = np.array([str(value)[:10] for value in columns[name]], dtype="datetime64[D]")
        except ValueError as error:
            raise CrowdDataError(f"{where}: {name}: {error}; expected dates such as 2025-10-26") from None
    probability = np.array(columns["crowd_prob_at_freeze"], dtype=np.float64)
    outcome = np.array(columns["resolved_to"], dtype=np.float64)
    for name, values, fine in (
        ("crowd_prob_at_freeze", probability, (probability >= 0.0) & (probability <= 1.0)),
        ("resolved_to", outcome, (outcome == 0.0) | (outcome == 1.0)),
    ):
        if not fine.all():
            row = int(np.argmin(fine))
            raise CrowdDataError(
                f"{where}: found {values[row]} in {name} of row {row}; "
                f"expected {'0 or 1' if name == 'resolved_to' else 'a probability'}"
            )
    source = np.array(columns["source"])
    question = np.array([f"{a}:{b}" for a, b in zip(source, columns["question_id"], strict=True)])
    order = np.lexsort((days["forecast_due_date"], question, days["freeze_date"]))
    return CrowdQuestions(
        question=question[order],
        text=np.array(columns["question"])[order],
        source=source[order],
        frozen=days["freeze_date"][order],
        closes=days["close_date"][order],
        resolved=days["resolution_date"][order],
        probability=probability[order],
        outcome=outcome[order],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdWalk:
    """What each forecaster said, and which rows may be scored."""

    forecasts: dict[str, FloatArray]  # by forecaster, (N,); NaN where it had too little to learn from
    learned_from: NDArray[np.int64]  # (N,) questions that the fits of that day knew
    scored: NDArray[np.bool_]  # (N,)
    too_early: int  # rows left out since too few questions were settled by then
    still_open: int  # rows left out since questions like them were open at the end of the file


def may_teach(rows: CrowdQuestions, day: np.datetime64) -> NDArray[np.bool_]:
    """Rows whose outcome was known by a day without favouring early ones (N,)."""
    return (rows.resolved <= day) & (rows.closes <= day)


def walk(rows: CrowdQuestions, progress: Progress | None = None) -> CrowdWalk:
    """Forecast each row from what was settled by its freeze."""
    n = len(rows)
    forecasts = {name: np.full(n, np.nan) for name in FORECASTERS}
    forecasts[CROWD] = rows.probability.copy()
    learned_from = np.zeros(n, dtype=np.int64)
    for day in np.unique(rows.frozen):
        here = rows.frozen == day
        past = may_teach(rows, day)
        questions = len(np.unique(rows.question[past]))
        learned_from[here] = questions
        if questions < FEWEST_QUESTIONS:
            continue
        if progress:
            progress(f"{day}: {questions} settled questions")
        p, y, weight = rows.probability[past], rows.outcome[past], once_each(rows.question[past])
        # One success and one failure more than there were, so that none is ever certain (Laplace 1774).
        forecasts[BASE_RATE][here] = (weight @ y + 1.0) / (weight.sum() + 2.0)
        for name, fit in RECALIBRATIONS.items():
            forecasts[name][here] = fit(p, y, weight)(rows.probability[here])
    enough = learned_from >= FEWEST_QUESTIONS
    settled = rows.closes <= rows.resolved.max()
    return CrowdWalk(
        forecasts=forecasts,
        learned_from=learned_from,
        scored=enough & settled,
        too_early=int((~enough).sum()),
        still_open=int((enough & ~settled).sum()),
    )


def crossed(rows: CrowdQuestions, seed: int) -> dict[str, FloatArray]:
    """Recalibrations of every row by other questions of any date; a question's rows are kept together."""
    return {
        name: cross_fitted(rows.probability, rows.outcome, rows.question, fit, seed=seed)
        for name, fit in RECALIBRATIONS.items()
    }


def shared_questions(rows: CrowdQuestions) -> int:
    """Questions that more than one source asks in the same words, letters and digits alone compared."""
    asked: dict[str, set[str]] = {}
    for text, source in zip(rows.text, rows.source, strict=True):
        asked.setdefault("".join(c for c in str(text).lower() if c.isalnum()), set()).add(str(source))
    return sum(len(sources) > 1 for sources in asked.values())


def as_date(day: np.datetime64) -> dt.date:
    """A day as Python writes it."""
    return dt.date.fromisoformat(str(day))
