"""The step of the game, compiled: blocks of particles as lanes, float32, no lock held.

It computes what ``reference.py`` computes, from the same draws, and a test holds the two together. What makes
it fast is its shape: the innermost loop always runs over the lanes of one block, over few arrays at a time,
without a branch, so that the compiler turns it into vector instructions; a block's scratch stays in cache.

All of it is in this one file because the on-disk cache of compiled code does not notice edits elsewhere.
32-bit integers are re-wrapped after each operation, or they would widen to 64 bits and halve the lanes.
"""

# What Numba compiles has none of Python's types, and of its intrinsics it hides the first argument.
# mypy: allow-untyped-defs, allow-untyped-calls, disable-error-code="call-arg, var-annotated"
# A lane is `l` in every loop, and an intrinsic takes a typing context whether or not it reads it.
# ruff: noqa: E741, ARG001

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from tocsin.game.plan import F32

LANES = 512  # a block: enough for its loops to pay for themselves, and its scratch stays in cache

# Nothing here is called from C, and helpers not from Python: wrappers would take half of the time to compile.
_options: dict[str, Any] = {
    "nogil": True, "cache": True, "fastmath": True, "error_model": "numpy", "no_cfunc_wrapper": True,
}  # fmt: skip
_inline: dict[str, Any] = {
    "nogil": True, "fastmath": True, "error_model": "numpy",
    "no_cfunc_wrapper": True, "no_cpython_wrapper": True,
}  # fmt: skip
# What takes the whole plan is spliced in before types are inferred: passing it takes hundreds of arguments.
_spliced: dict[str, Any] = _inline | {"inline": "always"}
# A scalar helper that the compiler leaves as a call keeps its loop from becoming vectors: force it in.
_lane: dict[str, Any] = _inline | {"forceinline": True}

_u16, _u15, _u9 = np.uint32(16), np.uint32(15), np.uint32(9)
_M1, _M2 = np.uint32(0x7FEB352D), np.uint32(0x846CA68B)
_GOLDEN, _SLOT = np.uint32(0x9E3779B9), np.uint32(2654435769)
_LOW31, _SIGN, _EXPONENT = np.uint32(0x7FFFFFFF), np.uint32(0x80000000), np.uint32(0x3F800000)
_FACTOR_BASE, _DEAL_BASE = np.uint32(4096), np.uint32(8192)
_ZERO, _HALF, _ONE = np.float32(0.0), np.float32(0.5), np.float32(1.0)
_TWO, _THREE = np.float32(2.0), np.float32(3.0)
_TINY = np.float32(1e-37)
_LEAST = np.float32(1e-36)  # of evidence; forbidden goals keep chances of exp(-87), eleven of them stay below
_NEVER = np.float32(-1e30)
_RELIEF = np.float32(2.0)  # levels that being under attack spares; reference.RELIEF_LEVELS
IMPOSSIBLE = -1e29  # a log weight below this stands for minus infinity


@intrinsic
def _as_float(typingctx, bits):
    """Reinterpret 32 bits as a float."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), codegen


@intrinsic
def _as_int(typingctx, number):
    """Reinterpret a float as 32 bits."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(types.float32), codegen


@intrinsic
def _floor(typingctx, number):
    """Round down, staying in float32."""

    def codegen(context, builder, signature, args):
        kind = ir.FloatType()
        function = builder.module.declare_intrinsic("llvm.floor", [kind])
        return builder.call(function, [args[0]])

    return types.float32(types.float32), codegen


@intrinsic
def _sqrt(typingctx, number):
    """Square root without the error branch that keeps a loop from becoming vectors."""

    def codegen(context, builder, signature, args):
        function = builder.module.declare_intrinsic("llvm.sqrt", [ir.FloatType()])
        return builder.call(function, [args[0]])

    return types.float32(types.float32), codegen


@njit(**_lane)
def _mix(x):
    x = np.uint32(x ^ np.uint32(x >> _u16))
    x = np.uint32(x * _M1)
    x = np.uint32(x ^ np.uint32(x >> _u15))
    x = np.uint32(x * _M2)
    return np.uint32(x ^ np.uint32(x >> _u16))


@njit(**_lane)
def _uniform(word):
    # 23 bits as the fraction of a number in [1, 2), less 1 - 2**-24: exact, never 0 or 1
    one_to_two = _as_float(np.int32(np.uint32(np.uint32(word >> _u9) | _EXPONENT)))
    return one_to_two - np.float32(1.0 - 1.0 / 16777216.0)


@njit(**_lane)
def _exp(x):
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
def _log(x):
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
def _normal(word):
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
def _ramp(rung, from_, inverse):
    return min(max((rung - from_ + _ONE) * inverse, _ZERO), _ONE)


