"""Scores of the forecasts of crises: means with intervals, differences from rivals, calibration by decade.

Blocks are years: the crises of one year share a world. AUC is reported as what it lacks of 1, so that lower
is better in every line.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.stats import rankdata

from tocsin.events.backtest.crises.forecast import FORECASTERS, OURS, RIVALS, Forecasts
from tocsin.events.backtest.crises.situations import FloatArray, IntArray
from tocsin.events.backtest.crises.tasks import TASKS
from tocsin.events.backtest.report import ScoreLine
from tocsin.events.precedents.rates import Count
from tocsin.score.proper import brier, log_score_binary
from tocsin.score.skill import LEVEL, block_bootstrap, paired_difference

BRIER, LOG, AUC = "Brier", "log", "1 - AUC"
AUC_REPLICATES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Decade:
    """Forecast and observed shares in ten years."""

    first_year: int
    n: int
    came: int
    observed: float
    low: float  # Jeffreys' interval of the observed share
    high: float
    forecast: tuple[tuple[str, float], ...]  # forecaster, mean chance


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSummary:
    """How one thing was forecast."""

    task: str
    words: str
    n: int
    came: int
    first_year: int
    last_year: int
    lines: tuple[ScoreLine, ...]
    decades: tuple[Decade, ...]
    beats_all: tuple[tuple[str, bool], ...]  # by score: our mean is below every rival's
    beats_all_surely: tuple[tuple[str, bool], ...]  # and every difference's interval lies below zero

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        plain = asdict(self)
        plain["lines"] = [line.to_json() for line in self.lines]
        plain["decades"] = [{**asdict(d), "forecast": dict(d.forecast)} for d in self.decades]
        plain["beats_all"] = dict(self.beats_all)
        plain["beats_all_surely"] = dict(self.beats_all_surely)
        return plain


def summarise(forecasts: Forecasts, *, seed: int) -> TaskSummary:
    """Score one task's forecasts.

    Parameters
    ----------
    seed : of the resampling of years
    """
    over, y, years = forecasts.task, forecasts.y, forecasts.years
    lines: list[ScoreLine] = []
    for name, score in ((BRIER, brier), (LOG, log_score_binary)):
        scores = {who: score(forecasts.chances[who], y) for who in FORECASTERS}
        lines += [
            ScoreLine.of(block_bootstrap(scores[who], years, seed), forecaster=who, score=name, over=over)
            for who in FORECASTERS
        ]
        lines += [
            ScoreLine.of(
                paired_difference(scores[OURS], scores[who], years, seed),
                forecaster=OURS,
                score=name,
                over=over,
                less=who,
            )
            for who in RIVALS
        ]
    lines += _auc_lines(forecasts, seed)
    return TaskSummary(
        task=over,
        words=TASKS.get(over, over),
        n=len(y),
        came=int(y.sum()),
        first_year=int(years.min()),
        last_year=int(years.max()),
        lines=tuple(lines),
        decades=tuple(_decades(forecasts)),
        # Without an AUC, where all came out alike, nobody is beaten in it.
        beats_all=tuple(
            (score, _beats(lines, score, surely=False))
            for score in dict.fromkeys(line.score for line in lines)
        ),
        beats_all_surely=tuple((score, _beats(lines, score, surely=True)) for score in (BRIER, LOG)),
    )


def _beats(lines: list[ScoreLine], score: str, *, surely: bool) -> bool:
    if surely:
        return all(line.is_better for line in lines if line.score == score and line.less is not None)
    means = {line.forecaster: line.value for line in lines if line.score == score and line.less is None}
    return all(means[OURS] < means[who] for who in RIVALS)


def lack_of_auc(p: FloatArray, y: FloatArray) -> float:
    """One less the area under the curve, ties counting one half.

    Examples
    --------
    >>> lack_of_auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0.0, 0.0, 1.0, 1.0]))
    0.25
    """
    positives = y.sum()
    ranks = rankdata(p)[y == 1.0].sum()
    return float(1.0 - (ranks - positives * (positives + 1) / 2) / (positives * (len(y) - positives)))


def _auc_lines(forecasts: Forecasts, seed: int) -> list[ScoreLine]:
    y, years = forecasts.y, forecasts.years
    if y.min() == y.max():
        return []
    members = [np.flatnonzero(years == year) for year in np.unique(years)]
    samples = _resampled(members, y, seed)
    lines = []
    for who in FORECASTERS:
        p = forecasts.chances[who]
        drawn = [lack_of_auc(p[rows], y[rows]) for rows in samples]
        low, high = np.quantile(drawn, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
        lines.append(
            ScoreLine(
                forecaster=who,
                score=AUC,
                over=forecasts.task,
                value=lack_of_auc(p, y),
                low=float(low),
                high=float(high),
                n=len(y),
            )
        )
    return lines


def _resampled(members: list[IntArray], y: FloatArray, seed: int) -> list[IntArray]:
    """Rows of resampled years; a sample whose outcomes are all alike tells nothing and is drawn again."""
    rng = np.random.default_rng(seed)
    found: list[IntArray] = []
    while len(found) < AUC_REPLICATES:
        rows = np.concatenate([members[k] for k in rng.integers(len(members), size=len(members))])
        if 0.0 < y[rows].mean() < 1.0:
            found.append(rows)
    return found


def _decades(forecasts: Forecasts) -> list[Decade]:
    decade = forecasts.years // 10 * 10
    found = []
    for first in np.unique(decade):
        here = decade == first
        n, came = int(here.sum()), int(forecasts.y[here].sum())
        low, high = Count(came=came, of=n, clusters=n, effective=float(n)).interval()
        found.append(
            Decade(
                first_year=int(first),
                n=n,
                came=came,
                observed=came / n,
                low=low,
                high=high,
                forecast=tuple((who, float(forecasts.chances[who][here].mean())) for who in FORECASTERS),
            )
        )
    return found
