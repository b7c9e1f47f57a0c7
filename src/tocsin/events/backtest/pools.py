"""Pools on simulated forecasters: several on one question, which the market questions do not offer.

Each question is decided by the sign of a sum of independent normal parts. All forecasters see a common part,
each sees one of its own, and nobody sees the rest: the partial-information model of Satopaa, Pemantle and
Ungar (2016, JASA 111, 1623-1633), in which each one's honest probability is calibrated and their mean is too
timid. Real forecasters are not honest machines: each stretches its log-odds by a factor of its own, adds
noise, and leaves some questions out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, ndtr

from tocsin.score.inputs import FloatArray
from tocsin.score.pool import POOLS, best_single
from tocsin.score.proper import brier, log_score_binary
from tocsin.score.skill import Interval, block_bootstrap

ORACLE, SINGLE = "all they know", "best single"
STRETCH_SPREAD, NOISE, LEFT_OUT = 0.3, 0.3, 0.2
# Two errors of a repetition's mean Brier score over 400 questions are 0.02, and over 40 repetitions 0.003.
REPETITIONS, QUESTIONS_JUDGED = 40, 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What forecasters know, as shares of what decides a question, and how much is settled."""

    name: str
    common: float
    own: float  # of each
    forecasters: int
    settled: int  # questions to fit on


SETTINGS = (
    Setting(name="know different things, 40 settled", common=0.2, own=0.08, forecasters=8, settled=40),
    Setting(name="know different things, 400 settled", common=0.2, own=0.08, forecasters=8, settled=400),
    Setting(name="know the same, 40 settled", common=0.6, own=0.01, forecasters=8, settled=40),
    Setting(name="know the same, 400 settled", common=0.6, own=0.01, forecasters=8, settled=400),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolScore:
    """A pool's scores on questions it was not fitted to, and how it stands to the best single forecaster."""

    setting: str
    pool: str
    brier: float
    log: float
    brier_less_single: Interval | None  # below 0 where the pool is better; over repetitions
    log_less_single: Interval | None


def simulate(
    setting: Setting, n: int, stretch: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Forecasts (N, M) with NaN where left out, outcomes (N,), and what all of it together says (N,)."""
    m = setting.forecasters
    rest = 1.0 - setting.common - m * setting.own
    assert rest > 0.0, "somebody knows more than there is"
    common = np.sqrt(setting.common) * rng.normal(size=(n, 1))
    own = np.sqrt(setting.own) * rng.normal(size=(n, m))
    known = common[:, 0] + own.sum(axis=1)
    outcome = (known + np.sqrt(rest) * rng.normal(size=n) > 0.0).astype(np.float64)
    honest = ndtr((common + own) / np.sqrt(1.0 - setting.common - setting.own))
    said = expit(stretch * logit(np.clip(honest, 1e-6, 1 - 1e-6)) + NOISE * rng.normal(size=(n, m)))
    silent = rng.random((n, m)) < LEFT_OUT
    # Somebody always answers.
    silent[np.arange(n), rng.integers(m, size=n)] = False
    return np.where(silent, np.nan, said), outcome, np.asarray(ndtr(known / np.sqrt(rest)))


def compare_pools(
    seed: int,
    *,
    repetitions: int = REPETITIONS,
    settings: tuple[Setting, ...] = SETTINGS,
    progress: Callable[[str], None] | None = None,
) -> tuple[PoolScore, ...]:
    """Fit every pool on settled questions and score it on new ones, again and again.

    Where the best single forecaster gave no answer, the mean of the others stands in for it.
    """
    out = []
    for k, setting in enumerate(settings):
        if progress:
            progress(f"pools: {setting.name}")
        names = (SINGLE, *POOLS, ORACLE)
        scores = {name: np.empty((repetitions, 2)) for name in names}
        for r in range(repetitions):
            rng = np.random.default_rng([seed, k, r])
            stretch = np.exp(STRETCH_SPREAD * rng.normal(size=setting.forecasters))
            P, y, _ = simulate(setting, setting.settled, stretch, rng)
            new, came, oracle = simulate(setting, QUESTIONS_JUDGED, stretch, rng)
            single = new[:, best_single(P, y)]
            said = {SINGLE: np.where(np.isnan(single), np.nanmean(new, axis=1), single), ORACLE: oracle}
            said |= {name: fit(P, y)(new) for name, fit in POOLS.items()}
            for name in names:
                scores[name][r] = brier(said[name], came).mean(), log_score_binary(said[name], came).mean()
        out += [_score(setting.name, name, scores[name], scores[SINGLE], seed) for name in names]
    return tuple(out)


def _score(setting: str, pool: str, scores: FloatArray, single: FloatArray, seed: int) -> PoolScore:
    apart = scores - single
    repetition = np.arange(len(scores))
    intervals = [
        None if pool == SINGLE or len(scores) < 2 else block_bootstrap(apart[:, k], repetition, seed)
        for k in (0, 1)
    ]
    return PoolScore(
        setting=setting,
        pool=pool,
        brier=float(scores[:, 0].mean()),
        log=float(scores[:, 1].mean()),
        brier_less_single=intervals[0],
        log_less_single=intervals[1],
    )