@intrinsic
def _borrow(typingctx, value):
    """The same array, or tuple with arrays, without its owner, so that views of it count no references.

    Counting is atomic: two threads that count the same arrays wait for each other at every front.
    """
    none = ir.Constant(ir.IntType(8).as_pointer(), None)

    def lend(context, builder, kind, array):
        struct = context.make_helper(builder, kind, array)
        struct.meminfo, struct.parent = none, ir.Constant(struct.parent.type, None)
        return struct._getvalue()

    def codegen(context, builder, signature, args):
        if isinstance(value, types.Array):
            return lend(context, builder, value, args[0])
        whole = args[0]
        for k, kind in enumerate(value):
            if isinstance(kind, types.Array):
                part = lend(context, builder, kind, builder.extract_value(whole, k))
                whole = builder.insert_value(whole, part, k)
        return whole

    return value(value), codegen


# One front's scratch is one array whose rows have fixed places: what lies at a fixed distance cannot overlap,
# so loops over many rows stay vectors without a check for each pair.
_MOST = 12  # rungs that a ladder can have
_U, _C, _FIT = 0, 12, 24  # utilities, then chances; coefficients by rung; chance of the evidence by goal
_SEEN, _REVISES, _KEPT, _CAP, _OWN, _OTHER, _HAVE = 36, 37, 38, 39, 40, 41, 42
_PICKED, _AFTER, _REACHED, _TOTAL, _STAY = 43, 44, 45, 46, 47
_MOVES, _HOLDS, _LEVEL = 48, 49, 50  # the last takes four rows
_ROWS = 54


@njit(**_lane)
def _load(w, s, own, other, has_other, level, goal):
    """Bytes of the front's state to floats."""
    there = _ONE if has_other else _ZERO
    for l in range(w):
        s[_OWN, l] = np.float32(own[l])
        s[_OTHER, l] = np.float32(other[l]) * there
        s[_HAVE, l] = np.float32(level[l])
        s[_KEPT, l] = min(np.float32(goal[l]), s[_CAP, l])


@njit(**_lane)
def _perceive(w, s, lane, at, on, lean, bias, spread, has_other, p_incident, p_revise, contact):
    """The posture of the other as it is read, and the chance of reconsidering."""
    for l in range(w):
        eps = _normal(_mix(np.uint32(lane[l] + np.uint32(at * _GOLDEN))))
        s[_SEEN, l] = s[_OTHER, l] + lean + on * (bias[l] + spread[l] * eps)
    if (not has_other) or p_incident <= _ZERO:
        for l in range(w):
            s[_REVISES, l] = p_revise
        return
    incident_at = np.uint32(np.uint32(at + np.uint32(1)) * _GOLDEN)
    inverse = np.float32(3.0) / p_incident
    for l in range(w):
        u = _uniform(_mix(np.uint32(lane[l] + incident_at)))
        touching = min(s[_OTHER, l], s[_OWN, l]) >= contact
        size = _ONE + _floor(min(u * inverse, np.float32(2.999)))
        happens = (u < p_incident) & touching
        s[_SEEN, l] += size if happens else _ZERO
        s[_REVISES, l] = _ONE if happens else p_revise


@njit(**_spliced)
def _terms(plan, t, f, b, w, s, rows, posture, factor, standing, wear):
    """Sum the terms of the front's utility by the rung from which they count."""
    n_rungs = plan.need.shape[0]
    for r in range(n_rungs):
        for l in range(w):
            s[_C + r, l] = _ZERO
    for j in range(plan.term_start[f], plan.term_start[f + 1]):
        gate, shift = plan.term_gate[t, j], plan.term_shift[t, j]
        if gate == _ZERO and shift == _ZERO:
            continue
        kind, ref, from_ = plan.term_kind[j], plan.term_ref[j], plan.term_from[j]
        # a ramp from rung q adds c / (L - q) per rung from q on
        inverse = _ONE / np.float32(n_rungs - from_)
        into = s[_C + from_]
        row = rows[plan.term_row[j], b : b + w]
        gate *= inverse
        if shift != _ZERO:
            extra = rows[plan.term_shift_row[j], b : b + w]
            shift *= inverse
            both = s[_TOTAL]
            for l in range(w):
                both[l] = gate * row[l] + shift * extra[l]
            row, gate = both[:w], _ONE
        if kind == 0:
            for l in range(w):
                into[l] += gate * row[l]
        elif kind == 2:
            rung = posture[ref, b : b + w]
            blow = np.float32(plan.blow)
            per_rung = _ONE / (np.float32(n_rungs) - blow)
            for l in range(w):
                into[l] += gate * row[l] * _ramp(np.float32(rung[l]), blow, per_rung)
        elif kind == 4:
            x = standing[ref, b : b + w]
            for l in range(w):
                into[l] += gate * row[l] * (_ONE - x[l])
        else:
            x = (
                factor[ref, b : b + w]
                if kind == 1
                else standing[ref, b : b + w]
                if kind == 3
                else wear[ref, b : b + w]
            )
            for l in range(w):
                into[l] += gate * row[l] * x[l]


@njit(**_lane)
def _utilities_of(n_rungs, w, s, reciprocity, inertia):
    for l in range(w):
        seen, own = s[_SEEN, l], s[_OWN, l]
        half_omega, rho = _HALF * reciprocity[l], inertia[l]
        slope, total = _ZERO, _ZERO
        for r in range(n_rungs):
            slope += s[_C + r, l]
            total += slope
            d = np.float32(r) - seen
            s[_U + r, l] = total - half_omega * d * d - rho * abs(np.float32(r) - own)


