"""How likely each particle makes a yes: its future run several times, each with a chance of its own.

What reports bear on is a particle's past and what is fixed in it; what comes after the as-of day is chance
that no report can tell. One future of each particle would carry that chance into every weight, and a search
would find its luck. The mean over several keeps the answer and takes most of the noise away (Rao-Blackwell).
"""

from __future__ import annotations

import threading

import numpy as np

from tocsin.ask.resolve import resolve
from tocsin.case.model import Question
from tocsin.game.plan import F64
from tocsin.infer.onward import each_island
from tocsin.infer.particles import Particles, run_on
from tocsin.infer.posterior import Posterior, paths_of
from tocsin.infer.work import Progress

FUTURES = 8


def likely(
    posterior: Posterior,
    question: Question,
    futures: int = FUTURES,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> F64:
    """(N,) share of each particle's futures in which the question comes true.

    Parameters
    ----------
    posterior : whose own future counts as the first
    question : one of the case's
    futures : how many, its own included

    Raises
    ------
    CancelledError
    """
    game, followed = posterior.game, posterior.followed
    total = resolve(game, question, posterior.paths, followed).astype(np.float64)

    def work(particles: Particles) -> np.ndarray:
        run_on(particles, game.grid.n_steps)
        return resolve(game, question, paths_of(particles, followed), followed)

    for stream in range(1, futures):
        parts = each_island(posterior, work, stream=stream, threads=threads, progress=progress, cancel=cancel)
        total += np.concatenate(parts)
    return np.asarray(total / futures)


__all__ = ["FUTURES", "likely"]
