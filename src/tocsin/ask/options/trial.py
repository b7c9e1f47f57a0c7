"""Levers tried on the posterior's own histories: every run from the same particles with the same chance.

An island is taken up, run on without any lever, and then with each portfolio in turn; what is asked is
counted at once and the histories are overwritten by the next run. Of a portfolio there stay its counts and,
one bit a history, whether each question of the risk came true: with these bits and the particles' own numbers
the choice can be looked at under any weighting, without running anything again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from tocsin.ask.inferred import Inferred
from tocsin.ask.options.paired import Counts, Islands
from tocsin.ask.options.portfolios import Portfolio
from tocsin.ask.resolve import resolve
from tocsin.case.model import Question
from tocsin.game.levers import LeverPlans, lever_plans
from tocsin.game.plan import F32, F64, U8, Plan
from tocsin.infer.onward import each_island
from tocsin.infer.particles import Particles, run_on
from tocsin.infer.posterior import Paths, Posterior
from tocsin.infer.work import Progress, stop_if

Result = TypeVar("Result")
# Portfolios whose bits are spread out at a time: a chunk of 64 x 20,000 histories takes 5 MB.
CHUNK = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """Questions of which some are to be avoided, and how much each counts."""

    columns: tuple[int, ...]  # of the case's questions
    weights: tuple[float, ...]  # sum to one

    def of(self, truth: np.ndarray) -> F32:
        """The weighted sum of what came true: (Q, N) to (N,)."""
        return self.among(truth[list(self.columns)])

    def among(self, bits: np.ndarray) -> F32:
        """The same where only the questions of the risk are there: (..., R, N) to (..., N)."""
        return np.asarray(np.einsum("r,...rn->...n", np.array(self.weights, dtype=np.float32), bits))


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The histories that levers are tried on, as they stand on the as-of day; N = islands x n."""

    z: F32  # (Z, N) standard-normal coordinates of every uncertain number
    disposition: U8  # (A, N)
    risk: F32  # (N,) if nothing is done


