"""Where each front may go, and who may join in what order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from tocsin.ask.estimate import Chance, Fan, FanStep, Futures, Joiner
from tocsin.infer.posterior import Posterior

# Chances of having reached a rung are given after so many weeks, and at the horizon.
MILESTONES_WEEKS = (4, 12, 26)


def chances(posterior: Posterior, truth: np.ndarray) -> list[Chance]:
    """Probability and error of each row of `truth` (R, N)."""
    mean, error = posterior.expect(truth.astype(np.float64))
    return [Chance(probability=float(p), mc_error=float(e)) for p, e in zip(mean, error, strict=True)]


def horizon_step(posterior: Posterior) -> int:
    """Last step of the futures: the last day that any question looks at."""
    game = posterior.game
    last = max(question.by for question in game.case.questions)
    return max(game.now, min(game.grid.step_of(last), game.grid.n_steps))


def fan_of(posterior: Posterior, f: int, until: int, weeks: Sequence[int] = MILESTONES_WEEKS) -> Fan:
    """The fan of front `f` up to a step, with the chances of having reached each rung after so many weeks."""
    game = posterior.game
    n_rungs = len(game.rungs)
    steps = []
    for t in range(game.now, until + 1):
        shares = np.bincount(posterior.paths.posture[t, f], weights=posterior.weight, minlength=n_rungs)
        steps.append(FanStep(day=game.grid.first_day(t), shares=tuple(float(s) for s in shares)))
    ends = [game.grid.step_of(game.as_of + dt.timedelta(weeks=w)) for w in weeks]
    reached = []
    highest = np.zeros(posterior.weight.size, dtype=np.uint8)
    for t in range(game.now + 1, until + 1):
        highest = np.maximum(highest, posterior.paths.posture[t, f])
        if t in ends or t == until:
            truth = np.stack([highest >= rung for rung in range(1, n_rungs)])
            for rung, chance in zip(game.rungs[1:], chances(posterior, truth), strict=True):
                reached.append((rung, game.grid.first_day(t), chance))
    return Fan(ref=game.fronts[f], steps=tuple(steps), reached=tuple(reached))


def joiners_of(posterior: Posterior, until: int) -> tuple[Joiner, ...]:
    """Every front that likeliest stands below the joining rung now, likeliest to join by `until` first."""
    game = posterior.game
    joining = min(int(game.plan.reach) + 1, len(game.rungs) - 1)
    posture = posterior.paths.posture
    now = posture[game.now].astype(np.int64)
    likeliest = [
        int(np.argmax(np.bincount(now[f], weights=posterior.weight, minlength=len(game.rungs))))
        for f in range(len(game.fronts))
    ]
    quiet = [f for f, rung in enumerate(likeliest) if rung < joining]
    n = posterior.weight.size
    never = until + 1
    when = np.full((len(quiet), n), never, dtype=np.int32)
    for k, f in enumerate(quiet):
        for t in range(until, game.now, -1):
            when[k][posture[t, f] >= joining] = t
    joiners = []
    if quiet and until > game.now:
        joins = when < never
        first = joins & (when == when.min(axis=0))
        # Those that join in the same step share the place.
        place = np.stack([(when < row).sum(axis=0) + 1 for row in when])
        for k, f in enumerate(quiet):
            join_chance, first_chance = chances(posterior, np.stack([joins[k], first[k]]))
            weight = posterior.weight * joins[k]
            total = weight.sum()
            median = None
            if join_chance.probability >= 0.5:
                order = np.argsort(when[k], kind="stable")
                t = when[k][order][np.searchsorted(np.cumsum(posterior.weight[order]), 0.5)]
                median = game.grid.first_day(int(t)) if t < never else None
            joiners.append(
                Joiner(
                    ref=game.fronts[f],
                    joins=join_chance,
                    first=first_chance,
                    place=float(weight @ place[k] / total) if total > 0.0 else float(len(quiet)),
                    median_day=median,
                )
            )
    return tuple(sorted(joiners, key=lambda j: -j.joins.probability))


def look_ahead(posterior: Posterior) -> Futures:
    """Fans of all fronts, and the order in which those still quiet may join."""
    game = posterior.game
    until = horizon_step(posterior)
    joining = min(int(game.plan.reach) + 1, len(game.rungs) - 1)
    return Futures(
        horizon=game.grid.first_day(until),
        joining_rung=game.rungs[joining],
        fans=tuple(fan_of(posterior, f, until) for f in range(len(game.fronts))),
        joiners=joiners_of(posterior, until),
    )
