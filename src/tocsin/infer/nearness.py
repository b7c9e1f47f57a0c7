"""How near a history is to a resolution rule: the log chance that the rule comes true in the very next step.

For a front it is the chance that its initiator means the rung, deciding now on what it most likely perceives,
and is ready for it or becomes so. It is exact up to the noise of perception, which is taken at its mean, and
to what other fronts do in the same step; as heights for splitting need no exactness, nothing rests on that.
Beside it stands what the initiator would do were it and the other one rung short of it already, at its
allies' present peril and at their full one: what lasts from step to step, where the first comes and goes.

Numba compiles it, in a file of its own; the formulas are those of `tocsin.game.reference`.
"""

# What Numba compiles has none of Python's types.
# mypy: allow-untyped-defs, allow-untyped-calls
# A lane is `l`, as in the game's kernel.
# ruff: noqa: E741

from __future__ import annotations

import math

import numpy as np
from numba import njit

from tocsin.game.plan import F32

# Log of a chance that is as good as none, so that sums stay finite.
NONE = -25.0


@njit(nogil=True, cache=True, fastmath=True, error_model="numpy")
def _ready(lacks, gain):
    """Chance of gaining so many levels of readiness within the step."""
    if lacks <= 0:
        return 1.0
    chance = 0.0
    for more in range(lacks, 4):
        chance += gain[more]
    return chance


@njit(nogil=True, cache=True, fastmath=True, error_model="numpy")
def _means(slope, n_rungs, rung, own, seen, omega, rho, readiness):
    """Chance of meaning `rung` or more and being ready for it; `readiness` is the chance by rung."""
    total, climbs, rise, height = 0.0, 0.0, 0.0, 0.0
    for r in range(n_rungs):
        rise += slope[r]
        height += rise
        d = r - seen
        # Utilities stay within a few dozen nats, so that sums of exponentials do in double precision.
        e = math.exp(min(height - 0.5 * omega * d * d - rho * abs(r - own), 600.0))
        total += e
        if r >= rung:
            climbs += e * readiness[r]
    return climbs / max(total, 1e-300)


@njit(nogil=True, cache=True, fastmath=True, error_model="numpy")
def front_nearness(plan, f, rung, rows, posture, goal, level, factor, standing, wear, deal, out):
    """Log chances that front f reaches `rung` in the step after each row: fills out (3, K, N).

    The first is from the state as it is, the second from one rung below on both sides, the third besides with
    every ally in full peril. Histories are (K, ..., N), and so are the plan's; the step after the last row is
    taken as the last one.
    """
    _, n_rows, n = out.shape
    n_rungs = plan.need.shape[0]
    i, back = plan.front_from[f], plan.reverse[f]
    bias, row_omega, row_rho = plan.row_bias[i], plan.row_reciprocity[i], plan.row_inertia[i]
    slope, full = np.zeros(n_rungs), np.zeros(n_rungs)
    readiness, ready = np.ones(n_rungs), np.ones(n_rungs)
    for k in range(n_rows):
        t = min(k + 1, n_rows - 1)
        gain, revises = plan.p_gain[t], plan.p_revise[t]
        for l in range(n):
            cap = n_rungs - 1
            for g in range(plan.deal_cap.shape[0]):
                touches = plan.deal_front[g, 0] == f or plan.deal_front[g, 1] == f
                if touches and deal[k, g, l] & 1:
                    cap = min(cap, plan.deal_cap[g])
            own = float(posture[k, f, l])
            other = float(posture[k, back, l]) if back >= 0 else 0.0
            lean = plan.lean[t, f] + plan.scale[0] * rows[bias, l]
            omega, rho = rows[row_omega, l], rows[row_rho, l]
            slope[:] = 0.0
            full[:] = 0.0
            for j in range(plan.term_start[f], plan.term_start[f + 1]):
                gate, shift = plan.term_gate[t, j], plan.term_shift[t, j]
                if gate == 0.0 and shift == 0.0:
                    continue
                from_ = plan.term_from[j]
                x = gate * rows[plan.term_row[j], l] + shift * rows[plan.term_shift_row[j], l]
                x /= n_rungs - from_
                kind, ref = plan.term_kind[j], plan.term_ref[j]
                if kind == 1:
                    x *= factor[k, ref, l]
                elif kind == 3:
                    x *= standing[k, ref, l]
                elif kind == 4:
                    x *= 1.0 - standing[k, ref, l]
                elif kind == 5:
                    x *= wear[k, ref, l]
                full[from_] += x
                if kind == 2:
                    blow = plan.blow
                    peril = (float(posture[k, ref, l]) - blow + 1.0) / (n_rungs - blow)
                    x *= min(max(peril, 0.0), 1.0)
                slope[from_] += x
            relieved = 2 if back >= 0 and posture[k, back, l] >= plan.relief_rung else 0
            have = np.int64(level[k, f, l])
            for r in range(rung, n_rungs):
                readiness[r] = _ready(max(plan.need[r] - relieved, 0) - have, gain) if r <= cap else 0.0
            chance = revises * _means(slope, n_rungs, rung, own, other + lean, omega, rho, readiness)
            meant = np.int64(goal[k, f, l])
            if meant >= rung:
                chance += (1.0 - revises) * readiness[meant]
            below = float(rung - 1)
            facing = below + lean if back >= 0 else lean
            out[0, k, l] = max(math.log(max(chance, 1e-30)), NONE)
            chance = _means(slope, n_rungs, rung, below, facing, omega, rho, ready)
            out[1, k, l] = max(math.log(max(chance, 1e-30)), NONE)
            chance = _means(full, n_rungs, rung, below, facing, omega, rho, ready)
            out[2, k, l] = max(math.log(max(chance, 1e-30)), NONE)


def log_chances(n_rows: int, n: int) -> F32:
    """Room for the nearness of N histories of K rows."""
    return np.empty((3, n_rows, n), dtype=np.float32)


__all__ = ["NONE", "front_nearness", "log_chances"]
