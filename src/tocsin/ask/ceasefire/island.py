"""One island of particles asked about one deal: every run that it takes, reduced to means.

An island keeps means and, of the ends of the bargaining range, one number a particle and week; its histories
are overwritten by the next run, so memory does not grow with the number of runs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from tocsin.ask.ceasefire.holding import Marks, Steps, first_where, lasts
from tocsin.ask.ceasefire.spoilers import Candidate
from tocsin.ask.ceasefire.value import Labels, Worth, state_before, worth
from tocsin.ask.ceasefire.worlds import Worlds, pushed
from tocsin.ask.resolve import outcomes
from tocsin.game.plan import F32, F64, Game, Plan
from tocsin.game.reference import term_value
from tocsin.infer.particles import Particles, run_on
from tocsin.infer.posterior import paths_of

HOLDING_DAYS = (30, 90, 180)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of every island about one deal."""

    game: Game
    followed: tuple[int, ...]
    deal: int
    worlds: Worlds
    weeks: tuple[int, ...]  # (W,) steps at which the range is looked at, the next one first
    samples: tuple[int, ...]  # steps at which considerations are compared
    by: dt.date  # the day looked to
    until: int  # its step, the last looked at but for questions and holding
    quiet_days: int
    sides: tuple[Labels | None, Labels | None]
    spoilers: tuple[Candidate, ...]
    push: tuple[tuple[Plan, Plan, Plan], ...]  # of each spoiler: without, on the table, signed


@dataclass(frozen=True, slots=True, kw_only=True)
class SideMeans:
    """Of one side, now: means over one island."""

    gain: float
    gain_square: float
    accepts: float
    means_more: float
    parts: F64  # (K,)
    part_squares: F64  # (K,)


@dataclass(frozen=True, slots=True, kw_only=True)
class IslandAnswer:
    """Means over one island; W weeks, B worlds (without, on the table, signed), Q questions, F fronts."""

    in_force: float
    sides: tuple[SideMeans | None, SideMeans | None]
    ends: F32  # (2, W, N) what each side gains, in the unit of the terms; NaN without a front
    agreed: F64  # (W,)
    signed: F64  # (W,)
    after_talks: F64  # (H, 2) holds for so long; could be seen to
    if_signed: F64  # (H,)
    quiet: F64  # (H,)
    questions: F64  # (B, Q)
    reached: F64  # (B, 2, F) at the blow rung or above, beyond the standing limit, by the day asked about
    factors: F64  # (2, K) without, signed: mean over the steps ahead
    term_change: F64  # (J,) signed less without, at the top rung
    in_kind_change: F64  # (F,)
    spoilers: F64  # (S, 3) signed, quiet, rises: change of each
    spoiled_parts: tuple[tuple[F64, F64], ...]  # (S,) of each side the change of every part