class Trial:
    """One posterior, n histories of each island, and what has been tried on them.

    Parameters
    ----------
    inferred : the posterior and its case
    risk : what the choice is about
    histories : on which every lever is tried, shared evenly among the islands
    """

    def __init__(
        self,
        inferred: Inferred,
        risk: Risk,
        *,
        histories: int,
        threads: int | None = None,
        progress: Progress | None = None,
        cancel: threading.Event | None = None,
    ) -> None:
        self.posterior: Posterior = inferred.posterior
        self.plans: LeverPlans = lever_plans(inferred.known, inferred.as_of)
        self.game = self.plans.game
        self.questions: tuple[Question, ...] = self.game.case.questions
        self.risk = risk
        grid = self.game.grid
        self.until = max(self.game.now, min(grid.step_of(max(q.by for q in self.questions)), grid.n_steps))
        per_island = -(-histories // self.posterior.islands)
        self.islands = Islands(weight=self.posterior.island_weight, n=per_island)
        self._threads, self._progress, self._cancel = threads, progress, cancel
        self.portfolios: list[Portfolio] = []
        self._bits: list[U8] = []  # of each portfolio (M, R, bytes)
        self._with: list[F64] = []  # (M, Q)
        self._only: list[F64] = []  # (M, Q + 1), the risk last
        self._less: list[F64] = []
        self._without: F64 = np.zeros((self.islands.count, len(self.questions)))

    @property
    def histories(self) -> int:
        """N, on which every lever is tried."""
        return self.islands.n * self.islands.count

    def each(self, work: Callable[[Particles], Result], what: str) -> list[Result]:
        """Do `work` on the particles of every island; they are the same each time."""
        return each_island(
            self.posterior,
            work,
            self.histories,
            threads=self._threads,
            progress=self._progress,
            cancel=self._cancel,
            what=what,
        )

    def run(self, particles: Particles, plan: Plan) -> Paths:
        """Run an island on under a plan. The paths are its own arrays, which the next run overwrites."""
        stop_if(self._cancel)
        run_on(particles, self.until, plan)
        return Paths(
            posture=particles.posture,
            deal=particles.deal & np.uint8(1),
            factor=particles.factor[:, list(self.posterior.followed)],
        )

    def truth(self, paths: Paths, questions: Sequence[Question] | None = None) -> np.ndarray:
        """Which questions came true: (Q, N)."""
        asked = self.questions if questions is None else questions
        return np.stack([resolve(self.game, q, paths, self.posterior.followed) for q in asked])

    def run_truth(self, particles: Particles, plan: Plan) -> np.ndarray:
        """Run an island on, and say which questions came true: (Q, N)."""
        return self.truth(self.run(particles, plan))

    def drawn(self) -> Drawn:
        """The histories as they stand on the as-of day, and their risk if nothing is done."""

        def work(particles: Particles) -> tuple[F32, U8, F32]:
            truth = self.run_truth(particles, self.game.plan)
            return particles.z, particles.disposition, self.risk.of(truth)

        z, disposition, risk = zip(*self.each(work, "islands run on without any lever"), strict=True)
        return Drawn(
            z=np.concatenate(z, axis=1),
            disposition=np.concatenate(disposition, axis=1),
            risk=np.concatenate(risk),
        )

    def add(self, portfolios: Sequence[Portfolio], what: str = "islands, every portfolio") -> None:
        """Try more portfolios."""
        if not portfolios:
            return
        columns = list(self.risk.columns)

        def work(particles: Particles) -> tuple[F64, F64, F64, F64, U8]:
            base = self.run_truth(particles, self.game.plan)
            of_base = self.risk.of(base)
            size = len(portfolios)
            found = np.empty((size, len(base)))
            only, less = np.empty((size, len(base) + 1)), np.empty((size, len(base) + 1))
            bits = np.empty((size, len(columns), -(-particles.n // 8)), dtype=np.uint8)
            for k, portfolio in enumerate(portfolios):
                truth = self.run_truth(particles, self.plans.plan(portfolio))
                risk = self.risk.of(truth)
                found[k] = truth.mean(axis=1)
                only[k, :-1], less[k, :-1] = (truth & ~base).mean(axis=1), (base & ~truth).mean(axis=1)
                only[k, -1], less[k, -1] = (risk > of_base).mean(), (risk < of_base).mean()
                bits[k] = np.packbits(truth[columns], axis=1)
            return base.mean(axis=1), found, only, less, bits

        base, found, only, less, bits = (np.stack(part) for part in zip(*self.each(work, what), strict=True))
        self._without = base
        for k, portfolio in enumerate(portfolios):
            self.portfolios.append(portfolio)
            self._with.append(found[:, k])
            self._only.append(only[:, k])
            self._less.append(less[:, k])
            self._bits.append(bits[:, k].copy())

    def counts(self, k: int, question: int) -> Counts:
        """What portfolio `k` does to a question."""
        return Counts(
            without=self._without[:, question],
            with_it=self._with[k][:, question],
            only=self._only[k][:, question],
            less=self._less[k][:, question],
        )

    def risk_counts(self, k: int) -> Counts:
        """What portfolio `k` does to the risk."""
        columns, weights = list(self.risk.columns), np.array(self.risk.weights)
        return Counts(
            without=self._without[:, columns] @ weights,
            with_it=self._with[k][:, columns] @ weights,
            only=self._only[k][:, -1],
            less=self._less[k][:, -1],
        )

    def risk_of(self, k: int) -> F32:
        """The risk of every history under portfolio `k`: (N,)."""
        bits = np.unpackbits(self._bits[k], axis=-1, count=self.islands.n)
        return np.ascontiguousarray(self.risk.among(bits).reshape(-1))

    def spread_out(self, which: Sequence[int]) -> Iterator[tuple[Sequence[int], F32]]:
        """The risk of every history under some portfolios, a few at a time: their numbers, and (M, p, n)."""
        for start in range(0, len(which), CHUNK):
            chunk = which[start : start + CHUNK]
            bits = np.stack([self._bits[k] for k in chunk], axis=1)
            yield chunk, self.risk.among(np.unpackbits(bits, axis=-1, count=self.islands.n))

    def weighed(self, weights: np.ndarray) -> tuple[F64, F64]:
        """Risks under other weights of the histories: sums (M, P, S) and totals (M, S) from weights (N, S).

        The ratio of the two, each summed over islands by their weight, is the risk.
        """
        m, n = self.islands.count, self.islands.n
        by_island = weights.reshape(m, n, -1)
        sums = np.empty((m, len(self.portfolios), by_island.shape[-1]))
        for chunk, risk in self.spread_out(range(len(self.portfolios))):
            for i in range(m):
                sums[i, chunk] = risk[i].astype(np.float64) @ by_island[i].astype(np.float64) / n
        return sums, by_island.sum(axis=1, dtype=np.float64) / n


__all__ = ["Drawn", "Risk", "Trial"]