@njit(**_lane)
def _forbid(n_rungs, w, s):
    """Rungs above the cap are out of the question."""
    for r in range(n_rungs):
        rung = np.float32(r)
        for l in range(w):
            s[_U + r, l] = _NEVER if rung > s[_CAP, l] else s[_U + r, l]


@njit(**_lane)
def _choices_of(n_rungs, w, s):
    for l in range(w):
        top = s[_U, l]
        for r in range(1, n_rungs):
            top = max(top, s[_U + r, l])
        total = _ZERO
        for r in range(n_rungs):
            e = _exp(s[_U + r, l] - top)
            s[_U + r, l] = e
            total += e
        revises, kept = s[_REVISES, l], s[_KEPT, l]
        share, stays = revises / total, _ONE - revises
        for r in range(n_rungs):
            s[_U + r, l] = s[_U + r, l] * share + (stays if kept == np.float32(r) else _ZERO)


@njit(**_lane)
def _passed(x, a, b, c):
    """How many of three rising edges `x` has reached."""
    return (_ONE if x >= a else _ZERO) + (_ONE if x >= b else _ZERO) + (_ONE if x >= c else _ZERO)


@njit(**_lane)
def _act_of(n_rungs, w, s, lane, at, need_1, need_2, need_3, relief_rung, g0, g1, g2, l0, l1, l2):
    goal_at = np.uint32(np.uint32(at + np.uint32(2)) * _GOLDEN)
    level_at = np.uint32(np.uint32(at + np.uint32(3)) * _GOLDEN)
    for l in range(w):
        draw = _uniform(_mix(np.uint32(lane[l] + goal_at)))
        edge, picked = _ZERO, _ZERO
        for r in range(n_rungs - 1):
            edge += s[_U + r, l]
            picked += _ONE if draw >= edge else _ZERO
        picked = min(picked, s[_CAP, l])
        needed = _passed(picked, need_1, need_2, need_3)
        need = max(needed - (_RELIEF if s[_OTHER, l] >= relief_rung else _ZERO), _ZERO)
        x, have = _uniform(_mix(np.uint32(lane[l] + level_at))), s[_HAVE, l]
        lost = max(have - _passed(x, l0, l1, l2), _ZERO)
        more = have if have >= need else min(have + _passed(x, g0, g1, g2), np.float32(3.0))
        after = lost if needed == _ZERO else more
        reached = picked if (needed == _ZERO) | (after >= need) else s[_OWN, l]
        s[_PICKED, l] = picked
        s[_AFTER, l] = after
        s[_REACHED, l] = min(reached, s[_CAP, l])


@njit(**_lane)
def _store(w, s, posture, level, goal):
    for l in range(w):
        posture[l] = np.uint8(np.int32(s[_REACHED, l]))
        level[l] = np.uint8(np.int32(s[_AFTER, l]))
        goal[l] = np.uint8(np.int32(s[_PICKED, l]))


# The compiler unrolls what it knows the length of, and only then keeps a lane's rungs in registers: the usual
# seven have loops of their own, other ladders are run as twelve whose upper rungs are forbidden.
@njit(**_lane)
def _utilities(n_rungs, w, s, reciprocity, inertia):
    """Utility of every rung, over temperature."""
    if n_rungs == 7:
        _utilities_of(7, w, s, reciprocity, inertia)
    else:
        _utilities_of(_MOST, w, s, reciprocity, inertia)


@njit(**_lane)
def _choices(n_rungs, w, s):
    """Turn utilities into the chance of each goal, keeping the old goal counted in."""
    if n_rungs == 7:
        _choices_of(7, w, s)
    else:
        _choices_of(_MOST, w, s)


@njit(**_lane)
def _price(n_rungs, w, s, cost):
    """What a step at the posture wears."""
    for l in range(w):
        s[_TOTAL, l] = _ZERO
    # rung by rung: costs read inside a loop over lanes might be what it writes, which would undo the vectors
    for r in range(n_rungs):
        rung, price = np.float32(r), cost[r]
        if price > _ZERO:
            for l in range(w):
                s[_TOTAL, l] += price if s[_OWN, l] == rung else _ZERO


@njit(**_lane)
def _act(n_rungs, w, s, lane, at, need_1, need_2, need_3, relief_rung, g0, g1, g2, l0, l1, l2):
    """Draw a goal, and what readiness makes of it, where nothing was reported of the front."""
    if n_rungs == 7:
        _act_of(7, w, s, lane, at, need_1, need_2, need_3, relief_rung, g0, g1, g2, l0, l1, l2)
    else:
        _act_of(_MOST, w, s, lane, at, need_1, need_2, need_3, relief_rung, g0, g1, g2, l0, l1, l2)