def ask_island(asked: Asked, particles: Particles) -> IslandAnswer:
    """Run one island under every plan that the deal is asked under."""
    game, weight, last = asked.game, particles.weights(), asked.game.grid.n_steps
    rows = particles.rows.astype(np.float64)
    questions = np.empty((3, len(game.case.questions)))
    reached = np.empty((3, 2, len(game.fronts)))

    def take(k: int, plan: Plan) -> None:
        run_on(particles, last, plan)
        truth = outcomes(game, paths_of(particles, asked.followed), asked.followed)
        questions[k] = truth @ weight
        reached[k] = _reached(asked, particles, weight)

    now = game.now
    take(0, asked.worlds.without)
    sides, ends, agreed = _worths(asked, particles, rows, weight)
    base_parts = _mean_parts(asked, asked.worlds.without, particles, rows, weight)
    before = _considerations(asked, particles, rows, weight)
    rises_before = _rises(asked, particles, weight)

    take(1, asked.worlds.on_table)
    in_force = _in_force(asked, particles)
    when = first_where(in_force, now, last + 1)
    # what was in force already needs no signature
    when = np.where(in_force[now], np.int32(now), when)
    ends_at = first_where(~in_force, when, last + 2)
    grid = game.grid
    after_talks = np.zeros((len(HOLDING_DAYS), 2))
    by_talks = np.where((when > now) & (when <= asked.until), when, np.int32(last + 1))
    for h, days in enumerate(HOLDING_DAYS):
        holds, seen = lasts(grid, by_talks, ends_at, days)
        after_talks[h] = holds @ weight, seen @ weight
    signed = np.array([(when <= t) @ weight for t in asked.weeks])

    take(2, asked.worlds.signed)
    after = _considerations(asked, particles, rows, weight)
    if_signed, quiet = np.full((2, len(HOLDING_DAYS)), np.nan)
    for h, days in enumerate(HOLDING_DAYS):
        if_signed[h], quiet[h] = _holds(asked, particles, weight, days)
    base_quiet = _holds(asked, particles, weight, asked.quiet_days)[1]

    spoilers = np.empty((len(asked.spoilers), 3))
    spoiled = []
    for s, (candidate, plans) in enumerate(zip(asked.spoilers, asked.push, strict=True)):
        run_on(particles, asked.until, plans[0])
        spoilers[s, 2] = _rise(asked, particles, weight, candidate) - rises_before[s]
        own = _mean_parts(asked, plans[0], particles, rows, weight)
        spoiled.append((own[0] - base_parts[0], own[1] - base_parts[1]))
        run_on(particles, asked.until, plans[1])
        signed_by = _in_force(asked, particles)[now : asked.until + 1].any(axis=0) @ weight
        spoilers[s, 0] = signed_by - signed[-1]
        run_on(particles, asked.until, plans[2])
        spoilers[s, 1] = _holds(asked, particles, weight, asked.quiet_days)[1] - base_quiet

    return IslandAnswer(
        in_force=float(in_force[now] @ weight),
        sides=sides,
        ends=ends,
        agreed=agreed,
        signed=signed,
        after_talks=after_talks,
        if_signed=if_signed,
        quiet=quiet,
        questions=questions,
        reached=reached,
        factors=np.stack([before.factors, after.factors]),
        term_change=after.terms - before.terms,
        in_kind_change=after.in_kind - before.in_kind,
        spoilers=spoilers,
        spoiled_parts=tuple(spoiled),
    )


def _in_force(asked: Asked, particles: Particles) -> Marks:
    return np.asarray(particles.deal[:, asked.deal] & 1 == 1)


def _worths(
    asked: Asked, particles: Particles, rows: F64, weight: F64
) -> tuple[tuple[SideMeans | None, SideMeans | None], F32, F64]:
    """Both sides now, and what each gains at every week; the run is the one without the deal."""
    n_weeks, n = len(asked.weeks), particles.n
    ends = np.full((2, n_weeks, n), np.nan, dtype=np.float32)
    agreed, sides = np.empty(n_weeks), [None, None]
    for w, t in enumerate(asked.weeks):
        state = state_before(particles, t)
        both = np.ones(n)
        for side in range(2):
            found = worth(asked.worlds.without, particles, rows, asked.deal, side, t, state)
            labels = asked.sides[side]
            if found is None or labels is None:
                continue
            ends[side, w] = found.nats
            both *= expit(found.gain)
            if w == 0:
                sides[side] = _side(asked, found, labels, weight)  # type: ignore[call-overload]
        agreed[w] = both @ weight
    return (sides[0], sides[1]), ends, agreed


def _side(asked: Asked, found: Worth, labels: Labels, weight: F64) -> SideMeans:
    gain, parts = found.gain, labels.together(found.parts)
    return SideMeans(
        gain=float(gain @ weight),
        gain_square=float(gain**2 @ weight),
        accepts=float(expit(gain) @ weight),
        means_more=float((found.meant > asked.game.plan.deal_cap[asked.deal]) @ weight),
        parts=parts @ weight,
        part_squares=parts**2 @ weight,
    )


def _mean_parts(asked: Asked, plan: Plan, particles: Particles, rows: F64, weight: F64) -> tuple[F64, F64]:
    """(K,) mean parts of each side's worth, over the sampled steps of a run."""
    sums = [np.zeros(len(labels.names) if labels else 0) for labels in asked.sides]
    for t in asked.samples:
        state = state_before(particles, t)
        for side, labels in enumerate(asked.sides):
            found = worth(plan, particles, rows, asked.deal, side, t, state)
            if found is not None and labels is not None:
                sums[side] += labels.together(found.parts @ weight) / len(asked.samples)
    return sums[0], sums[1]


