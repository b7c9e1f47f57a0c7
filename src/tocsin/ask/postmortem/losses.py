"""Forecasts of repaired cases and their log losses, run once each and kept island by island.

Losses of different repairs share their seeds, so their differences are paired as far as the filter lets
chance stay shared; errors are jackknifed over islands across all runs at once (Efron and Stein 1981), which
counts that, and the scatter over draws of imagined reports is added.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tocsin.ask.estimate import Chance, Number
from tocsin.ask.postmortem.hindsight import Hindsight
from tocsin.ask.postmortem.repairs import Repaired, Workshop, compiled
from tocsin.ask.resolve import followed_factors, outcomes
from tocsin.case.known import digest
from tocsin.errors import TocsinError
from tocsin.game.plan import F64
from tocsin.infer.evidence import compile_evidence
from tocsin.infer.filter import DegenerateWeightsError
from tocsin.infer.onward import each_island
from tocsin.infer.particles import Particles, fill_rows, run_on
from tocsin.infer.posterior import Posterior, infer_posterior, paths_of, pool
from tocsin.infer.work import Progress

# Where it happened on no particle, its chance is put at half of one particle's, and told as a bound.
HALF_A_PARTICLE = 0.5


class PostmortemError(TocsinError):
    """A repaired case that the model cannot explain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Every question's chance, island by island: M islands, Q questions."""

    totals: F64  # (M,)
    sums: F64  # (M, Q)
    effective: float

    def chances(self) -> tuple[Chance, ...]:
        """Each question's probability of yes."""
        mean, error = pool(self.sums, self.totals, self.effective)
        return tuple(
            Chance(probability=float(min(max(p, 0.0), 1.0)), mc_error=float(e))
            for p, e in zip(mean, error, strict=True)
        )

    def given(self, happened: np.ndarray, without: int | None = None) -> F64:
        """(Q,) probability given to what happened, one island left out if named; never quite nothing."""
        keep = np.arange(len(self.totals)) != without
        total = self.totals[keep].sum()
        yes = self.sums[keep].sum(axis=0) / total
        floor = HALF_A_PARTICLE / max(self.effective, 1.0)
        return np.asarray(np.clip(np.where(happened, yes, 1.0 - yes), floor, 1.0))

    def is_bound(self, happened: np.ndarray) -> np.ndarray:
        """(Q,) whether no particle did what happened, so that the loss is a lower bound."""
        yes = self.sums.sum(axis=0) / self.totals.sum()
        return np.asarray(np.where(happened, yes, 1.0 - yes) < HALF_A_PARTICLE / max(self.effective, 1.0))


@dataclass(slots=True, kw_only=True)
class Runs:
    """Runs of the inference on repaired cases; what comes to the same case is run once."""

    workshop: Workshop
    particles: int
    islands: int
    seed: int
    threads: int | None = None
    progress: Progress | None = None
    cancel: threading.Event | None = None
    expected: int = 1
    done: int = 0
    kept: dict[str, Forecast] = field(default_factory=dict)

    def forecast(self, causes: Sequence[str], day: dt.date, draw: int = 0) -> Forecast:
        """The forecast with these causes repaired."""
        return self.of(self.workshop.repaired(causes, day, draw), day)

    def of(self, repaired: Repaired, day: dt.date) -> Forecast:
        """The forecast of a repaired case."""
        key = _key(repaired, day)
        if key not in self.kept:
            self.kept[key] = forecast_of(self.posterior(repaired, day))
        else:
            self._skip()
        return self.kept[key]

    def keep(self, repaired: Repaired, day: dt.date, posterior: Posterior) -> None:
        """Remember what a posterior that was run says."""
        self.kept[_key(repaired, day)] = forecast_of(posterior)

    def posterior(self, repaired: Repaired, day: dt.date) -> Posterior:
        """The posterior of a repaired case.

        Raises
        ------
        PostmortemError if no particle explains what would have been reported
        """
        game = compiled(repaired, day)
        try:
            posterior = infer_posterior(
                game,
                compile_evidence(game),
                particles=self.particles,
                islands=self.islands,
                seed=self.seed,
                threads=self.threads,
                followed=followed_factors(game),
                progress=self._progress(),
                cancel=self.cancel,
            )
        except DegenerateWeightsError as error:
            raise PostmortemError(
                f"a repaired case is one that the model cannot explain: {error}\n"
                "  mend: look whether truth.yaml says something that the case makes impossible"
            ) from None
        self.done += 1
        return posterior

    def knowing(self, causes: Sequence[str], day: dt.date, draw: int) -> Forecast:
        """The forecast of who knows the hidden state of the day, as far as truth says, besides all else.

        Dispositions and marks of deception are known from the start; postures, goals, readiness and factors
        are set on every particle as they were on the day, and run on from there.
        """
        repaired = self.workshop.repaired(causes, day, draw)
        truth = self.workshop.truth
        certain = replace(
            repaired,
            flags=tuple(truth.deceives.items()),
            dispositions=tuple(truth.dispositions.items()),
        )
        posterior = self.posterior(certain, day)
        game = posterior.game
        hindsight = Hindsight(game=game, truth=truth)

        def work(particles: Particles) -> tuple[F64, float]:
            weight = particles.weights()
            set_to_truth(particles, hindsight)
            run_on(particles, game.grid.n_steps)
            truths = outcomes(game, paths_of(particles, posterior.followed), posterior.followed)
            return np.asarray(truths.astype(np.float64) @ weight), float(np.sum(weight**2))

        results = each_island(posterior, work, threads=self.threads, cancel=self.cancel)
        share = posterior.island_weight
        return Forecast(
            totals=share,
            sums=np.stack([s * mean for s, (mean, _) in zip(share, results, strict=True)]),
            effective=float(1.0 / np.sum(share**2 * np.array([square for _, square in results]))),
        )

    def _skip(self) -> None:
        self.done += 1

    def _progress(self) -> Progress | None:
        if self.progress is None:
            return None
        report, before, whole = self.progress, self.done, max(self.expected, self.done + 1)

        def told(done: int, total: int, _: str) -> None:
            report(before * total + done, whole * total, f"run {before + 1} of at most {whole}")

        return told


