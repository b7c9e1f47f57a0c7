"""What the posterior does not keep of its futures, read off by running its islands on again.

The same particles with the same chance go the same way, so what is read here belongs to the histories of
`Posterior.paths` lane by lane.
"""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.ask.outlook.signature import thresholds
from tocsin.ask.watchlist import FALSE_ALARM, GOOD_SOURCE
from tocsin.case import words
from tocsin.game import chance
from tocsin.game.plan import F32, F64, U8, Game
from tocsin.game.reference import ramp
from tocsin.infer.evidence import ON_DISPOSITION, ON_FACTOR, ON_POSTURE, level_chances, owner_of
from tocsin.infer.onward import each_island
from tocsin.infer.particles import Particles, run_on
from tocsin.infer.posterior import Posterior
from tocsin.infer.work import Progress

# Indicators are looked for up to so many weeks ahead.
LOOK_WEEKS = (1, 2, 4, 8, 12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Futures:
    """What was read off; N particles as in the posterior, F fronts, I indicators, K factors."""

    until: int
    looks: tuple[tuple[int, int], ...]  # (weeks, step) up to which indicators are looked for
    seen: F32  # (I, looks, N) chance that a good source has reported it by then
    incident: U8  # (F, N) 1 where its leaving the limit fell within a step of an incident on it
    joined: NDArray[np.int64]  # (F, N) first step beyond the limit, or until + 1
    terms_now: F64  # (M, J + 2 F) sums over the runs that join of what each term adds, on the as-of day ...
    terms_then: F64  # ... and at the decision to join
    terms_weight: F64  # (M, F) weight of those runs
    factor: F32  # (T, K, N) factors from the step after the as-of step through `until`


def look_ahead_again(
    posterior: Posterior,
    until: int,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Futures:
    """Run every island on again through `until` and read off what courses and cascades need."""
    game = posterior.game
    looks: list[tuple[int, int]] = []
    for weeks in LOOK_WEEKS:
        step = min(game.grid.step_of(game.as_of + dt.timedelta(weeks=weeks)), until)
        if step > game.now and (not looks or step > looks[-1][1]):
            looks.append((weeks, step))

    def work(particles: Particles) -> tuple[np.ndarray, ...]:
        run_on(particles, until)
        joined = first_beyond(game, particles.posture, until)
        happened = _incidents(particles, until)
        incident = np.zeros(joined.shape, dtype=np.uint8)
        lanes = np.arange(particles.n)
        for f in range(len(game.fronts)):
            back = int(game.plan.reverse[f])
            for before in (0, 1):
                step = np.clip(joined[f] - before, game.now, until) - game.now
                hit = happened[step, f, lanes] | (happened[step, back, lanes] if back >= 0 else False)
                incident[f] |= hit & (joined[f] <= until)
        return (
            _sightings(particles, [step for _, step in looks]),
            incident,
            joined,
            *_terms(particles, joined, until),
            particles.factor[game.now + 1 : until + 1].copy(),
        )

    parts = each_island(
        posterior, work, threads=threads, progress=progress, cancel=cancel, what="futures read"
    )
    seen, incident, joined, now, then, weight, factor = zip(*parts, strict=True)
    share = posterior.island_weight[:, None]
    return Futures(
        until=until,
        looks=tuple(looks),
        seen=np.concatenate(seen, axis=-1),
        incident=np.concatenate(incident, axis=-1),
        joined=np.concatenate(joined, axis=-1),
        terms_now=share * np.stack(now),
        terms_then=share * np.stack(then),
        terms_weight=share * np.stack(weight),
        factor=np.concatenate(factor, axis=-1),
    )


def first_beyond(game: Game, posture: U8, until: int) -> NDArray[np.int64]:
    """(F, N) first step after the as-of step on which a front is beyond the limit; until + 1 if never."""
    _, beyond, _ = thresholds(game)
    first = np.full(posture.shape[1:], until + 1, dtype=np.int64)
    for t in range(until, game.now, -1):
        first[posture[t] >= beyond] = t
    return first


def _incidents(particles: Particles, until: int) -> NDArray[np.bool_]:
    """(until - now + 1, F, N) whether an incident happened, from the addresses by which the game draws it."""
    game, plan, now = particles.game, particles.game.plan, particles.step
    out = np.zeros((until - now + 1, len(game.fronts), particles.n), dtype=bool)
    for t in range(now + 1, until + 1):
        for f in range(len(game.fronts)):
            back = int(plan.reverse[f])
            p = plan.p_incident[t, f] * plan.scale[1]
            if back < 0 or p <= 0.0:
                continue
            before = particles.posture[t - 1]
            lanes = np.flatnonzero((before[f] >= plan.contact) & (before[back] >= plan.contact))
            address = chance.WORDS_PER_FRONT * f + chance.INCIDENT
            u = chance.uniform(chance.words(int(particles.keys[t]), particles.slots[t, lanes], address))
            out[t - now, f, lanes] = u < p
    return out


def _sightings(particles: Particles, steps: list[int]) -> F32:
    """(I, looks, N) chance that a good source that looks in every step has reported each indicator."""
    game, now = particles.game, particles.step
    out = np.empty((len(game.case.indicators), len(steps), particles.n), dtype=np.float32)
    for k, indicator in enumerate(game.case.indicators):
        kind, chances = level_chances(game, indicator)
        _, reference = indicator.about.target
        owner = owner_of(indicator)
        marks = particles.deceives[game.actors.index(owner)] if owner else None
        missed, place = np.ones(particles.n), 0
        for t in range(now + 1, (steps[-1] if steps else now) + 1):
            if kind == ON_FACTOR:
                x = particles.factor[t, game.factors.index(reference)]
                p = np.interp(x, np.linspace(0.0, 1.0, len(chances)), chances)
            elif kind == ON_DISPOSITION:
                p = chances[particles.disposition[game.actors.index(reference)]]
            elif kind == ON_POSTURE:
                p = chances[particles.posture[t, game.fronts.index(reference)]]
            else:
                p = chances[particles.readiness[t, game.fronts.index(reference)]]
            if marks is not None:
                p = p * (1.0 - words.strength(indicator.concealable).median * marks)
                p = p + (1.0 - p) * words.strength(indicator.plantable).median * marks
            missed *= 1.0 - (GOOD_SOURCE * p + (1.0 - GOOD_SOURCE) * FALSE_ALARM)
            if t == steps[place]:
                out[k, place] = 1.0 - missed
                place += 1
    return out


def _terms(particles: Particles, joined: NDArray[np.int64], until: int) -> tuple[F64, F64, F64]:
    """Weighted sums over the runs in which a front joins of what its terms add to joining over a blow."""
    game, plan, now = particles.game, particles.game.plan, particles.step
    blow, beyond, _ = thresholds(game)
    n_rungs, n_terms, n_fronts = len(game.rungs), len(plan.term_kind), len(game.fronts)
    weight = particles.weights()
    before, after = np.zeros((2, n_terms + 2 * n_fronts))
    total = np.zeros(n_fronts)
    for f in range(n_fronts):
        lanes = np.flatnonzero((joined[f] <= until) & (particles.posture[now, f] < beyond))
        total[f] = weight[lanes].sum()
        if not len(lanes):
            continue
        # The decision fell when the goal rose there for good; preparation may have come in between.
        decided = joined[f, lanes].copy()
        meant = np.ones(len(lanes), dtype=bool)
        for back in range(1, until - now):
            step = joined[f, lanes] - back
            meant &= (step > now) & (particles.goal[np.maximum(step, now), f, lanes] >= beyond)
            decided[meant] = step[meant]
        i, other = plan.front_from[f], int(plan.reverse[f])
        for into, t in ((before, np.full(len(lanes), min(now + 1, until))), (after, decided)):
            state, w = t - 1, weight[lanes]
            for j in range(plan.term_start[f], plan.term_start[f + 1]):
                from_, ref, kind = int(plan.term_from[j]), plan.term_ref[j], plan.term_kind[j]
                share = float(ramp(beyond, from_, n_rungs) - ramp(blow, from_, n_rungs))
                value = plan.term_gate[t, j] * particles.rows[plan.term_row[j], lanes]
                value = value + plan.term_shift[t, j] * particles.rows[plan.term_shift_row[j], lanes]
                if kind == 1:
                    value = value * particles.factor[t, ref, lanes]
                elif kind == 2:
                    value = value * ramp(particles.posture[state, ref, lanes].astype(np.int64), blow, n_rungs)
                elif kind == 3:
                    value = value * particles.standing[state, ref, lanes]
                elif kind == 4:
                    value = value * (1.0 - particles.standing[state, ref, lanes])
                elif kind == 5:
                    value = value * particles.wear[state, ref, lanes]
                into[j] = share * float(value @ w)
            m = plan.lean[t, f] + particles.rows[plan.row_bias[i], lanes]
            if other >= 0:
                m = m + particles.posture[state, other, lanes]
            omega, rho = (
                particles.rows[plan.row_reciprocity[i], lanes],
                particles.rows[plan.row_inertia[i], lanes],
            )
            own = particles.posture[state, f, lanes].astype(np.float64)
            into[n_terms + f] = float((-0.5 * omega * ((beyond - m) ** 2 - (blow - m) ** 2)) @ w)
            into[n_terms + n_fronts + f] = float((-rho * (np.abs(beyond - own) - np.abs(blow - own))) @ w)
    return before, after, total


__all__ = ["LOOK_WEEKS", "Futures", "first_beyond", "look_ahead_again"]