def _reached(asked: Asked, particles: Particles, weight: F64) -> F64:
    """(2, F) chance that each front comes to blows, and goes beyond the standing limit, by the day."""
    game = asked.game
    highest = particles.posture[game.now + 1 : asked.until + 1].max(axis=0)
    return np.stack([(highest >= rung) @ weight for rung in rungs_watched(game)])


def rungs_watched(game: Game) -> tuple[int, int]:
    """The rung from which an act is a blow, and the first beyond the standing limit."""
    return int(game.plan.blow), min(int(game.plan.reach) + 1, len(game.rungs) - 1)


def _rise(asked: Asked, particles: Particles, weight: F64, candidate: Candidate) -> float:
    span = slice(asked.game.now + 1, asked.until + 1)
    highest = particles.posture[span][:, list(candidate.fronts)].max(axis=(0, 1))
    return float((highest >= rungs_watched(asked.game)[1]) @ weight)


def _rises(asked: Asked, particles: Particles, weight: F64) -> tuple[float, ...]:
    return tuple(_rise(asked, particles, weight, candidate) for candidate in asked.spoilers)


def _holds(asked: Asked, particles: Particles, weight: F64, days: int) -> tuple[float, float]:
    """If signed in the next step: in force for so long, and no blow between the parties; NaN if not seen."""
    game = asked.game
    began = np.full(particles.n, game.now + 1, dtype=np.int32)
    last = game.grid.n_steps
    over: Steps = first_where(~_in_force(asked, particles), game.now, last + 2)
    fronts = [int(f) for f in game.plan.deal_front[asked.deal] if f >= 0]
    blows = particles.posture[:, fronts].max(axis=1) >= game.plan.blow
    struck: Steps = first_where(blows, game.now, last + 2)
    holds, seen = lasts(game.grid, began, over, days)
    if not seen.all():
        return float("nan"), float("nan")
    return float(holds @ weight), float(lasts(game.grid, began, struck, days)[0] @ weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Considerations:
    terms: F64  # (J,) mean nats at the top rung
    in_kind: F64  # (F,) the same of answering in kind, over the lowest rung
    factors: F64  # (K,)


def _considerations(asked: Asked, particles: Particles, rows: F64, weight: F64) -> _Considerations:
    """What weighs on every front, averaged over the sampled steps of a run."""
    game, plan = asked.game, asked.game.plan
    terms, in_kind = np.zeros(len(plan.term_kind)), np.zeros(len(game.fronts))
    top = len(game.rungs) - 1.0
    for t in asked.samples:
        state, factor = state_before(particles, t), particles.factor[t].astype(np.float64)
        for j in range(len(terms)):
            terms[j] += term_value(plan, j, t, rows, state, factor) @ weight
        for f, back in enumerate(plan.reverse):
            if back >= 0:
                omega = rows[plan.row_reciprocity[plan.front_from[f]]]
                in_kind[f] += (top * omega * state.posture[back]) @ weight
    ahead = particles.factor[game.now + 1 : asked.until + 1].mean(axis=0, dtype=np.float64)
    n = len(asked.samples)
    return _Considerations(terms=terms / n, in_kind=in_kind / n, factors=ahead @ weight)


def pushes(
    game: Game, worlds: Worlds, spoilers: Sequence[Candidate], nats: float
) -> tuple[tuple[Plan, Plan, Plan], ...]:
    """The three worlds of a deal with each spoiler's fronts pulled up."""
    return tuple(
        (
            pushed(game, worlds.without, candidate.fronts, nats),
            pushed(game, worlds.on_table, candidate.fronts, nats),
            pushed(game, worlds.signed, candidate.fronts, nats),
        )
        for candidate in spoilers
    )


__all__ = ["HOLDING_DAYS", "Asked", "IslandAnswer", "SideMeans", "ask_island", "pushes", "rungs_watched"]