def _key(repaired: Repaired, day: dt.date) -> str:
    return f"{day} {digest(repaired.case)} {repaired.flags} {repaired.dispositions}"


def forecast_of(posterior: Posterior) -> Forecast:
    """What a posterior says of every question, island by island."""
    truths = outcomes(posterior.game, posterior.paths, posterior.followed)
    m = posterior.islands
    weight = posterior.weight.reshape(m, -1)
    by_island = truths.reshape(len(truths), m, -1).astype(np.float64)
    return Forecast(
        totals=weight.sum(axis=1),
        sums=np.einsum("qmn,mn->mq", by_island, weight),
        effective=float(1.0 / np.sum(posterior.weight**2)),
    )


def set_to_truth(particles: Particles, hindsight: Hindsight) -> None:
    """Set the state of the as-of day to what it was, as far as that is known."""
    game, now = particles.game, particles.step
    for f, front in enumerate(game.fronts):
        for kind, history in (
            ("posture", particles.posture),
            ("goal", particles.goal),
            ("preparation", particles.readiness),
        ):
            level = hindsight.level(kind, front, now)
            if level is not None:
                history[now, f] = int(level)
    for k, factor in enumerate(game.factors):
        level = hindsight.level("factor", factor, now)
        if level is not None:
            particles.factor[now, k] = level
    rows = np.arange(len(particles.rows), dtype=np.int32)
    fill_rows(game, particles.values, particles.disposition, rows, particles.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """Log losses of C coalitions by draw, and each again without each island: what parts are linear in."""

    whole: F64  # (K, C, Q)
    without: F64  # (M, K, C, Q)

    def linear(self, weights: F64) -> tuple[F64, F64]:
        """Values and errors of linear functions of the losses: weights (R, C) -> (R, Q), (R, Q)."""
        by_draw = np.einsum("rc,kcq->krq", weights, self.whole)
        left = np.einsum("rc,mkcq->mrq", weights, self.without) / len(self.whole)
        m, k = len(self.without), len(self.whole)
        variance = (m - 1.0) / m * np.sum((left - left.mean(axis=0)) ** 2, axis=0)
        if k > 1:
            variance = variance + by_draw.var(axis=0, ddof=1) / k
        return by_draw.mean(axis=0), np.sqrt(variance)


def losses(forecasts: Sequence[Sequence[Forecast]], happened: np.ndarray) -> Losses:
    """Losses of forecasts [draw][coalition]; happened (Q,) is whether each question came true."""
    m = len(forecasts[0][0].totals)

    def table(without: int | None) -> F64:
        return np.stack([np.stack([-np.log(f.given(happened, without)) for f in row]) for row in forecasts])

    return Losses(whole=table(None), without=np.stack([table(i) for i in range(m)]))


def number(value: float, error: float) -> Number:
    """A number and its error as plain floats."""
    return Number(value=float(value), mc_error=float(error))


__all__ = [
    "Forecast",
    "Losses",
    "PostmortemError",
    "Runs",
    "forecast_of",
    "losses",
    "number",
    "set_to_truth",
]
