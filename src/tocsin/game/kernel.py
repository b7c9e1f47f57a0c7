"""The step of the game, compiled: blocks of particles as lanes, float32, no lock held.

It computes what ``reference.py`` computes, from the same draws, and a test holds the two together. What makes
it fast is its shape: the innermost loop always runs over the lanes of one block, over few arrays at a time,
without a branch, so that the compiler turns it into vector instructions; a block's scratch stays in cache.

All of it is in this one file because the on-disk cache of compiled code does not notice edits elsewhere.
32-bit integers are re-wrapped after each operation, or they would widen to 64 bits and halve the lanes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from tocsin.game.plan import F32, U8, Plan

LANES = 256

_options: dict[str, Any] = {"nogil": True, "cache": True, "fastmath": True, "error_model": "numpy"}
_inline: dict[str, Any] = {"nogil": True, "fastmath": True, "error_model": "numpy"}
# A scalar helper that the compiler leaves as a call keeps its loop from becoming vectors: force it in.
_lane: dict[str, Any] = _inline | {"forceinline": True}

_u16, _u15, _u31, _u8 = np.uint32(16), np.uint32(15), np.uint32(31), np.uint32(8)
_M1, _M2 = np.uint32(0x7FEB352D), np.uint32(0x846CA68B)
_GOLDEN, _SLOT = np.uint32(0x9E3779B9), np.uint32(2654435769)
_LOW31, _SIGN = np.uint32(0x7FFFFFFF), np.uint32(0x80000000)
_FACTOR_BASE, _DEAL_BASE = np.uint32(4096), np.uint32(8192)
_ONE, _HALF, _ZERO = np.float32(1.0), np.float32(0.5), np.float32(0.0)
_TINY = np.float32(1e-37)
_NEVER = np.float32(-1e30)
_RELIEF = np.float32(2.0)  # levels that being under attack spares; compile.RELIEF_LEVELS
IMPOSSIBLE = -1e29  # a log weight below this stands for minus infinity


@intrinsic  # type: ignore[misc, unused-ignore]
def _as_float(typingctx, bits):  # type: ignore[no-untyped-def]
    """Reinterpret 32 bits as a float."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), codegen


@intrinsic  # type: ignore[misc, unused-ignore]
def _as_int(typingctx, number):  # type: ignore[no-untyped-def]
    """Reinterpret a float as 32 bits."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(types.float32), codegen


@intrinsic  # type: ignore[misc, unused-ignore]
def _floor(typingctx, number):  # type: ignore[no-untyped-def]
    """Round down, staying in float32."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        kind = ir.FloatType()
        function = builder.module.declare_intrinsic("llvm.floor", [kind])
        return builder.call(function, [args[0]])

    return types.float32(types.float32), codegen


