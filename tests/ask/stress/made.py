"""A stress test of the starter case that the tests share; it is run once."""

from functools import cache

import numpy as np

from tests.ask.worlds import AS_OF, STARTER
from tocsin.ask.inferred import Inferred, infer
from tocsin.ask.stress import stress
from tocsin.ask.stress.answer import Stress
from tocsin.ask.stress.futures import likely
from tocsin.ask.stress.planning import Planner
from tocsin.ask.stress.prices import USUAL, source_prices
from tocsin.ask.stress.search import Problem
from tocsin.ask.stress.tricks import Move, days_of, moves_of
from tocsin.ask.stress.weighing import Alone, Weigher

PARTICLES = 2_000


@cache
def inferred() -> Inferred:
    """The starter case with its past kept."""
    return infer(STARTER, AS_OF, particles=PARTICLES, keep_past=True)


@cache
def stressed() -> Stress:
    """The starter's first question, with one plan for each end played."""
    return stress(inferred(), budget=6.0, reports=2, check=True)


@cache
def weigher() -> Weigher:
    return Weigher(inferred().posterior)


@cache
def truth() -> np.ndarray:
    return likely(inferred().posterior, STARTER.questions[0])


@cache
def moves() -> tuple[Move, ...]:
    game = inferred().posterior.game
    return moves_of(game, days_of(game, 28))


@cache
def alone() -> Alone:
    return weigher().alone(moves(), truth())


@cache
def planner() -> Planner:
    """The plans of the usual settings."""
    return Planner(
        weigher(),
        truth(),
        moves(),
        alone(),
        prices=USUAL,
        source_prices=source_prices(STARTER, USUAL, "sudria"),
        deceiver="sudria",
        yardstick="ICD 203",
        plausible=0.01,
    )


def problem(rng: np.random.Generator, n_tricks: int = 7, n: int = 24, n_sources: int = 3) -> Problem:
    """A small made-up search: uneven weights, uncertain yes and no, fixed charges, a clash or two."""
    group = rng.integers(0, n_tricks, n_tricks)
    clash = group[:, None] == group[None, :]
    clash |= np.triu(rng.random((n_tricks, n_tricks)) < 0.1, 1)
    clash |= clash.T
    np.fill_diagonal(clash, False)
    weight = rng.random(n)
    return Problem(
        log_factor=rng.normal(0.0, 0.8, (n_tricks, n)).astype(np.float32),
        weight=weight / weight.sum(),
        truth=rng.random(n),
        cost=rng.integers(1, 4, n_tricks).astype(float),
        needs=tuple(tuple(sorted(rng.choice(n_sources, rng.integers(1, 3), replace=False))) for _ in group),
        control=rng.integers(0, 4, n_sources).astype(float),
        clash=clash,
        group=group.astype(np.int64),
    )
