"""The posterior run on again: its particles, taken up at the as-of day and carried on under other plans.

Every run from the same particles has the same chance (`tocsin.game.chance`), so two plans that differ in one
lever differ in their outcomes only by what the lever does. Particles are taken up island by island: memory is
that of the islands in work, however many plans are run, and the scatter between islands is the error.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np

from tocsin.game.plan import Game
from tocsin.infer.filter import systematic
from tocsin.infer.particles import Particles, fill_rows, step_keys
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress, do_all

Result = TypeVar("Result")


def take_up(posterior: Posterior, island: int, n: int | None = None, *, stream: int = 0) -> Particles:
    """The particles of one island as they stand on the as-of day, ready to be run on.

    Parameters
    ----------
    posterior : of whose islands one is taken up
    island : its number, from 0
    n : so many equally weighted ones, drawn systematically; if left out, all of them with their weights.
        More than the island holds gives copies that part ways from the as-of day on
    stream : another number gives the same particles a future of other chance

    Returns
    -------
    Particles at the as-of step. `run_on` fills what follows and `paths_of` reads it. Of the past they hold
    postures, deals and the followed factors, as questions need them; nothing else

    Examples
    --------
    >>> particles = take_up(posterior, 0, 1_000)  # doctest: +SKIP
    >>> run_on(particles, game.grid.n_steps, plan)  # doctest: +SKIP
    """
    game, size = posterior.game, posterior.weight.size // posterior.islands
    weight = posterior.weight[island * size : (island + 1) * size]
    rng = np.random.Generator(
        np.random.Philox(np.random.SeedSequence(entropy=posterior.seed, spawn_key=(island, 2)))
    )
    if n is None:
        lanes, n = np.arange(size, dtype=np.int32), size
        with np.errstate(divide="ignore"):
            log_weight = np.log(weight / weight.sum())
    else:
        lanes, log_weight = systematic(weight / weight.sum(), rng.random(), n), np.zeros(n)
    columns = island * size + lanes
    now, n_rows = game.now, game.grid.n_steps + 1

    def history(of_now: np.ndarray) -> np.ndarray:
        array = np.empty((n_rows, *of_now.shape[:-1], n), dtype=of_now.dtype)
        array[now] = of_now[..., columns]
        return array

    posture = history(posterior.paths.posture[now])
    deal = history(posterior.paths.deal[now])
    factor = history(posterior.factor)
    posture[:now] = posterior.paths.posture[:now, :, columns]
    deal[:now] = posterior.paths.deal[:now, :, columns]
    factor[:now, list(posterior.followed)] = posterior.paths.factor[:now, :, columns]
    values = np.ascontiguousarray(posterior.values[:, columns])
    disposition = np.ascontiguousarray(posterior.disposition[:, columns])
    return Particles(
        game=game,
        seed=posterior.seed,
        island=island,
        step=now,
        keys=_keys(game, posterior.seed, island, stream),
        log_weight=log_weight,
        log_evidence=float(posterior.log_evidence[island]),
        z=np.ascontiguousarray(posterior.z[:, columns]),
        disposition=disposition,
        deceives=np.ascontiguousarray(posterior.deceives[:, columns]),
        values=values,
        rows=_rows(game, values, disposition),
        posture=posture,
        goal=history(posterior.goal),
        readiness=history(posterior.readiness),
        factor=factor,
        standing=history(posterior.standing),
        wear=history(posterior.wear),
        deal=deal,
        slots=np.tile(np.arange(n, dtype=np.uint32), (n_rows, 1)),
        ancestor=lanes,
        log_choice=np.zeros((len(game.actors), n), dtype=np.float32),
        rng=rng,
    )


def _keys(game: Game, seed: int, island: int, stream: int) -> np.ndarray:
    # A stream is a run of its own: its keys are those of an island that no filter has.
    return step_keys(game, seed, island if stream == 0 else -1 - island - 65_536 * stream & 0xFFFFFFFF)


def _rows(game: Game, values: np.ndarray, disposition: np.ndarray) -> np.ndarray:
    n_rows = len(game.statics.row_sign)
    rows = np.zeros((n_rows, values.shape[1]), dtype=np.float32)
    fill_rows(game, values, disposition, np.arange(n_rows, dtype=np.int32), rows)
    return rows


def each_island(
    posterior: Posterior,
    work: Callable[[Particles], Result],
    n: int | None = None,
    *,
    stream: int = 0,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
    what: str = "islands run on",
) -> list[Result]:
    """Take up every island in turn and do `work` on it; results in the order of the islands.

    Parameters
    ----------
    work : gets the particles of one island, may run them on as often as it likes, returns what it reduced
    n : particles in all, shared evenly among the islands; every one with its weight if left out
    threads : at most so many islands at once; all cores if left out. The result does not depend on it
    progress : called after each island with (done, total, what)
    cancel : set it to stop before the next island

    Raises
    ------
    CancelledError
    """
    per_island = None if n is None else -(-n // posterior.islands)

    def one(island: int) -> Result:
        return work(take_up(posterior, island, per_island, stream=stream))

    islands = [partial(one, island) for island in range(posterior.islands)]
    return do_all(islands, what, threads=threads, progress=progress, cancel=cancel)


__all__ = ["each_island", "take_up"]