@intrinsic  # type: ignore[misc, unused-ignore]
def _sqrt(typingctx, number):  # type: ignore[no-untyped-def]
    """Square root without the error branch that keeps a loop from becoming vectors."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        function = builder.module.declare_intrinsic("llvm.sqrt", [ir.FloatType()])
        return builder.call(function, [args[0]])

    return types.float32(types.float32), codegen


@njit(**_lane)
def _mix(x):  # type: ignore[no-untyped-def]
    x = np.uint32(x ^ np.uint32(x >> _u16))
    x = np.uint32(x * _M1)
    x = np.uint32(x ^ np.uint32(x >> _u15))
    x = np.uint32(x * _M2)
    return np.uint32(x ^ np.uint32(x >> _u16))


@njit(**_lane)
def _uniform(word):  # type: ignore[no-untyped-def]
    # through int32, whose conversion to float is one instruction; 24 bits fit
    return (np.float32(np.int32(word >> _u8)) + _HALF) * np.float32(1.0 / 16777216.0)


@njit(**_lane)
def _exp(x):  # type: ignore[no-untyped-def]
    """exp to about 1 unit in the last place; arguments below -87 give the smallest normal."""
    x = max(x, np.float32(-87.0))
    x = min(x, np.float32(88.0))
    k = _floor(x * np.float32(1.44269504) + _HALF)
    r = x - k * np.float32(0.693359375) + k * np.float32(2.12194440e-4)
    y = np.float32(1.9875691500e-4)
    y = y * r + np.float32(1.3981999507e-3)
    y = y * r + np.float32(8.3334519073e-3)
    y = y * r + np.float32(4.1665795894e-2)
    y = y * r + np.float32(1.6666665459e-1)
    y = y * r + np.float32(5.0000001201e-1)
    y = y * r * r + r + _ONE
    return y * _as_float(np.int32(np.int32(np.int32(k) + np.int32(127)) << np.int32(23)))


@njit(**_lane)
def _log(x):  # type: ignore[no-untyped-def]
    """Natural log of a positive normal number (Cephes)."""
    bits = _as_int(x)
    e = np.float32(np.int32(np.int32(bits >> np.int32(23)) - np.int32(126)))
    m = _as_float(np.int32(np.int32(bits & np.int32(0x007FFFFF)) | np.int32(0x3F000000)))
    low = m < np.float32(0.707106781)
    e = e - _ONE if low else e
    m = m + m - _ONE if low else m - _ONE
    z = m * m
    y = np.float32(7.0376836292e-2)
    y = y * m - np.float32(1.1514610310e-1)
    y = y * m + np.float32(1.1676998740e-1)
    y = y * m - np.float32(1.2420140846e-1)
    y = y * m + np.float32(1.4249322787e-1)
    y = y * m - np.float32(1.6668057665e-1)
    y = y * m + np.float32(2.0000714765e-1)
    y = y * m - np.float32(2.4999993993e-1)
    y = y * m + np.float32(3.3333331174e-1)
    y = y * m * z
    y = y - e * np.float32(2.12194440e-4) - _HALF * z
    return m + y + e * np.float32(0.693359375)


@njit(**_lane)
def _normal(word):  # type: ignore[no-untyped-def]
    """Standard normal: top bit the sign, the rest the tail probability (M. Giles 2012, erfinv in float32)."""
    tail = (np.float32(np.int32(word & _LOW31)) + _HALF) * np.float32(1.0 / 4294967296.0)
    w = -_log(np.float32(4.0) * tail * (_ONE - tail))
    a = w - np.float32(2.5)
    p = np.float32(2.81022636e-08)
    p = p * a + np.float32(3.43273939e-07)
    p = p * a - np.float32(3.5233877e-06)
    p = p * a - np.float32(4.39150654e-06)
    p = p * a + np.float32(0.00021858087)
    p = p * a - np.float32(0.00125372503)
    p = p * a - np.float32(0.00417768164)
    p = p * a + np.float32(0.246640727)
    p = p * a + np.float32(1.50140941)
    b = _sqrt(max(w, np.float32(4.0))) - np.float32(3.0)
    q = np.float32(-0.000200214257)
    q = q * b + np.float32(0.000100950558)
    q = q * b + np.float32(0.00134934322)
    q = q * b - np.float32(0.00367342844)
    q = q * b + np.float32(0.00573950773)
    q = q * b - np.float32(0.0076224613)
    q = q * b + np.float32(0.00943887047)
    q = q * b + np.float32(1.00167406)
    q = q * b + np.float32(2.83297682)
    z = (p if w < np.float32(5.0) else q) * (_ONE - tail - tail) * np.float32(1.41421356)
    # top bit 1 keeps the sign, 0 flips it: on the bits, since a branch here would undo the vectors
    return _as_float(np.int32(_as_int(z) ^ np.int32(np.uint32(word & _SIGN) ^ _SIGN)))


@njit(**_lane)
def _ramp(rung, from_, inverse):  # type: ignore[no-untyped-def]
    return min(max((rung - from_ + _ONE) * inverse, _ZERO), _ONE)


@njit(**_inline)
def _perceive(plan, t, f, b, w, rows, posture, lane, seen, revises):  # type: ignore[no-untyped-def]
    """Fill `seen` with the perceived posture of the other, and `revises` with the chance of reconsidering."""
    i, back = plan.front_from[f], plan.reverse[f]
    address = np.uint32(np.uint32(f) * np.uint32(4))
    noise_at = np.uint32(address * _GOLDEN)
    on = plan.scale[0]
    lean = plan.lean[t, f]
    bias, spread = rows[plan.row_bias[i], b : b + w], rows[plan.row_misperception[i], b : b + w]
    for l in range(w):
        eps = _normal(_mix(np.uint32(lane[l] + noise_at)))
        seen[l] = lean + on * (bias[l] + spread[l] * eps)
    p_revise = plan.p_revise[t]
    if back < 0:
        for l in range(w):
            revises[l] = p_revise
        return
    other, own = posture[back, b : b + w], posture[f, b : b + w]
    p_incident = plan.p_incident[t, f] * plan.scale[1]
    if p_incident <= _ZERO:
        for l in range(w):
            revises[l] = p_revise
            seen[l] += np.float32(other[l])
        return
    incident_at = np.uint32(np.uint32(address + np.uint32(1)) * _GOLDEN)
    contact = np.float32(plan.contact)
    inverse = np.float32(3.0) / p_incident
    for l in range(w):
        u = _uniform(_mix(np.uint32(lane[l] + incident_at)))
        theirs = np.float32(other[l])
        touching = min(theirs, np.float32(own[l])) >= contact
        size = _ONE + _floor(min(u * inverse, np.float32(2.999)))
        happens = (u < p_incident) & touching
        seen[l] += theirs + (size if happens else _ZERO)
        revises[l] = _ONE if happens else p_revise


@njit(**_inline)
def _utilities(plan, t, f, b, w, rows, posture, factor, standing, wear, seen, c, u, acc, slope):  # type: ignore[no-untyped-def]
    """Fill u[r, lane] with the utility of every rung, over temperature."""
    n_rungs = plan.need.shape[0]
    i = plan.front_from[f]
    for r in range(n_rungs):
        for l in range(w):
            c[r, l] = _ZERO
    for j in range(plan.term_start[f], plan.term_start[f + 1]):
        gate, shift = plan.term_gate[t, j], plan.term_shift[t, j]
        if gate == _ZERO and shift == _ZERO:
            continue
        kind, ref = plan.term_kind[j], plan.term_ref[j]
        into = c[plan.term_from[j]]
        row = rows[plan.term_row[j], b : b + w]
        if shift != _ZERO:
            shift_row = rows[plan.term_shift_row[j], b : b + w]
            for l in range(w):
                acc[l] = gate * row[l] + shift * shift_row[l]
        else:
            for l in range(w):
                acc[l] = row[l] * gate
        if kind == 0:
            for l in range(w):
                into[l] += acc[l]
        elif kind == 1:
            x = factor[ref, b : b + w]
            for l in range(w):
                into[l] += acc[l] * x[l]
        elif kind == 2:
            rung = posture[ref, b : b + w]
            blow = np.float32(plan.blow)
            inverse = _ONE / (np.float32(n_rungs) - blow)
            for l in range(w):
                into[l] += acc[l] * _ramp(np.float32(rung[l]), blow, inverse)
        elif kind == 3:
            s = standing[ref, b : b + w]
            for l in range(w):
                into[l] += acc[l] * s[l]
        elif kind == 4:
            s = standing[ref, b : b + w]
            for l in range(w):
                into[l] += acc[l] * (_ONE - s[l])
        else:
            s = wear[ref, b : b + w]
            for l in range(w):
                into[l] += acc[l] * s[l]
    # A ramp from rung q adds c / (L - q) per rung from q on: two running sums give every rung.
    reciprocity, inertia = rows[plan.row_reciprocity[i], b : b + w], rows[plan.row_inertia[i], b : b + w]
    own = posture[f, b : b + w]
    for l in range(w):
        acc[l] = _ZERO
        slope[l] = _ZERO
    for r in range(n_rungs):
        inverse = _ONE / np.float32(n_rungs - r)
        rung = np.float32(r)
        cr, ur = c[r], u[r]
        for l in range(w):
            slope[l] += cr[l] * inverse
            acc[l] += slope[l]
        for l in range(w):
            d = rung - seen[l]
            ur[l] = acc[l] - _HALF * reciprocity[l] * d * d
        for l in range(w):
            ur[l] -= inertia[l] * abs(rung - np.float32(own[l]))


@njit(**_inline)
def _choices(n_rungs, w, u, revises, kept, top, total):  # type: ignore[no-untyped-def]
    """Turn utilities into the chance of each goal, keeping the old goal counted in."""
    for l in range(w):
        top[l] = u[0, l]
        total[l] = _ZERO
    for r in range(1, n_rungs):
        ur = u[r]
        for l in range(w):
            top[l] = max(top[l], ur[l])
    for r in range(n_rungs):
        ur = u[r]
        for l in range(w):
            e = _exp(ur[l] - top[l])
            ur[l] = e
            total[l] += e
    for l in range(w):
        total[l] = revises[l] / total[l]
        top[l] = _ONE - revises[l]
    for r in range(n_rungs):
        ur = u[r]
        rung = np.float32(r)
        for l in range(w):
            ur[l] = ur[l] * total[l] + (top[l] if kept[l] == rung else _ZERO)


@njit(**_inline)
def _caps(plan, b, w, deal, f, cap):  # type: ignore[no-untyped-def]
    """Fill `cap` with the highest rung that deals in force allow on front f; True if any deal touches it."""
    highest = np.float32(plan.need.shape[0] - 1)
    touched = False
    for l in range(w):
        cap[l] = highest
    for g in range(plan.deal_cap.shape[0]):
        if plan.deal_front[g, 0] == f or plan.deal_front[g, 1] == f:
            touched = True
            limit = np.float32(plan.deal_cap[g])
            held = deal[g, b : b + w]
            for l in range(w):
                cap[l] = min(cap[l], limit if held[l] & np.uint8(1) else highest)
    return touched


@njit(**_inline)
def _deal_gain(plan, g, side, b, w, rows, posture, u, gain):  # type: ignore[no-untyped-def]
    """What signing deal g is worth to one side against going on, over temperature."""
    f = plan.deal_front[g, side]
    row = rows[plan.row_inverse_temperature[plan.front_from[f]], b : b + w]
    own = posture[f, b : b + w]
    terms = plan.deal_terms[g, side]
    at_cap = u[plan.deal_cap[g]]
    for l in range(w):
        gain[l] = at_cap[l] + terms * row[l]
    for r in range(plan.need.shape[0]):
        ur = u[r]
        for l in range(w):
            gain[l] -= ur[l] if own[l] == np.uint8(r) else _ZERO


@njit(**_inline)
def _forbid(n_rungs, w, cap, u):  # type: ignore[no-untyped-def]
    """Rungs above the cap are out of the question."""
    for r in range(n_rungs):
        ur = u[r]
        rung = np.float32(r)
        for l in range(w):
            ur[l] = _NEVER if rung > cap[l] else ur[l]


@njit(**_inline)
def _keep(w, old_goal, cap, kept):  # type: ignore[no-untyped-def]
    for l in range(w):
        kept[l] = min(np.float32(old_goal[l]), cap[l])


@njit(**_inline)
def _relief(plan, f, b, w, posture, relief):  # type: ignore[no-untyped-def]
    """Levels of readiness spared by one who is under attack."""
    back = plan.reverse[f]
    if back < 0:
        for l in range(w):
            relief[l] = _ZERO
        return
    theirs = posture[back, b : b + w]
    rung = np.float32(plan.relief_rung)
    for l in range(w):
        relief[l] = _RELIEF if np.float32(theirs[l]) >= rung else _ZERO


@njit(**_inline)
def _sum(n_rungs, w, u, total):  # type: ignore[no-untyped-def]
    for l in range(w):
        total[l] = _ZERO
    for r in range(n_rungs):
        ur = u[r]
        for l in range(w):
            total[l] += ur[l]


@njit(**_inline)
def _weigh(n_rungs, w, u, fit, total):  # type: ignore[no-untyped-def]
    """Joint chance of goal and evidence, and its sum."""
    for l in range(w):
        total[l] = _ZERO
    for r in range(n_rungs):
        ur, fr = u[r], fit[r]
        for l in range(w):
            fr[l] *= ur[l]
            total[l] += fr[l]


@njit(**_inline)
def _pick(n_rungs, w, f, lane, chances, total, draw, edge, picked):  # type: ignore[no-untyped-def]
    """Draw a goal by the inverse distribution function."""
    at = np.uint32(np.uint32(np.uint32(f) * np.uint32(4) + np.uint32(2)) * _GOLDEN)
    for l in range(w):
        draw[l] = _uniform(_mix(np.uint32(lane[l] + at))) * total[l]
    for l in range(w):
        edge[l] = _ZERO
        picked[l] = _ZERO
    for r in range(n_rungs - 1):
        cr = chances[r]
        for l in range(w):
            edge[l] += cr[l]
            picked[l] += _ONE if draw[l] >= edge[l] else _ZERO


@njit(**_inline)
def _needs(plan, w, picked, needed):  # type: ignore[no-untyped-def]
    """Readiness that the goals need, before any relief."""
    for l in range(w):
        needed[l] = _ZERO
    for r in range(plan.need.shape[0]):
        rung, need = np.float32(r), np.float32(plan.need[r])
        for l in range(w):
            needed[l] = need if picked[l] == rung else needed[l]


@njit(**_inline)
def _chance_of(n_rungs, w, u, goal, chosen):  # type: ignore[no-untyped-def]
    for l in range(w):
        chosen[l] = _TINY
    for r in range(n_rungs):
        ur = u[r]
        rung = np.float32(r)
        for l in range(w):
            chosen[l] = max(ur[l], _TINY) if np.float32(goal[l]) == rung else chosen[l]


@njit(**_inline)
def _gain_log_choice(n_rungs, w, u, goal, chosen, into):  # type: ignore[no-untyped-def]
    """Add the log chance of the goals taken."""
    _chance_of(n_rungs, w, u, goal, chosen)
    for l in range(w):
        into[l] += _log(chosen[l])


@njit(**_inline)
def _gain_weight(w, total, into):  # type: ignore[no-untyped-def]
    for l in range(w):
        weight = _log(max(total[l], _TINY))
        into[l] += np.float64(weight) if total[l] > _TINY else IMPOSSIBLE * 10.0


@njit(**_inline)
def _draw_readiness(w, f, lane, draw):  # type: ignore[no-untyped-def]
    at = np.uint32(np.uint32(np.uint32(f) * np.uint32(4) + np.uint32(3)) * _GOLDEN)
    for l in range(w):
        draw[l] = _uniform(_mix(np.uint32(lane[l] + at)))


@njit(**_inline)
def _store(w, reached, cap, after, picked, posture, level, goal):  # type: ignore[no-untyped-def]
    for l in range(w):
        posture[l] = np.uint8(np.int32(min(reached[l], cap[l])))
    for l in range(w):
        level[l] = np.uint8(np.int32(after[l]))
    for l in range(w):
        goal[l] = np.uint8(np.int32(picked[l]))


@njit(**_options)
def advance(
    plan, rows, posture, goal, level, factor, standing, wear, deal, slots, keys, t0, t1,
    track, log_choice, log_weight, see_front, see_posture, see_level,
):  # type: ignore[no-untyped-def]  # fmt: skip
    """Run steps t0 + 1 to t1 for N particles; histories are (T+1, ..., N) and row t0 holds the state.

    With evidence (``see_front[f] >= 0`` names the plane of `see_posture` (E, L, N) and `see_level` (E, 4, N))
    the new states are drawn given it and `log_weight` (N,) float64 gains its log chance. With `track`,
    `log_choice` (A, N) gains the log chance of the goals taken.
    """
    n = rows.shape[1]
    n_fronts, n_rungs = posture.shape[1], plan.need.shape[0]
    n_factors, n_actors, n_deals = factor.shape[1], standing.shape[1], plan.deal_cap.shape[0]
    u = np.empty((n_rungs, LANES), np.float32)
    c = np.empty((n_rungs, LANES), np.float32)
    fit = np.empty((n_rungs, LANES), np.float32)
    lane = np.empty(LANES, np.uint32)
    seen = np.empty(LANES, np.float32)
    revises = np.empty(LANES, np.float32)
    acc = np.empty(LANES, np.float32)
    slope = np.empty(LANES, np.float32)
    kept = np.empty(LANES, np.float32)
    cap = np.empty(LANES, np.float32)
    total = np.empty(LANES, np.float32)
    top = np.empty(LANES, np.float32)
    picked = np.empty(LANES, np.float32)
    edge = np.empty(LANES, np.float32)
    chosen = np.empty(LANES, np.float32)
    needed = np.empty(LANES, np.float32)
    draw = np.empty(LANES, np.float32)
    after = np.empty(LANES, np.float32)
    reached = np.empty(LANES, np.float32)
    gain = np.empty(LANES, np.float32)
    deal_gain = np.empty((max(n_deals, 1), 2, LANES), np.float32)
    for b in range(0, n, LANES):
        w = min(LANES, n - b)
        for t in range(t0 + 1, t1 + 1):
            slot, key = slots[t, b : b + w], np.uint32(keys[t])
            for l in range(w):
                lane[l] = _mix(np.uint32(np.uint32(slot[l] * _SLOT) + key))
            before, factor_now = posture[t - 1], factor[t]
            _move_factors(plan, t, b, w, lane, before, factor[t - 1], factor_now, acc)
            for g in range(n_deals):
                held, now = deal[t - 1, g, b : b + w], deal[t, g, b : b + w]
                force = plan.deal_force[t, g]
                for l in range(w):
                    bit = held[l] & np.uint8(1)
                    now[l] = bit if force == 0 else np.uint8(force > 0)
            for f in range(n_fronts):
                own, own_level, old_goal = (
                    before[f, b : b + w],
                    level[t - 1, f, b : b + w],
                    goal[t - 1, f, b : b + w],
                )
                new_posture, new_level, new_goal = (
                    posture[t, f, b : b + w], level[t, f, b : b + w], goal[t, f, b : b + w]
                )  # fmt: skip
                _perceive(plan, t, f, b, w, rows, before, lane, seen, revises)
                _utilities(
                    plan,
                    t,
                    f,
                    b,
                    w,
                    rows,
                    before,
                    factor_now,
                    standing[t - 1],
                    wear[t - 1],
                    seen,
                    c,
                    u,
                    acc,
                    slope,
                )
                capped = _caps(plan, b, w, deal[t], f, cap)
                if capped:
                    for g in range(n_deals):
                        for side in range(2):
                            if plan.deal_front[g, side] == f:
                                _deal_gain(plan, g, side, b, w, rows, before, u, deal_gain[g, side])
                    _forbid(n_rungs, w, cap, u)
                _keep(w, old_goal, cap, kept)
                _choices(n_rungs, w, u, revises, kept, top, total)
                _relief(plan, f, b, w, before, slope)
                plane = see_front[f]
                if plane >= 0:
                    _fit(plan, t, b, w, see_posture[plane], see_level[plane], own, own_level, slope, cap, fit)
                    _weigh(n_rungs, w, u, fit, total)
                    _pick(n_rungs, w, f, lane, fit, total, draw, edge, picked)
                    _gain_weight(w, total, log_weight[b : b + w])
                else:
                    _sum(n_rungs, w, u, total)
                    _pick(n_rungs, w, f, lane, u, total, draw, edge, picked)
                _needs(plan, w, picked, needed)
                if track:
                    _gain_log_choice(n_rungs, w, u, picked, chosen, log_choice[plan.front_from[f], b : b + w])
                _draw_readiness(w, f, lane, draw)
                if plane >= 0:
                    _ready_given(
                        plan, t, b, w, see_posture[plane], see_level[plane], own, own_level,
                        slope, cap, picked, needed, draw, after, reached,
                    )  # fmt: skip
                else:
                    _ready(plan, t, w, own, own_level, slope, picked, needed, draw, after, reached)
                _store(w, reached, cap, after, picked, new_posture, new_level, new_goal)
            _settle(plan, t, b, w, lane, deal[t - 1], deal[t], deal_gain, track, log_choice, draw, gain)
            _follow(
                plan,
                t,
                b,
                w,
                before,
                posture[t],
                standing[t - 1],
                standing[t],
                wear[t - 1],
                wear[t],
                acc,
                slope,
            )


@njit(**_inline)
def _move_factors(plan, t, b, w, lane, before, old, new, target):  # type: ignore[no-untyped-def]
    n_rungs = plan.need.shape[0]
    for k in range(old.shape[0]):
        at = np.uint32(np.uint32(_FACTOR_BASE + np.uint32(k)) * _GOLDEN)
        base = plan.factor_target[t, k]
        for l in range(w):
            target[l] = base
        for d in range(plan.driver_factor.shape[0]):
            if plan.driver_factor[d] == k:
                rung = before[plan.driver_front[d], b : b + w]
                from_ = np.float32(plan.driver_from[d])
                inverse = _ONE / (np.float32(n_rungs) - from_)
                gain = plan.driver_gain[d]
                for l in range(w):
                    target[l] += gain * _ramp(np.float32(rung[l]), from_, inverse)
        keep, noise, jump = plan.factor_keep[t, k], plan.factor_noise[t, k], plan.factor_jump[t, k]
        x, y = old[k, b : b + w], new[k, b : b + w]
        if noise > _ZERO:
            for l in range(w):
                eps = _normal(_mix(np.uint32(lane[l] + at)))
                moved = keep * x[l] + (_ONE - keep) * min(max(target[l], _ZERO), _ONE)
                y[l] = min(max(moved + noise * eps + jump, _ZERO), _ONE)
        else:
            for l in range(w):
                moved = keep * x[l] + (_ONE - keep) * min(max(target[l], _ZERO), _ONE)
                y[l] = min(max(moved + jump, _ZERO), _ONE)


@njit(**_inline)
def _ready(plan, t, w, own, own_level, relief, picked, needed, draw, after, reached):  # type: ignore[no-untyped-def]
    """Readiness and posture where nothing was reported of the front."""
    g0 = plan.p_gain[t, 0]
    g1 = g0 + plan.p_gain[t, 1]
    g2 = g1 + plan.p_gain[t, 2]
    l0 = plan.p_lose[t, 0]
    l1 = l0 + plan.p_lose[t, 1]
    l2 = l1 + plan.p_lose[t, 2]
    three = np.float32(3.0)
    for l in range(w):
        x = draw[l]
        gained = (_ONE if x >= g0 else _ZERO) + (_ONE if x >= g1 else _ZERO) + (_ONE if x >= g2 else _ZERO)
        lost = (_ONE if x >= l0 else _ZERO) + (_ONE if x >= l1 else _ZERO) + (_ONE if x >= l2 else _ZERO)
        have = np.float32(own_level[l])
        need = max(needed[l] - relief[l], _ZERO)
        within = needed[l] == _ZERO
        more = have if have >= need else min(have + gained, three)
        after[l] = max(have - lost, _ZERO) if within else more
    for l in range(w):
        need = max(needed[l] - relief[l], _ZERO)
        reached[l] = picked[l] if (needed[l] == _ZERO) | (after[l] >= need) else np.float32(own[l])


@njit(**_lane)
def _outcome_fit(chance, rung, levelled, b, l, see_posture, see_level):  # type: ignore[no-untyped-def]
    return chance * see_posture[np.int32(rung), b + l] * see_level[np.int32(levelled), b + l]


@njit(**_inline)
def _fit(plan, t, b, w, see_posture, see_level, own, own_level, relief, cap, fit):  # type: ignore[no-untyped-def]
    """Chance of the evidence for every goal, over the ways readiness can go."""
    three = np.float32(3.0)
    for r in range(plan.need.shape[0]):
        goal, need_r = np.float32(r), np.float32(plan.need[r])
        for l in range(w):
            have, stay = np.float32(own_level[l]), min(np.float32(own[l]), cap[l])
            to = min(goal, cap[l])
            chance = _ZERO
            if need_r == _ZERO:
                for k in range(4):
                    chance += _outcome_fit(
                        plan.p_lose[t, k], to, max(have - np.float32(k), _ZERO), b, l, see_posture, see_level
                    )
            else:
                need = max(need_r - relief[l], _ZERO)
                if have >= need:
                    chance = _outcome_fit(_ONE, to, have, b, l, see_posture, see_level)
                else:
                    for k in range(4):
                        levelled = min(have + np.float32(k), three)
                        chance += _outcome_fit(
                            plan.p_gain[t, k],
                            to if levelled >= need else stay,
                            levelled,
                            b,
                            l,
                            see_posture,
                            see_level,
                        )
            fit[r, l] = chance


@njit(**_inline)
def _ready_given(
    plan, t, b, w, see_posture, see_level, own, own_level, relief, cap, picked, needed, draw, after, reached
):  # type: ignore[no-untyped-def]
    """Readiness and posture drawn given what was reported of the front."""
    three = np.float32(3.0)
    chances = np.empty(4, np.float32)
    for l in range(w):
        have, stay, to = np.float32(own_level[l]), min(np.float32(own[l]), cap[l]), min(picked[l], cap[l])
        need = max(needed[l] - relief[l], _ZERO)
        within = needed[l] == _ZERO
        total = _ZERO
        for k in range(4):
            if within:
                chances[k] = _outcome_fit(
                    plan.p_lose[t, k], to, max(have - np.float32(k), _ZERO), b, l, see_posture, see_level
                )
            elif have >= need:
                chances[k] = _outcome_fit(_ONE, to, have, b, l, see_posture, see_level) if k == 0 else _ZERO
            else:
                levelled = min(have + np.float32(k), three)
                chances[k] = _outcome_fit(
                    plan.p_gain[t, k],
                    to if levelled >= need else stay,
                    levelled,
                    b,
                    l,
                    see_posture,
                    see_level,
                )
            total += chances[k]
        x, edge, k = draw[l] * total, chances[0], 0
        while k < 3 and x >= edge:
            k += 1
            edge += chances[k]
        if within:
            after[l] = max(have - np.float32(k), _ZERO)
            reached[l] = picked[l]
        elif have >= need:
            after[l] = have
            reached[l] = picked[l]
        else:
            after[l] = min(have + np.float32(k), three)
            reached[l] = picked[l] if after[l] >= need else stay


@njit(**_inline)
def _settle(plan, t, b, w, lane, old, new, deal_gain, track, log_choice, draw, gain):  # type: ignore[no-untyped-def]
    """Deals are answered by each side and break down; bits: 1 in force, 2 talks were held, 4 and 8 who accepted."""
    for g in range(plan.deal_cap.shape[0]):
        now = new[g, b : b + w]
        at = np.uint32(_DEAL_BASE + np.uint32(np.uint32(g) * np.uint32(4)))
        open_ = plan.deal_open[t, g]
        p_talks, p_breakdown = plan.p_talks[t, g], plan.p_breakdown[t, g]
        for l in range(w):
            u = _uniform(_mix(np.uint32(lane[l] + np.uint32(at * _GOLDEN))))
            held = now[l] & np.uint8(1)
            talks = (held == 0) & (open_ != 0) & (u < p_talks)
            stays = (held != 0) & (u >= p_breakdown)
            # all consent until a side refuses
            now[l] = np.uint8(15) if talks else np.uint8(1) if stays else np.uint8(0)
        for side in range(2):
            f = plan.deal_front[g, side]
            if f < 0:
                continue
            offer = deal_gain[g, side]
            side_at = np.uint32(np.uint32(at + np.uint32(1 + side)) * _GOLDEN)
            bit = np.uint8(4 << side)
            into = log_choice[plan.front_from[f]]
            for l in range(w):
                if now[l] & np.uint8(2):
                    accepts = _ONE / (_ONE + _exp(-offer[l]))
                    yes = _uniform(_mix(np.uint32(lane[l] + side_at))) < accepts
                    if not yes:
                        now[l] = now[l] & np.uint8(~(bit | np.uint8(1)) & 15)
                    if track:
                        into[b + l] += _log(max(accepts if yes else _ONE - accepts, _TINY))


@njit(**_inline)
def _follow(plan, t, b, w, before, now, standing, standing_now, wear, wear_now, acc, slope):  # type: ignore[no-untyped-def]
    """Standing and wear after the new postures."""
    pull, gain, loss, heal = (
        plan.standing_pull[t],
        plan.standing_gain[t],
        plan.standing_loss[t],
        plan.wear_heal[t],
    )
    inverse = _ONE / np.float32(plan.need.shape[0] - 1)
    blow, reach = np.float32(plan.blow), np.float32(plan.reach)
    for i in range(standing.shape[0]):
        s, s_now = standing[i, b : b + w], standing_now[i, b : b + w]
        base = plan.standing_base[t, i]
        for l in range(w):
            s_now[l] = s[l] + pull * (base - s[l])
        x, x_now = wear[i, b : b + w], wear_now[i, b : b + w]
        for l in range(w):
            x_now[l] = x[l] * (_ONE - heal)
    for f in range(before.shape[0]):
        struck, back = plan.front_to[f], plan.reverse[f]
        old, new = before[f, b : b + w], now[f, b : b + w]
        if back >= 0:
            answer = now[back, b : b + w]
            for l in range(w):
                acc[l] = (np.float32(new[l]) - np.float32(answer[l])) * inverse
        else:
            for l in range(w):
                acc[l] = np.float32(new[l]) * inverse
        s = standing_now[struck, b : b + w]
        for l in range(w):
            change = gain * (_ONE - s[l]) if acc[l] <= _ZERO else -loss * acc[l] * s[l]
            s[l] += change if np.float32(new[l]) >= blow else _ZERO
        for l in range(w):
            rung = np.float32(new[l])
            jump = rung - np.float32(old[l])
            surprised = (jump >= np.float32(2.0)) & (rung > reach)
            s[l] -= plan.surprise * jump * inverse * s[l] if surprised else _ZERO
        for r in range(plan.need.shape[0]):
            cost = plan.wear_cost[t, r]
            if cost > _ZERO:
                mine, theirs = wear_now[plan.front_from[f], b : b + w], wear_now[struck, b : b + w]
                for l in range(w):
                    mine[l] += cost if new[l] == np.uint8(r) else _ZERO
                for l in range(w):
                    theirs[l] += cost if new[l] == np.uint8(r) else _ZERO
    for i in range(standing.shape[0]):
        s, x = standing_now[i, b : b + w], wear_now[i, b : b + w]
        for l in range(w):
            s[l] = min(max(s[l], _ZERO), _ONE)
        for l in range(w):
            x[l] = min(max(x[l], _ZERO), _ONE)


@njit(**_options)
def path_log_choice(plan, rows, fronts, posture, goal, factor, standing, wear, deal, slots, keys, t_now, out):  # type: ignore[no-untyped-def]
    """Log chance of the goals that these fronts' histories took, under other parameter rows: fills out (N,).

    This is what a Metropolis step on an actor's way of deciding needs; the noise of perception is drawn again
    from its address, so only postures, goals and slots are kept of the past.
    """
    n = rows.shape[1]
    n_rungs, n_deals = plan.need.shape[0], plan.deal_cap.shape[0]
    u = np.empty((n_rungs, LANES), np.float32)
    c = np.empty((n_rungs, LANES), np.float32)
    lane = np.empty(LANES, np.uint32)
    seen = np.empty(LANES, np.float32)
    revises = np.empty(LANES, np.float32)
    acc = np.empty(LANES, np.float32)
    slope = np.empty(LANES, np.float32)
    kept = np.empty(LANES, np.float32)
    cap = np.empty(LANES, np.float32)
    total = np.empty(LANES, np.float32)
    top = np.empty(LANES, np.float32)
    chosen = np.empty(LANES, np.float32)
    gain = np.empty(LANES, np.float32)
    in_force = np.empty((max(n_deals, 1), n), np.uint8)
    for b in range(0, n, LANES):
        w = min(LANES, n - b)
        result = out[b : b + w]
        for l in range(w):
            result[l] = _ZERO
        for t in range(1, t_now + 1):
            slot, key = slots[t, b : b + w], np.uint32(keys[t])
            for l in range(w):
                lane[l] = _mix(np.uint32(np.uint32(slot[l] * _SLOT) + key))
            before = posture[t - 1]
            for g in range(n_deals):
                force = plan.deal_force[t, g]
                for l in range(w):
                    in_force[g, b + l] = (
                        deal[t - 1, g, b + l] & np.uint8(1) if force == 0 else np.uint8(force > 0)
                    )
            for q in range(fronts.shape[0]):
                f = fronts[q]
                _perceive(plan, t, f, b, w, rows, before, lane, seen, revises)
                _utilities(
                    plan,
                    t,
                    f,
                    b,
                    w,
                    rows,
                    before,
                    factor[t],
                    standing[t - 1],
                    wear[t - 1],
                    seen,
                    c,
                    u,
                    acc,
                    slope,
                )
                if _caps(plan, b, w, in_force, f, cap):
                    for g in range(n_deals):
                        for side in range(2):
                            if plan.deal_front[g, side] == f:
                                _deal_gain(plan, g, side, b, w, rows, before, u, gain)
                                bit = np.uint8(4 << side)
                                for l in range(w):
                                    if deal[t, g, b + l] & np.uint8(2):
                                        accepts = _ONE / (_ONE + _exp(-gain[l]))
                                        yes = deal[t, g, b + l] & bit
                                        result[l] += _log(max(accepts if yes else _ONE - accepts, _TINY))
                    _forbid(n_rungs, w, cap, u)
                _keep(w, goal[t - 1, f, b : b + w], cap, kept)
                _choices(n_rungs, w, u, revises, kept, top, total)
                _gain_log_choice(n_rungs, w, u, goal[t, f, b : b + w], chosen, result)


@njit(**_options)
def derive(link, location, scale, coordinate, tables, z, which, values):  # type: ignore[no-untyped-def]
    """Quantities `which` at coordinates z (Z, N): fills values (Q, N)."""
    n = z.shape[1]
    n_grid = tables.shape[1]
    for q in which:
        where, spread, k, kind = location[q], scale[q], coordinate[q], link[q]
        value = values[q]
        if k < 0:
            x = where
            x = _exp(x) if kind == 0 else _ONE / (_ONE + _exp(-x)) if kind == 1 else x
            for l in range(n):
                value[l] = x
            continue
        zk = z[k]
        if kind == 0:
            for l in range(n):
                value[l] = _exp(where + spread * zk[l])
        elif kind == 1:
            for l in range(n):
                value[l] = _ONE / (_ONE + _exp(-(where + spread * zk[l])))
        elif kind == 2:
            for l in range(n):
                value[l] = where + spread * zk[l]
        else:
            table = tables[np.int32(where)]
            for l in range(n):
                x = (min(max(zk[l], np.float32(-4.9999)), np.float32(4.9999)) + np.float32(5.0)) * np.float32(
                    20.0
                )
                k0 = min(np.int32(x), n_grid - 2)
                part = x - np.float32(k0)
                value[l] = table[k0] * (_ONE - part) + table[k0 + 1] * part


@njit(**_options)
def fill_rows(row_quantities, row_sign, row_multiplier, row_actor, values, disposition, which, rows):  # type: ignore[no-untyped-def]
    """Parameter rows `which` from the quantities and dispositions: fills rows (P, N)."""
    n = rows.shape[1]
    for p in which:
        row, multiplier = rows[p], row_multiplier[p]
        sign, d = row_sign[p], disposition[row_actor[p]]
        for l in range(n):
            row[l] = sign * multiplier[d[l]]
        for part in range(3):
            q = row_quantities[p, part]
            if q >= 0:
                value = values[q]
                for l in range(n):
                    row[l] *= value[l]


def no_evidence(n_fronts: int, n_rungs: int) -> tuple[np.ndarray, F32, F32]:
    """The evidence arguments of `advance` when there is nothing to see."""
    return (
        np.full(n_fronts, -1, dtype=np.int32),
        np.zeros((1, n_rungs, 1), dtype=np.float32),
        np.zeros((1, 4, 1), dtype=np.float32),
    )


__all__ = ["LANES", "Plan", "F32", "U8", "advance", "derive", "fill_rows", "no_evidence", "path_log_choice"]
