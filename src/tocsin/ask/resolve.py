"""Did a question come true? Its resolution rule read on every particle's history."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from tocsin.case.model import Question, Rule
from tocsin.game.plan import Game
from tocsin.infer.posterior import Paths

Truth = NDArray[np.bool_]


def followed_factors(game: Game) -> tuple[int, ...]:
    """Factors that some question refers to, whose paths must be kept."""
    found: set[int] = set()

    def visit(rule: Rule) -> None:
        if rule.factor is not None:
            found.add(game.factors.index(rule.factor))
        for part in (*(rule.any_ or ()), *(rule.all_ or ()), *(rule.of or ())):
            visit(part)

    for question in game.case.questions:
        visit(question.rule)
    return tuple(sorted(found))


def steps_between(game: Game, since: dt.date, by: dt.date) -> range:
    """Steps that count from `since` through `by`: those that begin by then and are not over before."""
    grid = game.grid
    if by < since:
        return range(1, 1)  # no day at all, though both may lie in one step
    first = max(1, grid.step_of(since))
    last = min(grid.step_of(by), grid.n_steps)
    return range(first, last + 1)


def resolve(
    game: Game, question: Question, paths: Paths, followed: tuple[int, ...], by: dt.date | None = None
) -> Truth:
    """Whether the question's rule holds on each history: (N,).

    Parameters
    ----------
    question : one of the case's
    paths : histories from the start to the horizon
    followed : the factors that ``paths.factor`` holds, in order
    by : an earlier day to look at, e.g. the as-of day
    """
    limit = min(question.by, by) if by else question.by
    since = question.since or game.case.start
    return _holds(game, question.rule, paths, followed, since, limit)


def outcomes(game: Game, paths: Paths, followed: tuple[int, ...], by: dt.date | None = None) -> Truth:
    """Every question of the case resolved, in its order: (Q, N)."""
    return np.stack([resolve(game, question, paths, followed, by) for question in game.case.questions])


def _holds(
    game: Game, rule: Rule, paths: Paths, followed: tuple[int, ...], since: dt.date, by: dt.date
) -> Truth:
    since = rule.since or since
    by = min(rule.by, by) if rule.by else by
    steps = steps_between(game, since, by)
    n = paths.posture.shape[-1]
    span = slice(steps.start, max(steps.stop, steps.start))
    if rule.front is not None:
        path = paths.posture[span, game.fronts.index(rule.front)]
        return np.asarray((path >= game.rungs.index(rule.reaches or "")).any(axis=0))
    if rule.factor is not None:
        track = paths.factor[span, followed.index(game.factors.index(rule.factor))]
        return np.asarray((track > (rule.above or 0.0)).any(axis=0))
    if rule.deal is not None:
        return np.asarray((paths.deal[span, game.deals.index(rule.deal)] > 0).any(axis=0))
    parts = rule.any_ or rule.all_ or rule.of or ()
    count = np.zeros(n, dtype=np.int64)
    for part in parts:
        count += _holds(game, part, paths, followed, since, by)
    needed = 1 if rule.any_ else len(parts) if rule.all_ else rule.at_least or 1
    return np.asarray(count >= needed)
