"""The backtest of dyads: every forecaster walks forward through every theatre, and each forecast is scored.

Forecasts of one quarter share their luck, on all dyads of a theatre at once, so intervals come from
resampling blocks of 13 weeks across all dyads. Differences are taken forecast by forecast, ours less a
rival's, which cancels what was hard for both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tocsin.events.backtest.report import BacktestError, ScoreLine
from tocsin.events.backtest.rivals import OURS, RIVALS
from tocsin.events.backtest.walk import Forecaster, Progress, walk
from tocsin.score.proper import log_score, rps
from tocsin.score.skill import Interval, block_bootstrap, paired_difference

if TYPE_CHECKING:
    from tocsin.events.panel import Panel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Answer = dict[str, Any]

HORIZONS = (1, 4, 12)
BLOCK_WEEKS = 13
SCORES: dict[str, Callable[[Floats, Ints], Floats]] = {"log": log_score, "RPS": rps}
OVERALL = "all theatres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """All forecasts of one theatre, in the same order for every forecaster: R of each, over L rungs."""

    panel: Panel
    train: int  # weeks fitted on
    until: int  # first week that is no target
    forecasters: tuple[str, ...]
    dyad: Ints  # (R,)
    origin: Ints  # (R,) week
    horizon: Ints  # (R,) weeks
    rung: Ints  # (R,) what was coded at origin + horizon
    chances: tuple[Floats, ...]  # for each forecaster (R, L), with the floor mixed in
    scores: tuple[tuple[Floats, ...], ...]  # for each forecaster and each of SCORES (R,)

    @property
    def block(self) -> Ints:
        """(R,) the quarter in which each target lies, counted from the start of the test."""
        blocks: Ints = (self.origin + self.horizon - self.train) // BLOCK_WEEKS
        return blocks

    def score(self, forecaster: str, score: str) -> Floats:
        """(R,) one score of each forecast."""
        return self.scores[self.forecasters.index(forecaster)][list(SCORES).index(score)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Scores of one theatre, or of all together, with intervals, and whether ours is the best."""

    theatre: str
    lines: tuple[ScoreLine, ...]  # means, then differences ours less rival
    missing: tuple[str, ...]  # of the game and its five rivals, who did not take part
    beats_all: bool | None  # lower mean in every score, horizon and rival; None if anyone is missing
    beats_all_clearly: bool | None  # and the whole interval of each difference lies below 0

    def to_json(self) -> Answer:
        """Plain values."""
        return {
            "theatre": self.theatre,
            "beats_all": self.beats_all,
            "beats_all_clearly": self.beats_all_clearly,
            "missing": list(self.missing),
            "scores": [dict(line.to_json()) for line in self.lines if line.less is None],
            "differences": [dict(line.to_json()) for line in self.lines if line.less is not None],
        }


def score_theatre(
    panel: Panel,
    forecasters: Sequence[Forecaster],
    *,
    train: int,
    until: int,
    horizons: tuple[int, ...] = HORIZONS,
    progress: Progress | None = None,
) -> Scored:
    """Let each forecaster walk through a theatre and score what it says.

    Parameters
    ----------
    train : weeks to fit on; the test begins after them
    until : first week that is no target any more
    horizons : weeks ahead, rising

    Raises
    ------
    BacktestError if the test is too short for its longest horizon
    LookAheadError if a forecaster looks beyond an origin
    """
    D, T, _ = panel.counts.shape
    if until > T or until - train < max(horizons) + 2 * BLOCK_WEEKS:
        raise BacktestError(
            f"{panel.theatre}: found {until - train} weeks to test on; expected at least "
            f"{max(horizons) + 2 * BLOCK_WEEKS} for a horizon of {max(horizons)} weeks\n"
            "  mend: fit on fewer years with --train-to, or test longer with --until"
        )
    walks = [
        walk(one, panel, train=train, until=until, horizons=horizons, progress=progress)
        for one in forecasters
    ]
    origins = walks[0].origins
    dyad, place, which = (
        part.ravel()
        for part in np.meshgrid(
            np.arange(D), np.arange(len(origins)), np.arange(len(horizons)), indexing="ij"
        )
    )
    origin, horizon = origins[place], np.array(horizons, dtype=np.int64)[which]
    due = origin + horizon < until
    dyad, place, which, origin, horizon = (part[due] for part in (dyad, place, which, origin, horizon))
    rung = panel.rung[dyad, origin + horizon].astype(np.int64)
    chances = tuple(one.chances[dyad, place, which] for one in walks)
    return Scored(
        panel=panel,
        train=train,
        until=until,
        forecasters=tuple(one.forecaster for one in walks),
        dyad=dyad,
        origin=origin,
        horizon=horizon,
        rung=rung,
        chances=chances,
        scores=tuple(tuple(score(one, rung) for score in SCORES.values()) for one in chances),
    )