@njit(**_inline)
def _lowest_needing(need, level):
    """Lowest rung that needs a level of readiness; beyond the ladder if none does."""
    for r in range(need.shape[0]):
        if need[r] >= level:
            return np.float32(r)
    return np.float32(99.0)


@njit(**_inline)
def _chosen(n_rungs, w, s, goal, chosen):
    """Chance of the goals taken."""
    for l in range(w):
        chosen[l] = _TINY
    for r in range(n_rungs):
        chances, rung = s[_U + r], np.float32(r)
        for l in range(w):
            chosen[l] = max(chances[l], _TINY) if goal[l] == rung else chosen[l]


@njit(**_inline)
def _gain_log(w, x, into):
    for l in range(w):
        into[l] += _log(x[l])


@njit(**_inline)
def _gain_weight(w, total, into):
    for l in range(w):
        weight = _log(max(total[l], _LEAST))
        into[l] += np.float64(weight) if total[l] > _LEAST else IMPOSSIBLE * 10.0


@njit(**_lane)
def _of_four(k, a, b, c, d):
    """The k-th of four."""
    return a if k < _ONE else b if k < _TWO else c if k < _THREE else d


@njit(**_inline)
def _by_need(w, s, level, relief_rung, gain, moves, holds):
    """Chance of what was reported of readiness, if a goal needs `level` of it: moving there, and holding."""
    g0, g1, g2, g3 = gain
    for l in range(w):
        v0, v1, v2, v3 = s[_LEVEL, l], s[_LEVEL + 1, l], s[_LEVEL + 2, l], s[_LEVEL + 3, l]
        have = s[_HAVE, l]
        need = max(level - (_RELIEF if s[_OTHER, l] >= relief_rung else _ZERO), _ZERO)
        now = _of_four(have, v0, v1, v2, v3)
        up_1 = g1 * _of_four(have + _ONE, v0, v1, v2, v3)
        up_2 = g2 * _of_four(have + _TWO, v0, v1, v2, v3)
        ready, one, two = have >= need, have + _ONE >= need, have + _TWO >= need
        # summed apart and not taken from each other, so that what cannot be is exactly nothing
        moved = g3 * v3 + (up_1 if one else _ZERO) + (up_2 if two else _ZERO)
        held = g0 * now + (_ZERO if one else up_1) + (_ZERO if two else up_2)
        moves[l] = now if ready else moved
        holds[l] = _ZERO if ready else held


@njit(**_inline)
def _weigh(need, w, b, s, see_posture, see_level, relief_rung, gain, lose):
    """Joint chance of each goal and of what was reported of the front, over the ways readiness can go."""
    n_rungs = need.shape[0]
    for k in range(4):
        into, seen = s[_LEVEL + k], see_level[k, b : b + w]
        for l in range(w):
            into[l] = seen[l]
    stay = s[_STAY]
    for l in range(w):
        stay[l] = _ZERO
    for r in range(n_rungs):
        seen, rung = see_posture[r, b : b + w], np.float32(r)
        for l in range(w):
            stay[l] = seen[l] if min(s[_OWN, l], s[_CAP, l]) == rung else stay[l]
    moves, holds, total = s[_MOVES], s[_HOLDS], s[_TOTAL]
    l0, l1, l2, l3 = lose
    for l in range(w):
        v0, v1, v2, v3 = s[_LEVEL, l], s[_LEVEL + 1, l], s[_LEVEL + 2, l], s[_LEVEL + 3, l]
        moves[l] = _of_four(
            s[_HAVE, l],
            (l0 + l1 + l2 + l3) * v0,
            l0 * v1 + (l1 + l2 + l3) * v0,
            l0 * v2 + l1 * v1 + (l2 + l3) * v0,
            l0 * v3 + l1 * v2 + l2 * v1 + l3 * v0,
        )
        holds[l] = _ZERO
        total[l] = _ZERO
    level = 0
    for r in range(n_rungs):
        if need[r] > level:
            level = need[r]
            _by_need(w, s, np.float32(level), relief_rung, gain, moves, holds)
        joint, chances, seen = s[_FIT + r], s[_U + r], see_posture[r, b : b + w]
        for l in range(w):
            joint[l] = chances[l] * (moves[l] * seen[l] + holds[l] * stay[l])
        for l in range(w):
            total[l] += joint[l]


