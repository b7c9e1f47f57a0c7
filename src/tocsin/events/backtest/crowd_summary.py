"""Scores of the crowds that were walked forward: intervals over questions, parts, curves, and pools."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tocsin.events.backtest.crowd import BASE_RATE, CROWD, FORECASTERS, CrowdQuestions, CrowdWalk
from tocsin.events.backtest.pools import SINGLE, PoolScore
from tocsin.events.backtest.report import ScoreLine
from tocsin.score.calibration import CurveBin, reliability_curve
from tocsin.score.decomposition import BrierParts, brier_decomposition
from tocsin.score.inputs import FloatArray
from tocsin.score.proper import brier, log_score_binary
from tocsin.score.recalibrate import RECALIBRATIONS
from tocsin.score.skill import Interval, block_bootstrap, paired_difference, skill_interval

WALKED, CROSSED = "walked forward", "cross-fitted"
SCORES = {"Brier": brier, "log": log_score_binary}


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdSummary:
    """What the backtest of crowds found."""

    rows: int
    questions: int
    scored: int
    scored_questions: int
    too_early: int
    still_open: int
    shared: int  # questions that two sources ask in the same words
    lines: tuple[ScoreLine, ...]
    skill: tuple[tuple[str, str, Interval], ...]  # forecaster, score, against the base rate
    parts: tuple[tuple[str, BrierParts], ...]  # by forecaster, walked forward
    curves: tuple[tuple[str, tuple[CurveBin, ...]], ...]
    by_source: tuple[ScoreLine, ...]  # the crowd's
    pools: tuple[PoolScore, ...]

    @property
    def beats_crowd(self) -> dict[str, bool]:
        """Each recalibration: whether it is better than the crowd beyond its interval, in both scores."""
        return {
            name: all(
                line.is_better
                for line in self.lines
                if line.forecaster == name and line.less == CROWD and line.over == WALKED
            )
            for name in RECALIBRATIONS
        }

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "rows": self.rows,
            "questions": self.questions,
            "scored": self.scored,
            "scored_questions": self.scored_questions,
            "left_out": {"too_early": self.too_early, "still_open": self.still_open},
            "questions_that_sources_share": self.shared,
            "scores": [line.to_json() for line in self.lines],
            "crowd_by_source": [line.to_json() for line in self.by_source],
            "skill": [
                {"forecaster": who, "score": score, "against": BASE_RATE, **asdict(found)}
                for who, score, found in self.skill
            ],
            "brier_parts": [{"forecaster": who, **asdict(parts)} for who, parts in self.parts],
            "curves": [
                {"forecaster": who, "bins": [asdict(part) for part in curve]} for who, curve in self.curves
            ],
            "beats_crowd": self.beats_crowd,
            "beats_all": all(self.beats_crowd.values()),
            "pools": [_pool(score) for score in self.pools],
        }


def _pool(score: PoolScore) -> dict[str, Any]:
    return {**asdict(score), "simulated": True, "against": SINGLE}


def summarise(
    rows: CrowdQuestions,
    walked: CrowdWalk,
    cross: dict[str, FloatArray],
    pools: tuple[PoolScore, ...],
    *,
    shared: int,
    seed: int,
) -> CrowdSummary:
    """Score what was said; intervals hold 90 % and resample questions."""
    here = walked.scored
    said = {name: walked.forecasts[name][here] for name in FORECASTERS}
    came, which = rows.outcome[here], rows.question[here]
    lines = _lines(said, came, which, WALKED, seed)
    lines += _lines({CROWD: rows.probability, **cross}, rows.outcome, rows.question, CROSSED, seed)
    return CrowdSummary(
        rows=len(rows),
        questions=len(np.unique(rows.question)),
        scored=int(here.sum()),
        scored_questions=len(np.unique(which)),
        too_early=walked.too_early,
        still_open=walked.still_open,
        shared=shared,
        lines=lines,
        skill=tuple(
            (name, score, skill_interval(rule(said[name], came), rule(said[BASE_RATE], came), which, seed))
            for score, rule in SCORES.items()
            for name in FORECASTERS
            if name != BASE_RATE
        ),
        parts=tuple((name, brier_decomposition(said[name], came)) for name in FORECASTERS),
        curves=tuple(
            (name, reliability_curve(said[name], came, blocks=which, seed=seed)) for name in FORECASTERS
        ),
        by_source=_by_source(rows, here, seed),
        pools=pools,
    )


def _lines(
    said: dict[str, FloatArray], came: FloatArray, which: np.ndarray, over: str, seed: int
) -> tuple[ScoreLine, ...]:
    """Means, and differences from the crowd."""
    lines = []
    for score, rule in SCORES.items():
        scores = {name: rule(p, came) for name, p in said.items()}
        for name, values in scores.items():
            found = block_bootstrap(values, which, seed)
            lines.append(ScoreLine.of(found, forecaster=name, score=score, over=over))
        for name, values in scores.items():
            if name != CROWD:
                found = paired_difference(values, scores[CROWD], which, seed)
                lines.append(ScoreLine.of(found, forecaster=name, score=score, over=over, less=CROWD))
    return tuple(lines)


def _by_source(rows: CrowdQuestions, here: np.ndarray, seed: int) -> tuple[ScoreLine, ...]:
    lines = []
    for source in np.unique(rows.source[here]):
        mine = here & (rows.source == source)
        if len(np.unique(rows.question[mine])) < 2:
            continue
        found = block_bootstrap(brier(rows.probability[mine], rows.outcome[mine]), rows.question[mine], seed)
        lines.append(ScoreLine.of(found, forecaster=f"{CROWD} of {source}", score="Brier", over=WALKED))
    return tuple(lines)


def row_columns(rows: CrowdQuestions, walked: CrowdWalk) -> dict[str, list[Any]]:
    """One row per forecast that was made, by forecaster and then by date."""
    names = ("forecaster", "question", "source", "frozen", "closes", "probability", "came", "learned_from")
    found: dict[str, list[Any]] = {name: [] for name in (*names, "scored")}
    for who in FORECASTERS:
        made = ~np.isnan(walked.forecasts[who])
        found["forecaster"] += [who] * int(made.sum())
        found["question"] += rows.question[made].tolist()
        found["source"] += rows.source[made].tolist()
        found["frozen"] += rows.frozen[made].tolist()
        found["closes"] += rows.closes[made].tolist()
        found["probability"] += walked.forecasts[who][made].tolist()
        found["came"] += [int(y) for y in rows.outcome[made]]
        found["learned_from"] += walked.learned_from[made].tolist()
        found["scored"] += walked.scored[made].tolist()
    return found
