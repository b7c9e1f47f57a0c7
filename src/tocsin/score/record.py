"""A track record as one value: how a ledger's yes-or-no forecasts did, and how many cannot be judged yet.

A record hides what it does not count, so that the open, the overdue and the voided questions stand beside the
scores. Intervals resample whole questions, since ten forecasts of one question are no ten pieces of luck.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tocsin.score.calibration import SEED, CurveBin, reliability_curve
from tocsin.score.decomposition import BrierParts, brier_decomposition
from tocsin.score.inputs import FloatArray, ScoreError, binary
from tocsin.score.proper import brier, log_score_binary
from tocsin.score.skill import Interval, block_bootstrap, skill, skill_interval

# A bin for each fifth while forecasts are few, for each tenth where a bin holds ten of them on average.
FEW, MANY, ENOUGH_FOR_MANY = 5, 10, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Where the questions of a ledger stand on a day."""

    resolved: int  # closed and resolved: these are scored
    open: int
    decided_early: int  # resolved before their scheduled close, and scored only then
    overdue: int  # closed and not resolved
    void: int  # could not be decided


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRecord:
    """How forecasts did. What no forecast or one question cannot tell is left out or not a number."""

    day: dt.date  # as the ledger stood at its end
    questions: Questions
    forecasts: int  # of yes or no, scored
    unscored: int  # of classes or numbers on resolved questions, which no score below counts
    impossible: int  # forecasts that gave no chance at all to what came
    base: str  # whom skill is against
    brier: Interval | None
    log: Interval | None  # None where a forecast was impossible: it would be infinite
    brier_skill: Interval | None
    log_skill: Interval | None
    parts: BrierParts | None
    curve: tuple[CurveBin, ...]


def _skill(score: FloatArray, base: FloatArray, question: np.ndarray) -> Interval | None:
    if base.mean() <= 0.0 or not (np.isfinite(score).all() and np.isfinite(base).all()):
        return None
    try:
        return skill_interval(score, base, question, SEED)
    except ScoreError:
        # One question, or so few that a resample can hold none that its base rate missed.
        return _bare(skill(score, base), len(score), question)


def _mean(score: FloatArray, question: np.ndarray) -> Interval:
    if len(np.unique(question)) < 2:
        return _bare(float(score.mean()), len(score), question)
    return block_bootstrap(score, question, SEED)


def _bare(value: float, n: int, question: np.ndarray) -> Interval:
    return Interval(value=value, low=math.nan, high=math.nan, n=n, blocks=len(np.unique(question)))


def track_record(
    p: ArrayLike,
    y: ArrayLike,
    question: ArrayLike,
    base: ArrayLike,
    *,
    day: dt.date,
    questions: Questions,
    unscored: int = 0,
) -> TrackRecord:
    """The record of yes-or-no forecasts.

    Parameters
    ----------
    p : (N,) probabilities of yes, N from 0
    y : (N,) outcomes, 1 for yes and 0 for no
    question : (N,) which question each is of
    base : (N,) base rate that each question had when it was forecast; NaN where none was stated, and the
        record's own share of yes then stands in, which is known only afterwards and so is hard to beat
    day, questions, unscored : as in `TrackRecord`

    Raises
    ------
    ScoreError if something is no probability or no outcome
    """
    if not len(np.asarray(p)):
        return TrackRecord(
            day=day,
            questions=questions,
            forecasts=0,
            unscored=unscored,
            impossible=0,
            base="",
            brier=None,
            log=None,
            brier_skill=None,
            log_skill=None,
            parts=None,
            curve=(),
        )
    chance, outcome = binary(p, y)
    which = np.asarray(question)
    stated = np.asarray(base, dtype=np.float64)
    known = ~np.isnan(stated)
    rate = np.where(known, stated, _share_of_yes(outcome, which))
    squared, logs = brier(chance, outcome), log_score_binary(chance, outcome)
    impossible = int(np.isinf(logs).sum())
    many = len(chance) >= ENOUGH_FOR_MANY
    return TrackRecord(
        day=day,
        questions=questions,
        forecasts=len(chance),
        unscored=unscored,
        impossible=impossible,
        base=_base(int(known.sum()), len(chance)),
        brier=_mean(squared, which),
        log=None if impossible else _mean(logs, which),
        brier_skill=_skill(squared, brier(rate, outcome), which),
        log_skill=_skill(logs, log_score_binary(rate, outcome), which),
        parts=brier_decomposition(chance, outcome, MANY if many else FEW),
        curve=reliability_curve(chance, outcome, MANY if many else FEW, blocks=which),
    )


def _share_of_yes(outcome: FloatArray, question: np.ndarray) -> float:
    """Share of questions, not of forecasts, that came true."""
    _, first = np.unique(question, return_index=True)
    return float(outcome[first].mean())


def _base(stated: int, n: int) -> str:
    if stated == n:
        return "the base rates stated with the forecasts"
    own = "the record's own share of yes, known only afterwards"
    return own if not stated else f"the base rates stated with {stated} of {n} forecasts, else {own}"