def judge(theatre: str, scored: Sequence[Scored], *, seed: int) -> Verdict:
    """Mean scores and paired differences with 90 % intervals, over one theatre or several taken together.

    Where several are taken together each counts by its number of forecasts.

    Parameters
    ----------
    seed : of the resampling of blocks
    """
    names = scored[0].forecasters
    horizon = np.concatenate([one.horizon for one in scored])
    # A quarter of one theatre is another block than the same quarter of the next.
    most = max(int(one.block.max()) for one in scored) + 1
    block = np.concatenate([one.block + k * most for k, one in enumerate(scored)])
    means, differences = [], []
    for score in SCORES:
        values = {name: np.concatenate([one.score(name, score) for one in scored]) for name in names}
        for h in np.unique(horizon):
            at = horizon == h
            over = weeks(int(h))

            def line(interval: Interval, who: str, less: str | None = None) -> ScoreLine:
                return ScoreLine.of(interval, forecaster=who, score=score, over=over, less=less)  # noqa: B023 - used at once

            means += [line(block_bootstrap(values[name][at], block[at], seed), name) for name in names]
            if OURS in names:
                differences += [
                    line(paired_difference(values[OURS][at], values[name][at], block[at], seed), OURS, name)
                    for name in names
                    if name != OURS
                ]
    missing = tuple(name for name in (OURS, *RIVALS) if name not in names)
    return Verdict(
        theatre=theatre,
        lines=(*means, *differences),
        missing=missing,
        beats_all=None if missing else all(one.value < 0 for one in differences),
        beats_all_clearly=None if missing else all(one.is_better for one in differences),
    )


def weeks(count: int) -> str:
    """A horizon in words.

    Examples
    --------
    >>> weeks(1), weeks(4)
    ('1 week', '4 weeks')
    """
    return f"{count} week{'' if count == 1 else 's'}"


def summarise(scored: Sequence[Scored], *, seed: int) -> tuple[Verdict, ...]:
    """A verdict for each theatre, and one for all together where there are several."""
    verdicts = [judge(one.panel.theatre, [one], seed=seed) for one in scored]
    if len(scored) > 1:
        verdicts.append(judge(OVERALL, scored, seed=seed))
    return tuple(verdicts)


def beats_all(verdicts: Sequence[Verdict]) -> bool | None:
    """Whether ours is the best in every theatre and in all together; None where anyone is missing."""
    if any(verdict.beats_all is None for verdict in verdicts):
        return None
    return all(verdict.beats_all for verdict in verdicts)


def span(one: Scored) -> Answer:
    """What was fitted and tested in a theatre."""
    told = one.panel.weeks.astype(str)
    return {
        "theatre": one.panel.theatre,
        "scheme": one.panel.scheme,
        "dyads": [list(dyad) for dyad in one.panel.dyads],
        "fitted_from": str(told[0]),
        "fitted_to": str(told[one.train - 1]),
        "tested_from": str(told[one.train]),
        "tested_to": str(told[one.until - 1]),
        "forecasts": len(one.rung),
    }


def rows(scored: Sequence[Scored]) -> dict[str, NDArray[np.generic]]:
    """Columns of one row per forecast of each forecaster: chances as scored, with the floor mixed in."""
    parts = [_rows(one, k) for one in scored for k in range(len(one.forecasters))]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _rows(one: Scored, k: int) -> dict[str, NDArray[np.generic]]:
    R = len(one.rung)
    initiator, target = (np.array([dyad[side] for dyad in one.panel.dyads])[one.dyad] for side in (0, 1))
    week = one.panel.weeks.astype("datetime64[D]")
    return {
        "theatre": np.full(R, one.panel.theatre),
        "initiator": initiator,
        "target": target,
        "origin_week": week[one.origin],
        "horizon_weeks": one.horizon.astype(np.int16),
        "target_week": week[one.origin + one.horizon],
        "forecaster": np.full(R, one.forecasters[k]),
        **{f"chance_{rung}": column for rung, column in enumerate(one.chances[k].T)},
        "rung": one.rung.astype(np.int8),
        "log_score": one.scores[k][0],
        "rps": one.scores[k][1],
    }