@njit(**_inline)
def _act_given(
    n_rungs, w, b, s, lane, at, see_posture, need_1, need_2, need_3, relief_rung, gain, lose
):  # fmt: skip
    """Draw a goal, and what readiness makes of it, given what was reported of the front."""
    goal_at = np.uint32(np.uint32(at + np.uint32(2)) * _GOLDEN)
    level_at = np.uint32(np.uint32(at + np.uint32(3)) * _GOLDEN)
    draw, edge, picked, to = s[_REVISES], s[_MOVES], s[_PICKED], s[_HOLDS]
    for l in range(w):
        draw[l] = _uniform(_mix(np.uint32(lane[l] + goal_at))) * s[_TOTAL, l]
    for l in range(w):
        edge[l] = _ZERO
        picked[l] = _ZERO
    for r in range(n_rungs - 1):
        joint = s[_FIT + r]
        for l in range(w):
            edge[l] += joint[l]
            picked[l] += _ONE if draw[l] >= edge[l] else _ZERO
    for r in range(n_rungs):
        seen, rung = see_posture[r, b : b + w], np.float32(r)
        for l in range(w):
            to[l] = seen[l] if picked[l] == rung else to[l]
    for l in range(w):
        draw[l] = _uniform(_mix(np.uint32(lane[l] + level_at)))
    g0, g1, g2, g3 = gain
    l0, l1, l2, l3 = lose
    for l in range(w):
        v0, v1, v2, v3 = s[_LEVEL, l], s[_LEVEL + 1, l], s[_LEVEL + 2, l], s[_LEVEL + 3, l]
        have, stay = s[_HAVE, l], min(s[_OWN, l], s[_CAP, l])
        needed = _passed(picked[l], need_1, need_2, need_3)
        need = max(needed - (_RELIEF if s[_OTHER, l] >= relief_rung else _ZERO), _ZERO)
        within, ready = needed == _ZERO, have >= need
        moved, held = to[l], s[_STAY, l]
        now = _of_four(have, v0, v1, v2, v3)
        c0 = l0 * now if within else _ONE if ready else g0 * now * held
        c1 = l1 * _of_four(have - _ONE, v0, v1, v2, v3)
        c2 = l2 * _of_four(have - _TWO, v0, v1, v2, v3)
        up_1 = g1 * _of_four(have + _ONE, v0, v1, v2, v3) * (moved if have + _ONE >= need else held)
        up_2 = g2 * _of_four(have + _TWO, v0, v1, v2, v3) * (moved if have + _TWO >= need else held)
        c1 = c1 if within else _ZERO if ready else up_1
        c2 = c2 if within else _ZERO if ready else up_2
        c3 = l3 * v0 if within else _ZERO if ready else g3 * v3 * moved
        step = _passed(draw[l] * (c0 + c1 + c2 + c3), c0, c0 + c1, c0 + c1 + c2)
        more = have if ready else min(have + step, _THREE)
        after = max(have - step, _ZERO) if within else more
        s[_AFTER, l] = after
        s[_REACHED, l] = min(picked[l], s[_CAP, l]) if within | (after >= need) else stay


@njit(**_inline)
def _four(row):
    return row[0], row[1], row[2], row[3]


@njit(**_inline)
def _caps(deal_front, deal_cap, f, b, w, deal, s):
    """Lower the caps of front f to what deals in force allow; True if any deal touches it."""
    touched = False
    cap = s[_CAP]
    for g in range(deal_cap.shape[0]):
        if deal_front[g, 0] == f or deal_front[g, 1] == f:
            touched = True
            limit = np.float32(deal_cap[g])
            held = deal[g, b : b + w]
            for l in range(w):
                cap[l] = min(cap[l], limit if held[l] & np.uint8(1) else np.float32(99.0))
    return touched


@njit(**_inline)
def _deal_gain(n_rungs, at_cap, terms, w, s, reciprocity, inertia, row, gain):
    """What signing a deal is worth to one side against going on with what it means, over temperature.

    Both sides are capped and moving to the cap is free: it is agreed. Only the rungs that utilities say
    something of are read, and inertia is put back.
    """
    limit = np.float32(at_cap)
    for l in range(w):
        # what it means to do, what the deal leaves of it, and by how much the other would step down
        meant, rho, half_omega = s[_KEPT, l], inertia[l], _HALF * reciprocity[l]
        left = min(meant, limit)
        off, own, relieved = left - s[_SEEN, l], s[_OWN, l], max(s[_OTHER, l] - limit, _ZERO)
        calmer = half_omega * relieved * (off + off + relieved)
        gain[l] = terms * row[l] - calmer + rho * (abs(left - own) - abs(meant - own))
    for r in range(n_rungs):
        utility, rung = s[_U + r], np.float32(r)
        for l in range(w):
            meant = s[_KEPT, l]
            change = (utility[l] if min(meant, limit) == rung else _ZERO) - (
                utility[l] if meant == rung else _ZERO
            )
            gain[l] += change


@njit(**_lane)
def _fill(x, w, value):
    for l in range(w):
        x[l] = value


