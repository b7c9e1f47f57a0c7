"""The step of the game in NumPy as written for speed: float32, all fronts at once, chunks in cache.

`reference.py` is written to be read, in float64 and front by front, so it is no fair rival to a kernel.
This one draws from NumPy's fastest generator, sums once what does not change, and reuses its arrays. No
deals, no drivers, no shifts: the benchmark's crisis has none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tocsin.game import plan as p
from tocsin.game.plan import Game

F32 = NDArray[np.float32]
CHUNK = 4096  # the fastest of 256 to 8192 where this was written


def simulate(game: Game, rows: F32, n_steps: int, seed: int) -> NDArray[np.int8]:
    """Postures (F, N) after so many steps, for every column of parameter rows (P, N)."""
    n = rows.shape[1]
    parts = [
        _chunk(game, np.ascontiguousarray(rows[:, a : a + CHUNK]), n_steps, np.random.SFC64([seed, a]))
        for a in range(0, n, CHUNK)
    ]
    return np.concatenate(parts, axis=1)


def _chunk(game: Game, rows: F32, n_steps: int, bits: np.random.SFC64) -> NDArray[np.int8]:
    plan, rng, n = game.plan, np.random.Generator(bits), rows.shape[1]
    n_fronts, n_rungs = len(game.fronts), len(game.rungs)
    i, j, back = plan.front_from, plan.front_to, plan.reverse
    no_reverse = (back < 0)[:, None]
    steps = np.arange(n_rungs, dtype=np.float32)
    ramps = np.array([np.clip((steps - q + 1) / (n_rungs - q), 0, 1) for q in steps], dtype=np.float32)
    peril = np.clip((steps - plan.blow + 1) / (n_rungs - plan.blow), 0, 1).astype(np.float32)
    omega, rho = rows[plan.row_reciprocity][i], rows[plan.row_inertia][i]
    bias, spread = rows[plan.row_bias][i], rows[plan.row_misperception][i]
    half_omega = np.float32(0.5) * omega
    fixed = np.zeros((n_rungs, n_fronts, n), dtype=np.float32)
    moving = []
    for f in range(n_fronts):
        for k in range(plan.term_start[f], plan.term_start[f + 1]):
            row, ramp = rows[plan.term_row[k]], ramps[plan.term_from[k]]
            if plan.term_kind[k] == p.CONSTANT:
                fixed[:, f] += ramp[:, None] * row
            else:
                first = int(plan.term_from[k])
                moving.append(
                    (f, first, int(plan.term_kind[k]), int(plan.term_ref[k]), row, ramp[first:, None])
                )
    posture = np.repeat(game.start.posture.astype(np.int8)[:, None], n, axis=1)
    goal, level = posture.copy(), np.zeros((n_fronts, n), dtype=np.int8)
    factor = np.repeat(game.start.factor.astype(np.float32)[:, None], n, axis=1)
    standing = np.repeat(game.start.standing.astype(np.float32)[:, None], n, axis=1)
    wear = np.repeat(game.start.wear.astype(np.float32)[:, None], n, axis=1)
    utility, d = np.empty_like(fixed), np.empty_like(fixed[0])
    for t in range(1, n_steps + 1):
        factor *= plan.factor_keep[t][:, None]
        factor += ((1 - plan.factor_keep[t]) * plan.factor_target[t])[:, None]
        factor += plan.factor_noise[t][:, None] * rng.standard_normal(factor.shape, dtype=np.float32)
        np.clip(factor, 0, 1, out=factor)
        theirs = np.where(no_reverse, np.int8(0), posture[back])
        seen = theirs + plan.lean[t][:, None] + bias
        seen += spread * rng.standard_normal(seen.shape, dtype=np.float32)
        u = rng.random(seen.shape, dtype=np.float32)
        incident = (u < plan.p_incident[t][:, None]) & (np.minimum(posture, theirs) >= plan.contact)
        if incident.any():
            seen[incident] += rng.integers(1, 4, int(incident.sum()))
        for r in range(n_rungs):
            u_r = utility[r]
            np.subtract(np.float32(r), seen, out=d)
            d *= d
            d *= half_omega
            np.subtract(fixed[r], d, out=u_r)
            np.subtract(np.float32(r), posture, out=d)
            np.abs(d, out=d)
            d *= rho
            u_r -= d
        for f, first, kind, ref, row, ramp in moving:
            if kind == p.FACTOR:
                x = row * factor[ref]
            elif kind == p.PERIL:
                x = row * peril[posture[ref]]
            elif kind == p.CREDIBLE:
                x = row * standing[ref]
            elif kind == p.WEAK:
                x = row * (1 - standing[ref])
            else:
                x = row * wear[ref]
            utility[first:, f] += ramp * x
        utility -= utility.max(axis=0)
        np.exp(utility, out=utility)
        for r in range(1, n_rungs):
            utility[r] += utility[r - 1]
        draw = rng.random(seen.shape, dtype=np.float32)
        draw *= utility[-1]
        picked = (draw >= utility[:-1]).sum(axis=0, dtype=np.int8)
        revises = incident | (rng.random(seen.shape, dtype=np.float32) < plan.p_revise[t])
        goal = np.where(revises, picked, goal)
        needed = plan.need.astype(np.int8)[goal]
        need = np.maximum(needed - 2 * ((theirs >= plan.relief_rung) & ~no_reverse), 0).astype(np.int8)
        u = rng.random(seen.shape, dtype=np.float32)
        gained = _count(plan.p_gain[t], u)
        lost = _count(plan.p_lose[t], u)
        within = needed == 0
        more = np.where(level >= need, level, np.minimum(level + gained, 3))
        level = np.where(within, np.maximum(level - lost, 0), more)
        before = posture
        posture = np.where(within | (level >= need), goal, posture)
        held = standing.copy()
        standing += plan.standing_pull[t] * (plan.standing_base[t][:, None] - standing)
        wear *= 1 - plan.wear_heal[t]
        answer = np.where(no_reverse, np.int8(0), posture[back])
        gap = (posture - answer) * np.float32(1 / (n_rungs - 1))
        struck = held[j]
        change = np.where(
            gap <= 0, plan.standing_gain[t] * (1 - struck), -plan.standing_loss[t] * gap * struck
        )
        change *= posture >= plan.blow
        jump = posture - before
        change -= ((jump >= 2) & (posture > plan.reach)) * (plan.surprise / (n_rungs - 1)) * jump * struck
        cost = plan.wear_cost[t][posture]
        for f in range(n_fronts):
            standing[j[f]] += change[f]
            wear[i[f]] += cost[f]
            wear[j[f]] += cost[f]
        np.clip(standing, 0, 1, out=standing)
        np.clip(wear, 0, 1, out=wear)
    return posture


def _count(chances: F32, u: F32) -> NDArray[np.int8]:
    """Levels gained or lost, from the chances of 0, 1, 2 and more."""
    edge, more, most = np.cumsum(chances[:3])
    return (u >= edge).view(np.int8) + (u >= more).view(np.int8) + (u >= most).view(np.int8)
