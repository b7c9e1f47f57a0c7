"""Histories run on without new reports: the attacks, and how they were prepared and hidden."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from functools import partial

import numpy as np

from tocsin.ask.inferred import AskError
from tocsin.game.plan import F32, F64, I32, U8, Game
from tocsin.infer.onward import each_island
from tocsin.infer.particles import Particles, run_on, start_island
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress, stop_if

# Islands that start afresh have numbers that no island of a posterior has, and so chance of their own.
AFRESH = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """N weighted histories over T steps, islands one after the other; row 0 is the step they begin at."""

    game: Game
    first: int  # the step of row 0
    islands: int
    weight: F64  # (N,) sums to one
    posture: U8  # (T+1, F, N)
    readiness: U8  # (T+1, F, N)
    meant: U8  # (T+1, F, N) 1 where the goal lies beyond the standing limit
    disposition: U8  # (A, N)
    deceives: U8  # (A, N)
    values: F32  # (Q, N)

    @property
    def n_steps(self) -> int:
        """T, the number of steps run on."""
        return len(self.posture) - 1

    @property
    def island(self) -> I32:
        """(N,) island of each history."""
        size = len(self.weight) // self.islands
        return np.repeat(np.arange(self.islands, dtype=np.int32), size)

    def days(self, row: int) -> dt.date:
        """First day of a row's step."""
        return self.game.grid.first_day(self.first + row)

    def steps_within(self, weeks: float) -> I32:
        """(T+1,) last row that begins within so many weeks after each row began, T at the most."""
        limit = dt.timedelta(days=round(7 * weeks))
        days = [self.days(row) for row in range(self.n_steps + 1)]
        return np.array(
            [max(s for s in range(self.n_steps + 1) if days[s] <= day + limit) for day in days],
            dtype=np.int32,
        )

    def weeks_between(self) -> F64:
        """(T+1, T+1) weeks from the first day of one row's step to that of another."""
        days = np.array([self.days(row).toordinal() for row in range(self.n_steps + 1)], dtype=np.float64)
        return np.asarray((days[None, :] - days[:, None]) / 7.0)

    def attacks(self, front: int) -> I32:
        """(N,) row of the first attack on a front, T + 1 where none comes."""
        beyond = self.posture[:, front] > self.game.plan.reach
        rises = beyond[1:] & ~beyond[:-1]
        return np.where(rises.any(axis=0), rises.argmax(axis=0) + 1, self.n_steps + 1).astype(np.int32)


def last_step(game: Game, first: int, weeks: float) -> int:
    """The step that lies so many weeks after `first`, within the case.

    Raises
    ------
    AskError if fewer than three steps are left
    """
    last = min(
        game.grid.step_of(game.grid.first_day(first) + dt.timedelta(days=round(7 * weeks))), game.grid.n_steps
    )
    if last - first < 3:
        raise AskError(
            f"found {max(last - first, 0)} steps from {game.grid.first_day(first)} to the end; "
            "expected at least 3; ask as of an earlier day, or move the case's `end`"
        )
    return last


def _kept(particles: Particles, first: int, last: int) -> tuple[F64, tuple[np.ndarray, ...]]:
    run_on(particles, last)
    rows = slice(first, last + 1)
    return particles.weights(), (
        particles.posture[rows].copy(),
        particles.readiness[rows].copy(),
        (particles.goal[rows] > particles.game.plan.reach).astype(np.uint8),
        particles.disposition,
        particles.deceives,
        particles.values,
    )


def _joined(
    game: Game, first: int, parts: list[tuple[F64, tuple[np.ndarray, ...]]], shares: F64
) -> Histories:
    joined = [np.concatenate(arrays, axis=-1) for arrays in zip(*(kept for _, kept in parts), strict=True)]
    posture, readiness, meant, disposition, deceives, values = joined
    return Histories(
        game=game,
        first=first,
        islands=len(parts),
        weight=np.concatenate([share * weight for share, (weight, _) in zip(shares, parts, strict=True)]),
        posture=posture,
        readiness=readiness,
        meant=meant,
        disposition=disposition,
        deceives=deceives,
        values=values,
    )


def histories_ahead(
    posterior: Posterior,
    weeks: float,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Histories:
    """The posterior run on from the as-of day for so many weeks."""
    game = posterior.game
    last = last_step(game, game.now, weeks)
    parts = each_island(
        posterior,
        partial(_kept, first=game.now, last=last),
        threads=threads,
        progress=progress,
        cancel=cancel,
        what="attacks ahead",
    )
    return _joined(game, game.now, parts, posterior.island_weight)


def histories_afresh(
    posterior: Posterior, weeks: float, *, cancel: threading.Event | None = None
) -> Histories:
    """The game run from the case's start, before any report, with as many islands and particles."""
    game = posterior.game
    last = last_step(game, 0, weeks)
    n = posterior.weight.size // posterior.islands
    parts = []
    for island in range(posterior.islands):
        stop_if(cancel)
        parts.append(_kept(start_island(game, n, posterior.seed, AFRESH + island), 0, last))
    return _joined(game, 0, parts, np.full(posterior.islands, 1.0 / posterior.islands))