@njit(**_options)
def advance(
    plan, rows, posture, goal, level, factor, standing, wear, deal, slots, keys, t0, t1,
    track, log_choice, log_weight, see_front, see_posture, see_level,
):  # fmt: skip
    """Run steps t0 + 1 to t1 for N particles; histories are (T+1, ..., N) and row t0 holds the state.

    With evidence (``see_front[f] >= 0`` names the plane of `see_posture` (E, L, N) and `see_level` (E, 4, N))
    the new states are drawn given it and `log_weight` (N,) float64 gains its log chance. With `track`,
    `log_choice` (A, N) gains the log chance of the goals taken.
    """
    plan, rows, posture, goal, level = (
        _borrow(plan),
        _borrow(rows),
        _borrow(posture),
        _borrow(goal),
        _borrow(level),
    )
    factor, standing, wear, deal = _borrow(factor), _borrow(standing), _borrow(wear), _borrow(deal)
    n = rows.shape[1]
    n_fronts, n_rungs, n_deals = posture.shape[1], plan.need.shape[0], plan.deal_cap.shape[0]
    scratch, lanes = np.zeros((_ROWS, LANES), np.float32), np.empty(LANES, np.uint32)
    offers = np.empty((max(n_deals, 1), 2, LANES), np.float32)
    s, lane, offer = _borrow(scratch), _borrow(lanes), _borrow(offers)
    need_1, need_2 = _lowest_needing(plan.need, 1), _lowest_needing(plan.need, 2)
    need_3, highest = _lowest_needing(plan.need, 3), np.float32(n_rungs - 1)
    padded = n_rungs != 7
    _fill(s[_CAP], LANES, highest)
    for b in range(0, n, LANES):
        w = min(LANES, n - b)
        for t in range(t0 + 1, t1 + 1):
            slot, key = slots[t, b : b + w], np.uint32(keys[t])
            for l in range(w):
                lane[l] = _mix(np.uint32(np.uint32(slot[l] * _SLOT) + key))
            before, factor_now = posture[t - 1], factor[t]
            _move_factors(plan, t, b, w, lane, before, factor[t - 1], factor_now, s[_TOTAL])
            _force_deals(plan, t, b, w, deal[t - 1], deal[t])
            gain, lose = _four(plan.p_gain[t]), _four(plan.p_lose[t])
            g1, l1 = gain[0] + gain[1], lose[0] + lose[1]
            for f in range(n_fronts):
                i, back, at = plan.front_from[f], plan.reverse[f], np.uint32(np.uint32(f) * np.uint32(4))
                has_other = back >= 0
                # without a reverse front nobody can be under its attack
                relief_rung = np.float32(plan.relief_rung) if has_other else np.float32(99.0)
                capped = False
                if n_deals > 0:
                    _fill(s[_CAP], w, highest)
                    capped = _caps(plan.deal_front, plan.deal_cap, f, b, w, deal[t], s)
                _load(
                    w, s, before[f, b : b + w], before[back if has_other else f, b : b + w], has_other,
                    level[t - 1, f, b : b + w], goal[t - 1, f, b : b + w],
                )  # fmt: skip
                _perceive(
                    w, s, lane, at, plan.scale[0], plan.lean[t, f], rows[plan.row_bias[i], b : b + w],
                    rows[plan.row_misperception[i], b : b + w], has_other,
                    plan.p_incident[t, f] * plan.scale[1], plan.p_revise[t], np.float32(plan.contact),
                )  # fmt: skip
                _terms(plan, t, f, b, w, s, rows, before, factor_now, standing[t - 1], wear[t - 1])
                _utilities(
                    n_rungs,
                    w,
                    s,
                    rows[plan.row_reciprocity[i], b : b + w],
                    rows[plan.row_inertia[i], b : b + w],
                )
                if capped:
                    for g in range(n_deals):
                        for side in range(2):
                            if plan.deal_front[g, side] == f:
                                _deal_gain(
                                    n_rungs, plan.deal_cap[g], plan.deal_terms[g, side], w, s,
                                    rows[plan.row_reciprocity[i], b : b + w],
                                    rows[plan.row_inertia[i], b : b + w],
                                    rows[plan.row_inverse_temperature[i], b : b + w], offer[g, side],
                                )  # fmt: skip
                if capped or padded:
                    _forbid(_MOST if padded else n_rungs, w, s)
                _choices(n_rungs, w, s)
                plane = see_front[f]
                if plane >= 0:
                    _weigh(plan.need, w, b, s, see_posture[plane], see_level[plane], relief_rung, gain, lose)
                    _gain_weight(w, s[_TOTAL], log_weight[b : b + w])
                    _act_given(
                        n_rungs, w, b, s, lane, at, see_posture[plane], need_1, need_2, need_3, relief_rung,
                        gain, lose,
                    )  # fmt: skip
                else:
                    _act(
                        n_rungs, w, s, lane, at, need_1, need_2, need_3, relief_rung,
                        gain[0], g1, g1 + gain[2], lose[0], l1, l1 + lose[2],
                    )  # fmt: skip
                if track:
                    _chosen(n_rungs, w, s, s[_PICKED], s[_TOTAL])
                    _gain_log(w, s[_TOTAL], log_choice[i, b : b + w])
                _store(w, s, posture[t, f, b : b + w], level[t, f, b : b + w], goal[t, f, b : b + w])
            if n_deals > 0:
                _settle(plan, t, b, w, lane, deal[t], offer, track, log_choice)
            _follow(plan, t, b, w, s, before, posture[t], standing[t - 1], standing[t], wear[t - 1], wear[t])
    # what was borrowed lives as long as its owner: a last use of the owners keeps them until here
    scratch[0, 0], lanes[0], offers[0, 0, 0] = _ZERO, np.uint32(0), _ZERO


@njit(**_spliced)
def _move_factors(plan, t, b, w, lane, before, old, new, target):
    n_rungs = plan.need.shape[0]
    for k in range(old.shape[0]):
        at = np.uint32(np.uint32(_FACTOR_BASE + np.uint32(k)) * _GOLDEN)
        _fill(target, w, plan.factor_target[t, k])
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
        for l in range(w):
            target[l] = keep * x[l] + (_ONE - keep) * min(max(target[l], _ZERO), _ONE) + jump
        if noise > _ZERO:
            for l in range(w):
                target[l] += noise * _normal(_mix(np.uint32(lane[l] + at)))
        for l in range(w):
            y[l] = min(max(target[l], _ZERO), _ONE)


@njit(**_spliced)
def _force_deals(plan, t, b, w, old, new):
    """Carry deals over from the step before, and sign or end those that an event does."""
    for g in range(plan.deal_cap.shape[0]):
        held, now = old[g, b : b + w], new[g, b : b + w]
        force = plan.deal_force[t, g]
        for l in range(w):
            now[l] = held[l] & np.uint8(1) if force == 0 else np.uint8(force > 0)


@njit(**_spliced)
def _settle(plan, t, b, w, lane, new, deal_gain, track, log_choice):
    """Deals are answered and break down; bits: 1 in force, 2 talks were held, 4 and 8 which side accepted."""
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


@njit(**_spliced)
def _follow(plan, t, b, w, s, before, now, standing, standing_now, wear, wear_now):
    """Standing and wear after the new postures."""
    pull, gain, loss = plan.standing_pull[t], plan.standing_gain[t], plan.standing_loss[t]
    left = _ONE - plan.wear_heal[t]
    per_rung = _ONE / np.float32(plan.need.shape[0] - 1)
    blow, reach = np.float32(plan.blow), np.float32(plan.reach)
    loss, surprise = loss * per_rung, plan.surprise * per_rung
    cost = s[_TOTAL]
    for i in range(standing.shape[0]):
        x, x_now = standing[i, b : b + w], standing_now[i, b : b + w]
        base = pull * plan.standing_base[t, i]
        for l in range(w):
            x_now[l] = (_ONE - pull) * x[l] + base
        y, y_now = wear[i, b : b + w], wear_now[i, b : b + w]
        for l in range(w):
            y_now[l] = y[l] * left
    for f in range(before.shape[0]):
        struck, back = plan.front_to[f], plan.reverse[f]
        old, new = before[f, b : b + w], now[f, b : b + w]
        answer, answered = now[back if back >= 0 else f, b : b + w], _ONE if back >= 0 else _ZERO
        for l in range(w):
            s[_OWN, l] = np.float32(new[l])
        # shares are of the standing before the step, so that the order of fronts makes no difference
        held, x = standing[struck, b : b + w], standing_now[struck, b : b + w]
        for l in range(w):
            rung = s[_OWN, l]
            jump, gap = rung - np.float32(old[l]), rung - np.float32(answer[l]) * answered
            change = gain * (_ONE - held[l]) if gap <= _ZERO else -loss * gap * held[l]
            startled = surprise * jump * held[l] if (jump >= _TWO) & (rung > reach) else _ZERO
            x[l] += (change if rung >= blow else _ZERO) - startled
        _price(plan.need.shape[0], w, s, plan.wear_cost[t])
        mine, theirs = wear_now[plan.front_from[f], b : b + w], wear_now[struck, b : b + w]
        for l in range(w):
            mine[l] += cost[l]
            theirs[l] += cost[l]
    for i in range(standing.shape[0]):
        x, y = standing_now[i, b : b + w], wear_now[i, b : b + w]
        for l in range(w):
            x[l] = min(max(x[l], _ZERO), _ONE)
        for l in range(w):
            y[l] = min(max(y[l], _ZERO), _ONE)


@njit(**_options)
def path_log_choice(plan, rows, fronts, posture, goal, factor, standing, wear, deal, slots, keys, t_now, out):
    """Log chance of the goals that these fronts' histories took, under other parameter rows: fills out (N,).

    This is what a Metropolis step on an actor's way of deciding needs; the noise of perception is drawn again
    from its address, so only postures, goals and slots are kept of the past.
    """
    plan, rows, posture, goal, factor = (
        _borrow(plan),
        _borrow(rows),
        _borrow(posture),
        _borrow(goal),
        _borrow(factor),
    )
    standing, wear, deal, slots, out = (
        _borrow(standing),
        _borrow(wear),
        _borrow(deal),
        _borrow(slots),
        _borrow(out),
    )
    n = rows.shape[1]
    n_rungs, n_deals = plan.need.shape[0], plan.deal_cap.shape[0]
    scratch, lanes = np.zeros((_ROWS, LANES), np.float32), np.empty(LANES, np.uint32)
    deals_now = np.empty((max(n_deals, 1), n), np.uint8)
    s, lane, in_force = _borrow(scratch), _borrow(lanes), _borrow(deals_now)
    highest = np.float32(n_rungs - 1)
    padded = n_rungs != 7
    _fill(s[_CAP], LANES, highest)
    for b in range(0, n, LANES):
        w = min(LANES, n - b)
        result = out[b : b + w]
        _fill(result, w, _ZERO)
        for t in range(1, t_now + 1):
            slot, key = slots[t, b : b + w], np.uint32(keys[t])
            for l in range(w):
                lane[l] = _mix(np.uint32(np.uint32(slot[l] * _SLOT) + key))
            before = posture[t - 1]
            _force_deals(plan, t, b, w, deal[t - 1], in_force)
            for q in range(fronts.shape[0]):
                f = fronts[q]
                i, back, at = plan.front_from[f], plan.reverse[f], np.uint32(np.uint32(f) * np.uint32(4))
                has_other = back >= 0
                capped = False
                if n_deals > 0:
                    _fill(s[_CAP], w, highest)
                    capped = _caps(plan.deal_front, plan.deal_cap, f, b, w, in_force, s)
                own, old_goal = before[f, b : b + w], goal[t - 1, f, b : b + w]
                _load(w, s, own, before[back if has_other else f, b : b + w], has_other, own, old_goal)
                _perceive(
                    w, s, lane, at, plan.scale[0], plan.lean[t, f], rows[plan.row_bias[i], b : b + w],
                    rows[plan.row_misperception[i], b : b + w], has_other,
                    plan.p_incident[t, f] * plan.scale[1], plan.p_revise[t], np.float32(plan.contact),
                )  # fmt: skip
                _terms(plan, t, f, b, w, s, rows, before, factor[t], standing[t - 1], wear[t - 1])
                _utilities(
                    n_rungs,
                    w,
                    s,
                    rows[plan.row_reciprocity[i], b : b + w],
                    rows[plan.row_inertia[i], b : b + w],
                )
                if capped:
                    for g in range(n_deals):
                        for side in range(2):
                            if plan.deal_front[g, side] == f:
                                gain = s[_TOTAL]
                                _deal_gain(
                                    n_rungs, plan.deal_cap[g], plan.deal_terms[g, side], w, s,
                                    rows[plan.row_reciprocity[i], b : b + w],
                                    rows[plan.row_inertia[i], b : b + w],
                                    rows[plan.row_inverse_temperature[i], b : b + w], gain,
                                )  # fmt: skip
                                bit = np.uint8(4 << side)
                                for l in range(w):
                                    if deal[t, g, b + l] & np.uint8(2):
                                        accepts = _ONE / (_ONE + _exp(-gain[l]))
                                        yes = deal[t, g, b + l] & bit
                                        result[l] += _log(max(accepts if yes else _ONE - accepts, _TINY))
                if capped or padded:
                    _forbid(_MOST if padded else n_rungs, w, s)
                _choices(n_rungs, w, s)
                new_goal = goal[t, f, b : b + w]
                for l in range(w):
                    s[_PICKED, l] = np.float32(new_goal[l])
                _chosen(n_rungs, w, s, s[_PICKED], s[_TOTAL])
                _gain_log(w, s[_TOTAL], result)
    # what was borrowed lives as long as its owner: a last use of the owners keeps them until here
    scratch[0, 0], lanes[0], deals_now[0, 0] = _ZERO, np.uint32(0), np.uint8(0)


@njit(**_options)
def replay(plan, posture, factor, standing, wear, slots, keys, t_now):
    """Factors, standing and wear of steps 1 to t_now once more, as they follow under this plan.

    Row 0 holds the start. Of each history its postures stay as they are, and the noise of its factors is
    drawn again from its address: what else the plan decides follows from the two.
    """
    plan, posture, factor = _borrow(plan), _borrow(posture), _borrow(factor)
    standing, wear, slots = _borrow(standing), _borrow(wear), _borrow(slots)
    n = posture.shape[2]
    scratch, lanes = np.zeros((_ROWS, LANES), np.float32), np.empty(LANES, np.uint32)
    s, lane = _borrow(scratch), _borrow(lanes)
    for b in range(0, n, LANES):
        w = min(LANES, n - b)
        for t in range(1, t_now + 1):
            slot, key = slots[t, b : b + w], np.uint32(keys[t])
            for l in range(w):
                lane[l] = _mix(np.uint32(np.uint32(slot[l] * _SLOT) + key))
            before = posture[t - 1]
            _move_factors(plan, t, b, w, lane, before, factor[t - 1], factor[t], s[_TOTAL])
            _follow(plan, t, b, w, s, before, posture[t], standing[t - 1], standing[t], wear[t - 1], wear[t])
    # what was borrowed lives as long as its owner: a last use of the owners keeps them until here
    scratch[0, 0], lanes[0] = _ZERO, np.uint32(0)


@njit(**_options)
def derive(link, location, scale, coordinate, tables, z, which, values):
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
def fill_rows(row_quantities, row_sign, row_multiplier, row_actor, values, disposition, which, rows):
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


__all__ = ["LANES", "advance", "derive", "fill_rows", "no_evidence", "path_log_choice", "replay"]
